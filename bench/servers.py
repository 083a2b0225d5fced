"""The sides: each started alone, on a free loopback port, and stopped on leaving."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from botocore.credentials import Credentials
from demo.raw import Sealed, seal_form

from bench.processes import proportional_bytes
from bench.setup import DESTINATION, SOURCE

HERE = Path(sys.executable).parent
PEERS = HERE.parent / "peers" / "bin"
COMPILED = HERE.parent / "compiled" / "package"
LONGEST_START = 60  # seconds
LONGEST_STOP = 10
BETWEEN_TRIES = 0.005
ROOT_SECRET = "test"  # ministack's own, for the keys it takes as root


class SideFailed(Exception):
    """A side did not start, or a command of it failed; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Program:
    """How to run a side. source, destination: keys that may do anything in the two accounts.

    destination is None where those keys must be asked for once the server runs.
    """

    command: tuple[str, ...]
    environment: Mapping[str, str]
    source: Credentials
    destination: Credentials | None


@dataclass(frozen=True, slots=True)
class Server:
    """A running side. start: seconds from spawn to the first answered request; memory in bytes."""

    pid: int
    port: int
    source: Credentials
    destination: Credentials | None
    start: float
    memory: int

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Side:
    name: str
    package: str
    python: Path
    prepare: Callable[[Path, int], Program]

    def version(self) -> str:
        code = f"import importlib.metadata as m; print(m.version({self.package!r}))"
        return output([str(self.python), "-c", code]).strip()


def prepare_sekisho(folder: Path, port: int) -> Program:
    """Two accounts with a root key each, made by the command line before the server starts."""
    program, data = str(HERE / "sekisho"), str(folder / "data")
    keys = []
    for name, account in (("source", SOURCE), ("destination", DESTINATION)):
        output([program, "account", "create", name, "--id", account, "--data", data, "--json"])
        made = json.loads(
            output([program, "root-key", "create", account, "--data", data, "--json"])
        )
        keys.append(Credentials(made["access_key_id"], made["secret_access_key"]))
    return Program((program, "serve", "--data", data, "--port", str(port)), {}, *keys)


def prepare_workers(folder: Path, port: int) -> Program:
    """The same with two processes."""
    alone = prepare_sekisho(folder, port)
    return replace(alone, command=(*alone.command, "--workers", "2"))


def prepare_compiled(folder: Path, port: int) -> Program:
    """Two processes of the compiled build."""
    return replace(prepare_workers(folder, port), environment={"PYTHONPATH": str(COMPILED)})


def prepare_moto(_: Path, port: int) -> Program:
    """As it comes: it then verifies no signature and asks no policy."""
    command = (str(PEERS / "moto_server"), "-H", "127.0.0.1", "-p", str(port))
    return Program(command, {"MOTO_ACCOUNT_ID": SOURCE}, Credentials("source", "any"), None)


def prepare_ministack(folder: Path, port: int) -> Program:
    """With AUTH it verifies signatures of users and asks policies; an account id is a root key.

    Its MQTT listener is off: it would load beside the first requests, to ministack's harm.
    """
    environment = {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "TMPDIR": str(folder),
        "AWS_SECRET_ACCESS_KEY": ROOT_SECRET,
    }
    keys = [Credentials(account, ROOT_SECRET) for account in (SOURCE, DESTINATION)]
    return Program((str(PEERS / "ministack"),), environment, *keys)


COMPILED_SIDE = Side("sekisho, compiled, 2 workers", "sekisho", HERE / "python", prepare_compiled)
SIDES = (
    Side("sekisho", "sekisho", HERE / "python", prepare_sekisho),
    Side("sekisho, 2 workers", "sekisho", HERE / "python", prepare_workers),
    *((COMPILED_SIDE,) if COMPILED.is_dir() else ()),
    Side("moto", "moto", PEERS / "python", prepare_moto),
    Side("ministack", "ministack", PEERS / "python", prepare_ministack),
)


def output(command: list[str]) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SideFailed(f"{' '.join(command)}\n{ended.stderr[-2000:]}")
    return ended.stdout


@contextmanager
def serving(side: Side, folder: Path) -> Iterator[Server]:
    """A side over an empty folder. Raises SideFailed if it ends, or is silent, before it serves."""
    port = free_port()
    program = side.prepare(folder, port)
    log = folder / "log"
    environment = {
        "PATH": f"{HERE}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        **program.environment,
    }
    with log.open("wb") as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            program.command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        await_first_answer(process, port, program.source, log)
        ready = time.perf_counter() - started
        memory = proportional_bytes(process.pid)
        yield Server(process.pid, port, program.source, program.destination, ready, memory)
    finally:
        stop(process)


def await_first_answer(
    process: "subprocess.Popen[bytes]", port: int, keys: Credentials, log: Path
) -> None:
    """Ask who one is, over and over, until that is answered with 200."""
    end = time.monotonic() + LONGEST_START
    form = {"Action": "GetCallerIdentity"}
    request = seal_form(keys, f"http://127.0.0.1:{port}", form)
    seen = "no connection"
    while process.poll() is None and time.monotonic() < end:
        try:
            seen = answer_to(request, port)
        except (OSError, http.client.HTTPException):
            time.sleep(BETWEEN_TRIES)
            continue
        if seen.startswith("200 "):
            return
        break
    told = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise SideFailed(f"{seen}\n{told}")


def answer_to(request: Sealed, port: int) -> str:
    """Status and body of the answer. Raises OSError where nobody listens yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_START)
    try:
        connection.request(request.method, "/", request.body, request.headers)
        response = connection.getresponse()
        return f"{response.status} {response.read().decode(errors='replace')}"
    finally:
        connection.close()


@contextmanager
def responding() -> Iterator[Server]:
    """The responder of `bench.responder`, which stands for a server that costs nothing."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.responder"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise SideFailed("the responder did not start")
        yield Server(process.pid, int(line), Credentials("none", "none"), None, 0.0, 0)
    finally:
        stop(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def cpu_count() -> int:
    """Processors this program may use."""
    return len(os.sched_getaffinity(0))
