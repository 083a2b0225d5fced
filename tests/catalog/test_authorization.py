"""The authorization reference: what it knows, and that nothing is read before it is asked for."""

import hashlib
import subprocess
import sys
from importlib import resources

import pytest

from sekisho.catalog.authorization import (
    global_keys,
    service_authorization,
    service_prefixes,
)

TYPES = {"String", "ARN", "Bool", "Numeric", "Date", "IPAddress"}


def test_services() -> None:
    assert len(service_prefixes()) > 400
    assert {"iam", "sts", "s3", "ec2", "kms"} <= service_prefixes()


@pytest.mark.parametrize("prefix", ["nope", "", "aws", "../sts", "s3\x00"])
def test_unknown_services(prefix: str) -> None:
    assert service_authorization(prefix) is None


def test_prefixes_have_no_case() -> None:
    """PE-37."""
    assert service_authorization("S3") is service_authorization("s3")


def test_assume_role() -> None:
    """PE-186."""
    sts = service_authorization("sts")
    assert sts is not None
    action = sts.actions["assumerole"]
    assert (action.full_name, action.access) == ("sts:AssumeRole", "Write")
    assert [each.type.arn for each in action.resources] == ["arn:*:iam::*:role/*"]
    keys = {key.name for key in action.keys}
    assert {"sts:ExternalId", "sts:RoleSessionName", "aws:TagKeys", "aws:RequestTag/*"} <= keys


def test_actions_without_resources() -> None:
    """PE-48."""
    s3 = service_authorization("s3")
    assert s3 is not None
    assert s3.actions["listallmybuckets"].resources == ()
    assert s3.resources["object"].arn == "arn:*:s3:::*/*"


@pytest.mark.parametrize(
    ("key", "kind", "several"),
    [
        ("aws:principalarn", "ARN", False),
        ("aws:sourceip", "IPAddress", False),
        ("aws:tagkeys", "String", True),
        ("aws:calledvia", "String", True),
        ("aws:multifactorauthage", "Numeric", False),
        ("aws:tokenissuetime", "Date", False),
        ("aws:securetransport", "Bool", False),
        ("aws:principaltag/*", "String", False),
        ("aws:signinsessionarn", "ARN", False),
    ],
)
def test_global_keys(key: str, kind: str, several: bool) -> None:
    """PE-175…PE-179."""
    found = global_keys()[key]
    assert (found.kind, found.several) == (kind, several)


def test_every_service_can_be_read() -> None:
    actions = 0
    for prefix in service_prefixes():
        service = service_authorization(prefix)
        assert service is not None
        actions += len(service.actions)
        assert {key.kind for key in service.keys.values()} <= TYPES
        for kind in service.resources.values():
            assert kind.arn.startswith("arn:")
            assert kind.arn.count(":") >= 5
    assert actions > 20_000


def test_a_server_does_not_read_it() -> None:
    asked = (
        "import sys, sekisho.app.cli, sekisho.app.server;"
        " print('sekisho.catalog.authorization' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"


def test_provenance_names_the_hash() -> None:
    data = resources.files("sekisho.catalog") / "data"
    digest = hashlib.sha256((data / "authorization.zip").read_bytes()).hexdigest()
    assert digest in (data / "PROVENANCE.md").read_text("utf-8")
