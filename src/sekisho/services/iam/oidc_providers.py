"""OpenID Connect providers (W-210). Trust policies name them as federated principals (PE-28)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sekisho.directory.queries import providers
from sekisho.model.arn import iam_arn
from sekisho.model.providers import OidcProvider
from sekisho.services.iam.faults import exists, invalid, invalid_input, no_such_entity, over_quota
from sekisho.services.iam.quotas import CLIENT_IDS, PROVIDERS, THUMBPRINTS
from sekisho.services.iam.tagging import serve_tags
from sekisho.services.iam.tags import (
    new_tags,
    resource_tags,
    shown_tags,
    tags_of_creation,
    tags_of_request,
)
from sekisho.services.iam.targets import check_arn, with_tagging
from sekisho.services.operation import Call, Desk, Output, Target, operation

_URL = re.compile(r"https://([A-Za-z0-9.-]+(?:/[\x21\x24-\x3e\x40-\x7e]*)?)", re.ASCII)
_THUMBPRINT = re.compile(r"[0-9A-Fa-f]{40}", re.ASCII)


def new_provider(call: Call, _desk: Desk) -> Target:
    """The target of CreateOpenIDConnectProvider."""
    arn = iam_arn(call.account, "oidc-provider", "/", read_url(call.input["Url"]))
    return Target(arn, tags_of_creation(call))


def provider_target(call: Call, desk: Desk) -> Target:
    """The target that the input names by ``OpenIDConnectProviderArn``."""
    provider = find_provider(call, desk)
    context = tags_of_request(call)
    if provider is not None:
        context |= resource_tags(provider.tags)
    return Target(call.input["OpenIDConnectProviderArn"], context)


def every_provider(call: Call, _desk: Desk) -> Target:
    return Target("*", shown=iam_arn(call.account, "oidc-provider", "/", "*"))


@operation(
    "iam:CreateOpenIDConnectProvider",
    asks=with_tagging(
        "iam:CreateOpenIDConnectProvider", "iam:TagOpenIDConnectProvider", new_provider
    ),
    writes=True,
)
def create_open_id_connect_provider(call: Call, desk: Desk) -> Output:
    """Trust an issuer of ID tokens.

    Input: Url (``https://``, host and path; no port, query or fragment), ClientIDList (100),
        ThumbprintList (5 of 40 hexadecimal digits; none: nothing is fetched, and the issuer's
        certificate must be one that is trusted anyway), Tags.
    Raises: ValidationError, InvalidInput, EntityAlreadyExists, LimitExceeded.
    """
    tags, url = new_tags(call), read_url(call.input["Url"])
    provider = OidcProvider(
        account=call.account,
        url=url,
        created=call.now,
        client_ids=client_ids(call.input.get("ClientIDList", ())),
        thumbprints=thumbprints(call.input.get("ThumbprintList", ())),
        tags=tags,
    )
    held = providers.list_oidc_providers(desk.tx, call.account)
    if any(other.arn == provider.arn for other in held):
        raise exists(f"Provider with url https://{url} already exists.")
    if len(held) >= PROVIDERS:
        raise over_quota("OpenIDConnectProvidersPerAccount", PROVIDERS)
    providers.add_oidc_provider(desk.tx, provider)
    shown: Output = {"OpenIDConnectProviderArn": provider.arn}
    if tags:
        shown["Tags"] = shown_tags(tags)
    return shown


@operation("iam:GetOpenIDConnectProvider", resource=provider_target)
def get_open_id_connect_provider(call: Call, desk: Desk) -> Output:
    """Show a provider; the URL comes without its scheme (W-210)."""
    provider = the_provider(call, desk)
    shown: Output = {
        "Url": provider.url,
        "ClientIDList": list(provider.client_ids),
        "ThumbprintList": list(provider.thumbprints),
        "CreateDate": provider.created,
    }
    if provider.tags:
        shown["Tags"] = shown_tags(provider.tags)
    return shown


@operation("iam:ListOpenIDConnectProviders", resource=every_provider)
def list_open_id_connect_providers(call: Call, desk: Desk) -> Output:
    """List all ARNs; there are no pages."""
    held = providers.list_oidc_providers(desk.tx, call.account)
    return {"OpenIDConnectProviderList": [{"Arn": provider.arn} for provider in held]}


@operation("iam:DeleteOpenIDConnectProvider", resource=provider_target, writes=True)
def delete_open_id_connect_provider(call: Call, desk: Desk) -> Output:
    """Delete a provider; one that is not there is no fault. Who trusts it trusts nobody then."""
    provider = find_provider(call, desk)
    if provider is not None:
        providers.remove_oidc_provider(desk.tx, provider)
    return {}


@operation("iam:UpdateOpenIDConnectProviderThumbprint", resource=provider_target, writes=True)
def update_open_id_connect_provider_thumbprint(call: Call, desk: Desk) -> Output:
    """Replace the list of thumbprints."""
    provider = the_provider(call, desk)
    changed = replace(provider, thumbprints=thumbprints(call.input["ThumbprintList"]))
    providers.update_oidc_provider(desk.tx, changed)
    return {}


@operation("iam:AddClientIDToOpenIDConnectProvider", resource=provider_target, writes=True)
def add_client_id_to_open_id_connect_provider(call: Call, desk: Desk) -> Output:
    """Add an audience; one that is there already is no fault."""
    provider, added = the_provider(call, desk), call.input["ClientID"]
    if added not in provider.client_ids:
        more = client_ids((*provider.client_ids, added))
        providers.update_oidc_provider(desk.tx, replace(provider, client_ids=more))
    return {}


@operation("iam:RemoveClientIDFromOpenIDConnectProvider", resource=provider_target, writes=True)
def remove_client_id_from_open_id_connect_provider(call: Call, desk: Desk) -> Output:
    """Remove an audience; one that is not there is no fault."""
    provider, gone = the_provider(call, desk), call.input["ClientID"]
    rest = tuple(client_id for client_id in provider.client_ids if client_id != gone)
    providers.update_oidc_provider(desk.tx, replace(provider, client_ids=rest))
    return {}


def find_provider(call: Call, desk: Desk) -> OidcProvider | None:
    """A provider of the caller's own account."""
    arn = check_arn(call.input["OpenIDConnectProviderArn"])
    provider = providers.get_oidc_provider(desk.tx, arn)
    return provider if provider is not None and provider.account == call.account else None


def the_provider(call: Call, desk: Desk) -> OidcProvider:
    provider = find_provider(call, desk)
    if provider is None:
        arn = call.input["OpenIDConnectProviderArn"]
        raise no_such_entity(f"OpenIDConnect Provider not found for arn {arn}")
    return provider


def read_url(text: str) -> str:
    """Host and path of an issuer's URL."""
    found = _URL.fullmatch(text)
    if found is None:
        raise invalid("Invalid Open ID Connect Provider URL")
    return found[1]


def thumbprints(given: Sequence[str]) -> tuple[str, ...]:
    if len(given) > THUMBPRINTS:
        raise invalid_input("Thumbprint list must contain fewer than 5 entries.")
    if not all(map(_THUMBPRINT.fullmatch, given)):
        raise invalid_input("Thumbprints must be 40 hexadecimal digits.")
    return tuple(given)


def client_ids(given: Sequence[str]) -> tuple[str, ...]:
    """Each once, in their order."""
    distinct = tuple(dict.fromkeys(given))
    if len(distinct) > CLIENT_IDS:
        raise over_quota("ClientIdsPerOpenIdConnectProvider", CLIENT_IDS)
    return distinct


serve_tags("OpenIDConnectProvider", the_provider, providers.update_oidc_provider, provider_target)
