"""Measure the API of Sekisho beside moto's and ministack's, in one run, and say how they compare.

``python -m bench.api [--seconds S] [--rounds N] [--only SIDE …] [--json FILE] [--write]`` from the
repository root, in the environment of the tests; the peers live in ``peers`` beside its ``bin``
(`make bench-api` puts both there). Exits with 1 if a side did not start or answered wrongly. How
fast anyone is decides nothing.
"""

import argparse
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from bench.measure import run
from bench.report import Sheet, as_data, as_markdown, conditions, sheets, show, staged
from bench.servers import SIDES, Side, SideFailed
from bench.stages import break_down

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> int:
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console, progress = Console(highlight=False), Console(stderr=True, highlight=False)
    sides = [side for side in SIDES if not options.only or side.name in options.only]
    try:
        measured = run(sides, options.rounds, options.seconds, progress.print)
    except (SideFailed, BotoCoreError, ClientError) as failure:
        progress.print(f"Not measured: {failure}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        progress.print("\nbroken off")
        return 130
    tables = [*sheets(measured), *broken_down(sides, progress.print)]
    console.print(conditions(measured))
    show(tables, console)
    if options.json:
        options.json.write_text(json.dumps(as_data(measured), indent=2) + "\n", encoding="utf-8")
    if options.write:
        RESULTS.write_text(as_markdown(measured, tables), encoding="utf-8")
    return 0


def broken_down(sides: list[Side], tell: Callable[[str], None]) -> list[Sheet]:
    if not any(side.package == "sekisho" for side in sides):
        return []
    tell("the stages of an AssumeRole")
    return [staged(break_down())]


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.api", description="Measure side by side."
    )
    parser.add_argument("--seconds", type=positive, default=1.5, help="length of one load [1.5]")
    parser.add_argument("--rounds", type=at_least_one, default=2, help="loads for one median [2]")
    names = [side.name for side in SIDES]
    only = f"measure these sides alone: {', '.join(names)}"
    parser.add_argument("--only", nargs="+", metavar="SIDE", choices=names, help=only)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample as JSON")
    parser.add_argument("--write", action="store_true", help="write bench/RESULTS.md")
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("--write is for a run of all sides")
    return options


def positive(text: str) -> float:
    value = float(text)
    if not 0 < value <= 60:
        raise argparse.ArgumentTypeError("from more than 0 to 60 seconds")
    return value


def at_least_one(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 50:
        raise argparse.ArgumentTypeError("from 1 to 50 rounds")
    return value


if __name__ == "__main__":
    sys.exit(main())
