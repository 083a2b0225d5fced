"""Other engines on the same workloads, each in a process and an environment of its own.

A peer reads the workloads as JSON on stdin and writes, for each, how many requests it was asked,
how many it answered otherwise than AWS, and how many it decides in a second of processor time; or
why it could not.
"""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.engine.workloads import Workload
from bench.servers import PEERS as SERVERS

VENV = SERVERS.parent.parent
NODE = Path(__file__).parent / "node"
ROOT = Path(__file__).parent.parent.parent
LONGEST = 1800  # seconds that one peer may take

Found = dict[str, Any]  # name, and rate, wrong, asked; or name and failed


@dataclass(frozen=True, slots=True)
class Peer:
    """stamp: what `make peers` leaves once it is installed. command: run from the root."""

    name: str
    stamp: Path
    command: tuple[str, ...]


def in_python(name: str, environment: Path, module: str) -> Peer:
    command = (str(environment / "bin" / "python"), "-m", f"bench.engine.peers.{module}")
    return Peer(name, environment / "stamp", command)


PEERS = (
    in_python("moto", SERVERS.parent, "moto"),
    in_python("principalmapper", VENV / "peers-principalmapper", "principalmapper"),
    in_python("Cedar", VENV / "peers-cedar", "cedar"),
    Peer("iam-simulate", NODE / "node_modules" / "stamp", ("node", str(NODE / "run.mjs"))),
)


def ask(peer: Peer, workloads: Iterable[Workload]) -> dict[str, Found]:
    """What a peer found, by workload. Raises RuntimeError with the reason if it cannot be asked."""
    if not peer.stamp.exists():
        raise RuntimeError("not installed: `make peers` says why")
    try:
        done = subprocess.run(
            peer.command,
            input=json.dumps([workload.as_data() for workload in workloads]),
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            timeout=LONGEST,
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise RuntimeError(str(failure)) from failure
    if done.returncode:
        raise RuntimeError(done.stderr.strip().rpartition("\n")[2] or "it failed without a word")
    return {found["name"]: found for found in json.loads(done.stdout)}
