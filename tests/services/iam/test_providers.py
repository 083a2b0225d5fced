"""OpenID Connect and SAML providers (W-164, W-190, W-191, W-210, PE-28, PE-65, PE-75)."""

from typing import Any

import pytest

from sekisho.directory.queries import providers
from services.iam.office import NOW, Office, allow, document
from services.iam.papers import private_pem, saml_metadata

ISSUER = "https://token.example/realms/a"
TAGS = [{"Key": "Team", "Value": "blue"}, {"Key": "team", "Value": "red"}]
TAG = [{"Key": "Team", "Value": "blue"}]
PRINT = "ab" * 20


def oidc(office: Office, **more: Any) -> str:
    given = {"Url": ISSUER, "ClientIDList": ["one"], "ThumbprintList": [PRINT], **more}
    arn: str = office.do("CreateOpenIDConnectProvider", **given)["OpenIDConnectProviderArn"]
    return arn


def saml(office: Office, name: str = "Corp", **more: Any) -> str:
    given = {"Name": name, "SAMLMetadataDocument": saml_metadata(), **more}
    arn: str = office.do("CreateSAMLProvider", **given)["SAMLProviderArn"]
    return arn


def test_an_oidc_provider_is_shown_without_its_scheme(office: Office) -> None:
    """W-210"""
    arn = oidc(office, Tags=TAG)
    assert arn == office.arn("oidc-provider/token.example/realms/a")
    assert office.do("GetOpenIDConnectProvider", OpenIDConnectProviderArn=arn) == {
        "Url": "token.example/realms/a",
        "ClientIDList": ["one"],
        "ThumbprintList": [PRINT],
        "CreateDate": NOW,
        "Tags": TAG,
    }
    listed = office.do("ListOpenIDConnectProviders")
    assert listed == {"OpenIDConnectProviderList": [{"Arn": arn}]}


def test_client_ids_are_added_and_removed_once(office: Office) -> None:
    arn = oidc(office, ThumbprintList=[])
    for name in ("two", "two", "one"):
        office.do("AddClientIDToOpenIDConnectProvider", OpenIDConnectProviderArn=arn, ClientID=name)
    shown = office.do("GetOpenIDConnectProvider", OpenIDConnectProviderArn=arn)
    assert shown["ClientIDList"] == ["one", "two"]
    for name in ("one", "never"):
        office.do(
            "RemoveClientIDFromOpenIDConnectProvider", OpenIDConnectProviderArn=arn, ClientID=name
        )
    shown = office.do("GetOpenIDConnectProvider", OpenIDConnectProviderArn=arn)
    assert shown["ClientIDList"] == ["two"]


def test_thumbprints_are_replaced(office: Office) -> None:
    arn = oidc(office)
    more = ["cd" * 20, "EF" * 20]
    office.do(
        "UpdateOpenIDConnectProviderThumbprint", OpenIDConnectProviderArn=arn, ThumbprintList=more
    )
    shown = office.do("GetOpenIDConnectProvider", OpenIDConnectProviderArn=arn)
    assert shown["ThumbprintList"] == more


@pytest.mark.parametrize(
    "url",
    [
        "http://token.example",
        "token.example",
        "https://",
        "https://token.example:8443",
        "https://token.example/?a=b",
        "https://token.example/#a",
        "https://user@token.example",
        "https://token.example/a b",
    ],
)
def test_what_is_no_issuers_url_is_refused(office: Office, url: str) -> None:
    told = ("ValidationError", 400, "Invalid Open ID Connect Provider URL")
    assert office.refusal("CreateOpenIDConnectProvider", Url=url) == told


def test_an_issuer_has_one_provider(office: Office) -> None:
    """PE-75"""
    oidc(office)
    assert office.refusal("CreateOpenIDConnectProvider", Url=ISSUER) == (
        "EntityAlreadyExists",
        409,
        f"Provider with url {ISSUER} already exists.",
    )


def test_lists_of_an_oidc_provider_are_bounded(office: Office) -> None:
    """W-171, W-210, PE-65"""
    few = ("InvalidInput", 400, "Thumbprint list must contain fewer than 5 entries.")
    prints = [f"{number:040x}" for number in range(6)]
    assert office.refusal("CreateOpenIDConnectProvider", Url=ISSUER, ThumbprintList=prints) == few
    arn = oidc(office, ClientIDList=[str(number) for number in range(100)])
    assert (
        office.refusal(
            "UpdateOpenIDConnectProviderThumbprint",
            OpenIDConnectProviderArn=arn,
            ThumbprintList=prints,
        )
        == few
    )
    told = ("LimitExceeded", 409, "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100")
    more = {"OpenIDConnectProviderArn": arn, "ClientID": "x"}
    assert office.refusal("AddClientIDToOpenIDConnectProvider", **more) == told
    none = "Thumbprints must be 40 hexadecimal digits."
    given = {"Url": "https://other.example", "ThumbprintList": ["z" * 40]}
    assert office.refusal("CreateOpenIDConnectProvider", **given) == ("InvalidInput", 400, none)


def test_providers_have_a_quota(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """W-165, PE-65"""
    monkeypatch.setattr("sekisho.services.iam.oidc_providers.PROVIDERS", 1)
    monkeypatch.setattr("sekisho.services.iam.saml_providers.PROVIDERS", 1)
    oidc(office)
    saml(office)
    assert office.refusal("CreateOpenIDConnectProvider", Url="https://b.example") == (
        "LimitExceeded",
        409,
        "Cannot exceed quota for OpenIDConnectProvidersPerAccount: 1",
    )
    other = {"Name": "other", "SAMLMetadataDocument": saml_metadata()}
    assert office.refusal("CreateSAMLProvider", **other) == (
        "LimitExceeded",
        409,
        "Cannot exceed quota for SAMLProvidersPerAccount: 1",
    )


def test_deleting_an_oidc_provider_twice_is_no_fault(office: Office) -> None:
    arn = oidc(office)
    for _ in range(2):
        office.do("DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=arn)
    told = ("NoSuchEntity", 404, f"OpenIDConnect Provider not found for arn {arn}")
    assert office.refusal("GetOpenIDConnectProvider", OpenIDConnectProviderArn=arn) == told


def test_a_saml_provider_comes_back(office: Office) -> None:
    """W-210"""
    text = saml_metadata()
    arn = saml(office, SAMLMetadataDocument=text, Tags=TAG)
    assert arn == office.arn("saml-provider/Corp")
    shown = office.do("GetSAMLProvider", SAMLProviderArn=arn)
    assert len(shown.pop("SAMLProviderUUID")) == 26
    end = NOW + 36_500 * 86_400
    assert shown == {
        "SAMLMetadataDocument": text,
        "CreateDate": NOW,
        "ValidUntil": end,
        "Tags": TAG,
    }
    listed = office.do("ListSAMLProviders")["SAMLProviderList"]
    assert listed == [{"Arn": arn, "ValidUntil": end, "CreateDate": NOW}]


def test_metadata_says_until_when_it_is_valid(office: Office) -> None:
    text = saml_metadata(more='validUntil="2030-01-01T00:00:00Z"')
    arn = saml(office)
    office.do("UpdateSAMLProvider", SAMLProviderArn=arn, SAMLMetadataDocument=text)
    shown = office.do("GetSAMLProvider", SAMLProviderArn=arn)
    assert shown["ValidUntil"] == 1_893_456_000
    assert shown["SAMLMetadataDocument"] == text


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000,
        "<a/>",
        saml_metadata(entity=""),
        saml_metadata(entity=f'entityID="https://{"x" * 1_024}"'),
        saml_metadata(use="encryption"),
        saml_metadata(more='validUntil="soon"'),
        saml_metadata().replace("MII", "AAA"),
        saml_metadata().replace("IDPSSO", "SPSSO"),
        saml_metadata().replace("?>", '?><!DOCTYPE a [<!ENTITY b "c">]>', 1),
    ],
)
def test_what_is_no_metadata_is_refused(office: Office, text: str) -> None:
    told = ("InvalidInput", 400, "Could not parse metadata")
    assert office.refusal("CreateSAMLProvider", Name="x", SAMLMetadataDocument=text) == told


def test_a_saml_providers_name_is_its_own_ignoring_case(office: Office) -> None:
    """W-162"""
    saml(office)
    given = {"Name": "CORP", "SAMLMetadataDocument": saml_metadata()}
    told = ("EntityAlreadyExists", 409, "Provider with name CORP already exists.")
    assert office.refusal("CreateSAMLProvider", **given) == told


def test_private_keys_are_sealed_and_never_shown(office: Office) -> None:
    pem = private_pem()
    arn = saml(office, AssertionEncryptionMode="Required", AddPrivateKey=pem)
    office.do("UpdateSAMLProvider", SAMLProviderArn=arn, AddPrivateKey=private_pem("two"))
    shown = office.do("GetSAMLProvider", SAMLProviderArn=arn)
    assert shown["AssertionEncryptionMode"] == "Required"
    assert "PRIVATE" not in repr(shown)
    ids = [key["KeyId"] for key in shown["PrivateKeyList"]]
    told = ("LimitExceeded", 409, "Cannot exceed quota for PrivateKeysPerSAMLProvider: 2")
    third = {"SAMLProviderArn": arn, "AddPrivateKey": private_pem("three")}
    assert office.refusal("UpdateSAMLProvider", **third) == told
    office.do("UpdateSAMLProvider", RemovePrivateKey=ids[0], **third)
    with office.directory.reading() as tx:
        held = providers.list_saml_keys(tx, arn)
    assert {key.pem for key in held} < {pem, private_pem("two"), private_pem("three")}
    assert "PRIVATE" not in repr(held)
    gone = {"SAMLProviderArn": arn, "RemovePrivateKey": "A" * 26}
    assert office.refusal("UpdateSAMLProvider", **gone)[0] == "NoSuchEntity"
    office.do("DeleteSAMLProvider", SAMLProviderArn=arn)
    assert office.refusal("GetSAMLProvider", SAMLProviderArn=arn) == (
        "NoSuchEntity",
        404,
        f"Manifest not found for arn {arn}",
    )


@pytest.mark.parametrize(
    "more", [{"AddPrivateKey": "no key"}, {"AssertionEncryptionMode": "Required"}]
)
def test_encryption_needs_a_key(office: Office, more: dict[str, str]) -> None:
    given = {"Name": "x", "SAMLMetadataDocument": saml_metadata(), **more}
    assert office.refusal("CreateSAMLProvider", **given)[:2] == ("InvalidInput", 400)
    assert office.do("ListSAMLProviders") == {"SAMLProviderList": []}


@pytest.mark.parametrize(
    ("kind", "member", "make"),
    [
        ("OpenIDConnectProvider", "OpenIDConnectProviderArn", oidc),
        ("SAMLProvider", "SAMLProviderArn", saml),
    ],
)
def test_tags_of_providers_heed_case(office: Office, kind: str, member: str, make: Any) -> None:
    """W-164"""
    given = {member: make(office)}
    for tag in TAGS:
        office.do(f"Tag{kind}", Tags=[tag], **given)
    listed = office.do(f"List{kind}Tags", **given)
    assert listed == {"Tags": TAGS, "IsTruncated": False}
    first = office.do(f"List{kind}Tags", MaxItems=1, **given)
    assert first["Tags"] == TAGS[:1]
    rest = office.do(f"List{kind}Tags", Marker=first["Marker"], **given)
    assert rest["Tags"] == TAGS[1:]
    office.do(f"Untag{kind}", TagKeys=["team"], **given)
    assert office.do(f"List{kind}Tags", **given)["Tags"] == TAGS[:1]


def test_providers_of_others_are_not_there(office: Office) -> None:
    other = Office(office.directory)
    told = other.refusal("GetSAMLProvider", SAMLProviderArn=saml(office))
    assert told[0] == "NoSuchEntity"
    told = other.refusal("GetOpenIDConnectProvider", OpenIDConnectProviderArn=oidc(office))
    assert told[0] == "NoSuchEntity"
    bad = ("ValidationError", 400, "Invalid ARN:  Could not be parsed!")
    assert office.refusal("GetSAMLProvider", SAMLProviderArn="x" * 20) == bad


def test_leave_is_asked_by_arn_and_tag(office: Office) -> None:
    """PE-48, PE-168"""
    arn = oidc(office, Tags=TAG)
    blue = {"StringEquals": {"aws:ResourceTag/Team": "blue"}}
    alice = office.new_user("alice", allow("iam:GetOpenIDConnectProvider", Condition=blue))
    office.do("GetOpenIDConnectProvider", alice, OpenIDConnectProviderArn=arn)
    plain = oidc(office, Url="https://plain.example")
    assert office.refusal("GetOpenIDConnectProvider", alice, OpenIDConnectProviderArn=plain) == (
        "AccessDenied",
        403,
        f"User: {alice.principal.arn} is not authorized to perform: iam:GetOpenIDConnectProvider"
        f" on resource: {plain} because no identity-based policy allows the"
        " iam:GetOpenIDConnectProvider action",
    )
    denied = office.refusal("ListSAMLProviders", alice)[2]
    assert f"on resource: {office.arn('saml-provider/*')} because" in denied
    bob = office.new_user("bob", allow("iam:CreateSAMLProvider"))
    given = {"Name": "x", "SAMLMetadataDocument": saml_metadata(), "Tags": TAG}
    assert "iam:TagSAMLProvider" in office.refusal("CreateSAMLProvider", bob, **given)[2]


def test_trust_policies_name_providers(office: Office) -> None:
    """PE-28"""
    arn = saml(office)
    who = {"Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithSAML"}
    trust = document({"Effect": "Allow", **who})
    office.new_role("r", AssumeRolePolicyDocument=trust)
    office.do("DeleteSAMLProvider", SAMLProviderArn=arn)
    shown = office.do("GetRole", RoleName="r")["Role"]["AssumeRolePolicyDocument"]
    assert arn in shown
