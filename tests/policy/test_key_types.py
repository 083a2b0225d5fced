"""Types of condition keys (section D of the facts), and that requests bring them so."""

import pytest

from sekisho.access.context import passed_tags_context
from sekisho.policy import Key, KeyType, find_key

_SEVERAL = """
    aws:PrincipalOrgPaths aws:PrincipalServiceNamesList aws:VpceOrgPaths aws:ResourceOrgPaths
    aws:CalledVia aws:TagKeys aws:SourceOrgPaths s3:RequestObjectTagKeys
    s3:InventoryAccessibleOptionalFields sts:TransitiveTagKeys sts:RequestContextProviders
    sts:IdentityTokenAudience saml:cn saml:edupersonaffiliation
"""
SEVERAL = _SEVERAL.split()
TYPES = {
    KeyType.ARN: "aws:PrincipalArn aws:SourceArn iam:PermissionsBoundary iam:PolicyARN",
    KeyType.BOOL: "aws:SecureTransport aws:MultiFactorAuthPresent aws:AssumedRoot",
    KeyType.NUMERIC: "aws:MultiFactorAuthAge s3:max-keys s3:signatureAge s3:TlsVersion",
    KeyType.DATE: "aws:CurrentTime aws:EpochTime s3:object-lock-retain-until-date",
    KeyType.IP: "aws:SourceIp aws:VpcSourceIp aws:Ec2InstanceSourcePrivateIPv4",
    KeyType.STRING: "aws:userid aws:username aws:PrincipalOrgID sts:ExternalId s3:prefix saml:iss",
}


@pytest.mark.parametrize("name", SEVERAL)
def test_a_key_with_several_values(name: str) -> None:
    """PE-175, PE-177…PE-179, PE-185, PE-189, PE-191."""
    key = find_key(name)
    assert key is not None
    assert key.several


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for kind, names in TYPES.items() for name in names.split()]
)
def test_a_key_with_one_value_has_a_type(name: str, kind: KeyType) -> None:
    """PE-175…PE-179, PE-182, PE-185, PE-189…PE-191."""
    assert find_key(name) == Key(kind)


def test_tags_are_keys_by_their_family() -> None:
    """PE-147, PE-168: whatever the tag, in any case."""
    for family in ("aws:PrincipalTag", "aws:RequestTag", "AWS:resourcetag", "iam:ResourceTag"):
        assert find_key(f"{family}/Cost/Center") == Key(KeyType.STRING)
        assert find_key(family) is None
        assert find_key(f"{family}/") is None


def test_nothing_is_known_of_other_keys() -> None:
    """PE-180 and claims of providers (PE-187)."""
    for name in ("aws:ARN", "graph.facebook.com:id", "aws:SourceIp/x", ""):
        assert find_key(name) is None


def test_requests_bring_their_keys_by_type() -> None:
    for name, value in passed_tags_context({"Team": "x"}).items():
        key = find_key(name)
        assert key is not None
        assert isinstance(value, tuple) is key.several
