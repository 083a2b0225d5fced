"""Measure Sekisho's S3 beside moto_server and SeaweedFS, in one run, by one client.

``python -m bench.s3 [--seconds S] [--large MIB] [--only SIDE …] [--moto PROGRAM] [--weed PROGRAM]``
from the repository root. A side whose program is not found is left out, and that is said. Every
answer is checked; how fast anyone is decides nothing. Of large objects the ceiling is measured too
(`bench/ceiling.py`).
"""

import argparse
import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from rich.console import Console
from rich.table import Table

from bench.load import Job, LoadFailed, Shot, run
from bench.processes import resident_bytes
from bench.servers import (
    PEERS,
    Program,
    Side,
    SideFailed,
    free_port,
    prepare_sekisho,
    serving,
)
from bench.setup import SOURCE

BUCKET = "bench-bucket"
SMALL = bytes(range(256)) * 4
MIB = 1024 * 1024
CONNECTIONS = 16
SHOTS = 400
UPLOADS, UPLOAD_MIB = 4, 1024
LARGE_ROUNDS = 3
KEYS, PAGES = 100_000, 20
PARTS = ("master", "volume", "filer")  # of SeaweedFS


@dataclass(slots=True)
class Figures:
    """What was measured of a side, by the name of the figure."""

    side: str
    values: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A running server and keys that may do anything there."""

    port: int
    pid: int
    keys: Credentials
    folder: Path

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def presigned(self, method: str, path: str) -> str:
        """Path and query of a URL that is good for an hour, whatever its body."""
        request = AWSRequest(method, self.url(path))
        S3SigV4QueryAuth(self.keys, "s3", "us-east-1", expires=3600).add_auth(request)
        split = urlsplit(request.url)
        return f"{split.path}?{split.query}"

    def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        """The body of an answer that is a success."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, self.presigned(method, path), body)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if response.status >= 300:
            raise SideFailed(f"{method} {path}: {response.status} {content[:500]!r}")
        return content

    def read_into(self, method: str, path: str, place: bytearray) -> None:
        """Read a body of just this length into memory."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        left = memoryview(place)
        try:
            connection.request(method, self.presigned(method, path))
            response = connection.getresponse()
            while left and (count := response.readinto(left)):
                left = left[count:]
        finally:
            connection.close()
        if response.status >= 300 or left:
            raise SideFailed(f"{method} {path}: {response.status}, {len(left)} bytes short")

    def shot(self, method: str, path: str, body: bytes, expected: str) -> Shot:
        """A request signed over its body, as it goes on the wire."""
        request = AWSRequest(method, self.url(path), data=body)
        S3SigV4Auth(self.keys, "s3", "us-east-1").add_auth(request)
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in request.headers.items()]
        lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join(lines) + "\r\n\r\n"
        return Shot(head + body.decode("latin-1"), expected)


def prepare_moto(program: str) -> Callable[[Path, int], Program]:
    def prepare(_: Path, port: int) -> Program:
        command = (program, "-H", "127.0.0.1", "-p", str(port))
        return Program(command, {}, Credentials("source", "any"), None)

    return prepare


def small_requests(target: Target, seconds: float, figures: Figures) -> None:
    """Signed PUT and GET of 1 KiB at 16 connections."""
    paths = [f"/{BUCKET}/small/{number}" for number in range(SHOTS)]
    for method, body, expected in (("PUT", SMALL, "200"), ("GET", b"", "\x00\x01\x02")):
        shots = tuple(target.shot(method, path, body, expected) for path in paths)
        sample = run(Job(target.port, target.pid, CONNECTIONS, 0.5, seconds, shots))
        figures.values[f"{method} 1 KiB, requests/s"] = sample.rate


def large_objects(target: Target, size: int, figures: Figures) -> None:
    """Throughput of one object, put and got, each at its best of several."""
    body, path = os.urandom(MIB) * size, f"/{BUCKET}/large"
    got = bytearray(body)  # memory that is there already, so that the client waits for none
    for _ in range(LARGE_ROUNDS):
        got[:] = bytes(len(got))
        for method, move in (
            ("PUT", lambda: target.ask("PUT", path, body)),
            ("GET", lambda: target.read_into("GET", path, got)),
        ):
            name, started = f"{method} {size} MiB, MiB/s", time.perf_counter()
            move()
            rate = size / (time.perf_counter() - started)
            figures.values[name] = max(rate, figures.values.get(name, 0.0))
        if got != body:
            raise SideFailed("what was got is not what was put")


def upload_memory(target: Target, figures: Figures) -> None:
    """Resident memory at its most while four uploads of 1 GiB are under way, above idle."""
    idle = resident_bytes(target.pid)
    piece = os.urandom(MIB)
    failed: list[BaseException] = []

    def upload(number: int) -> None:
        path = target.presigned("PUT", f"/{BUCKET}/huge/{number}")
        connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=300)
        try:
            connection.putrequest("PUT", path)
            connection.putheader("Content-Length", str(UPLOAD_MIB * MIB))
            connection.endheaders()
            for _ in range(UPLOAD_MIB):
                connection.send(piece)
            if connection.getresponse().status != 200:
                raise SideFailed("an upload was refused")
        except (OSError, SideFailed) as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload, args=(number,)) for number in range(UPLOADS)]
    most = idle
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        most = max(most, resident_bytes(target.pid))
        time.sleep(0.1)
    if failed:
        raise SideFailed(str(failed[0]))
    figures.values["memory above idle, 4 uploads of 1 GiB, MiB"] = (most - idle) / MIB
    for number in range(UPLOADS):
        target.ask("DELETE", f"/{BUCKET}/huge/{number}")


def listing(target: Target, figures: Figures) -> None:
    """A page of one level of 100,000 keys, which are written to Sekisho's store directly."""
    from sekisho.directory.queries import objects  # noqa: PLC0415 - the other sides need none
    from sekisho.directory.sqlite import open_directory  # noqa: PLC0415
    from sekisho.model.records import StoredObject  # noqa: PLC0415

    directory = open_directory(target.folder / "data")
    with directory.writing() as tx:
        for number in range(KEYS):
            blob = f"{number:032x}"
            objects.put_object(
                tx, StoredObject(BUCKET, f"level/{number:06}", blob, 1, "e" * 32, 1_700_000_000)
            )
    directory.close()
    query = "list-type=2&prefix=level%2F&delimiter=%2F&start-after=level%2F"
    started = time.perf_counter()
    for page in range(PAGES):
        content = target.ask("GET", f"/{BUCKET}?{query}{page * KEYS // PAGES:06}")
        if content.count(b"<Key>") != 1000:
            raise SideFailed("a page is not whole")
    figures.values["page of 100,000 keys, ms"] = (time.perf_counter() - started) / PAGES * 1e3


@contextmanager
def sekisho(folder: Path) -> Iterator[Target]:
    side = Side("sekisho", "sekisho", Path(sys.executable), prepare_sekisho)
    with serving(side, folder) as server:
        yield Target(server.port, server.pid, server.source, folder)


@contextmanager
def moto(folder: Path, program: str) -> Iterator[Target]:
    side = Side("moto", "moto", Path(program), prepare_moto(program))
    with serving(side, folder) as server:
        yield Target(server.port, server.pid, server.source, folder)


@contextmanager
def seaweedfs(folder: Path, program: str) -> Iterator[Target]:
    """One process with all its parts; without a configuration it takes any signature."""
    port = free_port()
    names = [f"{part}.port{kind}" for part in PARTS for kind in ("", ".grpc")]
    ports = [f"-{name}={free_port()}" for name in [*names, "s3.port.grpc"]]
    command = [program, "server", f"-dir={folder}", "-ip=127.0.0.1", "-s3", f"-s3.port={port}"]
    command += ["-volume.max=0", *ports]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, start_new_session=True
        )
    target = Target(port, process.pid, Credentials(SOURCE, "any"), folder)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                target.ask("PUT", "/waiting-for-it")
                break
            except (OSError, SideFailed, http.client.HTTPException):
                if process.poll() is not None or time.monotonic() > end:
                    told = (folder / "log").read_text(errors="replace")[-1000:]
                    raise SideFailed(f"seaweedfs did not start: {told}") from None
                time.sleep(0.2)
        yield target
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def ceiling(folder: Path) -> Iterator[Target]:
    """A server that does no more than it must."""
    port = free_port()
    command = [sys.executable, "-m", "bench.ceiling", str(port), str(folder)]
    process = subprocess.Popen(command)
    target = Target(port, process.pid, Credentials(SOURCE, "any"), folder)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                target.ask("PUT", f"/{BUCKET}")
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > end:
                    raise SideFailed("it did not start") from None
                time.sleep(0.1)
        yield target
    finally:
        process.kill()
        process.wait()


def measure(name: str, target: Target, options: argparse.Namespace) -> Figures:
    figures = Figures(name)
    if name == "ceiling":
        large_objects(target, options.large, figures)
        return figures
    target.ask("PUT", f"/{BUCKET}")
    small_requests(target, options.seconds, figures)
    large_objects(target, options.large, figures)
    if name == "sekisho":
        upload_memory(target, figures)
        listing(target, figures)
    return figures


def main() -> int:
    options = read_options()
    console = Console(highlight=False)
    found: list[Figures] = []
    sides: dict[str, Callable[[Path], AbstractContextManager[Target]]] = {
        "sekisho": sekisho,
        "moto": lambda folder: moto(folder, options.moto),
        "seaweedfs": lambda folder: seaweedfs(folder, options.weed),
        "ceiling": ceiling,
    }
    for name, start in sides.items():
        if options.only and name not in options.only:
            continue
        program = {"moto": options.moto, "seaweedfs": options.weed}.get(name, sys.executable)
        if shutil.which(program) is None:
            console.print(f"{name} is left out: no {program}")
            continue
        try:
            with tempfile.TemporaryDirectory() as folder, start(Path(folder)) as target:
                found.append(measure(name, target, options))
        except (SideFailed, LoadFailed) as failure:
            console.print(f"{name} is not measured: {failure}", markup=False)
    show(found, console)
    return 0


def show(found: list[Figures], console: Console) -> None:
    table = Table("", *(figures.side for figures in found))
    names = dict.fromkeys(name for figures in found for name in figures.values)
    for name in names:
        cells = [figures.values.get(name) for figures in found]
        table.add_row(name, *("–" if cell is None else f"{cell:,.1f}" for cell in cells))
    console.print(table)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.s3", description="Measure S3.")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one load [3]")
    parser.add_argument("--large", type=int, default=100, help="MiB of the large object [100]")
    parser.add_argument("--only", nargs="+", choices=("sekisho", "moto", "seaweedfs", "ceiling"))
    parser.add_argument("--moto", default=str(PEERS / "moto_server"), help="the program")
    parser.add_argument("--weed", default=str(PEERS / "weed"), help="the program")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
