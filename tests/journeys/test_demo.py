"""The walk with the real AWS command line goes as AWS would have it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_WALK = 840  # seconds


def test_the_whole_walk() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "demo", "--quiet"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_WALK,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
