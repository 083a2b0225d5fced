"""Who is it? The only place where callers are made: a claim, a secret, a signature that fits.

The order is AWS's (W-39, W-40, W-89): form and scope, of Query calls the clock, then key and token,
then the signature.
"""

from typing import NamedTuple

from sekisho.access.decide import Access
from sekisho.gate.authority import Authority
from sekisho.model.faults import Fault
from sekisho.model.identifiers import TEMPORARY_KEY, account_of_access_key
from sekisho.model.principal import (
    ANONYMOUS,
    Caller,
    Principal,
    PrincipalKind,
    federated_principal,
    is_assumed_root,
    root_principal,
    session_principal,
)
from sekisho.services.sts.standing import may_be_unsigned
from sekisho.services.sts.tokens import Grant, InvalidToken, unseal
from sekisho.wire.http import HttpRequest
from sekisho.wire.post_claim import read_post_claim, verify_post
from sekisho.wire.post_route import PostRoute
from sekisho.wire.route import Route
from sekisho.wire.sigv4 import Claim, check_time, read_claim, verify


class Authentic(NamedTuple):
    """A caller, and the claim and secret that proved them; both None if nobody signed."""

    caller: Caller
    claim: Claim | None
    secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Authentic({self.caller!r}, {self.claim!r})"


def authenticate(request: HttpRequest, route: Route, authority: Authority) -> Authentic:
    """The verified caller of a request.

    Raises a Fault in the words of the route's service: W-41…W-58 for IAM and STS, W-64…W-88 for S3.
    """
    form = route if isinstance(route, PostRoute) else None
    claim = read_post_claim(request, form) if form else read_claim(request, route.service)
    if claim is None:
        if route.service != "s3" and not may_be_unsigned(f"{route.service}:{route.operation}"):
            raise Fault(
                "MissingAuthenticationToken", 403, "Request is missing Authentication Token"
            )
        return Authentic(Caller(ANONYMOUS), None, "")
    if route.service != "s3":
        check_time(claim, authority.clock())
    if claim.access_key_id.startswith(TEMPORARY_KEY):
        caller, secret = temporary(claim, route, authority)
    else:
        caller, secret = long_term(claim, route, authority.access)
    if form is not None:
        verify_post(claim, request, form, secret, authority.clock())
    else:
        verify(claim, request, secret, authority.clock())
    return Authentic(caller, claim, secret)


def long_term(claim: Claim, route: Route, access: Access) -> tuple[Caller, str]:
    account = account_of_access_key(claim.access_key_id)
    key = None if account is None else access.evidence.access_key(account, claim.access_key_id)
    if key is None or not key.active:
        raise unknown_key(claim, route)
    if claim.token is not None:
        raise token_with_long_term_key(claim, route)
    if key.owner == key.account:
        return Caller(root_principal(key.account), key.id), key.secret
    user = find_user(access, key.account, key.owner)
    if user is None:
        raise unknown_key(claim, route)
    return Caller(user, key.id), key.secret


def temporary(claim: Claim, route: Route, authority: Authority) -> tuple[Caller, str]:
    """The caller behind a session token: opened, for this key, not expired, its principal alive."""
    if not claim.token:
        raise unknown_key(claim, route)
    try:
        grant = unseal(authority.directory.ring(), claim.token)
    except InvalidToken:
        raise garbled_token(claim, route) from None
    if grant.access_key_id != claim.access_key_id:
        raise unknown_key(claim, route)
    if authority.clock() >= grant.session.expires:
        raise expired(claim, route)
    caller = caller_of(grant, authority.access)
    if caller is None:
        raise unknown_key(claim, route)
    if route.service == "iam" and is_barred_from_iam(grant):
        raise unknown_key(claim, route)
    return caller, grant.secret


def caller_of(grant: Grant, access: Access) -> Caller | None:
    """Who holds a grant that was unsealed and has not ended; None if its principal is gone."""
    principal = find_principal(access, grant)
    if principal is None:
        return None
    sponsor = None
    if grant.kind is PrincipalKind.FEDERATED_USER:
        principal, sponsor = federated_principal(grant.account, grant.session_name), principal
    return Caller(principal, grant.access_key_id, grant.session, sponsor)


def find_user(access: Access, account: str, user_id: str) -> Principal | None:
    held = access.evidence.user(account, user_id)
    return None if held is None else held.principal


def find_principal(access: Access, grant: Grant) -> Principal | None:
    """Whose a grant is, if they still live: a session dies with its principal (W-123).

    A federated user's is its sponsor's. A browser's dies also with the password of its user.
    """
    if grant.kind is not PrincipalKind.ROLE_SESSION:
        if grant.unique_id != grant.account:
            held = access.evidence.user(grant.account, grant.unique_id)
            password = grant.session.password
            if held is None or (password and password != held.password):
                return None
            return held.principal
        known = access.evidence.account(grant.account)
        return None if known is None else root_principal(grant.account)
    assumed = access.evidence.role_by_id(grant.account, grant.unique_id)
    if assumed is None:
        return None
    role, name = assumed.role, grant.session_name
    return session_principal(role.account, assumed.arn, role.unique_id, role.name, name)


def is_barred_from_iam(grant: Grant) -> bool:
    """GetSessionToken sessions may call IAM only if they were made with MFA, those of federated
    users never, unless they signed in to the console (PE-209, W-109, W-110)."""
    session = grant.session
    if session.is_console or grant.kind is PrincipalKind.ROLE_SESSION:
        return False
    if is_assumed_root(grant.kind, session):
        return False
    return session.mfa_at is None


def unknown_key(claim: Claim, route: Route) -> Fault:
    if route.service == "s3":
        return Fault(
            "InvalidAccessKeyId",
            403,
            "The AWS Access Key Id you provided does not exist in our records.",
            {"AWSAccessKeyId": claim.access_key_id},
        )
    return Fault(
        "InvalidClientTokenId", 403, "The security token included in the request is invalid."
    )


def garbled_token(claim: Claim, route: Route) -> Fault:
    if route.service == "s3":
        return Fault(
            "InvalidToken",
            400,
            "The provided token is malformed or otherwise invalid.",
            {"Token-0": claim.token or ""},
        )
    return unknown_key(claim, route)


def token_with_long_term_key(claim: Claim, route: Route) -> Fault:
    return garbled_token(claim, route)


def expired(claim: Claim, route: Route) -> Fault:
    if route.service == "s3":
        return Fault(
            "ExpiredToken", 400, "The provided token has expired.", {"Token-0": claim.token or ""}
        )
    return Fault("ExpiredToken", 403, "The security token included in the request is expired")
