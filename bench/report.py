"""A run as tables for the terminal, as Markdown for RESULTS.md, and as JSON for programs."""

import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from operator import attrgetter
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.course import ASSUME, CELLS, CONNECTIONS, Cell
from bench.load import Sample
from bench.measure import WARMUP, Run
from bench.servers import cpu_count

SEKISHO = "sekisho"
RATE_TARGETS = {"moto": 40, "ministack": 8}  # times the peer's rate, at AssumeRole
COST_TARGET = 100  # microseconds of processor time for an AssumeRole
START_TARGET = 1.2  # seconds
MEMORY_TARGET = 90  # MiB

NOTES = """\
- The client is one process on raw sockets with kept-alive connections; it checks each answer for
  status 200 and for what belongs to its request. The requests are signed beforehand, 200 different
  ones for each load of the first two kinds. The ceiling is what the same client reaches against a
  server that does nothing; where a rate comes near it, or the client is busy near 100 %, the client
  limits.
- AssumeRole crosses two accounts: a policy of the user, and a trust policy with a condition on
  `sts:ExternalId`. The table of manners says who verifies and enforces that: a side that does not
  has less to do. To a side that closes after each answer the client connects anew each time.
- CreateUser and DeleteUser are counted as one. Sekisho has every change on disk (fsync) before it
  answers, as it does by itself; the peers keep theirs in memory. The 1,000 users and 1,000 roles
  have an inline policy each, and are listed by a user whose policy allows iam:*, with MaxItems
  1000: as many pages as the side makes of it, together counted as one.
- moto runs as `moto_server` does by itself. ministack runs with `AUTH=true`, its MQTT listener off.
  Sekisho runs as `sekisho serve` does by itself, its audit trail included, and once more with two
  worker processes; the peers have no such setting. Where it could be built (`make compiled`), two
  processes of the compiled build run as well.
- Every round starts every side afresh, in turning order, with an empty store, and loads it in the
  order of the tables. moto and ministack remember each session they grant, and ministack looks
  through all of them at each new one, so its rate falls as sessions gather.
- Processor time is the server's, user and system, from `/proc`. Start is the time from spawning to
  the first 200 for a GetCallerIdentity. Memory is what is resident then; a page that processes
  share counts in parts.
- Figures are medians of the rounds, ratios are of medians. In brackets: lowest and highest round.
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text; the first column names the rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheets(run: Run) -> Iterator[Sheet]:
    """The tables of a run, in order."""
    sides = tuple(f"{name} {record.version}" for name, record in run.sides.items())
    yield Sheet(
        "How often a second",
        ("", *sides),
        tuple((cell_name(cell), *each(run, cell, attrgetter("rate"))) for cell in CELLS),
    )
    yield Sheet(
        "How many times a peer's rate",
        ("", *(f"{ours} × {peer}" for ours in ours_of(run) for peer in peers_of(run))),
        tuple(ratios(run, cell) for cell in CELLS),
    )
    yield Sheet(
        "Processor time of the server for one, µs",
        ("", *sides),
        tuple(costs(run, cell) for cell in CELLS),
    )
    yield Sheet("Start, memory, manners", ("", *sides), tuple(starts(run)))
    yield Sheet(
        "How busy the client was, % of one processor",
        ("", *sides, "ceiling, requests/s"),
        tuple(client(run, cell) for cell in CELLS),
    )
    if ours_of(run):
        yield Sheet("Targets", ("", "wanted", *ours_of(run)), tuple(targets(run)))


def ours_of(run: Run) -> tuple[str, ...]:
    """The sides that are Sekisho."""
    return tuple(name for name in run.sides if name.startswith(SEKISHO))


def peers_of(run: Run) -> tuple[str, ...]:
    """Whom Sekisho can be compared with in this run."""
    return tuple(name for name in run.sides if not name.startswith(SEKISHO))


def ratios(run: Run, cell: Cell) -> tuple[str, ...]:
    told = (f"{run.ratio(cell, ours, peer):.1f}" for ours in ours_of(run) for peer in peers_of(run))
    return (cell_name(cell), *told)


def costs(run: Run, cell: Cell) -> tuple[str, ...]:
    return (cell_name(cell), *each(run, cell, attrgetter("cost")))


def each(run: Run, cell: Cell, figure: Callable[[Sample], float]) -> Iterator[str]:
    """A figure of every side."""
    for side in run.sides.values():
        values = [figure(sample) for sample in side.samples[cell]]
        yield spread(values, ",.0f" if min(values) >= 100 else ".1f")


def client(run: Run, cell: Cell) -> tuple[str, ...]:
    shares = (f"{side.client_share(cell):.0%}" for side in run.sides.values())
    return (cell_name(cell), *shares, spread(run.ceiling[cell[1]]))


def starts(run: Run) -> Iterator[tuple[str, ...]]:
    sides = run.sides.values()
    yield ("start to first answer, s", *(spread(side.start, ".2f") for side in sides))
    yield ("memory after start, MiB", *(f"{median(side.memory) / 2**20:.0f}" for side in sides))
    yield ("keeps connections alive", *(yes_or_no(side.keeps_connections) for side in sides))
    yield ("refuses a forged signature", *(yes_or_no(side.refuses_forgery) for side in sides))
    yield (
        "refuses AssumeRole without the external id",
        *(yes_or_no(side.refuses_outsider) for side in sides),
    )


def targets(run: Run) -> Iterator[tuple[str, ...]]:
    """What is wished of Sekisho, and what was measured; nothing fails by it."""
    for peer in peers_of(run):
        for cell in CELLS:
            wanted = RATE_TARGETS[peer] if cell == (ASSUME, max(CONNECTIONS)) else 1
            ratios = (f"{run.ratio(cell, side, peer):.1f}" for side in ours_of(run))
            yield (f"{cell_name(cell)}, times {peer}", f"≥ {wanted}", *ratios)
    ours = [run.sides[name] for name in ours_of(run)]
    for connections in CONNECTIONS:
        cell = (ASSUME, connections)
        costs = (f"{record.cost(cell):.0f}" for record in ours)
        yield (f"{cell_name(cell)}, µs", f"≤ {COST_TARGET}", *costs)
    yield ("start, s", f"≤ {START_TARGET}", *(f"{median(record.start):.2f}" for record in ours))
    memory = (f"{median(record.memory) / 2**20:.0f}" for record in ours)
    yield ("memory after start, MiB", f"≤ {MEMORY_TARGET}", *memory)


def staged(rows: list[tuple[str, float]]) -> Sheet:
    """Where the processor time of an AssumeRole goes, as `bench.stages` found it."""
    told = tuple((title, f"{micros:.1f}") for title, micros in rows)
    return Sheet("Stages of an AssumeRole, warm, inside one process, µs", ("", "µs"), told)


def cell_name(cell: Cell) -> str:
    operation, connections = cell
    return f"{operation}, {connections} connection{'s' if connections > 1 else ''}"


def spread(values: Iterable[float], form: str = ",.0f") -> str:
    """Median, and in brackets the lowest and the highest."""
    known = sorted(values)
    if len(known) == 1:
        return f"{known[0]:{form}}"
    return f"{median(known):{form}} ({known[0]:{form}}–{known[-1]:{form}})"


def yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


def show(tables: list[Sheet], console: Console) -> None:
    for sheet in tables:
        table = Table(title=sheet.title, title_justify="left", title_style="bold")
        for number, title in enumerate(sheet.head):
            table.add_column(title, justify="right" if number else "left")
        for row in sheet.rows:
            table.add_row(*row)
        console.print(table)


def conditions(run: Run) -> str:
    day = datetime.now(UTC).date().isoformat()
    return (
        f"Python {platform.python_version()}, {platform.system()}, {cpu_count()} processors, {day}."
        f" {run.rounds} rounds of {run.seconds:g} s for each figure, after {WARMUP:g} s of warming."
        f" Load average before the run: {run.load_average:.1f}."
    )


ELSEWHERE = "The policy engine is measured in [ENGINE.md](ENGINE.md), S3 in [S3.md](S3.md)."


def as_markdown(run: Run, tables: list[Sheet]) -> str:
    """The whole of RESULTS.md."""
    parts = ["# Measured", "`make bench-api` measures this anew, and writes it.", ELSEWHERE]
    parts.append(conditions(run))
    for sheet in tables:
        parts.append(f"## {sheet.title}")
        aligned = "|".join([":--", *["--:"] * (len(sheet.head) - 1)])
        rows = [f"| {' | '.join(row)} |" for row in sheet.rows]
        parts.append("\n".join([f"| {' | '.join(sheet.head)} |", f"|{aligned}|", *rows]))
    return "\n\n".join([*parts, "## How", NOTES])


def as_data(run: Run) -> dict[str, Any]:
    """Every single sample, for programs."""
    return {
        "conditions": conditions(run),
        "seconds": run.seconds,
        "rounds": run.rounds,
        "load_average": run.load_average,
        "ceiling": run.ceiling,
        "sides": {
            name: {
                "version": side.version,
                "start_seconds": side.start,
                "memory_bytes": side.memory,
                "refuses_forgery": side.refuses_forgery,
                "refuses_outsider": side.refuses_outsider,
                "samples": [
                    {"operation": operation, "connections": connections, **asdict(sample)}
                    for (operation, connections), samples in side.samples.items()
                    for sample in samples
                ],
            }
            for name, side in run.sides.items()
        },
    }
