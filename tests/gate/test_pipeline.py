"""Every request goes the same way and is on record, whatever becomes of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import HmacV1QueryAuth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from demo.policies import allow, policy, statement, trust

from gate.gatehouse import AWAY, HERE, HOME, Answer, Gatehouse
from sekisho.directory.store import Busy, Duplicate
from sekisho.services import OPERATIONS, Call, Desk, Output
from sekisho.services.unserved import UNSERVED

USER = f"arn:aws:iam::{HOME}:user/una"
NOT_SERVED = "This server does not implement {}."
WRONG_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. Check your AWS"
    " Secret Access Key and signing method. Consult the service documentation for details."
)
ALLOW_ALL = json.dumps(allow("*", "*"))


def forged(keys: Credentials) -> Credentials:
    return Credentials(keys.access_key, "x" * 40, keys.token)


@pytest.mark.parametrize(("service", "action"), [("iam", "CreateUser"), ("sts", "GetSessionToken")])
def test_an_operation_of_the_model_that_is_not_served_is_named(
    gatehouse: Gatehouse, monkeypatch: pytest.MonkeyPatch, service: str, action: str
) -> None:
    name = f"{service}:{action}"
    monkeypatch.delitem(OPERATIONS, name)
    answer = gatehouse.call(gatehouse.home, action, service)
    assert answer.refusal == (501, "NotImplemented", NOT_SERVED.format(name))
    assert gatehouse.line(answer)["operation"] == name


def test_what_iam_and_sts_refuse_is_named_with_the_reason(gatehouse: Gatehouse) -> None:
    """W-16, W-157: every one of them, whatever it was given."""
    refused = [name for name in UNSERVED if name.startswith(("iam:", "sts:"))]
    assert "iam:CreateDelegationRequest" in refused
    for name in refused:
        service, _, action = name.partition(":")
        said = NOT_SERVED.format(f"{name}: {UNSERVED[name].reason}")
        answer = gatehouse.call(gatehouse.home, action, service)
        assert answer.refusal == (501, "NotImplemented", said)
        forger = gatehouse.call(forged(gatehouse.home), action, service)
        assert forger.refusal[1] == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("PUT", "/bucket?website", "PutBucketWebsite"),
        ("PUT", "/bucket?replication", "PutBucketReplication"),
        ("GET", "/bucket/key?torrent", "GetObjectTorrent"),
        ("GET", "/bucket?session", "CreateSession"),
    ],
)
def test_an_operation_of_s3_that_is_not_served_is_named(
    gatehouse: Gatehouse, method: str, path: str, name: str
) -> None:
    answer = gatehouse.store(gatehouse.home, method, path)
    said = NOT_SERVED.format(f"s3:{name}: {UNSERVED[f's3:{name}'].reason}")
    assert answer.refusal == (501, "NotImplemented", said)
    assert gatehouse.line(answer)["status"] == 501


@pytest.mark.parametrize(("service", "version"), [("iam", "2010-05-08"), ("sts", "2011-06-15")])
def test_an_operation_that_no_model_knows(gatehouse: Gatehouse, service: str, version: str) -> None:
    """W-16."""
    answer = gatehouse.call(gatehouse.home, "NoSuchAction", service)
    said = f"Could not find operation NoSuchAction for version {version}"
    assert answer.refusal == (400, "InvalidAction", said)
    assert gatehouse.line(answer)["error"] == {"code": "InvalidAction", "message": said}


def test_validation_comes_after_authentication_and_before_authorisation(
    gatehouse: Gatehouse,
) -> None:
    """One bad call, from nobody, from a forger, and from one without rights.

    W-41, W-58, PE-80, PE-204.
    """
    una = gatehouse.new_user("una")
    bad = {"RoleName": "a role", "AssumeRolePolicyDocument": "{}"}
    unsigned = gatehouse.call(None, "CreateRole", **bad)
    assert unsigned.refusal[1:] == (
        "MissingAuthenticationToken",
        "Request is missing Authentication Token",
    )
    assert gatehouse.call(forged(una), "CreateRole", **bad).refusal == (
        403,
        "SignatureDoesNotMatch",
        WRONG_SIGNATURE,
    )
    invalid = gatehouse.call(una, "CreateRole", **bad)
    assert invalid.refusal[:2] == (400, "ValidationError")
    assert invalid.refusal[2].startswith("The specified value for roleName is invalid.")
    assert "decisions" not in gatehouse.line(invalid)
    good = {"RoleName": "role", "AssumeRolePolicyDocument": "{}"}
    assert gatehouse.call(una, "CreateRole", **good).refusal[:2] == (403, "AccessDenied")


def test_a_forger_does_not_learn_what_is_served(gatehouse: Gatehouse) -> None:
    answer = gatehouse.call(forged(gatehouse.home), "CreateSAMLProvider")
    assert answer.refusal == (403, "SignatureDoesNotMatch", WRONG_SIGNATURE)


def replace_run(
    monkeypatch: pytest.MonkeyPatch, name: str, run: Callable[[Call, Desk], Output]
) -> None:
    monkeypatch.setitem(OPERATIONS, name, replace(OPERATIONS[name], run=run))


def fail_with(error: Exception) -> Callable[[Call, Desk], Output]:
    def run(call: Call, desk: Desk) -> Output:
        raise error

    return run


DETAIL = "the-detail-that-nobody-outside-may-read"


@pytest.mark.parametrize(
    ("name", "code", "ask"),
    [
        (
            "sts:GetCallerIdentity",
            "InternalFailure",
            lambda house: house.call(house.home, "GetCallerIdentity", "sts"),
        ),
        (
            "iam:CreateUser",
            "InternalFailure",
            lambda house: house.call(house.home, "CreateUser", UserName="una"),
        ),
        ("s3:ListBuckets", "InternalError", lambda house: house.store(house.home, "GET", "/")),
    ],
)
def test_an_internal_failure_is_logged_and_told_without_details(
    gatehouse: Gatehouse,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
    code: str,
    ask: Callable[[Gatehouse], Answer],
) -> None:
    replace_run(monkeypatch, name, fail_with(RuntimeError(DETAIL)))
    answer = ask(gatehouse)
    assert answer.refusal[:2] == (500, code)
    assert DETAIL not in answer.text
    assert "Traceback" not in answer.text
    line = gatehouse.line(answer)
    assert (line["status"], line["error"]["code"]) == (500, code)
    assert DETAIL not in json.dumps(line)
    (record,) = caplog.records
    assert answer.request_id in record.getMessage()
    assert DETAIL in caplog.text


def test_an_answer_that_cannot_be_written_down_is_an_internal_failure(
    gatehouse: Gatehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_run(monkeypatch, "sts:GetCallerIdentity", lambda call, desk: {"Arn": object()})
    answer = gatehouse.call(gatehouse.home, "GetCallerIdentity", "sts")
    assert answer.refusal[:2] == (500, "InternalFailure")


@pytest.mark.parametrize(
    ("error", "status", "code", "code_of_s3"),
    [
        (Busy("locked"), 503, "ServiceUnavailable", "SlowDown"),
        (Duplicate("twice"), 409, "ConcurrentModification", "ConcurrentModification"),
    ],
)
def test_what_the_store_complains_of(
    gatehouse: Gatehouse,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    code: str,
    code_of_s3: str,
) -> None:
    """W-166."""
    replace_run(monkeypatch, "iam:CreateUser", fail_with(error))
    replace_run(monkeypatch, "s3:CreateBucket", fail_with(error))
    answer = gatehouse.call(gatehouse.home, "CreateUser", UserName="una")
    assert answer.refusal[:2] == (status, code)
    answer = gatehouse.store(gatehouse.home, "PUT", "/bucket")
    assert answer.refusal[:2] == (status, code_of_s3)
    assert gatehouse.line(answer)["error"]["code"] == code_of_s3


def test_of_a_write_that_fails_midway_only_the_record_is_kept(
    gatehouse: Gatehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = OPERATIONS["iam:CreateUser"].run

    def run(call: Call, desk: Desk) -> Output:
        create(call, desk)
        raise RuntimeError("too late")

    replace_run(monkeypatch, "iam:CreateUser", run)
    failed = gatehouse.call(gatehouse.home, "CreateUser", UserName="una")
    assert gatehouse.line(failed)["status"] == 500
    monkeypatch.undo()
    again = gatehouse.call(gatehouse.home, "GetUser", UserName="una")
    assert again.refusal[:2] == (404, "NoSuchEntity")


def test_no_check_goes_stale_while_a_body_is_read(
    gatehouse: Gatehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The right to write is lost between the head of a request and the end of its body."""
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/bucket"))
    una = gatehouse.new_user("una", ALLOW_ALL)
    operation = OPERATIONS["s3:PutObject"]
    stage = operation.stage
    assert stage is not None

    def stage_then_lose(call: Call, desk: Desk) -> Any:
        staged = stage(call, desk)
        form = {"UserName": "una", "PolicyName": "p"}
        gatehouse.done(gatehouse.call(gatehouse.home, "DeleteUserPolicy", **form))
        return staged

    monkeypatch.setitem(OPERATIONS, "s3:PutObject", replace(operation, stage=stage_then_lose))
    answer = gatehouse.store(una, "PUT", "/bucket/key", b"content")
    assert answer.refusal[:2] == (403, "AccessDenied")
    assert gatehouse.line(answer)["decisions"][0]["decision"] == "implicitDeny"
    blobs = [path for path in (gatehouse.data / "blobs").rglob("*") if path.is_file()]
    assert blobs == []
    gone = gatehouse.store(gatehouse.home, "GET", "/bucket/key")
    assert gone.refusal[:2] == (404, "NoSuchKey")


def test_every_request_is_on_record_once_and_in_order(gatehouse: Gatehouse) -> None:
    before = len(gatehouse.lines())
    home = gatehouse.home
    asked = [
        (gatehouse.call(home, "GetCallerIdentity", "sts"), "sts:GetCallerIdentity"),
        (gatehouse.call(None, "GetCallerIdentity", "sts"), "sts:GetCallerIdentity"),
        (gatehouse.call(forged(home), "ListUsers"), "iam:ListUsers"),
        (gatehouse.call(home, "NoSuchAction"), "iam:"),
        (gatehouse.call(home, "CreateUser"), "iam:CreateUser"),
        (gatehouse.call(home, "GetUser", UserName="nobody"), "iam:GetUser"),
        (gatehouse.store(home, "GET", "/"), "s3:ListBuckets"),
        (gatehouse.store(None, "GET", "/bucket/key"), "s3:GetObject"),
        (gatehouse.store(home, "GET", "/bucket?acl"), "s3:GetBucketAcl"),
    ]
    lines = gatehouse.lines()[before:]
    assert [line["request_id"] for line in lines] == [answer.request_id for answer, _ in asked]
    assert [line["status"] for line in lines] == [answer.status for answer, _ in asked]
    assert [line["operation"] for line in lines] == [name for _, name in asked]
    assert {line["source_ip"] for line in lines} == {"192.0.2.7"}
    assert len({line["request_id"] for line in lines}) == len(lines)
    assert [("error" in line) for line in lines] == [answer.status >= 300 for answer, _ in asked]


def test_the_record_of_a_decision_names_what_determined_it(gatehouse: Gatehouse) -> None:
    named = statement("Allow", Sid="Read", Action="iam:GetUser", Resource=USER)
    una = gatehouse.new_user("una", json.dumps(policy(named)))
    line = gatehouse.line(gatehouse.done(gatehouse.call(una, "GetUser")))
    assert line["caller"] == {
        "type": "User",
        "account": HOME,
        "arn": USER,
        "user_id": line["caller"]["user_id"],
        "access_key_id": una.access_key,
    }
    assert line["decisions"] == [
        {
            "action": "iam:GetUser",
            "resource": USER,
            "owner": HOME,
            "decision": "allowed",
            "layer": "identity-based policy",
            "statements": [
                {
                    "layer": "identity-based policy",
                    "policy": "p",
                    "of": USER,
                    "statement": 0,
                    "sid": "Read",
                }
            ],
        }
    ]
    (denied,) = gatehouse.line(gatehouse.call(una, "ListUsers"))["decisions"]
    assert (denied["decision"], denied["statements"]) == ("implicitDeny", [])
    assert denied["story"][0]["verdict"]
    (own,) = gatehouse.line(gatehouse.call(gatehouse.home, "ListUsers"))["decisions"]
    assert (own["decision"], own["statements"]) == ("allowed", [])


def test_each_action_that_goes_with_assume_role_is_on_record(gatehouse: Gatehouse) -> None:
    """PE-116."""
    actions = ["sts:AssumeRole", "sts:TagSession"]
    una = gatehouse.new_user("una", ALLOW_ALL)
    role = gatehouse.new_role("Guest", json.dumps(trust(USER, actions=actions)))
    form = {"RoleArn": role, "RoleSessionName": "visit", "SourceIdentity": "una"}
    tags = {"Tags.member.1.Key": "k", "Tags.member.1.Value": "v"}
    line = gatehouse.line(gatehouse.call(una, "AssumeRole", "sts", **form, **tags))
    assert [(each["action"], each["decision"]) for each in line["decisions"]] == [
        ("sts:AssumeRole", "allowed"),
        ("sts:TagSession", "allowed"),
        ("sts:SetSourceIdentity", "implicitDeny"),
    ]
    assert {each["owner"] for each in line["decisions"]} == {AWAY}


def presigned(keys: Credentials, path: str) -> AWSRequest:
    request = AWSRequest("GET", HERE + path)
    S3SigV4QueryAuth(keys, "s3", "us-east-1", expires=60).add_auth(request)
    return request


def test_no_secret_is_on_record_or_in_the_log(
    gatehouse: Gatehouse, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("DEBUG", "sekisho")
    una = gatehouse.new_user("una", ALLOW_ALL)
    guest = gatehouse.assume(una, gatehouse.new_role("Guest", json.dumps(trust(USER))))
    assert guest.token is not None
    damaged = Credentials(guest.access_key, guest.secret_key, guest.token[:-8] + "AAAAAAAA")
    swapped = Credentials(una.access_key, una.secret_key, guest.token)
    device = gatehouse.done(
        gatehouse.call(gatehouse.home, "CreateVirtualMFADevice", VirtualMFADeviceName="una")
    )
    for keys in (guest, forged(guest), damaged, swapped):
        gatehouse.call(keys, "GetCallerIdentity", "sts")
        gatehouse.call(keys, "ListUsers")
        gatehouse.store(keys, "GET", "/bucket/key")
        gatehouse.send(presigned(keys, "/bucket/key"), b"")
    replace_run(monkeypatch, "sts:GetCallerIdentity", fail_with(RuntimeError("within")))
    assert gatehouse.call(guest, "GetCallerIdentity", "sts").status == 500
    secrets = [
        gatehouse.home.secret_key,
        una.secret_key,
        guest.secret_key,
        guest.token,
        damaged.token,
        device.value("Base32StringSeed"),
    ]
    trail = Path(gatehouse.data / "audit" / "audit.jsonl").read_text()
    assert una.access_key in trail
    assert guest.access_key in trail
    for secret in secrets:
        assert secret[:40] not in trail
        assert secret[:40] not in caplog.text


def test_a_url_of_version_two_is_for_the_region_of_the_server(gatehouse: Gatehouse) -> None:
    """Its signature names none (W-92); that must not get it past a condition on the region."""
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/regional"))
    here = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    rules = policy(
        statement("Allow", Action="s3:*", Resource="*"),
        statement("Deny", Action="s3:*", Resource="*", Condition=here),
    )
    user = gatehouse.new_user("traveller", json.dumps(rules))
    request = AWSRequest("GET", f"{HERE}/regional")
    HmacV1QueryAuth(user).add_auth(request)
    assert gatehouse.send(request, b"").refusal[:2] == (403, "AccessDenied")
