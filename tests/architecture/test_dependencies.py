"""Who installs the wheel gets what the server needs: the libraries that are locked for it."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def named(lines: list[str]) -> set[str]:
    return {re.split(r"[<>=\[; ]", line)[0].lower() for line in lines if line}


def test_the_wheel_names_what_the_server_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = (ROOT / "requirements" / "runtime.in").read_text().splitlines()
    assert named(project["dependencies"]) == named(locked)
