"""AssumeRoleWithSAML through the gate: what an assertion must say, and its end (W-98, W-139)."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Any

import pytest
from demo.policies import allow, policy, statement

from gate.gatehouse import AWAY, HOME, Answer, Gatehouse
from sekisho.services.sts import assume_role_with_saml
from sekisho.services.sts.pace import Pace
from services.sts.idp import (
    ENTITY,
    OURS,
    RECIPIENT,
    assertion,
    encoded,
    instant,
    metadata,
    response,
    signed,
)
from services.sts.test_saml_encryption import hidden, pem

PROVIDER = f"arn:aws:iam::{AWAY}:saml-provider/Company"
ROLE = f"arn:aws:iam::{AWAY}:role/Guest"
VISIT = f"arn:aws:sts::{AWAY}:assumed-role/Guest/ann@example"
ACTION = "AssumeRoleWithSAML"
DENIED = (403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
THREE = ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"]
QUALIFIER = base64.b64encode(hashlib.sha1(f"{ENTITY}{AWAY}/Company".encode()).digest()).decode()


@pytest.fixture(autouse=True)
def fresh_pace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(assume_role_with_saml, "PACE", Pace())
    yield


def trusting(condition: Any = None, actions: Any = THREE, provider: str = PROVIDER) -> str:
    allowed = statement(
        "Allow", Principal={"Federated": provider}, Action=actions, Condition=condition
    )
    return json.dumps(policy(allowed))


@pytest.fixture
def house(gatehouse: Gatehouse) -> Gatehouse:
    """With a provider and a role that trusts it, in the away account."""
    form = {"Name": "Company", "SAMLMetadataDocument": metadata()}
    gatehouse.done(gatehouse.call(gatehouse.away, "CreateSAMLProvider", **form))
    gatehouse.new_role("Guest", trusting())
    permit = {"RoleName": "Guest", "PolicyName": "p", "PolicyDocument": json.dumps(allow("*", "*"))}
    gatehouse.done(gatehouse.call(gatehouse.away, "PutRolePolicy", **permit))
    return gatehouse


def retrust(house: Gatehouse, document: str) -> None:
    form = {"RoleName": "Guest", "PolicyDocument": document}
    house.done(house.call(house.away, "UpdateAssumeRolePolicy", **form))


def saml(
    house: Gatehouse, more: Mapping[str, Sequence[str]] | None = None, **otherwise: Any
) -> str:
    """A response in base64. more: attributes beside or in place of the usual two."""
    attributes: dict[str, Sequence[str]] = {
        f"{OURS}Role": [f"arn:aws:iam::{AWAY}:role/Other,{PROVIDER}", f"{PROVIDER},{ROLE}"],
        f"{OURS}RoleSessionName": ["ann@example"],
        **(more or {}),
    }
    return encoded(response(signed(assertion(house.authority.clock(), attributes, **otherwise))))


def assume(house: Gatehouse, text: str | None = None, **form: str) -> Answer:
    text = saml(house) if text is None else text
    given = {"RoleArn": ROLE, "PrincipalArn": PROVIDER, "SAMLAssertion": text, **form}
    return house.call(None, ACTION, "sts", **given)


def test_an_assertion_gives_a_session(house: Gatehouse) -> None:
    """W-98, PE-189."""
    made = house.done(assume(house))
    assert made.value("Arn") == VISIT
    assert made.value("Subject") == "ann"
    assert made.value("SubjectType") == "persistent"
    assert made.value("Issuer") == ENTITY
    assert made.value("Audience") == RECIPIENT
    assert made.value("NameQualifier") == QUALIFIER
    session = house.session(
        None, ACTION, RoleArn=ROLE, PrincipalArn=PROVIDER, SAMLAssertion=saml(house)
    )
    assert house.done(house.call(session, "GetCallerIdentity", "sts")).value("Arn") == VISIT


def test_how_long_it_lasts_and_what_it_cannot_call(house: Gatehouse) -> None:
    """W-107."""
    given = {"RoleArn": ROLE, "PrincipalArn": PROVIDER, "DurationSeconds": "900"}
    session = house.session(None, ACTION, **given, SAMLAssertion=saml(house))
    for action in ("GetSessionToken", "GetFederationToken"):
        told = house.call(session, action, "sts", **({"Name": "guest"} if "Fed" in action else {}))
        assert told.refusal[2] == f"Cannot call {action} with session credentials"
    said = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    refused = assume(house, DurationSeconds="7200").refusal
    assert refused == (400, "ValidationError", said)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "transient"),
        (
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        ),
    ],
)
def test_of_subjects_other_formats_are_told_whole(house: Gatehouse, named: str, told: str) -> None:
    """W-98, PE-189."""
    made = house.done(assume(house, saml(house, format=named)))
    assert made.value("SubjectType") == told


def test_the_role_may_stand_before_the_provider(house: Gatehouse) -> None:
    """W-140."""
    assert assume(house, saml(house, {f"{OURS}Role": [f" {ROLE} , {PROVIDER} "]})).status == 200


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"StringEquals": {"saml:aud": RECIPIENT}}, True),
        ({"StringEquals": {"saml:iss": ENTITY, "saml:sub": "ann"}}, True),
        ({"StringEquals": {"saml:sub_type": "persistent"}}, True),
        ({"StringEquals": {"saml:namequalifier": QUALIFIER}}, True),
        ({"StringEquals": {"saml:doc": f"{AWAY}/Company"}}, True),
        ({"StringEquals": {"saml:eduPersonPrincipalName": "ann@edu"}}, True),
        ({"ForAnyValue:StringEquals": {"saml:eduPersonAffiliation": "staff"}}, True),
        ({"ForAllValues:StringEquals": {"saml:eduPersonAffiliation": "staff"}}, False),
        ({"StringEquals": {"saml:sub": "bob"}}, False),
        ({"StringEquals": {"sts:RoleSessionName": "ann@example"}}, True),
    ],
)
def test_the_condition_keys_of_a_trust_policy(
    house: Gatehouse, condition: dict[str, Any], holds: bool
) -> None:
    """PE-189."""
    retrust(house, trusting(condition))
    person = "urn:oid:1.3.6.1.4.1.5923.1.1.1."
    more = {f"{person}6": ["ann@edu"], f"{person}1": ["staff", "student"]}
    answer = assume(house, saml(house, more))
    assert answer.status == 200 if holds else answer.refusal == DENIED


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (
            {"StringEquals": {"saml:namequalifier": QUALIFIER, "saml:sub": "ann",
                              "saml:sub_type": "persistent"}},
            True,
        ),
        ({"Null": {"saml:aud": "true", "aws:MultiFactorAuthPresent": "true"}}, True),
        ({"StringEquals": {"saml:iss": ENTITY}}, False),
    ],
)  # fmt: skip
def test_what_stays_with_the_session(
    house: Gatehouse, condition: dict[str, Any], holds: bool
) -> None:
    """PE-189."""
    form = {"RoleName": "Guest", "PolicyName": "p"}
    form["PolicyDocument"] = json.dumps(allow("iam:ListUsers", "*", condition))
    house.done(house.call(house.away, "PutRolePolicy", **form))
    session = house.session(
        None, ACTION, RoleArn=ROLE, PrincipalArn=PROVIDER, SAMLAssertion=saml(house)
    )
    assert (house.call(session, "ListUsers").status == 200) is holds


NAME_RULE = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"
SOURCE_RULE = 'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"RoleSessionName": []}, "RoleSessionName is required in AuthnResponse"),
        ({"RoleSessionName": ["a b"]}, NAME_RULE),
        ({"RoleSessionName": ["a"]}, NAME_RULE),
        ({"SourceIdentity": ["aws:x"]}, SOURCE_RULE),
        ({"SourceIdentity": ["x"]}, SOURCE_RULE),
        ({"PrincipalTag:k": ["a", "b"]}, "A session tag of the assertion must have one value."),
        ({"PrincipalTag:k": ["a*"]}, "A session tag of the token is invalid."),
    ],
)
def test_attributes_that_are_wrong(house: Gatehouse, more: dict[str, list[str]], said: str) -> None:
    """W-139, W-140."""
    given = {f"{OURS}{name}": values for name, values in more.items()}
    assert assume(house, saml(house, given)).refusal == (400, "InvalidIdentityToken", said)


def test_tags_and_source_identity_come_from_the_assertion(house: Gatehouse) -> None:
    condition = {
        "StringEquals": {"aws:RequestTag/Team": "red", "sts:SourceIdentity": "ann"},
        "ForAllValues:StringEquals": {"sts:TransitiveTagKeys": "Team"},
    }
    retrust(house, trusting(condition))
    more = {f"{OURS}PrincipalTag:Team": ["red"], f"{OURS}TransitiveTagKeys": ["Team"],
            f"{OURS}SourceIdentity": ["ann"]}  # fmt: skip
    made = house.done(assume(house, saml(house, more)))
    assert made.value("SourceIdentity") == "ann"
    assert int(made.value("PackedPolicySize")) > 0
    retrust(house, trusting(actions="sts:AssumeRoleWithSAML"))
    said = "Not authorized to perform sts:TagSession"
    assert assume(house, saml(house, more)).refusal == (403, "AccessDenied", said)


def test_the_role_must_be_among_those_of_the_assertion(house: Gatehouse) -> None:
    given = {f"{OURS}Role": [f"{PROVIDER},{ROLE}x", f"arn:aws:iam::{AWAY}:saml-provider/x,{ROLE}"]}
    assert assume(house, saml(house, given)).refusal == DENIED
    assert assume(house, RoleArn=f"arn:aws:iam::{AWAY}:role/Other").refusal == DENIED


def test_the_trust_policy_must_name_the_provider(house: Gatehouse) -> None:
    retrust(house, trusting(provider=f"arn:aws:iam::{AWAY}:saml-provider/Other"))
    assert assume(house).refusal == DENIED


@pytest.mark.parametrize("account", [HOME, AWAY])
def test_the_provider_must_be_of_the_roles_account(house: Gatehouse, account: str) -> None:
    form = {"Name": "Company", "SAMLMetadataDocument": metadata()}
    house.done(house.call(house.home, "CreateSAMLProvider", **form))
    name = "Company" if account == HOME else "Nobody"
    arn = f"arn:aws:iam::{account}:saml-provider/{name}"
    refused = assume(house, PrincipalArn=arn).refusal
    assert refused == (400, "InvalidIdentityToken", "Specified provider doesn't exist.")


def test_a_session_ends_when_the_provider_says(house: Gatehouse) -> None:
    now = house.authority.clock()
    text = saml(house, session=f' SessionNotOnOrAfter="{instant(now + 1200)}"')
    made = house.done(assume(house, text))
    expires = datetime.strptime(made.value("Expiration"), "%Y-%m-%dT%H:%M:%SZ")
    assert abs(expires.replace(tzinfo=UTC).timestamp() - now - 1200) < 3


def test_metadata_that_is_over_vouches_for_nobody(house: Gatehouse) -> None:
    form = {"SAMLProviderArn": PROVIDER}
    form["SAMLMetadataDocument"] = metadata(more=' validUntil="2020-01-01T00:00:00Z"')
    house.done(house.call(house.away, "UpdateSAMLProvider", **form))
    assert assume(house).refusal == (400, "InvalidIdentityToken", "Response signature invalid")


def test_an_encrypted_assertion_through_the_gate(house: Gatehouse) -> None:
    """Where the provider's mode asks for encryption nothing else is taken."""
    attributes = {f"{OURS}Role": [f"{PROVIDER},{ROLE}"], f"{OURS}RoleSessionName": ["ann@example"]}
    inner = signed(assertion(house.authority.clock(), attributes))
    told = (400, "InvalidIdentityToken", "Response signature invalid")
    assert assume(house, encoded(response(hidden(inner)))).refusal == told
    form = {"SAMLProviderArn": PROVIDER, "AddPrivateKey": pem()}
    house.done(house.call(house.away, "UpdateSAMLProvider", **form))
    for mode, plain in (("Allowed", 200), ("Required", 400)):
        form = {"SAMLProviderArn": PROVIDER, "AssertionEncryptionMode": mode}
        house.done(house.call(house.away, "UpdateSAMLProvider", **form))
        made = house.done(assume(house, encoded(response(hidden(inner)))))
        assert (made.value("Arn"), assume(house).status) == (VISIT, plain)
    assert assume(house).refusal == told


def test_when_too_many_wait_no_metadata_is_read(
    house: Gatehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Pace()
    monkeypatch.setattr(assume_role_with_saml, "PACE", full)
    read = "sekisho.directory.queries.providers.get_saml_provider"
    monkeypatch.setattr(read, lambda *_: pytest.fail("it was read"))
    monkeypatch.setattr(full, "_room", BoundedSemaphore(1))
    with full.turn():
        assert assume(house).refusal == (400, "Throttling", "Rate exceeded")


def test_a_forged_assertion(house: Gatehouse) -> None:
    attributes = {f"{OURS}Role": [f"{PROVIDER},{ROLE}"], f"{OURS}RoleSessionName": ["ann"]}
    forged = signed(assertion(house.authority.clock(), attributes), "two")
    refused = assume(house, encoded(response(forged)))
    assert refused.refusal == (400, "InvalidIdentityToken", "Response signature invalid")
    assert "caller" not in house.line(refused)


def test_the_trail_names_the_provider_and_not_the_assertion(house: Gatehouse) -> None:
    text = saml(house)
    line = house.line(assume(house, text))
    assert line["caller"]["arn"] == PROVIDER
    assert line["caller"]["user_id"] == "ann"
    trail = "".join(path.read_text() for path in (house.data / "audit").glob("*.jsonl*"))
    assert text[:200] not in trail
