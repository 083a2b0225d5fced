"""Outbound web identity federation: whether an account's principals may have tokens for others."""

from sekisho.directory.queries import issuers
from sekisho.model.faults import Fault
from sekisho.model.identifiers import new_request_id
from sekisho.model.records import Issuer
from sekisho.services.operation import Call, Desk, Output, everything, operation
from sekisho.services.outbound import issuer_url


@operation("iam:EnableOutboundWebIdentityFederation", resource=everything, writes=True)
def enable_outbound_web_identity_federation(call: Call, desk: Desk) -> Output:
    """Let GetWebIdentityToken give tokens; an account keeps its issuer over a break.

    Output: IssuerIdentifier. Raises: FeatureEnabled; InvalidInput where the operator has not said
    under which URL this server is reached.
    """
    if not desk.outside.url:
        said = "This server does not know its own URL: the operator can give it by --public-url."
        raise Fault("InvalidInput", 400, said)
    known = issuers.get_issuer(desk.tx, call.account)
    if known is not None and known.enabled:
        said = "Outbound web identity federation is already enabled for this account."
        raise Fault("FeatureEnabled", 409, said)
    if known is None:
        known = Issuer(call.account, new_request_id(), True)
        issuers.add_issuer(desk.tx, known)
    else:
        issuers.enable_issuer(desk.tx, call.account, True)
    return {"IssuerIdentifier": issuer_url(desk.outside.url, known)}


@operation("iam:DisableOutboundWebIdentityFederation", resource=everything, writes=True)
def disable_outbound_web_identity_federation(call: Call, desk: Desk) -> Output:
    """No more tokens, and nothing published to verify those given. Raises: FeatureDisabled."""
    enabled_issuer(call, desk)
    issuers.enable_issuer(desk.tx, call.account, False)
    return {}


@operation("iam:GetOutboundWebIdentityFederationInfo", resource=everything)
def get_outbound_web_identity_federation_info(call: Call, desk: Desk) -> Output:
    """Output: IssuerIdentifier, JwtVendingEnabled. Raises: FeatureDisabled."""
    known = enabled_issuer(call, desk)
    return {
        "IssuerIdentifier": issuer_url(desk.outside.url, known),
        "JwtVendingEnabled": True,
    }


def enabled_issuer(call: Call, desk: Desk) -> Issuer:
    known = issuers.get_issuer(desk.tx, call.account)
    if known is None or not known.enabled:
        said = "Outbound web identity federation is not enabled for this account."
        raise Fault("FeatureDisabled", 404, said)
    return known
