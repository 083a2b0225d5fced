"""Service models: the operations of a service and the shapes of what they take and give.

A model is read from ``data/<service>.json`` once; its operations and shapes are built when first
asked for, since a running server meets few of the hundreds that IAM has. Models are trusted data
of this package: a fault in one is a fault of the build, not of a request.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

SERVICES = ("iam", "organizations", "s3", "sts")


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of a value.

    kind: structure, list, map, string, integer, long, double, float, boolean, timestamp or blob.
    members: of a structure, in the model's order. required: names of members that must be there.
    member: of a list; key, value: of a map. flattened: list items without an element around them.
    min, max: bounds of a number, of a text in characters or of a list in items; None if unbounded.
    pattern: in the model's own (Java) notation; empty if none. enum: the values allowed.
    sensitive: the value is not to be shown. timestamp: iso8601, rfc822, unixTimestamp or empty.
    payload: of a structure, the member that is the whole body; empty if none.
    stream: an event stream, which is answered in frames.
    """

    name: str
    kind: str
    members: Mapping[str, "Member"] = field(default_factory=lambda: {})
    required: frozenset[str] = frozenset()
    member: "Member | None" = None
    key: "Member | None" = None
    value: "Member | None" = None
    flattened: bool = False
    min: int | None = None
    max: int | None = None
    pattern: str = ""
    enum: tuple[str, ...] = ()
    sensitive: bool = False
    timestamp: str = ""
    payload: str = ""
    stream: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A shape in its place.

    name: AWS's name for it, by which inputs and outputs are keyed.
    wire_name: its name on the wire (locationName, or else the name); empty for the items of a list
        and for keys and values whose name the protocol gives.
    location: header, headers (a prefix), uri, querystring, statusCode, or empty for the body.
    attribute: an XML attribute instead of an element. namespace: (prefix, uri), empty if none.
    streaming: bytes that flow instead of being held.
    """

    name: str
    shape: Shape
    wire_name: str = ""
    location: str = ""
    attribute: bool = False
    namespace: tuple[str, str] = ("", "")
    streaming: bool = False
    flattened: bool = False


@dataclass(frozen=True, slots=True)
class OperationModel:
    """An operation as the model declares it.

    uri: path and literal query, such as ``/{Bucket}?policy``. status: of a success.
    result_wrapper: element around a Query result; empty if there is no output.
    root: name of the root element of an XML answer; empty if the body is no XML.
    input_root: name of the root element of an XML request; empty if there is none.
    unsigned: the operation is called without a signature (W-4).
    checksum_required: the body must come with a checksum or Content-MD5 (W-310).
    """

    service: str
    name: str
    method: str
    uri: str
    status: int
    input: Shape | None
    output: Shape | None
    result_wrapper: str = ""
    root: str = ""
    input_root: str = ""
    unsigned: bool = False
    checksum_required: bool = False
    deprecated: bool = False

    @property
    def streaming_input(self) -> bool:
        return _streams(self.input)

    @property
    def streaming_output(self) -> bool:
        return _streams(self.output)


def _streams(shape: Shape | None) -> bool:
    return bool(shape and shape.payload and shape.members[shape.payload].streaming)


class _Operations(Mapping[str, OperationModel]):
    """The operations of a service, each built when first asked for."""

    def __init__(self, service: str, raw: dict[str, dict[str, Any]], shapes: "_Shapes") -> None:
        self._service = service
        self._raw = raw
        self._shapes = shapes
        self._built: dict[str, OperationModel] = {}

    def __getitem__(self, name: str) -> OperationModel:
        found = self._built.get(name)
        if found is None:
            found = self._built[name] = self._build(name, self._raw[name])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def __contains__(self, name: object) -> bool:
        return name in self._raw

    def _build(self, name: str, raw: dict[str, Any]) -> OperationModel:
        return OperationModel(
            service=self._service,
            name=name,
            method=raw.get("method", "POST"),
            uri=raw.get("uri", "/"),
            status=raw.get("status", 200),
            input=self._shapes.get(raw.get("input")),
            output=self._shapes.get(raw.get("output")),
            result_wrapper=raw.get("wrapper", ""),
            root=raw.get("root", ""),
            input_root=raw.get("input_root", ""),
            unsigned=raw.get("unsigned", False),
            checksum_required=raw.get("checksum", False),
            deprecated=raw.get("deprecated", False),
        )


class _Shapes:
    """The shapes of a service, each built when first asked for; none contains itself."""

    def __init__(self, raw: dict[str, dict[str, Any]]) -> None:
        self._raw = raw
        self._built: dict[str, Shape] = {}

    def get(self, name: str | None) -> Shape | None:
        return self[name] if name else None

    def __getitem__(self, name: str) -> Shape:
        found = self._built.get(name)
        if found is None:
            found = self._built[name] = self._build(name, self._raw[name])
        return found

    def _build(self, name: str, raw: dict[str, Any]) -> Shape:
        return Shape(
            name=name,
            kind=raw["kind"],
            members={row[0]: self._member(row) for row in raw.get("members", ())},
            required=frozenset(raw.get("required", ())),
            member=self._part(raw, "member"),
            key=self._part(raw, "key"),
            value=self._part(raw, "value"),
            flattened=raw.get("flattened", False),
            min=raw.get("min"),
            max=raw.get("max"),
            pattern=raw.get("pattern", ""),
            enum=tuple(raw.get("enum", ())),
            sensitive=raw.get("sensitive", False),
            timestamp=raw.get("timestamp", ""),
            payload=raw.get("payload", ""),
            stream=raw.get("stream", False),
        )

    def _part(self, raw: dict[str, Any], part: str) -> Member | None:
        """The item of a list, the key or the value of a map: written as [shape, traits]."""
        return self._member([part, *raw[part]], "") if part in raw else None

    def _member(self, row: list[Any], wire_name: str | None = None) -> Member:
        """A member is written as [name, shape] or [name, shape, traits]."""
        name, shape = row[:2]
        traits: dict[str, Any] = row[2] if len(row) > 2 else {}
        prefix, uri = traits.get("namespace", ("", ""))
        return Member(
            name=name,
            shape=self[shape],
            wire_name=traits.get("as", name if wire_name is None else wire_name),
            location=traits.get("in", ""),
            attribute=traits.get("attribute", False),
            namespace=(prefix, uri),
            streaming=traits.get("streaming", False),
            flattened=traits.get("flattened", False),
        )


@dataclass(frozen=True, slots=True)
class ServiceModel:
    """A service. protocol: query, json or rest-xml; xml_namespace: empty for JSON."""

    name: str
    protocol: str
    api_version: str
    xml_namespace: str
    signing_name: str
    operations: Mapping[str, OperationModel]


@functools.cache
def service_model(service: str) -> ServiceModel:
    """The model of ``iam``, ``organizations``, ``s3`` or ``sts``.

    Raises KeyError for any other name; a name from a request is never passed on to here unchecked.
    """
    if service not in SERVICES:
        raise KeyError(service)
    text = resources.files(__package__).joinpath(f"data/{service}.json").read_text("utf-8")
    raw = json.loads(text)
    return ServiceModel(
        name=service,
        protocol=raw["protocol"],
        api_version=raw["version"],
        xml_namespace=raw["namespace"],
        signing_name=raw["signing_name"],
        operations=_Operations(service, raw["operations"], _Shapes(raw["shapes"])),
    )
