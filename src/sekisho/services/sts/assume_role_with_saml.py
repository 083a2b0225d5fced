"""AssumeRoleWithSAML: a role for whom a SAML identity provider vouches."""

import base64
import hashlib
import re
from collections.abc import Sequence

from sekisho.access.context import ContextValue
from sekisho.access.decide import Ask
from sekisho.directory.queries import providers
from sekisho.model.faults import AccessDenied
from sekisho.model.principal import federated_identity
from sekisho.model.providers import SamlProvider
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.sts.pace import PACE
from sekisho.services.sts.passed import check_policies
from sekisho.services.sts.roles import role_owner
from sekisho.services.sts.saml import BAD_SIGNATURE, Assertion, invalid, verify
from sekisho.services.sts.vouched import (
    Vouched,
    asks_of,
    check_vouched_tags,
    is_source_identity,
    session_for,
)

ACTION = "sts:AssumeRoleWithSAML"
OURS = "https://aws.amazon.com/SAML/Attributes/"
PRINCIPAL_TAG = f"{OURS}PrincipalTag:"
_SESSION_NAME = re.compile(r"[a-zA-Z_0-9+=,.@-]{2,64}", re.ASCII)
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_PERSON, _ORGANIZATION = "urn:oid:1.3.6.1.4.1.5923.1.1.1.", "urn:oid:1.3.6.1.4.1.5923.1.2.1."
_X500, _PILOT = "urn:oid:2.5.4.", "urn:oid:0.9.2342.19200300100.1."
# Attributes that become condition keys with one value, and with several (PE-189).
SINGLE = {
    f"{_PERSON}3": "edupersonorgdn",
    f"{_PERSON}5": "edupersonprimaryaffiliation",
    f"{_PERSON}6": "edupersonprincipalname",
    f"{_PERSON}8": "edupersonprimaryorgunitdn",
}
SEVERAL = {
    f"{_PERSON}1": "edupersonaffiliation",
    f"{_PERSON}2": "edupersonnickname",
    f"{_PERSON}4": "edupersonorgunitdn",
    f"{_PERSON}7": "edupersonentitlement",
    f"{_PERSON}9": "edupersonscopedaffiliation",
    f"{_PERSON}10": "edupersontargetedid",
    f"{_PERSON}11": "edupersonassurance",
    f"{_ORGANIZATION}2": "eduorghomepageuri",
    f"{_ORGANIZATION}3": "eduorgidentityauthnpolicyuri",
    f"{_ORGANIZATION}4": "eduorglegalname",
    f"{_ORGANIZATION}5": "eduorgsuperioruri",
    f"{_ORGANIZATION}6": "eduorgwhitepagesuri",
    f"{_X500}3": "cn",
    f"{_X500}4": "surname",
    f"{_X500}42": "givenname",
    f"{_X500}45": "x500uniqueidentifier",
    f"{_PILOT}1": "uid",
    f"{_PILOT}3": "mail",
    f"{_PILOT}45": "organizationstatus",
    f"{_CLAIMS}name": "name",
    f"{_CLAIMS}givenname": "givenname",
    f"{_CLAIMS}surname": "surname",
    f"{_CLAIMS}emailaddress": "mail",
    "http://schemas.xmlsoap.org/claims/CommonName": "commonname",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid": "primarygroupsid",
}


def assume_role_with_saml_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    """Decided by the trust policy, which must name the provider (PE-117)."""
    check_policies(call.input, role_owner(call.input["RoleArn"]))
    PACE.take(call.ambient.source_ip, call.ambient.now)
    provider, assertion = verified_assertion(call, desk)
    return asks_of(ACTION, call, desk, vouched_for(call, provider, assertion))


@operation(ACTION, asks=assume_role_with_saml_asks)
def assume_role_with_saml(call: Call, desk: Desk) -> Output:
    """Give temporary credentials of a role to the bearer of a SAML response; needs no signature.

    Input: RoleArn, PrincipalArn (the provider), SAMLAssertion (base64, 4-100,000 characters),
        DurationSeconds (900-43,200, default 3,600; cut to the assertion's SessionNotOnOrAfter),
        Policy and PolicyArns (together 2,048 characters). Session name, tags and source identity
        come from the assertion (W-98, W-140).
    Output: Credentials, AssumedRoleUser, Subject, SubjectType, Issuer, Audience, NameQualifier;
        PackedPolicySize and SourceIdentity where there is something to say.
    Raises: AccessDenied; InvalidIdentityToken, ExpiredTokenException (W-139); ValidationError;
        PackedPolicyTooLarge; Throttling.
    """
    provider, assertion = verified_assertion(call, desk)
    vouched = vouched_for(call, provider, assertion)
    left = max(0, assertion.session_end - call.now)
    return {
        **session_for(ACTION, call, desk, vouched, left),
        "Subject": assertion.subject,
        "SubjectType": assertion.subject_type,
        "Issuer": assertion.issuer,
        "Audience": assertion.recipient,
        "NameQualifier": name_qualifier(provider, assertion),
    }


def verified_assertion(call: Call, desk: Desk) -> tuple[SamlProvider, Assertion]:
    """The provider must be of the role's account, and its metadata not over.

    Encrypted assertions are opened with its keys, in every mode; in one no others are taken.
    """
    arn, account = call.input["PrincipalArn"], role_owner(call.input["RoleArn"])
    with PACE.turn():  # metadata is large, so few have it in hand at a time
        with desk.directory.reading() as tx:
            provider = providers.get_saml_provider(tx, arn)
            pems = [key.pem for key in providers.list_saml_keys(tx, arn)]
        if provider is None or provider.account != account:
            raise invalid("Specified provider doesn't exist.")
        if call.ambient.now >= provider.valid_until:
            raise invalid(BAD_SIGNATURE)
        text, is_hidden = call.input["SAMLAssertion"], provider.encryption == "Required"
        found = verify(text, provider.metadata, call.ambient.now, pems, is_hidden=is_hidden)
    return provider, found


def vouched_for(call: Call, provider: SamlProvider, assertion: Assertion) -> Vouched:
    """Whom a verified assertion makes of its bearer, in the role that it must name (W-140)."""
    pairs = {frozenset(map(str.strip, one.split(","))) for one in ours(assertion, "Role")}
    if frozenset({provider.arn, call.input["RoleArn"]}) not in pairs:
        raise AccessDenied(f"Not authorized to perform {ACTION}")
    tags = tags_of(assertion)
    transitive = ours(assertion, "TransitiveTagKeys")
    if tags or transitive:
        check_vouched_tags(tags, transitive)
    kept = lasting_keys(provider, assertion)
    return Vouched(
        principal=federated_identity(provider.arn, assertion.subject),
        session_name=session_name_of(assertion),
        context={**kept, **passing_keys(provider, assertion)},
        kept=kept,
        tags=tags,
        transitive=transitive,
        source_identity=source_identity_of(assertion),
    )


def ours(assertion: Assertion, name: str) -> tuple[str, ...]:
    return assertion.attributes.get(f"{OURS}{name}", ())


def session_name_of(assertion: Assertion) -> str:
    names = ours(assertion, "RoleSessionName")
    if len(names) != 1 or not names[0]:
        raise invalid("RoleSessionName is required in AuthnResponse")
    if _SESSION_NAME.fullmatch(names[0]) is None:
        raise invalid("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
    return names[0]


def source_identity_of(assertion: Assertion) -> str:
    given = ours(assertion, "SourceIdentity")
    if not given:
        return ""
    if len(given) != 1 or not is_source_identity(given[0]):
        raise invalid(
            'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'
        )
    return given[0]


def tags_of(assertion: Assertion) -> dict[str, str]:
    tags: dict[str, str] = {}
    for name, given in assertion.attributes.items():
        if name.startswith(PRINCIPAL_TAG):
            if len(given) != 1:
                raise invalid("A session tag of the assertion must have one value.")
            tags[name.removeprefix(PRINCIPAL_TAG)] = given[0]
    return tags


def name_qualifier(provider: SamlProvider, assertion: Assertion) -> str:
    """A hash by which subjects of different providers are told apart (W-98, PE-189)."""
    told = f"{assertion.issuer}{provider.account}/{provider.name}".encode()
    return base64.b64encode(hashlib.sha1(told, usedforsecurity=False).digest()).decode()


def lasting_keys(provider: SamlProvider, assertion: Assertion) -> dict[str, ContextValue]:
    """The condition keys that stay with the session (PE-189)."""
    return {
        "saml:namequalifier": name_qualifier(provider, assertion),
        "saml:sub": assertion.subject,
        "saml:sub_type": assertion.subject_type,
    }


def passing_keys(provider: SamlProvider, assertion: Assertion) -> dict[str, ContextValue]:
    """The condition keys that are there while the trust policy is evaluated, and no longer."""
    keys: dict[str, ContextValue] = {
        "saml:aud": assertion.recipient,
        "saml:iss": assertion.issuer,
        "saml:doc": f"{provider.account}/{provider.name}",
    }
    for name, given in assertion.attributes.items():
        if name in SINGLE and len(given) == 1:
            keys[f"saml:{SINGLE[name]}"] = given[0]
        elif name in SEVERAL and given:
            key = f"saml:{SEVERAL[name]}"
            keys[key] = (*keys.get(key, ()), *given)
    return keys
