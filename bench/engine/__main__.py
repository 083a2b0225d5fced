"""Measure the policy engine: ``python -m bench.engine [--write]`` from the repository root.

Decisions per second of processor time on the four workloads, all answers asserted first; beside
them, in the same run, the floor and the peers that are installed.
"""

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.engine.beside import PEERS, Found, ask
from bench.engine.extremes import extremes
from bench.engine.sekisho import decide_all, floors_of, prepare, rates
from bench.engine.workloads import Workload, workloads
from bench.servers import cpu_count

RESULTS = Path(__file__).parent.parent / "ENGINE.md"
WANTED = {"W1": 0.36, "W2": 0.045, "W3": 0.27, "W4": 0.25}

NOTES = """\
- Policies are parsed and questions built outside the loop; the best of 15 repeats counts, the loops
  taking turns. Evidence is put together once for each principal and resource with a policy.
- The floor is one dict lookup by principal and action, and one `startswith`, for each request: once
  with keys made before the loop, once with keys made in it of the request's principal and action.
- Each peer runs in the same run, in a process and an environment of its own; what it spends on all
  its threads counts. Wrong answers are those that differ from AWS's. moto, principalmapper and
  iam-simulate are asked for 1,000 requests at most.
- moto and iam-simulate read their policies anew for each request; they have no other way.
- principalmapper's 1.1.5 does not import on Python 3.10 and later; the runner puts back the names
  that it misses. It knows of no principals: the trust policy of W3 is asked as a second policy.
- Cedar does not read IAM's language: `bench/engine/peers/cedar.py` translates the workloads, with
  one policy set for each principal. Most of its time goes into the JSON that cedarpy speaks.
- iam-simulate is asked without the validation of its input, but for W3, where only the way with it
  works.
- W4 goes through some ten thousand questions and their contexts, more than the caches hold: where
  others share the machine its ratio swings.
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
    known, found, missing = list(workloads()), {}, {}
    for peer in PEERS:
        try:
            found[peer.name] = ask(peer, known)
        except RuntimeError as failure:
            missing[peer.name] = str(failure)
    yield "## Decisions per second of processor time\n"
    yield "|  | sekisho | floor, keys kept | ratio | floor, keys made | ratio | wanted |"
    yield "|:--|--:|--:|--:|--:|--:|--:|"
    ours = {}
    for workload in known:
        asked = prepare(workload)
        ours[workload.name], kept, made = rates(asked, decide_all, *floors_of(asked))
        yield measured(workload, ours[workload.name], kept, made)
    yield "\n## Beside others\n"
    yield "Decisions per second of processor time, how many times as many sekisho makes, and how"
    yield "many answers are wrong.\n"
    yield f"|  | sekisho | {' | '.join(found)} |"
    yield f"|:--|{'--:|' * (1 + len(found))}"
    for name, rate in ours.items():
        cells = [beside(answers[name], rate) for answers in found.values()]
        yield f"| {' | '.join([name, f'{rate:,.0f}', *cells])} |"
    for name, reason in missing.items():
        yield f"\nWithout {name}: {reason}"
    yield "\n## At the edges\n"
    yield "|  | wanted | measured |"
    yield "|:--|--:|--:|"
    for row in extremes():
        yield f"| {' | '.join(row)} |"
    yield f"\n## How\n\n{NOTES}"


def measured(workload: Workload, ours: float, kept: float, made: float) -> str:
    ratios = f"{kept:,.0f} | {ours / kept:.3f} | {made:,.0f} | {ours / made:.3f}"
    told = f"{ours:,.0f} | {ratios} | ≥ {WANTED[workload.name]}"
    return f"| {workload.name}: {workload.description} | {told} |"


def beside(found: Found, ours: float) -> str:
    if "failed" in found:
        return f"failed: {found['failed'][:60]}"
    wrong = f"{found['wrong']} of {found['asked']} wrong"
    return f"{found['rate']:,.0f} (× {ours / found['rate']:,.0f}; {wrong})"


if __name__ == "__main__":
    sys.exit(main())
