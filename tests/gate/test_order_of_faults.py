"""What is told first of a request in which several things are wrong (W-39, W-40)."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from demo.policies import trust

from gate.gatehouse import FORM, HERE, HOME, Answer, Gatehouse

IDENTITY = b"Action=GetCallerIdentity&Version=2011-06-15"
NOBODY = Credentials("AKIAIOSFODNN7EXAMPLE", "x" * 40)
WRONG_SERVICE = "Credential should be scoped to correct service: 'sts'. "


def ask(house: Gatehouse, keys: Credentials, service: str = "sts") -> Answer:
    """A call to STS, signed for a service."""
    request = AWSRequest("POST", HERE + "/", dict(FORM), IDENTITY)
    SigV4Auth(keys, service, "us-east-1").add_auth(request)
    return house.send(request, IDENTITY)


def forged(keys: Credentials) -> Credentials:
    return Credentials(keys.access_key, "x" * 40, keys.token)


@pytest.fixture
def session(gatehouse: Gatehouse) -> Credentials:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    una = gatehouse.new_user("una", json.dumps({"Version": "2012-10-17", "Statement": everything}))
    return gatehouse.assume(una, gatehouse.new_role("guest", json.dumps(trust(HOME))))


def set_clock(house: Gatehouse, seconds: int) -> None:
    """Let the server's clock be ahead of its clients'."""
    house.authority = replace(house.authority, clock=lambda: time.time() + seconds)


def test_the_scope_comes_before_the_key(gatehouse: Gatehouse) -> None:
    """W-39: even of a key that nobody has."""
    for keys in (NOBODY, gatehouse.home):
        refused = ask(gatehouse, keys, "iam").refusal
        assert refused == (403, "SignatureDoesNotMatch", WRONG_SERVICE)


def test_the_clock_comes_before_the_key(gatehouse: Gatehouse) -> None:
    """W-40."""
    set_clock(gatehouse, 901)
    for keys in (NOBODY, gatehouse.home):
        status, code, said = ask(gatehouse, keys).refusal
        assert (status, code) == (403, "SignatureDoesNotMatch")
        assert said.startswith("Signature expired: ")


def test_the_key_comes_before_the_signature(gatehouse: Gatehouse, session: Credentials) -> None:
    """W-39, W-56: a token that is dead is told of, whoever signed."""
    said = "The security token included in the request is invalid."
    assert ask(gatehouse, NOBODY).refusal == (403, "InvalidClientTokenId", said)
    gatehouse.done(gatehouse.call(gatehouse.away, "DeleteRole", RoleName="guest"))
    for keys in (session, forged(session)):
        assert ask(gatehouse, keys).refusal == (403, "InvalidClientTokenId", said)


def test_an_ended_session_is_told_of_before_all_that_is_looked_up(
    gatehouse: Gatehouse, session: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W-57: it wins over the signature, and over the life of its role."""
    gatehouse.done(gatehouse.call(gatehouse.away, "DeleteRole", RoleName="guest"))
    later = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=3601)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: later)
    set_clock(gatehouse, 3601)
    said = "The security token included in the request is expired"
    for keys in (session, forged(session)):
        assert ask(gatehouse, keys).refusal == (403, "ExpiredToken", said)


def test_the_signature_comes_before_the_operation(gatehouse: Gatehouse) -> None:
    """W-58, W-60: and nothing is told of what should have been signed."""
    status, code, said = ask(gatehouse, forged(gatehouse.home)).refusal
    assert (status, code) == (403, "SignatureDoesNotMatch")
    assert said.endswith("Consult the service documentation for details.")
