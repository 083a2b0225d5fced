"""One run: rounds in which every side, started afresh, is loaded in turn."""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from bench.course import CELLS, CONNECTIONS, Cell, Load, course
from bench.load import Job, Sample, Shot
from bench.servers import Server, Side, SideFailed, answer_to, responding, serving
from bench.setup import settle

WARMUP = 0.5  # seconds


@dataclass(slots=True)
class Record:
    """What was measured of one side, a value for each round. start: seconds; memory: bytes."""

    version: str
    samples: dict[Cell, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    start: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    refuses_forgery: bool = False
    refuses_outsider: bool = False

    def rate(self, cell: Cell) -> float:
        return median(sample.rate for sample in self.samples[cell])

    def cost(self, cell: Cell) -> float:
        return median(sample.cost for sample in self.samples[cell])

    @property
    def keeps_connections(self) -> bool:
        """Whether connections mostly outlive an answer."""
        samples = [sample for cell in CELLS for sample in self.samples[cell]]
        closed = sum(sample.reconnections for sample in samples)
        return closed * 2 < sum(sample.requests for sample in samples)

    def client_share(self, cell: Cell) -> float:
        return median(sample.client_share for sample in self.samples[cell])


@dataclass(frozen=True, slots=True)
class Run:
    """ceiling: for each number of connections, what rates the client reaches by itself.

    load_average: how busy the machine was with other things when the run began.
    """

    seconds: float
    rounds: int
    load_average: float
    ceiling: dict[int, list[float]]
    sides: dict[str, Record]

    def ratio(self, cell: Cell, side: str, peer: str) -> float:
        """How many times the peer's median rate is the side's."""
        return self.sides[side].rate(cell) / self.sides[peer].rate(cell)


def run(sides: Sequence[Side], rounds: int, seconds: float, tell: Callable[[str], None]) -> Run:
    """Measure. Raises SideFailed, and botocore's ClientError where a side refuses its set-up."""
    load_average = os.getloadavg()[0]
    ceiling: dict[int, list[float]] = {connections: [] for connections in CONNECTIONS}
    records = {side.name: Record(side.version()) for side in sides}
    for number in range(rounds):
        # The order turns, so that nobody always comes first or last.
        turn = number % len(sides)
        tell(f"round {number + 1} of {rounds}: the client alone")
        measure_ceiling(ceiling, seconds)
        for side in (*sides[turn:], *sides[:turn]):
            tell(f"round {number + 1} of {rounds}: {side.name}")
            measure_side(side, records[side.name], seconds)
    return Run(seconds, rounds, load_average, ceiling, records)


def measure_side(side: Side, record: Record, seconds: float) -> None:
    """One round of one side: a fresh server, the identities, then the whole course."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        serving(side, Path(name)) as server,
    ):
        traveller = settle(server.endpoint, server.source, server.destination)
        record.start.append(server.start)
        record.memory.append(server.memory)
        record.refuses_forgery = refuses(answer_to(traveller.with_other_secret(), server.port))
        record.refuses_outsider = refuses(answer_to(traveller.without_external_id(), server.port))
        for load in course(server, traveller):
            record.samples[load.cell].append(fire(server, load, seconds))


def refuses(answer: str) -> bool:
    """Whether an answer is a refusal; one that is neither that nor a grant fails the run."""
    status = answer[:3]
    if status not in {"200", "400", "401", "403"}:
        raise SideFailed(f"neither granted nor refused: {answer[:500]}")
    return status != "200"


def measure_ceiling(ceiling: dict[int, list[float]], seconds: float) -> None:
    """One round of the client against a server that does nothing."""
    request = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 600\r\n\r\n" + "x" * 600
    with responding() as server:
        for connections, rates in ceiling.items():
            load = Load(("nothing", connections), (Shot(request, "<Nothing/>"),))
            rates.append(fire(server, load, seconds).rate)


def fire(server: Server, load: Load, seconds: float) -> Sample:
    """Let the client process drive one load. Raises SideFailed at a wrong answer."""
    connections = load.cell[1]
    timing = (connections, WARMUP, seconds)
    job = Job(server.port, server.pid, *timing, load.shots, load.dealt, load.per)
    ended = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise SideFailed(ended.stderr[-3000:])
    return Sample(**json.loads(ended.stdout))
