"""The models of this package, and that they are what botocore ships."""

import hashlib
import subprocess
import sys
import unicodedata
from importlib import resources
from pathlib import Path

import pytest

from sekisho.catalog import Shape, service_model
from sekisho.wire.constraints import compile_pattern

SERVICES = ("iam", "organizations", "s3", "sts")
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("service", "protocol", "version", "operations"),
    [
        ("iam", "query", "2010-05-08", 180),
        ("sts", "query", "2011-06-15", 11),
        ("s3", "rest-xml", "2006-03-01", 116),
        ("organizations", "json", "2016-11-28", 63),
    ],
)
def test_services(service: str, protocol: str, version: str, operations: int) -> None:
    """W-1, W-95, W-157, W-221."""
    model = service_model(service)
    assert (model.protocol, model.api_version, model.signing_name) == (protocol, version, service)
    assert len(model.operations) == operations


def test_operations_that_need_no_signature() -> None:
    """W-95."""
    unsigned = {n for s in SERVICES for n, o in service_model(s).operations.items() if o.unsigned}
    assert unsigned == {"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"}


def test_shape_of_assume_role() -> None:
    """W-97."""
    shape = service_model("sts").operations["AssumeRole"].input
    assert shape is not None
    assert shape.required == {"RoleArn", "RoleSessionName"}
    session = shape.members["RoleSessionName"].shape
    assert (session.min, session.max, session.pattern) == (2, 64, r"[\w+=,.@-]*")
    duration = shape.members["DurationSeconds"].shape
    assert (duration.kind, duration.min, duration.max) == ("integer", 900, 43200)


def test_bodies_that_flow() -> None:
    operations = service_model("s3").operations
    assert {n for n, o in operations.items() if o.streaming_input} == {
        "PutObject",
        "PutObjectAnnotation",
        "UploadPart",
        "WriteGetObjectResponse",
    }
    assert operations["GetObject"].streaming_output


def test_unknown_service() -> None:
    with pytest.raises(KeyError):
        service_model("../sts")


def test_every_pattern_can_be_compiled() -> None:
    seen: set[str] = set()

    def visit(shape: Shape | None) -> None:
        if shape is None or shape.name in seen:
            return
        seen.add(shape.name)
        if shape.pattern:
            compile_pattern(shape.pattern)
        for member in shape.members.values():
            visit(member.shape)
        for part in (shape.member, shape.key, shape.value):
            visit(part.shape if part else None)

    for service in SERVICES:
        for operation in service_model(service).operations.values():
            visit(operation.input)
            visit(operation.output)
    assert len(seen) > 900


def test_unicode_classes_mean_what_java_means() -> None:
    """A tag key's letters, separators and numbers, over all of Unicode that is assigned."""
    match = compile_pattern(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*").fullmatch
    wrong = [
        code
        for code in range(0x110000)
        if (match(chr(code)) is not None)
        != (unicodedata.category(chr(code))[0] in "LZN" or chr(code) in "_.:/=+-@")
    ]
    assert wrong == []


def test_ascii_classes_are_ascii() -> None:
    match = compile_pattern(r"[\w+=,.@-]+").fullmatch
    assert match("Alice_9+=,.@-")
    assert not match("é")
    assert not match("alice\n")


def test_data_is_what_the_tool_makes() -> None:
    tool = [sys.executable, "-m", "tools.refresh_catalog", "--check"]
    run = subprocess.run(tool, cwd=ROOT, capture_output=True, check=False)
    assert (run.returncode, run.stdout.decode()) == (0, "")


@pytest.mark.parametrize("service", SERVICES)
def test_provenance_names_the_hash(service: str) -> None:
    data = resources.files("sekisho.catalog") / "data"
    digest = hashlib.sha256((data / f"{service}.json").read_bytes()).hexdigest()
    assert digest in (data / "PROVENANCE.md").read_text("utf-8")
