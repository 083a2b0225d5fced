"""GetFederationToken: whom it makes, what they may, how long it lasts."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, deny, policy, statement, trust

from gate.gatehouse import HOME, Gatehouse

GUEST = f"arn:aws:sts::{HOME}:federated-user/guest"
UNA = f"arn:aws:iam::{HOME}:user/una"
ALL = json.dumps(allow("*", "*"))
MAY_FEDERATE = allow(["sts:GetFederationToken", "sts:TagSession", "s3:*"], "*")
DENIED = (403, "AccessDenied")


@pytest.fixture
def una(gatehouse: Gatehouse) -> Credentials:
    """A user who may do everything in S3 and give that to others; and two buckets."""
    for bucket in ("one-bucket", "two-bucket"):
        gatehouse.done(gatehouse.store(gatehouse.home, "PUT", f"/{bucket}"))
        gatehouse.done(gatehouse.store(gatehouse.home, "PUT", f"/{bucket}/key", b"text"))
    return gatehouse.new_user("una", json.dumps(MAY_FEDERATE))


def guest(gatehouse: Gatehouse, keys: Credentials, **form: str) -> Credentials:
    return gatehouse.session(keys, "GetFederationToken", **{"Name": "guest", **form})


def reads(gatehouse: Gatehouse, keys: Credentials, bucket: str = "one-bucket") -> bool:
    answer = gatehouse.store(keys, "GET", f"/{bucket}/key")
    assert answer.status in (200, 403), answer.text
    return answer.status == 200


def put_policy(gatehouse: Gatehouse, principal: str, effect: str = "Allow") -> None:
    document = policy(
        statement(
            effect,
            Principal={"AWS": principal},
            Action="s3:GetObject",
            Resource="arn:aws:s3:::one-bucket/*",
        )
    )
    body = json.dumps(document).encode()
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/one-bucket?policy", body))


def test_the_answer_names_the_federated_user(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-101, W-116, W-117."""
    form = {"Name": "guest", "Policy": ALL}
    made = gatehouse.done(gatehouse.call(una, "GetFederationToken", "sts", **form))
    assert made.value("Arn") == GUEST
    assert made.value("FederatedUserId") == f"{HOME}:guest"
    assert made.value("AccessKeyId").startswith("ASIA")
    assert int(made.value("PackedPolicySize")) in range(1, 101)
    plain = gatehouse.done(gatehouse.call(una, "GetFederationToken", "sts", Name="guest"))
    assert "PackedPolicySize" not in plain.text
    keys = guest(gatehouse, una)
    identity = gatehouse.done(gatehouse.call(keys, "GetCallerIdentity", "sts"))
    assert identity.value("Arn") == GUEST
    assert identity.value("UserId") == f"{HOME}:guest"
    assert identity.value("Account") == HOME


def test_a_session_may_what_both_its_sponsor_and_its_policy_allow(
    gatehouse: Gatehouse, una: Credentials
) -> None:
    """W-113."""
    limited = json.dumps(allow(["s3:GetObject", "iam:*"], "arn:aws:s3:::one-bucket/*"))
    keys = guest(gatehouse, una, Policy=limited)
    assert reads(gatehouse, keys)
    assert not reads(gatehouse, keys, "two-bucket")
    gatehouse.permit("una", json.dumps(deny("s3:*", "*")))
    assert not reads(gatehouse, keys)


def test_managed_session_policies_count_as_the_inline_one_does(
    gatehouse: Gatehouse, una: Credentials
) -> None:
    form = {"PolicyName": "Reads", "PolicyDocument": json.dumps(allow("s3:GetObject", "*"))}
    arn = gatehouse.done(gatehouse.call(gatehouse.home, "CreatePolicy", **form)).value("Arn")
    keys = guest(gatehouse, una, **{"PolicyArns.member.1.arn": arn})
    assert reads(gatehouse, keys)
    assert gatehouse.store(keys, "GET", "/").refusal[:2] == DENIED


def test_without_a_session_policy_nothing_is_allowed(
    gatehouse: Gatehouse, una: Credentials
) -> None:
    """PE-93: but what a resource's policy gives to the federated user by name."""
    keys = guest(gatehouse, una)
    assert not reads(gatehouse, keys)
    put_policy(gatehouse, GUEST)
    assert reads(gatehouse, keys)
    assert not reads(gatehouse, guest(gatehouse, una, Name="other"))


def test_naming_the_sponsor_is_limited_by_the_session_policy(
    gatehouse: Gatehouse, una: Credentials
) -> None:
    """PE-94."""
    gatehouse.permit("una", json.dumps(allow("sts:GetFederationToken", "*")))
    put_policy(gatehouse, UNA)
    assert reads(gatehouse, una)
    assert not reads(gatehouse, guest(gatehouse, una))
    assert reads(gatehouse, guest(gatehouse, una, Policy=ALL))
    put_policy(gatehouse, UNA, "Deny")
    gatehouse.permit("una", json.dumps(MAY_FEDERATE))
    assert not reads(gatehouse, guest(gatehouse, una, Policy=ALL))


def test_of_a_root_user_the_session_policy_alone_decides(gatehouse: Gatehouse) -> None:
    root = gatehouse.home
    gatehouse.done(gatehouse.store(root, "PUT", "/one-bucket"))
    gatehouse.done(gatehouse.store(root, "PUT", "/one-bucket/key", b"text"))
    assert not reads(gatehouse, guest(gatehouse, root))
    limited = json.dumps(allow("s3:GetObject", "*"))
    keys = guest(gatehouse, root, Policy=limited)
    assert reads(gatehouse, keys)
    assert gatehouse.store(keys, "DELETE", "/one-bucket/key").refusal[:2] == DENIED


def test_a_session_dies_with_its_sponsor(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-123."""
    keys = guest(gatehouse, una)
    root = gatehouse.home
    gatehouse.done(gatehouse.call(root, "DeleteUserPolicy", UserName="una", PolicyName="p"))
    form = {"UserName": "una", "AccessKeyId": una.access_key}
    gatehouse.done(gatehouse.call(root, "DeleteAccessKey", **form))
    gatehouse.done(gatehouse.call(root, "DeleteUser", UserName="una"))
    gatehouse.new_user("una", ALL)
    refused = gatehouse.call(keys, "GetCallerIdentity", "sts").refusal
    assert refused[:2] == (403, "InvalidClientTokenId")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"StringEquals": {"aws:PrincipalType": "FederatedUser"}}, True),  # PE-172
        ({"StringEquals": {"aws:userid": f"{HOME}:guest"}}, True),
        ({"ArnEquals": {"aws:PrincipalArn": GUEST}}, True),
        ({"Null": {"aws:username": "true"}}, True),
        ({"Null": {"aws:MultiFactorAuthPresent": "true"}}, True),  # PE-176
        ({"Null": {"aws:TokenIssueTime": "false"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": "red"}}, True),  # the sponsor's
        ({"StringEquals": {"aws:PrincipalTag/Level": "guest"}}, True),  # the session's wins
        ({"StringEquals": {"aws:PrincipalTag/level": "host"}}, False),
    ],
)
def test_the_condition_keys_of_a_federated_user(
    gatehouse: Gatehouse, una: Credentials, condition: dict[str, Any], holds: bool
) -> None:
    tags = {"Tags.member.1.Key": "team", "Tags.member.1.Value": "red",
            "Tags.member.2.Key": "level", "Tags.member.2.Value": "host"}  # fmt: skip
    gatehouse.done(gatehouse.call(gatehouse.home, "TagUser", UserName="una", **tags))
    limited = json.dumps(allow("s3:GetObject", "*", condition))
    passed = {"Tags.member.1.Key": "Level", "Tags.member.1.Value": "guest"}
    assert reads(gatehouse, guest(gatehouse, una, Policy=limited, **passed)) is holds


def test_it_is_asked_for_on_the_federated_user(gatehouse: Gatehouse) -> None:
    said = f"User: {UNA} is not authorized to perform: sts:{{}} on resource: {GUEST} because no"
    said += " identity-based policy allows the sts:{} action"
    una = gatehouse.new_user("una")
    action = "GetFederationToken"
    refused = gatehouse.call(una, action, "sts", Name="guest").refusal
    assert refused == (*DENIED, said.format(action, action))
    only_guest = allow("sts:GetFederationToken", GUEST)
    gatehouse.permit("una", json.dumps(only_guest))
    assert gatehouse.call(una, action, "sts", Name="guest").status == 200
    assert gatehouse.call(una, action, "sts", Name="other").status == 403
    tagged = {"Name": "guest", "Tags.member.1.Key": "k", "Tags.member.1.Value": "v"}
    refused = gatehouse.call(una, action, "sts", **tagged).refusal
    assert refused == (*DENIED, said.format("TagSession", "TagSession"))  # W-153
    by_tag = {"StringEquals": {"aws:RequestTag/k": "v"}}
    gatehouse.permit("una", json.dumps(allow("sts:*", GUEST, by_tag)))
    assert gatehouse.call(una, action, "sts", **tagged).status == 200


SECONDS = [(None, 43_200, 3_600), (900, 900, 900), (3_601, 3_601, 3_600), (129_600, 129_600, 3_600)]


@pytest.mark.parametrize("action", ["GetFederationToken", "GetSessionToken"])
@pytest.mark.parametrize(("asked", "of_user", "of_root"), SECONDS)
def test_how_long_it_lasts(
    gatehouse: Gatehouse,
    una: Credentials,
    action: str,
    asked: int | None,
    of_user: int,
    of_root: int,
) -> None:
    """W-101, W-109, W-110: a root user's is cut to an hour."""
    form = {"Name": "guest"} if action == "GetFederationToken" else {}
    if asked is not None:
        form["DurationSeconds"] = str(asked)
    for keys, seconds in ((una, of_user), (gatehouse.home, of_root)):
        before = gatehouse.authority.clock()
        made = gatehouse.done(gatehouse.call(keys, action, "sts", **form))
        expires = datetime.strptime(made.value("Expiration"), "%Y-%m-%dT%H:%M:%SZ")
        left = expires.replace(tzinfo=UTC).timestamp() - int(before)
        assert seconds <= left <= seconds + 60


CONSTRAINT = "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: {}"
LONG = "x" * 252


@pytest.mark.parametrize(
    ("form", "refused"),
    [
        (
            {"Name": "g"},
            ("ValidationError", CONSTRAINT.format(
                "g", "name", "Member must have length greater than or equal to 2")),
        ),
        (
            {"Name": "a" * 33},
            ("ValidationError", CONSTRAINT.format(
                "a" * 33, "name", "Member must have length less than or equal to 32")),
        ),
        (
            {"Name": "a b"},
            ("ValidationError", CONSTRAINT.format(
                "a b", "name",
                r"Member must satisfy regular expression pattern: [\w+=,.@-]*")),
        ),
        (
            {"DurationSeconds": "899"},
            ("ValidationError", CONSTRAINT.format(
                "899", "durationSeconds",
                "Member must have value greater than or equal to 900")),
        ),
        (
            {"DurationSeconds": "129601"},
            ("ValidationError", CONSTRAINT.format(
                "129601", "durationSeconds",
                "Member must have value less than or equal to 129600")),
        ),
        ({"Policy": "{}"}, ("MalformedPolicyDocument", "Syntax errors in policy.")),
        (
            {"PolicyArns.member.1.arn": "arn:aws:iam::999999999999:policy/Other"},
            ("ValidationError", "arn:aws:iam::999999999999:policy/Other is invalid"),
        ),
        (
            {"Tags.member.1.Key": "a", "Tags.member.1.Value": "",
             "Tags.member.2.Key": "A", "Tags.member.2.Value": ""},
            ("InvalidParameterValue",
             "Duplicate tag keys found. Please note that Tag keys are case insensitive."),
        ),
    ],
)  # fmt: skip
def test_what_is_refused(
    gatehouse: Gatehouse, una: Credentials, form: dict[str, str], refused: tuple[str, str]
) -> None:
    """PE-63, PE-73, W-101, W-135."""
    answer = gatehouse.call(una, "GetFederationToken", "sts", **{"Name": "guest", **form})
    assert answer.refusal == (400, *refused)


def test_a_denial_names_the_federated_user(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-145, W-279."""
    keys = guest(gatehouse, una)
    said = (
        f"User: {GUEST} is not authorized to perform: s3:GetObject on resource:"
        ' "arn:aws:s3:::one-bucket/key" because no session policy allows the s3:GetObject action'
    )
    answer = gatehouse.store(keys, "GET", "/one-bucket/key")
    assert answer.refusal == (*DENIED, said)
    line = gatehouse.line(answer)
    assert line["caller"]["arn"] == GUEST
    assert line["caller"]["sponsor"] == UNA


def test_a_session_token_is_as_long_as_asked(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-96: its size is told, and it is worth the same."""
    gatehouse.permit("una", ALL)
    role = gatehouse.new_role("Guest", json.dumps(trust(HOME)), gatehouse.home)
    calls = {
        "AssumeRole": {"RoleArn": role, "RoleSessionName": "visit"},
        "GetFederationToken": {"Name": "guest"},
        "GetSessionToken": {},
    }
    for action, form in calls.items():
        plain = gatehouse.done(gatehouse.call(una, action, "sts", **form))
        assert int(plain.value("SessionTokenSize")) == len(plain.value("SessionToken"))
        sized = {**form, "MinimumSessionTokenSize": "4096"}
        long = gatehouse.done(gatehouse.call(una, action, "sts", **sized))
        assert int(long.value("SessionTokenSize")) == len(long.value("SessionToken")) == 4096
        assert 0 < int(plain.value("SessionTokenUtilization")) < 25
        assert int(long.value("SessionTokenUtilization")) == 25
        keys = gatehouse.session(una, action, **sized)
        gatehouse.done(gatehouse.call(keys, "GetCallerIdentity", "sts"))
        wrong = gatehouse.call(una, action, "sts", **form, MinimumSessionTokenSize="4097")
        assert wrong.refusal == (
            400,
            "ValidationError",
            "1 validation error detected: Value '4097' at 'minimumSessionTokenSize' failed to"
            " satisfy constraint: Member must have value less than or equal to 4096",
        )
