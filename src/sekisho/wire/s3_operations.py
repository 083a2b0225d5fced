"""Which operation of S3 a request asks for: by method, level, sub-resource and a few parameters.

The table is made from the model, so that operations nobody wrote yet can still be named.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sekisho.catalog import OperationModel, service_model

SERVICE, BUCKET, OBJECT = 0, 1, 2

SAME_REQUEST: Mapping[str, str] = MappingProxyType(
    {
        "GetBucketLifecycle": "GetBucketLifecycleConfiguration",
        "GetBucketNotification": "GetBucketNotificationConfiguration",
        "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
        "PutBucketNotification": "PutBucketNotificationConfiguration",
    }
)
"""Older operations whose requests are those of newer ones."""

# And those of other kinds of endpoint, whose requests are no different from others.
_SHADOWED = SAME_REQUEST.keys() | {"ListDirectoryBuckets", "WriteGetObjectResponse"}
_COPY_SOURCE = "x-amz-copy-source"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An operation and what a request must have to be for it.

    literals: query parameters with the value that they must have, or None for any. wanted: query
    parameters that must be there. declared: all that the operation knows.
    """

    model: OperationModel
    literals: Mapping[str, str | None]
    wanted: frozenset[str]
    declared: frozenset[str]
    copies: bool

    def fits(self, query: Mapping[str, str], headers: Collection[str]) -> bool:
        for name, value in self.literals.items():
            if name not in query or (value is not None and query[name] != value):
                return False
        return self.wanted <= query.keys() and (not self.copies or _COPY_SOURCE in headers)

    @property
    def weight(self) -> int:
        return len(self.literals) + len(self.wanted) + self.copies


def _candidate(model: OperationModel) -> tuple[int, Candidate]:
    path, _, query = model.uri.partition("?")
    pairs = [part.partition("=") for part in query.split("&") if part]
    literals = {name: value if equals else None for name, equals, value in pairs}
    members = dict(model.input.members) if model.input else {}
    required = model.input.required if model.input else frozenset()
    in_query = {m.wire_name: name for name, m in members.items() if m.location == "querystring"}
    level = {"/": SERVICE, "/{Bucket}": BUCKET, "/{Bucket}/{Key+}": OBJECT}[path]
    return level, Candidate(
        model=model,
        literals=literals,
        wanted=frozenset(wire for wire, name in in_query.items() if name in required),
        declared=frozenset(in_query) | literals.keys(),
        copies="CopySource" in required,
    )


def _table() -> dict[tuple[str, int], list[Candidate]]:
    """Candidates by method and level, those that ask most of a request first."""
    table: dict[tuple[str, int], list[Candidate]] = {}
    for name, model in service_model("s3").operations.items():
        if name not in _SHADOWED:
            level, candidate = _candidate(model)
            table.setdefault((model.method, level), []).append(candidate)
    for candidates in table.values():
        candidates.sort(key=_heaviest_first)
    return table


def _heaviest_first(candidate: Candidate) -> tuple[int, str]:
    return -candidate.weight, candidate.model.name


_TABLE = _table()
_PLAIN = {
    place: [candidate for candidate in candidates if not (candidate.literals or candidate.wanted)]
    for place, candidates in _TABLE.items()
}
"""The candidates of a request that has no query string."""

SUBRESOURCES = frozenset(
    name
    for candidates in _TABLE.values()
    for candidate in candidates
    for name in (*candidate.literals, *candidate.wanted)
)
"""Query parameters that tell operations apart."""


def find_operation(
    method: str, level: int, query: Mapping[str, str], headers: Collection[str]
) -> OperationModel | None:
    """The operation, or None if S3 has none for this.

    A request with a sub-resource that the operation does not know is for no operation: so that
    ``DELETE /bucket?acl`` never becomes the deletion of the bucket.
    """
    for candidate in (_TABLE if query else _PLAIN).get((method, level), ()):
        if candidate.fits(query, headers):
            foreign = SUBRESOURCES & (query.keys() - candidate.declared) if query else ()
            return None if foreign else candidate.model
    return None
