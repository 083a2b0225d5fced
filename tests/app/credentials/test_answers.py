"""What the agent answers, and whom it refuses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.app.credentials.answers import (
    MOST_FIELDS,
    Agent,
    AgentRequest,
    Answer,
    BadRequest,
    read_request,
)
from sekisho.app.credentials.assume import Temporary
from sekisho.app.credentials.holder import Holder
from sekisho.app.credentials.profiles import CredentialsError, Keys

NOW = 1_738_314_000.0
HELD = Temporary(Keys("ASIAX", "secret", "token"), int(NOW), int(NOW) + 3_600)
TOKEN = "container-token"
HOST = {"host": "127.0.0.1:4000"}
TTL = {"x-aws-ec2-metadata-token-ttl-seconds": "60"}
SHOWN = {
    "AccessKeyId": "ASIAX",
    "SecretAccessKey": "secret",
    "Token": "token",
    "Expiration": "2025-01-31T10:00:00Z",
}
SECURITY = "/latest/meta-data/iam/security-credentials/"


def agent(has_metadata: bool = True) -> Agent:
    return Agent(
        Holder(lambda: HELD, lambda: NOW), 4000, TOKEN, "reader", "eu-west-1", has_metadata
    )


def ask(
    agent: Agent, path: str, fields: dict[str, str], method: str = "GET", now: float = NOW
) -> Answer:
    return agent.answer(AgentRequest(method, path, {**HOST, **fields}), now)


def session(agent: Agent, seconds: int = 60) -> dict[str, str]:
    ttl = {"x-aws-ec2-metadata-token-ttl-seconds": str(seconds)}
    got = ask(agent, "/latest/api/token", ttl, "PUT")
    assert got.status == 200
    assert got.fields == ttl
    return {"x-aws-ec2-metadata-token": got.body}


def test_containers_bring_the_token() -> None:
    """W-262"""
    got = ask(agent(), "/credentials", {"authorization": TOKEN})
    assert (got.status, json.loads(got.body), got.kind) == (200, SHOWN, "application/json")


@pytest.mark.parametrize("given", [None, "", "container-toke", "container-token ", "Bearer x", "é"])
def test_no_container_without_it(given: str | None) -> None:
    fields = {} if given is None else {"authorization": given}
    assert ask(agent(), "/credentials", fields) == Answer(status=401)  # type: ignore[arg-type]


def test_instances_ask_for_a_token_first() -> None:
    """W-263"""
    here = agent()
    fields = session(here)
    assert ask(here, SECURITY, fields).body == "reader"
    got = ask(here, f"{SECURITY}reader", fields)
    about = {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2025-01-31T09:00:00Z"}
    assert json.loads(got.body) == {**about, **SHOWN}
    assert ask(here, "/latest/meta-data/placement/region", fields).body == "eu-west-1"
    assert ask(here, "/latest/meta-data/placement/availability-zone/", fields).body == "eu-west-1a"


@pytest.mark.parametrize("path", [SECURITY, f"{SECURITY}reader", "/latest/meta-data/", "/"])
def test_version_one_is_refused(path: str) -> None:
    here = agent()
    token = session(here)["x-aws-ec2-metadata-token"]
    other = session(agent())["x-aws-ec2-metadata-token"]
    for bad in ("", "x", "é", token[:-4], token[:8], other, "BBBB" + token[4:]):
        assert ask(here, path, {"x-aws-ec2-metadata-token": bad}).status == 401
    assert ask(here, path, {}).status == 401
    assert ask(here, path, {"authorization": TOKEN}).status == 401


def test_a_token_ends() -> None:
    here = agent()
    fields = session(here, 60)
    assert ask(here, SECURITY, fields, now=NOW + 59).status == 200
    assert ask(here, SECURITY, fields, now=NOW + 60).status == 401


@pytest.mark.parametrize("ttl", [None, "", "0", "21601", "-1", "1.5", "９", "999999"])
def test_a_token_needs_a_life_of_up_to_six_hours(ttl: str | None) -> None:
    fields = {} if ttl is None else {"x-aws-ec2-metadata-token-ttl-seconds": ttl}
    assert ask(agent(), "/latest/api/token", fields, "PUT").status == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"x-forwarded-for": ""},
        {"x-forwarded-for": "10.0.0.1"},
        {"forwarded": "for=10.0.0.1"},
        {"via": "1.1 proxy"},
        {"host": "127.0.0.1"},
        {"host": "127.0.0.1:4001"},
        {"host": "evil.example:4000"},
        {"host": "127.0.0.1.evil.example:4000"},
        {"host": "169.254.169.254"},
        {"host": ""},
    ],
)
def test_what_comes_from_elsewhere_is_refused_everywhere(fields: dict[str, str]) -> None:
    here = agent()
    good = {**session(here), "authorization": TOKEN, **TTL}
    for method, path in (
        ("GET", "/credentials"),
        ("PUT", "/latest/api/token"),
        ("GET", f"{SECURITY}reader"),
    ):
        assert ask(here, path, good, method).status == 200
        assert ask(here, path, {**good, **fields}, method) == Answer(status=403)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/credentials", 405),
        ("GET", "/latest/api/token", 405),
        ("PUT", SECURITY, 405),
        ("GET", f"{SECURITY}other", 404),
        ("GET", "/latest/user-data", 404),
        ("GET", "/credentials/", 404),
    ],
)
def test_there_is_nothing_else(method: str, path: str, status: int) -> None:
    here = agent()
    fields = {**session(here), "authorization": TOKEN}
    assert ask(here, path, fields, method).status == status


def test_the_metadata_service_can_be_left_out() -> None:
    here = agent(has_metadata=False)
    assert ask(here, "/latest/api/token", TTL, "PUT").status == 404
    assert ask(here, "/credentials", {"authorization": TOKEN}).status == 200


def test_what_sts_says_is_passed_on() -> None:
    def refused() -> Temporary:
        raise CredentialsError("AccessDenied: no")

    here = Agent(Holder(refused, lambda: NOW), 4000, TOKEN, "reader", "eu-west-1")
    got = ask(here, "/credentials", {"authorization": TOKEN})
    said = {"code": "AssumeRoleFailed", "message": "AccessDenied: no"}
    assert (got.status, json.loads(got.body)) == (502, said)


def test_secrets_are_in_no_representation() -> None:
    shown = repr(agent()) + repr(HELD)
    assert TOKEN not in shown
    assert "secret'" not in shown


def test_a_head_is_read() -> None:
    lines = ("Host: 127.0.0.1:4000", "Authorization:  x ", "Content-Length: 0")
    head = "\r\n".join(("GET /credentials HTTP/1.1", *lines)).encode()
    fields = {"host": "127.0.0.1:4000", "authorization": "x", "content-length": "0"}
    assert read_request(head) == AgentRequest("GET", "/credentials", fields)
    assert read_request(b"GET / HTTP/1.0") == AgentRequest("GET", "/", {})


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"GET /",
        b"GET / HTTP/2",
        b"GET  / HTTP/1.1",
        b"GET / HTTP/1.1\r\nHost 127.0.0.1",
        b"GET / HTTP/1.1\r\n: x",
        b"GET / HTTP/1.1\r\nHost : x",
        b"GET / HTTP/1.1\r\nHost: a\r\nhost: b",
        b"GET / HTTP/1.1\r\nA: b\r\n folded: c",
        b"GET / HTTP/1.1\r\nContent-Length: 1",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked",
        b"GET / HTTP/1.1\r\nA: \xff",
        b"GET / HTTP/1.1" + b"".join(b"\r\nA%d: x" % number for number in range(MOST_FIELDS + 1)),
    ],
)
def test_a_head_that_is_none(head: bytes) -> None:
    with pytest.raises(BadRequest):
        read_request(head)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(head: bytes) -> None:
    try:
        request = read_request(head)
    except BadRequest:
        return
    assert agent().answer(request, NOW).status in (403, 401, 404)
