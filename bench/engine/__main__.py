"""Measure the policy engine: ``python -m bench.engine [--write]`` from the repository root.

Decisions per second of processor time on the four workloads, all answers asserted first; beside
them, in the same run, the floor and, where its environment is there, moto's evaluator.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.engine.extremes import extremes
from bench.engine.sekisho import decide_all, floors_of, prepare, rates
from bench.engine.workloads import workloads
from bench.servers import PEERS, cpu_count

RESULTS = Path(__file__).parent.parent / "ENGINE.md"
WANTED = {"W1": 0.36, "W2": 0.045, "W3": 0.27, "W4": 0.25}

NOTES = """\
- Policies are parsed and questions built outside the loop; the best of 15 repeats counts, the loops
  taking turns. Evidence is put together once for each principal and resource with a policy.
- The floor is one dict lookup by principal and action, and one `startswith`, for each request: once
  with keys made before the loop, once with keys made in it of the request's principal and action.
- moto's evaluator is asked for 1,000 requests at most, since it reads its policies anew for each;
  wrong answers are those that differ from AWS's.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.engine", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write bench/ENGINE.md")
    options = parser.parse_args()
    text = "\n".join(report())
    print(text)
    if options.write:
        RESULTS.write_text(text, encoding="utf-8")
    return 0


def report() -> Iterator[str]:
    day = datetime.now(UTC).date().isoformat()
    yield "# The policy engine, measured\n"
    yield "`make bench-engine` measures this anew; `python -m bench.engine --write` wrote it.\n"
    yield (
        f"Python {platform.python_version()}, {platform.system()}, {cpu_count()} processors, {day},"
        f" one thread. Load average before the run: {os.getloadavg()[0]:.1f}.\n"
    )
    peers = moto_rates()
    yield "## Decisions per second of processor time\n"
    floors = "floor, keys kept | ratio | floor, keys made | ratio"
    yield f"|  | sekisho | {floors} | wanted | moto | × moto | wrong answers of moto |"
    yield "|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for workload in workloads():
        asked = prepare(workload)
        ours, kept, made = rates(asked, decide_all, *floors_of(asked))
        ratios = f"{kept:,.0f} | {ours / kept:.3f} | {made:,.0f} | {ours / made:.3f}"
        name, peer = workload.name, beside(peers, workload.name, ours)
        told = f"{ours:,.0f} | {ratios} | ≥ {WANTED[name]} | {peer}"
        yield f"| {name}: {workload.description} | {told} |"
    yield "\n## At the edges\n"
    yield "|  | wanted | measured |"
    yield "|:--|--:|--:|"
    for row in extremes():
        yield f"| {' | '.join(row)} |"
    yield f"\n## How\n\n{NOTES}"


def beside(peers: dict[str, Any], name: str, ours: float) -> str:
    found = peers.get(name)
    if found is None:
        return "not there | | "
    if "failed" in found:
        return f"failed | | {found['failed'][:60]}"
    return (
        f"{found['rate']:,.0f} | {ours / found['rate']:,.0f} | {found['wrong']} of {found['asked']}"
    )


def moto_rates() -> dict[str, Any]:
    """What moto's evaluator does, by workload; nothing where the peers are not installed."""
    python = PEERS / "python"
    if not python.exists():
        print("moto is left out: `make bench` installs the peers", file=sys.stderr)
        return {}
    done = subprocess.run(
        [str(python), str(Path(__file__).parent / "moto_runner.py")],
        input=json.dumps([workload.as_data() for workload in workloads()]),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"moto is left out: {done.stderr[-300:]}", file=sys.stderr)
        return {}
    return {found["name"]: found for found in json.loads(done.stdout)}


if __name__ == "__main__":
    sys.exit(main())
