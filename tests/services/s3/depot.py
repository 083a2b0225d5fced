"""Two accounts' worth of S3 without a wire: operations called as the gate calls them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from sekisho.access.context import Ambient
from sekisho.access.denial import denial
from sekisho.catalog import service_model
from sekisho.directory.schema import contents
from sekisho.directory.sqlite import SqliteDirectory
from sekisho.model.faults import Fault
from sekisho.model.principal import ANONYMOUS, Caller
from sekisho.services import OPERATIONS, Call, Desk, Operation, Output
from sekisho.wire.rest_xml import ObjectRoute
from services.iam.office import NOW, Office

NOBODY = Caller(ANONYMOUS)


@dataclass
class Sent:
    """A body as it was sent. fault: what is raised once it has been read."""

    content: bytes = b""
    trailers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    fault: Fault | None = None
    piece: int = 7

    def __post_init__(self) -> None:
        if self.length is None:
            self.length = len(self.content)

    @property
    def announced(self) -> frozenset[str]:
        return frozenset(self.trailers)

    def chunks(self) -> Iterator[bytes]:
        for start in range(0, len(self.content), self.piece):
            yield self.content[start : start + self.piece]
        if self.fault is not None:
            raise self.fault


class Depot:
    """owner: an account with the bucket; other: another account of the same server."""

    def __init__(self, directory: SqliteDirectory, root: Path, bucket: str) -> None:
        self.directory = directory
        self.owner = Office(directory)
        self.other = Office(directory)
        self.access = self.owner.access
        self.blobs = root / "blobs"
        self.bucket = bucket
        self.region = "us-east-1"
        self.do("CreateBucket")

    def do(
        self,
        name: str,
        caller: Caller | None = None,
        body: bytes | Sent | None = None,
        now: float = NOW,
        **given: Any,
    ) -> Output:
        """The output of an operation, which the wire can render; raises its Fault."""
        operation = OPERATIONS[f"s3:{name}"]
        if name != "ListBuckets":
            given.setdefault("Bucket", self.bucket)
        ambient = Ambient(now, "request", "192.0.2.7", secure=True, region=self.region)
        sent = Sent(body) if isinstance(body, bytes) else body
        call = Call(caller or self.owner.root, given, ambient, sent)
        output = self.answer(operation, call)
        model = service_model("s3").operations[name]
        ObjectRoute("s3", name, model, None, model.method, {}).render(dict(output), "request")
        if isinstance(output.get("Body"), bytes):
            output["Body"] = iter((output["Body"],))
        return output

    def answer(self, operation: Operation, call: Call) -> Output:
        self.access.evidence.refresh()
        with self.directory.reading() as tx:
            desk = Desk(tx, self.directory, self.access)
            self.permit(operation, call, desk)
            if not operation.writes:
                return operation.run(call, desk)
            if operation.stage is not None:
                call = call._replace(staged=operation.stage(call, desk))
        try:
            with self.directory.writing() as tx:
                self.access.evidence.refresh()
                desk = Desk(tx, self.directory, self.access)
                self.permit(operation, call, desk)
                return operation.run(call, desk)
        except BaseException:
            if call.staged is not None:
                call.staged.discard()
            raise

    def permit(self, operation: Operation, call: Call, desk: Desk) -> None:
        for ask in operation.asks(call, desk):
            ruling = self.access.decide(call.caller, call.ambient, ask)
            if not ruling.decision.allowed:
                raise denial(call.caller, ruling)

    def fault(
        self,
        name: str,
        caller: Caller | None = None,
        body: bytes | Sent | None = None,
        **given: Any,
    ) -> Fault:
        """The Fault of an operation that is refused."""
        try:
            self.do(name, caller, body, **given)
        except Fault as fault:
            return fault
        raise AssertionError(f"{name} was not refused")

    def refusal(
        self,
        name: str,
        caller: Caller | None = None,
        body: bytes | Sent | None = None,
        **given: Any,
    ) -> tuple[str, int, str]:
        fault = self.fault(name, caller, body, **given)
        return fault.code, fault.status, fault.message

    def put(self, key: str, content: bytes = b"", **given: Any) -> Output:
        return self.do("PutObject", body=content, Key=key, **given)

    def content(self, key: str, caller: Caller | None = None, **given: Any) -> bytes:
        output = self.do("GetObject", caller, Key=key, **given)
        read = b"".join(output["Body"])
        assert len(read) == output["ContentLength"]
        return read

    def files(self) -> set[str]:
        """What holds bytes of objects: blobs on the disk, staged ones too, and rows."""
        found = {str(path) for path in self.blobs.rglob("*") if path.is_file()}
        with self.directory.reading() as tx:
            return found | set(tx.connection.scalars(select(contents.c.blob)))

    def arn(self, key: str | None = None) -> str:
        return f"arn:aws:s3:::{self.bucket}" + ("" if key is None else f"/{key}")
