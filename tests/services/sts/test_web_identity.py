"""AssumeRoleWithWebIdentity through the gate: who may, what stays, what the trail tells.

W-138, PE-207.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from demo.policies import allow, policy, statement

from gate.gatehouse import AWAY, Answer, Gatehouse
from sekisho.catalog import service_model
from sekisho.services.outside import Outside
from sekisho.services.sts import pace, web_identity
from sekisho.services.sts.pace import AT_ONCE, Pace
from services.sts.issuer import AUDIENCE, ISSUER, URL, Keys, claims, jwk, signed

PROVIDER = f"arn:aws:iam::{AWAY}:oidc-provider/{URL}"
ROLE = f"arn:aws:iam::{AWAY}:role/Guest"
VISIT = f"arn:aws:sts::{AWAY}:assumed-role/Guest/visit"
ACTION = "AssumeRoleWithWebIdentity"
DENIED = (403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
TAGS = "https://aws.amazon.com/tags"
THREE = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"]


@pytest.fixture(autouse=True)
def fresh_pace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(web_identity, "PACE", Pace())
    yield


@pytest.fixture
def keys(gatehouse: Gatehouse) -> Keys:
    """The issuer's keys as this server knows them."""
    known = Keys({URL: [jwk("RS256"), jwk("ES256")]})
    gatehouse.authority = replace(gatehouse.authority, outside=Outside(key_sets=known))
    return known


@pytest.fixture
def house(gatehouse: Gatehouse, keys: Keys) -> Gatehouse:
    """With a provider and a role that trusts it, in the away account."""
    form = {"Url": ISSUER, "ClientIDList.member.1": AUDIENCE, "ClientIDList.member.2": "other"}
    gatehouse.done(gatehouse.call(gatehouse.away, "CreateOpenIDConnectProvider", **form))
    gatehouse.new_role("Guest", trusting())
    permit = {"RoleName": "Guest", "PolicyName": "p", "PolicyDocument": json.dumps(allow("*", "*"))}
    gatehouse.done(gatehouse.call(gatehouse.away, "PutRolePolicy", **permit))
    return gatehouse


def trusting(
    condition: Any = None, principal: Any = None, actions: Any = THREE, effect: str = "Allow"
) -> str:
    allowed = statement(
        effect,
        Principal={"Federated": PROVIDER} if principal is None else principal,
        Action=actions,
        Condition=condition,
    )
    return json.dumps(policy(allowed))


def retrust(house: Gatehouse, document: str) -> None:
    form = {"RoleName": "Guest", "PolicyDocument": document}
    house.done(house.call(house.away, "UpdateAssumeRolePolicy", **form))


def token(house: Gatehouse, **more: Any) -> str:
    return signed(claims(house.authority.clock(), **more))


def assume(house: Gatehouse, text: str | None = None, **form: str) -> Answer:
    text = token(house) if text is None else text
    given = {"RoleArn": ROLE, "RoleSessionName": "visit", "WebIdentityToken": text, **form}
    return house.call(None, ACTION, "sts", **given)


def test_a_token_gives_a_session(house: Gatehouse) -> None:
    """W-99."""
    made = house.done(assume(house))
    assert made.value("SubjectFromWebIdentityToken") == "subject-1"
    assert made.value("Provider") == ISSUER
    assert made.value("Audience") == AUDIENCE
    assert made.value("Arn") == VISIT
    assert made.value("AssumedRoleId").endswith(":visit")
    assert "PackedPolicySize" not in made.text
    session = house.session(None, ACTION, RoleArn=ROLE, RoleSessionName="visit",
                            WebIdentityToken=token(house))  # fmt: skip
    assert house.done(house.call(session, "GetCallerIdentity", "sts")).value("Arn") == VISIT
    assert house.call(session, "ListUsers").status == 200


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"StringEquals": {f"{URL}:sub": "subject-1"}}, True),  # PE-187
        ({"StringEquals": {f"{URL}:sub": "another"}}, False),
        ({"StringEquals": {f"{URL}:aud": AUDIENCE}}, True),
        ({"ForAnyValue:StringEquals": {f"{URL}:amr": "mfa"}}, True),
        ({"StringEquals": {f"{URL}:email": "a@b"}}, False),
        ({"StringEquals": {"aws:FederatedProvider": PROVIDER}}, True),  # PE-176
        ({"StringEquals": {"sts:RoleSessionName": "visit"}}, True),
        ({"Null": {"aws:PrincipalArn": "true", "aws:userid": "true"}}, True),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, True),
    ],
)
def test_the_condition_keys_of_a_trust_policy(
    house: Gatehouse, condition: dict[str, Any], holds: bool
) -> None:
    retrust(house, trusting(condition))
    text = token(house, amr=["pwd", "mfa"], email="a@b")
    answer = assume(house, text)
    assert (answer.status == 200) is holds
    if not holds:
        assert answer.refusal == DENIED  # W-138


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"StringEquals": {f"{URL}:sub": "subject-1", f"{URL}:aud": AUDIENCE}}, True),
        ({"StringEquals": {"aws:FederatedProvider": PROVIDER}}, True),
        ({"Null": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, True),
        ({"Null": {"sts:RoleSessionName": "true"}}, True),
        ({"StringEquals": {f"{URL}:sub": "another"}}, False),
    ],
)
def test_what_stays_with_the_session(
    house: Gatehouse, condition: dict[str, Any], holds: bool
) -> None:
    """PE-187."""
    form = {"RoleName": "Guest", "PolicyName": "p"}
    form["PolicyDocument"] = json.dumps(allow("iam:ListUsers", "*", condition))
    house.done(house.call(house.away, "PutRolePolicy", **form))
    session = house.session(None, ACTION, RoleArn=ROLE, RoleSessionName="visit",
                            WebIdentityToken=token(house))  # fmt: skip
    assert (house.call(session, "ListUsers").status == 200) is holds


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": AWAY},
        {"AWS": "*"},
        {"Federated": f"{PROVIDER}x"},
        {"Federated": "accounts.google.com"},
        {"Service": "ec2.amazonaws.com"},
    ],
)
def test_nobody_but_the_named_provider_is_trusted(house: Gatehouse, principal: Any) -> None:
    """PE-117: the AWS principal * is anyone who signs."""
    retrust(house, trusting(principal=principal))
    assert assume(house).refusal == DENIED


def test_a_deny_of_everyone_is_meant_for_them_too(house: Gatehouse) -> None:
    both = json.loads(trusting())
    both["Statement"] += json.loads(trusting(principal={"AWS": "*"}, effect="Deny"))["Statement"]
    retrust(house, json.dumps(both))
    assert assume(house).refusal == DENIED


def test_the_action_must_be_this_one(house: Gatehouse) -> None:
    retrust(house, trusting(actions="sts:AssumeRole"))
    assert assume(house).refusal == DENIED


@pytest.mark.parametrize("arn", [f"{ROLE}x", ROLE.lower().replace("guest", "guest")])
def test_a_role_that_does_not_exist_is_denied_in_the_same_words(house: Gatehouse, arn: str) -> None:
    assert assume(house, RoleArn=arn).refusal == DENIED


def test_the_provider_must_be_of_the_roles_account(house: Gatehouse) -> None:
    """W-138."""
    said = f"No OpenIDConnect provider found in your account for {ISSUER}"
    form = {"OpenIDConnectProviderArn": PROVIDER}
    house.done(house.call(house.away, "DeleteOpenIDConnectProvider", **form))
    house.done(house.call(house.home, "CreateOpenIDConnectProvider", Url=ISSUER))
    assert assume(house).refusal == (400, "InvalidIdentityToken", said)


@pytest.mark.parametrize("issuer", [URL, f"http://{URL}", "https://elsewhere.example"])
def test_an_issuer_nobody_knows_is_not_asked_for_keys(
    house: Gatehouse, keys: Keys, issuer: str
) -> None:
    said = f"No OpenIDConnect provider found in your account for {issuer}"
    assert assume(house, token(house, iss=issuer)).refusal == (400, "InvalidIdentityToken", said)
    assert keys.asked == []


def test_tags_and_source_identity_come_from_the_token(house: Gatehouse) -> None:
    nested = {"principal_tags": {"Team": ["red"], "Level": "3"}, "transitive_tag_keys": ["Team"]}
    flat = {f"{TAGS}/principal_tags/Team": "red", f"{TAGS}/principal_tags/Level": ["3"],
            f"{TAGS}/transitive_tag_keys": ["Team"]}  # fmt: skip
    condition = {
        "StringEquals": {
            "aws:RequestTag/Team": "red",
            "aws:RequestTag/Level": "3",
            "sts:SourceIdentity": "ann",
        },
        "ForAllValues:StringEquals": {"sts:TransitiveTagKeys": "Team"},
    }
    retrust(house, trusting(condition))
    source = {"https://aws.amazon.com/source_identity": "ann"}
    for given in ({TAGS: nested}, flat):
        made = house.done(assume(house, token(house, **given, **source)))
        assert made.value("SourceIdentity") == "ann"
        assert int(made.value("PackedPolicySize")) > 0
    assert assume(house).refusal == DENIED


@pytest.mark.parametrize("missing", ["sts:TagSession", "sts:SetSourceIdentity"])
def test_they_need_permission_of_their_own(house: Gatehouse, missing: str) -> None:
    retrust(house, trusting(actions=[action for action in THREE if action != missing]))
    given = {TAGS: {"principal_tags": {"k": ["v"]}},
             "https://aws.amazon.com/source_identity": "ann"}  # fmt: skip
    said = f"Not authorized to perform {missing}"
    assert assume(house, token(house, **given)).refusal == (403, "AccessDenied", said)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({TAGS: "text"}, f"The claim {TAGS} is invalid."),
        ({TAGS: {"principal_tags": {"k": ["a", "b"]}}}, f"The claim {TAGS} is invalid."),
        ({TAGS: {"principal_tags": {"k": 7}}}, f"The claim {TAGS} is invalid."),
        ({TAGS: {"principal_tags": {"": "v"}}}, "A session tag of the token is invalid."),
        ({TAGS: {"principal_tags": {"k": "v" * 257}}}, "A session tag of the token is invalid."),
        ({TAGS: {"principal_tags": {"k": "a*b"}}}, "A session tag of the token is invalid."),
        (
            {TAGS: {"principal_tags": {"k": "a"}, "transitive_tag_keys": ["x"]}},
            "The specified transitive tag key must be included in the requested tags.",
        ),
        (
            {"https://aws.amazon.com/source_identity": "aws:x"},
            'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
        ),
    ],
)
def test_claims_for_the_session_that_are_wrong(
    house: Gatehouse, given: dict[str, Any], said: str
) -> None:
    status, code, message = assume(house, token(house, **given)).refusal
    assert (status, message) == (400, said)
    assert code in ("InvalidIdentityToken", "InvalidParameterValue")


def test_session_policies_and_duration_are_those_of_any_session(house: Gatehouse) -> None:
    """W-108."""
    limited = json.dumps(allow("iam:GetRole", "*"))
    session = house.session(None, ACTION, RoleArn=ROLE, RoleSessionName="visit", Policy=limited,
                            WebIdentityToken=token(house), DurationSeconds="900")  # fmt: skip
    assert house.call(session, "GetRole", RoleName="Guest").status == 200
    assert house.call(session, "ListUsers").status == 403
    for action in ("GetSessionToken", "GetFederationToken"):
        told = house.call(session, action, "sts", **({"Name": "guest"} if "Fed" in action else {}))
        assert told.refusal[2] == f"Cannot call {action} with session credentials"
    said = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    refused = assume(house, DurationSeconds="7200").refusal
    assert refused == (400, "ValidationError", said)
    assert assume(house, RoleArn="nothing-valid-in-here").refusal == (
        400,
        "ValidationError",
        "nothing-valid-in-here is invalid",
    )


def test_a_chained_session_still_says_who_vouched(house: Gatehouse) -> None:
    """PE-186."""
    condition = {"StringEquals": {f"{URL}:sub": "subject-1"}}
    next_trust = statement("Allow", Principal={"AWS": ROLE}, Action="sts:AssumeRole",
                           Condition=condition)  # fmt: skip
    further = house.new_role("Further", json.dumps(policy(next_trust)))
    session = house.session(None, ACTION, RoleArn=ROLE, RoleSessionName="visit",
                            WebIdentityToken=token(house))  # fmt: skip
    assert house.assume(session, further)


def test_google_is_known_and_its_authorized_party_counts(house: Gatehouse, keys: Keys) -> None:
    """PE-28, PE-187."""
    google = "accounts.google.com"
    keys.sets[google] = [jwk("RS256")]
    condition = {"StringEquals": {f"{google}:aud": "party", f"{google}:oaud": "app",
                                  f"{google}:sub": "subject-1"}}  # fmt: skip
    retrust(house, trusting(condition, {"Federated": google}))
    given = {"iss": f"https://{google}", "aud": "app"}
    assert assume(house, token(house, **given, azp="party")).status == 200
    assert assume(house, token(house, **given)).refusal == DENIED
    alone = {"StringEquals": {f"{google}:aud": "app"}, "Null": {f"{google}:oaud": "true"}}
    retrust(house, trusting(alone, {"Federated": google}))
    assert assume(house, token(house, **given)).status == 200
    assert assume(house, token(house, **given, azp="party")).refusal == DENIED


@pytest.mark.parametrize(
    ("issuer", "claim"),
    [
        ("token.actions.githubusercontent.com", "repository"),
        ("token.actions.githubusercontent.com/octo", "job_workflow_ref"),
        ("token.actions.octo.ghe.com", "environment"),
        ("gitlab.com", "ref_protected"),
        ("agent.buildkite.com", "pipeline_slug"),
        ("oidc.circleci.com/org/0aa3", "oidc.circleci.com/project-id"),
        ("idcs-1.identity.oraclecloud.com", "rpst_id"),
    ],
)
def test_some_issuers_have_keys_of_their_own(
    house: Gatehouse, keys: Keys, issuer: str, claim: str
) -> None:
    """PE-187"""
    keys.sets[issuer] = [jwk("RS256")]
    form = {"Url": f"https://{issuer}", "ClientIDList.member.1": AUDIENCE}
    arn = house.done(
        house.call(house.away, "CreateOpenIDConnectProvider", **form)
    ).value("OpenIDConnectProviderArn")  # fmt: skip
    condition = {"StringEquals": {f"{issuer}:{claim}": "ours", f"{issuer}:sub": "subject-1"}}
    retrust(house, trusting(condition, {"Federated": arn}))
    given = {"iss": f"https://{issuer}"}
    assert assume(house, token(house, **given, **{claim: "ours"})).status == 200
    assert assume(house, token(house, **given, **{claim: "theirs"})).refusal == DENIED
    assert assume(house, token(house, **given)).refusal == DENIED


def test_an_oauth_access_token_is_refused(house: Gatehouse, keys: Keys) -> None:
    refused = assume(house, ProviderId="graph.facebook.com").refusal
    assert refused[:2] == (400, "InvalidIdentityToken")
    assert keys.asked == []


def test_thumbprints_go_where_the_keys_are_fetched(house: Gatehouse, keys: Keys) -> None:
    form = {"OpenIDConnectProviderArn": PROVIDER, "ThumbprintList.member.1": "a" * 40}
    house.done(house.call(house.away, "UpdateOpenIDConnectProviderThumbprint", **form))
    house.done(assume(house))
    assert set(keys.asked) == {(URL, ("a" * 40,), "RS256-one")}


def test_validation_comes_before_the_token_is_looked_at(house: Gatehouse, keys: Keys) -> None:
    refused = assume(house, RoleSessionName="a b").refusal
    assert refused[:2] == (400, "ValidationError")
    assert assume(house, Policy="{}").refusal[1] == "MalformedPolicyDocument"
    assert keys.asked == []


def test_the_trail_tells_who_came_in_and_keeps_the_others_apart(house: Gatehouse) -> None:
    """Neither tokens nor a flood of bad ones get among the records of the known."""
    text = token(house)
    good = house.line(assume(house, text))
    assert good["caller"] == {
        "type": "FederatedIdentity",
        "account": AWAY,
        "arn": PROVIDER,
        "user_id": "subject-1",
        "access_key_id": "",
    }
    retrust(house, trusting(actions="sts:AssumeRole"))
    denied = house.line(assume(house, text))
    bad = house.line(assume(house, "abcd"))
    assert "caller" not in denied
    assert "caller" not in bad
    assert denied["decisions"][0]["decision"] == "implicitDeny"
    trail = "".join(path.read_text() for path in (house.data / "audit").glob("*.jsonl*"))
    assert text not in trail
    assert text.rpartition(".")[2] not in trail


def test_a_flood_is_slowed_down(house: Gatehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "PER_SECOND", 0.0)
    answers = [assume(house, "abcd").refusal for _ in range(int(AT_ONCE) + 1)]
    assert {answer[1] for answer in answers[:-1]} == {"InvalidIdentityToken"}
    assert answers[-1] == (400, "Throttling", "Rate exceeded")


@pytest.mark.parametrize("service", ["iam", "sts"])
def test_nothing_else_passes_without_a_signature(gatehouse: Gatehouse, service: str) -> None:
    passing = {"AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"}
    missing = (403, "MissingAuthenticationToken", "Request is missing Authentication Token")
    for name in service_model(service).operations:
        answer = gatehouse.call(None, name, service)
        if service == "sts" and name in passing:
            assert answer.refusal[:2] == (400, "ValidationError"), name
        else:
            assert answer.refusal == missing, name


def test_a_signature_that_is_there_must_still_fit(house: Gatehouse) -> None:
    forged = replace_secret(house)
    given = {"RoleArn": ROLE, "RoleSessionName": "visit", "WebIdentityToken": token(house)}
    assert house.call(forged, ACTION, "sts", **given).refusal[1] == "SignatureDoesNotMatch"
    assert house.call(house.home, ACTION, "sts", **given).status == 200


def replace_secret(house: Gatehouse) -> Any:
    from botocore.credentials import Credentials

    return Credentials(house.home.access_key, "x" * 40)
