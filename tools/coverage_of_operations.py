"""Write docs/coverage.md: what becomes of each operation of the models.

    python tools/coverage_of_operations.py

The text follows from the registered operations and from `services/unserved.py`; a test holds the
file to it.
"""

from collections.abc import Iterator
from pathlib import Path

from sekisho.catalog import service_model
from sekisho.services import OPERATIONS
from sekisho.services.unserved import IN_PART, UNSERVED
from sekisho.wire.s3_operations import SAME_REQUEST

PLACE = Path(__file__).parents[1] / "docs" / "coverage.md"
SERVICES = {"iam": "IAM", "sts": "STS", "organizations": "Organizations", "s3": "S3"}
WORKS, REFUSED, NOT_YET = "works", "refused", "not yet"
HEAD = """\
# What becomes of each operation

Made by `python tools/coverage_of_operations.py` from the operations that are registered. A test
fails when it is stale.

- **works**: does what AWS's does, as far as [semantics.md](semantics.md) does not say otherwise.
  What buckets here never have is told and taken away as AWS does it for a bucket that has none.
- **refused**: has no meaning here, or needs something that is not built; the answer says so.
- **not yet**: answers 501 `NotImplemented`, after the signature was verified.
"""


def coverage() -> str:
    """The whole text of the file."""
    return "\n".join([HEAD, *summary(), *(line for service in SERVICES for line in part(service))])


def summary() -> Iterator[str]:
    yield f"| service | operations | {WORKS} | {REFUSED} | {NOT_YET} |"
    yield "|---|---|---|---|---|"
    for service, title in SERVICES.items():
        states = [state(f"{service}:{name}") for name in names(service)]
        counts = " | ".join(str(states.count(word)) for word in (WORKS, REFUSED, NOT_YET))
        yield f"| {title} | {len(states)} | {counts} |"
    yield ""


def part(service: str) -> Iterator[str]:
    yield f"## {SERVICES[service]}"
    yield ""
    yield "| operation | state | reason |"
    yield "|---|---|---|"
    for name in names(service):
        full = f"{service}:{name}"
        yield f"| {name} | {state(full)} | {reason(service, name)} |"
    yield ""


def reason(service: str, name: str) -> str:
    full = f"{service}:{name}"
    if full in UNSERVED:
        return UNSERVED[full].reason
    if service == "s3" and name in SAME_REQUEST:
        return f"the same request as {SAME_REQUEST[name]}"
    return IN_PART.get(full, "")


def names(service: str) -> list[str]:
    return sorted(service_model(service).operations)


def state(name: str) -> str:
    if name in OPERATIONS or name.removeprefix("s3:") in SAME_REQUEST:
        return WORKS
    return REFUSED if name in UNSERVED else NOT_YET


if __name__ == "__main__":
    PLACE.write_text(coverage())
