"""AssumeRoleWithWebIdentity: a role for whom an OpenID Connect provider vouches."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from sekisho.access.context import ContextValue
from sekisho.access.decide import Ask
from sekisho.directory.queries import providers
from sekisho.model.arn import iam_arn
from sekisho.model.faults import Fault
from sekisho.model.principal import federated_identity
from sekisho.model.providers import OidcProvider
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.sts.id_tokens import IdToken, invalid, read_token, verify
from sekisho.services.sts.pace import PACE
from sekisho.services.sts.passed import check_policies
from sekisho.services.sts.roles import role_owner
from sekisho.services.sts.vouched import (
    Vouched,
    asks_of,
    check_vouched_tags,
    is_source_identity,
    session_for,
)

ACTION = "sts:AssumeRoleWithWebIdentity"
NO_LIMIT = 43_200
TAGS = "https://aws.amazon.com/tags"
PRINCIPAL_TAGS, TRANSITIVE = f"{TAGS}/principal_tags/", f"{TAGS}/transitive_tag_keys"
SOURCE_IDENTITY = "https://aws.amazon.com/source_identity"
# Claims of every issuer, which `lasting_keys` and `passing_keys` read by themselves.
READ = frozenset({"aud", "sub", "amr", "oaud"})
GOOGLE = "accounts.google.com"
# Issuers that every account knows; trust policies name them by host (PE-28).
BUILT_IN = frozenset({GOOGLE, "cognito-identity.amazonaws.com"})


def assume_role_with_web_identity_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    """Decided by the trust policy, which must name the provider (PE-117)."""
    check_policies(call.input, role_owner(call.input["RoleArn"]))
    if "ProviderId" in call.input:
        raise invalid(
            "OAuth 2.0 access tokens cannot be verified; give an OpenID Connect ID token."
        )
    PACE.take(call.ambient.source_ip, call.ambient.now)
    return asks_of(ACTION, call, desk, vouched_for(call, verified_token(call, desk)))


@operation(ACTION, asks=assume_role_with_web_identity_asks)
def assume_role_with_web_identity(call: Call, desk: Desk) -> Output:
    """Give temporary credentials of a role to the bearer of an ID token; needs no signature.

    Input: RoleArn, RoleSessionName (2-64 characters), WebIdentityToken (a JWT of 4-20,000
        characters), DurationSeconds (900-43,200, default 3,600), Policy and PolicyArns (together
        2,048 characters); ProviderId is refused (W-99). Tags and source identity come from the
        token.
    Output: Credentials, AssumedRoleUser, SubjectFromWebIdentityToken, Provider, Audience;
        PackedPolicySize and SourceIdentity where there is something to say.
    Raises: AccessDenied; InvalidIdentityToken, ExpiredTokenException, IDPCommunicationError
        (PE-207); ValidationError; PackedPolicyTooLarge; Throttling.
    """
    token = verified_token(call, desk)
    vouched = vouched_for(call, token)
    return {
        "SubjectFromWebIdentityToken": token.subject,
        **session_for(ACTION, call, desk, vouched, NO_LIMIT),
        "Provider": token.issuer,
        "Audience": token.audience,
    }


def verified_token(call: Call, desk: Desk) -> IdToken:
    token = read_token(call.input["WebIdentityToken"])
    url = token.issuer.removeprefix("https://")
    account = role_owner(call.input["RoleArn"])
    provider = find_provider(desk, account, url) if url != token.issuer else None
    if provider is None and (url == token.issuer or url not in BUILT_IN):
        said = f"No OpenIDConnect provider found in your account for {token.issuer}"
        raise invalid(said)
    client_ids = None if provider is None else provider.client_ids
    thumbprints = () if provider is None else provider.thumbprints
    return verify(token, client_ids, desk.outside.key_sets, thumbprints, call.ambient.now)


def find_provider(desk: Desk, account: str, url: str) -> OidcProvider | None:
    """The provider of the role's account. The transaction ends before anybody else is asked."""
    with desk.directory.reading() as tx:
        return providers.get_oidc_provider(tx, iam_arn(account, "oidc-provider", "/", url))


def vouched_for(call: Call, token: IdToken) -> Vouched:
    """Whom a verified token makes of its bearer."""
    url = token.issuer.removeprefix("https://")
    account = role_owner(call.input["RoleArn"])
    provider = url if url in BUILT_IN else iam_arn(account, "oidc-provider", "/", url)
    tags, transitive = tags_of(token.claims)
    kept = {"aws:federatedprovider": provider, **lasting_keys(url, token)}
    return Vouched(
        principal=federated_identity(provider, token.subject),
        session_name=call.input["RoleSessionName"],
        context={**kept, **passing_keys(url, token)},
        kept=kept,
        tags=tags,
        transitive=transitive,
        source_identity=source_identity_of(token.claims),
    )


def googles_party(url: str, token: IdToken) -> str:
    """The azp of Google's token, for which its aud makes room; empty if it has none (PE-187)."""
    party = token.claims.get("azp")
    return party if url == GOOGLE and isinstance(party, str) else ""


def lasting_keys(url: str, token: IdToken) -> dict[str, ContextValue]:
    """The condition keys that stay with the session; Google's aud is its azp (PE-187)."""
    prefix, party = url.lower(), googles_party(url, token)
    keys: dict[str, ContextValue] = {
        f"{prefix}:aud": party or token.audience,
        f"{prefix}:sub": token.subject,
    }
    methods = token.claims.get("amr")
    if isinstance(methods, list) and methods and all(isinstance(one, str) for one in methods):
        keys[f"{prefix}:amr"] = tuple(methods)
    elif isinstance(methods, str) and methods:
        keys[f"{prefix}:amr"] = (methods,)
    return keys


def passing_keys(url: str, token: IdToken) -> dict[str, ContextValue]:
    """The condition keys that are there while the trust policy is evaluated, and no longer."""
    prefix = url.lower()
    keys: dict[str, ContextValue] = {}
    if googles_party(url, token):
        keys[f"{prefix}:oaud"] = token.audiences[0]
    for issuer, name in further_claims():
        value = token.claims.get(name)
        if isinstance(value, str) and value and fnmatchcase(prefix, issuer):
            keys[f"{prefix}:{name.lower()}"] = value
    return keys


@cache
def further_claims() -> tuple[tuple[str, str], ...]:
    """What AWS reads of some issuers' tokens beside aud, sub and amr: issuer and claim (PE-187).

    The issuer, in lower case, may hold wildcards.
    """
    from sekisho.catalog.authorization import (  # noqa: PLC0415 - only those who federate read it
        service_authorization,
    )

    known = service_authorization("sts")
    assert known is not None
    action = known.actions[ACTION.partition(":")[2].lower()]
    keys = {key for used in action.resources for key in used.keys} | set(action.keys)
    split = sorted(key.name.partition(":")[::2] for key in keys)
    return tuple(
        (issuer.lower(), name) for issuer, name in split if "." in issuer and name not in READ
    )


def tags_of(claims: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Session tags, and the keys of the transitive ones: nested in one claim, or each in its own.

    A tag has one value, be it in a list of one. Raises InvalidIdentityToken.
    """
    nested = claims.get(TAGS, {})
    if not isinstance(nested, dict):
        raise invalid_claim(TAGS)
    given = nested.get("principal_tags", {})
    transitive = nested.get("transitive_tag_keys", claims.get(TRANSITIVE, []))
    if not isinstance(given, dict) or not isinstance(transitive, list):
        raise invalid_claim(TAGS)
    flat = {
        name.removeprefix(PRINCIPAL_TAGS): value
        for name, value in claims.items()
        if name.startswith(PRINCIPAL_TAGS)
    }
    tags = {key: single(value) for key, value in (*given.items(), *flat.items())}
    if not all(isinstance(key, str) for key in transitive):
        raise invalid_claim(TAGS)
    if tags or transitive:
        check_vouched_tags(tags, transitive)
    return tags, tuple(transitive)


def single(value: object) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        raise invalid_claim(TAGS)
    return value


def source_identity_of(claims: Mapping[str, Any]) -> str:
    given = claims.get(SOURCE_IDENTITY, "")
    if given == "":
        return ""
    if not isinstance(given, str) or not is_source_identity(given):
        raise invalid(
            'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'
        )
    return given


def invalid_claim(name: str) -> Fault:
    return invalid(f"The claim {name} is invalid.")
