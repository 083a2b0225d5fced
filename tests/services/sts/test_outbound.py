"""Tokens for others: what they say, who may have them, what is published, new keys (W-103)."""

import json
from dataclasses import replace
from typing import Any

import jwt
import pytest
from demo.policies import allow, trust

from gate.gatehouse import HOME, Gatehouse
from sekisho.services.outbound import KEPT_KEYS, published, rotate_keys, signing_key
from sekisho.services.outside import Outside
from sekisho.services.sts import outbound

BASE = "https://sekisho.example"
ACTION = "GetWebIdentityToken"
OURS = "https://sts.amazonaws.com/"
MAY = allow(["sts:GetWebIdentityToken", "sts:TagGetWebIdentityToken"], "*")
WANTED = {"Audience.member.1": "https://api.example", "SigningAlgorithm": "ES384"}
DISABLED = (403, "OutboundWebIdentityFederationDisabledException", outbound.DISABLED)


@pytest.fixture
def house(gatehouse: Gatehouse) -> Gatehouse:
    gatehouse.authority = replace(gatehouse.authority, outside=Outside(BASE))
    return gatehouse


def enable(house: Gatehouse) -> str:
    made = house.done(house.call(house.home, "EnableOutboundWebIdentityFederation"))
    return made.value("IssuerIdentifier")


def document(house: Gatehouse, url: str) -> Any:
    return published(house.authority.directory, BASE, url.removeprefix(BASE))


def keys(house: Gatehouse, issuer: str) -> jwt.PyJWKSet:
    found = document(house, f"{issuer}/.well-known/openid-configuration")
    assert found["issuer"] == issuer
    return jwt.PyJWKSet.from_dict(dict(document(house, found["jwks_uri"])))


def claims(house: Gatehouse, issuer: str, token: str, audience: str) -> dict[str, Any]:
    """As a verifier reads them."""
    key = keys(house, issuer)[jwt.get_unverified_header(token)["kid"]]
    read: dict[str, Any] = jwt.decode(
        token, key, algorithms=["RS256", "ES384"], issuer=issuer, audience=audience
    )
    return read


@pytest.mark.parametrize("algorithm", ["RS256", "ES384"])
def test_a_token_says_who_the_caller_is(house: Gatehouse, algorithm: str) -> None:
    """W-103."""
    issuer = enable(house)
    una = house.new_user("una", json.dumps(MAY))
    tags = {"Tags.member.1.Key": "Team", "Tags.member.1.Value": "red"}
    house.done(house.call(house.home, "TagUser", UserName="una", **tags))
    given = {**WANTED, "SigningAlgorithm": algorithm, "DurationSeconds": "60",
             "Tags.member.1.Key": "job", "Tags.member.1.Value": "7"}  # fmt: skip
    token = house.done(house.call(una, ACTION, "sts", **given)).value("WebIdentityToken")
    assert jwt.get_unverified_header(token)["alg"] == algorithm
    read = claims(house, issuer, token, "https://api.example")
    assert read["sub"] == f"arn:aws:iam::{HOME}:user/una"
    assert read["exp"] - read["iat"] == 60
    assert read[OURS] == {
        "aws_account": HOME,
        "source_region": "us-east-1",
        "principal_tags": {"Team": "red"},
        "request_tags": {"job": "7"},
    }


def test_of_a_session_the_role_is_the_subject_and_its_tags_are_united(house: Gatehouse) -> None:
    issuer = enable(house)
    una = house.new_user("una", json.dumps(allow("sts:*", "*")))
    actions = ["sts:AssumeRole", "sts:TagSession"]
    role = house.new_role("Guest", json.dumps(trust(HOME, actions=actions)), house.home)
    permit = {"RoleName": "Guest", "PolicyName": "p", "PolicyDocument": json.dumps(MAY)}
    house.done(house.call(house.home, "PutRolePolicy", **permit))
    tags = {"Tags.member.1.Key": "Team", "Tags.member.1.Value": "red",
            "Tags.member.2.Key": "Level", "Tags.member.2.Value": "1"}  # fmt: skip
    house.done(house.call(house.home, "TagRole", RoleName="Guest", **tags))
    passed = {"Tags.member.1.Key": "team", "Tags.member.1.Value": "blue"}
    session = house.assume(una, role, **passed, DurationSeconds="900")
    given = {**WANTED, "Audience.member.2": "b"}
    token = house.done(house.call(session, ACTION, "sts", **given)).value("WebIdentityToken")
    read = claims(house, issuer, token, "b")
    assert read["sub"] == role
    assert read["aud"] == ["https://api.example", "b"]
    assert read[OURS]["principal_tags"] == {"Level": "1", "team": "blue"}
    refused = house.call(session, ACTION, "sts", **WANTED, DurationSeconds="3600").refusal
    assert refused == (403, "SessionDurationEscalationException", outbound.TOO_LONG)


def test_a_token_may_not_be_too_long(house: Gatehouse) -> None:
    """W-103"""
    enable(house)
    tags: dict[str, str] = {}
    for number in range(1, 51):
        tags[f"Tags.member.{number}.Key"] = f"{number}".ljust(128, "k")
        tags[f"Tags.member.{number}.Value"] = "v" * 256
    code = house.call(house.home, ACTION, "sts", **WANTED, **tags).refusal[:2]
    assert code == (400, "JWTPayloadSizeExceededException")


def test_it_is_off_until_it_is_turned_on_and_off_again(house: Gatehouse) -> None:
    root = house.home
    assert house.call(root, ACTION, "sts", **WANTED).refusal == DISABLED
    info = "GetOutboundWebIdentityFederationInfo"
    assert house.call(root, info).refusal[:2] == (404, "FeatureDisabled")
    issuer = enable(house)
    again = house.call(root, "EnableOutboundWebIdentityFederation").refusal
    assert again[:2] == (409, "FeatureEnabled")
    assert house.done(house.call(root, info)).value("JwtVendingEnabled") == "true"
    assert house.call(root, ACTION, "sts", **WANTED).status == 200
    assert house.call(house.away, ACTION, "sts", **WANTED).refusal == DISABLED
    house.done(house.call(root, "DisableOutboundWebIdentityFederation"))
    assert house.call(root, ACTION, "sts", **WANTED).refusal == DISABLED
    for path in ("openid-configuration", "jwks.json"):
        assert document(house, f"{issuer}/.well-known/{path}") is None
    assert enable(house) == issuer


def test_a_server_that_does_not_know_its_url_gives_none(gatehouse: Gatehouse) -> None:
    refused = gatehouse.call(gatehouse.home, "EnableOutboundWebIdentityFederation").refusal
    assert refused[:2] == (400, "InvalidInput")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"ForAllValues:StringEquals": {"sts:IdentityTokenAudience": "https://api.example"}}, True),
        ({"ForAnyValue:StringEquals": {"sts:IdentityTokenAudience": "other"}}, False),
        ({"StringEquals": {"sts:SigningAlgorithm": "ES384"}}, True),
        ({"NumericLessThanEquals": {"sts:DurationSeconds": "300"}}, True),
        ({"NumericLessThan": {"sts:DurationSeconds": "300"}}, False),
    ],
)
def test_the_condition_keys(house: Gatehouse, condition: dict[str, Any], holds: bool) -> None:
    """PE-185."""
    enable(house)
    una = house.new_user("una", json.dumps(allow("sts:GetWebIdentityToken", "*", condition)))
    assert house.call(una, ACTION, "sts", **WANTED).status == (200 if holds else 403)


def test_tags_need_a_permission_of_their_own(house: Gatehouse) -> None:
    enable(house)
    una = house.new_user("una", json.dumps(allow("sts:GetWebIdentityToken", "*")))
    tags = {"Tags.member.1.Key": "k", "Tags.member.1.Value": "v"}
    said = house.call(una, ACTION, "sts", **WANTED, **tags).refusal[2]
    assert "sts:TagGetWebIdentityToken" in said


def test_other_algorithms_are_refused(house: Gatehouse) -> None:
    """PE-77."""
    refused = house.call(house.home, ACTION, "sts", **{**WANTED, "SigningAlgorithm": "HS256"})
    assert refused.refusal == (
        400,
        "ValidationError",
        "1 validation error detected: Value 'HS256' at 'signingAlgorithm' failed to satisfy"
        " constraint: Member must satisfy enum value set: [RS256, ES384]",
    )


def test_keys_change_and_what_is_out_can_still_be_verified(house: Gatehouse) -> None:
    issuer = enable(house)

    def token() -> str:
        made = house.done(house.call(house.home, ACTION, "sts", **WANTED))
        return made.value("WebIdentityToken")

    directory = house.authority.directory
    old = token()
    rotate_keys(directory, 0)
    new = token()
    used = [jwt.get_unverified_header(one)["kid"] for one in (old, new)]
    assert used[0] != used[1]
    for one in (old, new):
        assert (
            claims(house, issuer, one, "https://api.example")["sub"] == f"arn:aws:iam::{HOME}:root"
        )
    rotate_keys(directory, 0)
    with pytest.raises(KeyError):
        claims(house, issuer, old, "https://api.example")
    assert claims(house, issuer, new, "https://api.example")
    assert len(keys(house, issuer).keys) == 2 * KEPT_KEYS


def test_private_keys_are_sealed_and_never_published(house: Gatehouse) -> None:
    issuer = enable(house)
    made = signing_key(house.authority.directory, "RS256", 0)
    assert signing_key(house.authority.directory, "RS256", 0) == made
    shown = document(house, f"{issuer}/.well-known/jwks.json")
    assert set(shown["keys"][0]) == {"kty", "n", "e", "kid", "use", "alg"}
    stored = b"".join(one.read_bytes() for one in house.data.glob("*") if one.is_file())
    assert made.private not in stored
    assert made.private.hex() not in repr(made)


@pytest.mark.parametrize(
    "path",
    ["/_oidc/", "/_oidc/x", "/_oidc/../.well-known/jwks.json", "/", "/bucket/key",
     f"/_oidc/{'0' * 36}/.well-known/jwks.json"],
)  # fmt: skip
def test_nothing_else_is_published(house: Gatehouse, path: str) -> None:
    enable(house)
    assert published(house.authority.directory, BASE, path) is None


def test_what_has_no_meaning_here_is_refused_with_the_reason(house: Gatehouse) -> None:
    said = "This server does not implement sts:{}: {}."
    refused = house.call(house.home, "GetDelegatedAccessToken", "sts").refusal
    assert refused[:2] == (501, "NotImplemented")
    assert refused[2].startswith(said.format("GetDelegatedAccessToken", "")[:-2])
