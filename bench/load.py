"""The load: signed requests sent as fast as they are answered, by a process of its own.

``python -m bench.load`` reads a job as JSON on stdin and writes what came of it as JSON on stdout.
It exits with 1, and says why on stderr, at the first answer that is not the one expected: a rate
of wrong answers is no rate.
"""

import itertools
import json
import select
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bench.processes import cpu_seconds

LONGEST_SILENCE = 20  # seconds without any answer
LONGEST_ANSWER = 1 << 24  # bytes
_READ = 1 << 18
_HEAD_END = b"\r\n\r\n"


class LoadFailed(Exception):
    """An answer was wrong, or did not come."""


class Closed(Exception):
    """The server closed a connection that it might have kept."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A request, signed and ready for the wire, and what the answer to it must contain."""

    request: str
    expected: str


@dataclass(frozen=True, slots=True)
class Job:
    """pid: the server's process. warmup, seconds: how long to load before, and while, measuring.

    dealt: whether each connection has a run of the shots to itself, and fires them in order; else
    all take turns at all of them. per: so many shots are one act, which is what is counted.
    """

    port: int
    pid: int
    connections: int
    warmup: float
    seconds: float
    shots: tuple[Shot, ...]
    dealt: bool = False
    per: int = 1


@dataclass(frozen=True, slots=True)
class Sample:
    """What was measured. Times in seconds; server: processor time of the server's processes.

    reconnections: how often the server closed a connection after an answer. per: how many requests
    are one act.
    """

    requests: int
    seconds: float
    server: float
    client: float
    reconnections: int
    per: int = 1

    @property
    def rate(self) -> float:
        """Acts per second."""
        return self.requests / self.per / self.seconds

    @property
    def cost(self) -> float:
        """Processor time of the server per act, in microseconds."""
        return self.server / self.requests * self.per * 1e6

    @property
    def client_share(self) -> float:
        """How much of one processor the client itself took; near 1 it is the client that limits."""
        return self.client / self.seconds


class Connection:
    """One connection, kept alive as long as the server keeps it, with one request under way."""

    def __init__(self, port: int, ammunition: Iterator[tuple[bytes, bytes]]) -> None:
        self._port = port
        self._ammunition = ammunition
        self._request, self._expected = next(ammunition)
        self.connect()

    def connect(self) -> None:
        self._received = bytearray()
        self._answered = False
        self.socket = socket.create_connection(("127.0.0.1", self._port), LONGEST_SILENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)

    def fire(self) -> None:
        """Send the request; it is far smaller than the socket's buffer."""
        if self.socket.send(self._request) != len(self._request):
            raise LoadFailed("the server does not take in a whole request")

    def take(self) -> bool:
        """Read what has come. True if the answer is whole; the next request is then chosen.

        Raises Closed where the server ended the connection without an answer, as it may between
        two requests; LoadFailed where it ended amid an answer or gave none on this connection.
        """
        try:
            received = self.socket.recv(_READ)
        except ConnectionResetError:
            received = b""
        if not received:
            if self._received or not self._answered:
                raise LoadFailed("the server closed instead of answering")
            raise Closed
        self._received += received
        if len(self._received) > LONGEST_ANSWER:
            raise LoadFailed("an answer is over-long")
        if not is_whole(self._received):
            return False
        if not self._received.startswith(b"HTTP/1.1 200 ") or self._expected not in self._received:
            raise LoadFailed(
                f"unexpected answer:\n{self._received[:2000].decode(errors='replace')}"
            )
        self._request, self._expected = next(self._ammunition)
        return True

    def is_kept(self) -> bool:
        """Whether the server, by the answer just taken, keeps the connection. Asked once."""
        head = self._received[: self._received.find(_HEAD_END)].lower()
        self._received = bytearray()
        self._answered = True
        return b"\r\nconnection: close" not in head


def is_whole(received: bytearray) -> bool:
    """Whether an HTTP/1.1 answer has come to its end, by Content-Length or by its last chunk."""
    end = received.find(_HEAD_END)
    if end < 0:
        return False
    head = received[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        length = int(head[at + 17 :].partition(b"\r\n")[0])
        return len(received) >= end + len(_HEAD_END) + length
    if b"\r\ntransfer-encoding: chunked" in head:
        return received.endswith(b"0\r\n\r\n")
    raise LoadFailed("an answer does not say where it ends")


class Battery:
    """All connections of one job, driven from one loop."""

    def __init__(self, job: Job) -> None:
        ready = [(shot.request.encode("latin-1"), shot.expected.encode()) for shot in job.shots]
        shared = itertools.cycle(ready)
        share = len(ready) // job.connections
        self.reconnections = 0
        self._poll = select.epoll()
        self._connections: dict[int, Connection] = {}
        for number in range(job.connections):
            own = itertools.cycle(ready[number * share : (number + 1) * share])
            self._enlist(Connection(job.port, own if job.dealt else shared))

    def _enlist(self, connection: Connection) -> None:
        self._connections[connection.socket.fileno()] = connection
        self._poll.register(connection.socket.fileno(), select.EPOLLIN)
        connection.fire()

    def fire(self, seconds: float) -> tuple[int, float]:
        """Load for so long; how many answers came, and in how many seconds exactly.

        Requests under way at the end stay under way.
        """
        answered = 0
        started = now = time.perf_counter()
        end = started + seconds
        connections, wait = self._connections, self._poll.poll
        while now < end:
            events = wait(LONGEST_SILENCE)
            if not events:
                raise LoadFailed(f"no answer within {LONGEST_SILENCE} seconds")
            for number, _ in events:
                connection = connections[number]
                try:
                    if not connection.take():
                        continue
                    answered += 1
                    if connection.is_kept():
                        connection.fire()
                        continue
                except (Closed, BrokenPipeError, ConnectionResetError):
                    pass
                self._renew(number)
            now = time.perf_counter()
        return answered, now - started

    def _renew(self, number: int) -> None:
        connection = self._connections.pop(number)
        self._poll.unregister(number)
        connection.socket.close()
        connection.connect()
        self.reconnections += 1
        self._enlist(connection)


def run(job: Job) -> Sample:
    """Warm up, then measure. Raises LoadFailed, and OSError where there is no connection."""
    battery = Battery(job)
    battery.fire(job.warmup)
    reconnections, server, client = battery.reconnections, cpu_seconds(job.pid), time.process_time()
    requests, seconds = battery.fire(job.seconds)
    return Sample(
        requests,
        seconds,
        cpu_seconds(job.pid) - server,
        time.process_time() - client,
        battery.reconnections - reconnections,
        job.per,
    )


def read_job(text: str) -> Job:
    fields = json.loads(text)
    return Job(**{**fields, "shots": tuple(Shot(**shot) for shot in fields["shots"])})


def main() -> int:
    try:
        sample = run(read_job(sys.stdin.read()))
    except (LoadFailed, OSError) as failure:
        print(failure or type(failure).__name__, file=sys.stderr)
        return 1
    json.dump(asdict(sample), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
