"""GetWebIdentityToken: a token by which others know one of this server's principals."""

from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.serialization import load_der_private_key

from sekisho.access.context import ContextValue, passed_tags_context
from sekisho.access.decide import Ask
from sekisho.directory.queries import issuers
from sekisho.model.faults import Fault
from sekisho.model.identifiers import new_request_id
from sekisho.model.principal import PrincipalKind
from sekisho.model.records import Issuer
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.outbound import ALGORITHMS, issuer_url, signing_key
from sekisho.services.sts.passed import check_tags, passed_tags

DEFAULT_SECONDS = 300
LARGEST_PAYLOAD = 16_384
OURS = "https://sts.amazonaws.com/"

DISABLED = "Outbound web identity federation is not enabled for this account."
TOO_LONG = (
    "The requested token duration would extend the session beyond its original expiration time. You"
    " cannot use this operation to extend the lifetime of a session beyond what was granted when"
    " the session was originally created."
)


def get_web_identity_token_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    """sts:GetWebIdentityToken, and sts:TagGetWebIdentityToken if tags are passed (PE-185)."""
    given = call.input
    check_algorithm(given["SigningAlgorithm"])
    if "Tags" in given:
        check_tags(given, {})
    tags, _ = passed_tags(given)
    context: dict[str, ContextValue] = {
        "sts:identitytokenaudience": tuple(given["Audience"]),
        "sts:signingalgorithm": given["SigningAlgorithm"],
        "sts:durationseconds": str(given.get("DurationSeconds", DEFAULT_SECONDS)),
        **passed_tags_context(tags),
    }
    actions = ["sts:GetWebIdentityToken", *(["sts:TagGetWebIdentityToken"] if tags else [])]
    return [Ask(action, "*", call.account, context) for action in actions]


@operation("sts:GetWebIdentityToken", asks=get_web_identity_token_asks)
def get_web_identity_token(call: Call, desk: Desk) -> Output:
    """Give the caller a signed token that says who they are, for whoever trusts this server.

    Input: Audience (1-10), SigningAlgorithm (RS256 or ES384), DurationSeconds (60-3,600, default
        300), Tags, which become claims (W-103).
    Output: WebIdentityToken, a JWT; Expiration.
    Raises: OutboundWebIdentityFederationDisabledException; SessionDurationEscalationException for
        a token that would outlive the caller's session; JWTPayloadSizeExceededException above
        16,384 characters. The codes are the model's.
    """
    import jwt  # noqa: PLC0415 - only those who federate wait for it

    issuer = issuers.get_issuer(desk.tx, call.account)
    if issuer is None or not issuer.enabled or not desk.outside.url:
        raise Fault("OutboundWebIdentityFederationDisabledException", 403, DISABLED)
    expires = call.now + call.input.get("DurationSeconds", DEFAULT_SECONDS)
    session = call.caller.session
    if session is not None and expires > session.expires:
        raise Fault("SessionDurationEscalationException", 403, TOO_LONG)
    key = signing_key(desk.directory, call.input["SigningAlgorithm"], call.now)
    claims = claims_of(call, desk, issuer, expires)
    private: Any = load_der_private_key(key.private, None)
    token = jwt.encode(claims, private, key.algorithm, {"kid": key.id})
    if len(token) > LARGEST_PAYLOAD:
        said = f"The token would have {len(token)} characters; {LARGEST_PAYLOAD} are the most."
        raise Fault("JWTPayloadSizeExceededException", 400, said)
    return {"WebIdentityToken": token, "Expiration": expires}


def check_algorithm(algorithm: str) -> None:
    if algorithm not in ALGORITHMS:
        raise Fault(
            "ValidationError",
            400,
            f"1 validation error detected: Value '{algorithm}' at 'signingAlgorithm' failed to"
            " satisfy constraint: Member must satisfy enum value set: [RS256, ES384]",
        )


def claims_of(call: Call, desk: Desk, issuer: Issuer, expires: int) -> dict[str, Any]:
    """The subject is the user's ARN, or the role's of a session; what is AWS's has one claim."""
    audiences = call.input["Audience"]
    principal_tags, (request_tags, _) = own_tags(call, desk), passed_tags(call.input)
    ours: dict[str, Any] = {"aws_account": call.account, "source_region": call.ambient.region}
    if principal_tags:
        ours["principal_tags"] = principal_tags
    if request_tags:
        ours["request_tags"] = request_tags
    return {
        "iss": issuer_url(desk.outside.url, issuer),
        "aud": audiences[0] if len(audiences) == 1 else audiences,
        "sub": call.caller.principal.policy_arn,
        "iat": call.now,
        "exp": expires,
        "jti": new_request_id(),
        OURS: ours,
    }


def own_tags(call: Call, desk: Desk) -> dict[str, str]:
    """The tags of the user or role; a session's win over them, ignoring case (PE-212)."""
    principal, session = call.caller.principal, call.caller.session
    tags: dict[str, str] = {}
    if principal.kind is PrincipalKind.USER:
        user = desk.access.evidence.user(principal.account, principal.unique_id)
        tags = {} if user is None else dict(user.user.tags)
    elif principal.kind is PrincipalKind.ROLE_SESSION:
        role = desk.access.evidence.role_by_id(principal.account, principal.unique_id)
        tags = {} if role is None else dict(role.role.tags)
    passed = {} if session is None else session.tags
    replaced = {key.lower() for key in passed}
    return {**{key: tags[key] for key in tags if key.lower() not in replaced}, **passed}
