"""Who signed a posted form: the claim in its fields, and the policy that the signature covers."""

import base64
import hmac
from collections.abc import Mapping

from sekisho.model.faults import Fault
from sekisho.wire.authorization_s3 import credential_malformed, scope_of_s3
from sekisho.wire.claim import ALGORITHM, Claim, Form, Scope, mismatch_of_s3
from sekisho.wire.http import HttpRequest
from sekisho.wire.post_policy import read_post_policy
from sekisho.wire.post_route import PostRoute
from sekisho.wire.sigv4 import signing_key
from sekisho.wire.times import parse_basic

_NEEDED = ("X-Amz-Credential", "X-Amz-Algorithm", "X-Amz-Date", "X-Amz-Signature")


def read_post_claim(request: HttpRequest, route: PostRoute) -> Claim | None:
    """What a form says of who signed it; None if nobody did. Raises Fault (W-93)."""
    fields = route.open(request).fields
    if "policy" not in fields:
        return None
    if "awsaccesskeyid" in fields:
        return read_claim_v2(fields)
    for name in _NEEDED:
        if not fields.get(name.lower()):
            raise missing_field(name)
    if fields["x-amz-algorithm"] != ALGORITHM:
        raise Fault("InvalidRequest", 400, f'X-Amz-Algorithm only supports "{ALGORITHM}"')
    stamp = fields["x-amz-date"]
    moment = parse_basic(stamp)
    if moment is None:
        message = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
        raise Fault("AuthorizationQueryParametersError", 400, message)
    key, scope = scope_of_s3(fields["x-amz-credential"], (), stamp, credential_malformed)
    return Claim(
        key,
        fields.get("x-amz-security-token"),
        scope,
        (),
        fields["x-amz-signature"],
        stamp,
        moment,
        form=Form.POST,
    )


def read_claim_v2(fields: Mapping[str, str]) -> Claim:
    if not fields.get("signature"):
        raise missing_field("Signature")
    return Claim(
        fields["awsaccesskeyid"],
        fields.get("x-amz-security-token"),
        Scope("", "", "s3"),
        (),
        fields["signature"],
        "",
        0,
        form=Form.POST_V2,
    )


def verify_post(
    claim: Claim, request: HttpRequest, route: PostRoute, secret: str, now: float
) -> None:
    """Hold a form against the secret: the signature over its policy, then the policy.

    Raises Fault: SignatureDoesNotMatch (W-65), InvalidPolicyDocument, AccessDenied (W-93).
    """
    fields = route.open(request).fields
    text = fields["policy"].encode()
    if claim.form is Form.POST_V2:
        key = secret.encode("utf-8", "surrogatepass")
        expected = base64.b64encode(hmac.digest(key, text, "sha1"))
    else:
        scope = claim.scope
        key = signing_key(secret, scope.date, scope.region, scope.service)
        expected = hmac.digest(key, text, "sha256").hex().encode()
    if not hmac.compare_digest(expected, claim.signature.encode("utf-8", "replace")):
        raise mismatch_of_s3(claim, fields["policy"], None)
    policy = read_post_policy(fields["policy"])
    policy.check({**fields, "bucket": route.bucket}, now)
    route.policy = policy


def missing_field(name: str) -> Fault:
    message = (
        f"Bucket POST must contain a field named '{name}'.  If it is specified, please check the"
        " order of the fields."
    )
    return Fault("InvalidArgument", 400, message, {"ArgumentName": name, "ArgumentValue": ""})
