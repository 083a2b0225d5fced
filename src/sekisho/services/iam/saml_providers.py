"""SAML 2.0 providers (W-210), and the private keys that open assertions encrypted for them."""

import base64
import secrets
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from sekisho.directory.queries import providers
from sekisho.model.arn import iam_arn
from sekisho.model.providers import SamlKey, SamlProvider
from sekisho.services.iam.faults import exists, invalid_input, no_such_entity, over_quota
from sekisho.services.iam.pem import Checked, read_private_key
from sekisho.services.iam.quotas import PROVIDERS, SAML_KEYS
from sekisho.services.iam.saml_metadata import valid_until
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

REQUIRED = "Required"


def new_provider(call: Call, _desk: Desk) -> Target:
    """The target of CreateSAMLProvider."""
    arn = iam_arn(call.account, "saml-provider", "/", call.input["Name"])
    return Target(arn, tags_of_creation(call))


def provider_target(call: Call, desk: Desk) -> Target:
    """The target that the input names by ``SAMLProviderArn``."""
    provider = find_provider(call, desk)
    context = tags_of_request(call)
    if provider is not None:
        context |= resource_tags(provider.tags)
    return Target(call.input["SAMLProviderArn"], context)


def every_provider(call: Call, _desk: Desk) -> Target:
    return Target("*", shown=iam_arn(call.account, "saml-provider", "/", "*"))


def stage_provider(call: Call, _desk: Desk) -> Checked:
    """Look at the metadata and the key of the input, which takes its time."""
    text, pem = call.input.get("SAMLMetadataDocument"), call.input.get("AddPrivateKey")
    if pem is not None:
        check_key(pem)
    return Checked(0 if text is None else valid_until(text, call.now))


@operation(
    "iam:CreateSAMLProvider",
    asks=with_tagging("iam:CreateSAMLProvider", "iam:TagSAMLProvider", new_provider),
    writes=True,
    stage=stage_provider,
)
def create_saml_provider(call: Call, desk: Desk) -> Output:
    """Trust a SAML identity provider.

    Input: Name (1-128 characters, unique ignoring case), SAMLMetadataDocument (1,000-10,000,000
        characters), AssertionEncryptionMode (Required needs a key), AddPrivateKey (PEM), Tags.
    Raises: InvalidInput, EntityAlreadyExists, LimitExceeded.
    """
    name, tags = call.input["Name"], new_tags(call)
    provider = SamlProvider(
        account=call.account,
        name=name,
        created=call.now,
        metadata=call.input["SAMLMetadataDocument"],
        valid_until=call.staged.end,
        unique_id=new_key_id(),
        encryption=call.input.get("AssertionEncryptionMode", ""),
        tags=tags,
    )
    if providers.find_saml_provider(desk.tx, call.account, name) is not None:
        raise exists(f"Provider with name {name} already exists.")
    if len(providers.list_saml_providers(desk.tx, call.account)) >= PROVIDERS:
        raise over_quota("SAMLProvidersPerAccount", PROVIDERS)
    providers.add_saml_provider(desk.tx, provider)
    change_keys(call, desk, provider)
    shown: Output = {"SAMLProviderArn": provider.arn}
    if tags:
        shown["Tags"] = shown_tags(tags)
    return shown


@operation("iam:GetSAMLProvider", resource=provider_target)
def get_saml_provider(call: Call, desk: Desk) -> Output:
    """Show a provider with its metadata; of its private keys only the ids are shown."""
    provider = the_provider(call, desk)
    shown: Output = {
        "SAMLProviderUUID": provider.unique_id,
        "SAMLMetadataDocument": provider.metadata,
        "CreateDate": provider.created,
        "ValidUntil": provider.valid_until,
    }
    if provider.tags:
        shown["Tags"] = shown_tags(provider.tags)
    if provider.encryption:
        shown["AssertionEncryptionMode"] = provider.encryption
    held = providers.list_saml_keys(desk.tx, provider.arn)
    if held:
        shown["PrivateKeyList"] = [{"KeyId": key.id, "Timestamp": key.created} for key in held]
    return shown


@operation("iam:ListSAMLProviders", resource=every_provider)
def list_saml_providers(call: Call, desk: Desk) -> Output:
    """List all; there are no pages."""
    return {
        "SAMLProviderList": [
            {
                "Arn": provider.arn,
                "ValidUntil": provider.valid_until,
                "CreateDate": provider.created,
            }
            for provider in providers.list_saml_providers(desk.tx, call.account)
        ]
    }


@operation("iam:UpdateSAMLProvider", resource=provider_target, writes=True, stage=stage_provider)
def update_saml_provider(call: Call, desk: Desk) -> Output:
    """Replace the metadata or the encryption mode, if given; add and remove private keys.

    Raises: NoSuchEntity, InvalidInput; LimitExceeded over two keys.
    """
    provider = the_provider(call, desk)
    text = call.input.get("SAMLMetadataDocument")
    if text is not None:
        provider = replace(provider, metadata=text, valid_until=call.staged.end)
    mode = call.input.get("AssertionEncryptionMode", provider.encryption)
    provider = replace(provider, encryption=mode)
    providers.update_saml_provider(desk.tx, provider)
    change_keys(call, desk, provider)
    return {"SAMLProviderArn": provider.arn}


@operation("iam:DeleteSAMLProvider", resource=provider_target, writes=True)
def delete_saml_provider(call: Call, desk: Desk) -> Output:
    """Delete a provider with its keys. Who trusts it trusts nobody then."""
    providers.remove_saml_provider(desk.tx, the_provider(call, desk))
    return {}


def find_provider(call: Call, desk: Desk) -> SamlProvider | None:
    """A provider of the caller's own account."""
    provider = providers.get_saml_provider(desk.tx, check_arn(call.input["SAMLProviderArn"]))
    return provider if provider is not None and provider.account == call.account else None


def the_provider(call: Call, desk: Desk) -> SamlProvider:
    provider = find_provider(call, desk)
    if provider is None:
        raise no_such_entity(f"Manifest not found for arn {call.input['SAMLProviderArn']}")
    return provider


def change_keys(call: Call, desk: Desk, provider: SamlProvider) -> None:
    """Remove and add the private keys of the input, in this order, so that two can be turned."""
    tx, account, gone = desk.tx, provider.account, call.input.get("RemovePrivateKey")
    if gone is not None and not providers.remove_saml_key(tx, account, provider.arn, gone):
        raise no_such_entity(f"The private key with id {gone} cannot be found.")
    pem = call.input.get("AddPrivateKey")
    held = len(providers.list_saml_keys(tx, provider.arn))
    if pem is not None:
        if held >= SAML_KEYS:
            raise over_quota("PrivateKeysPerSAMLProvider", SAML_KEYS)
        key = SamlKey(new_key_id(), provider.arn, call.now, pem)
        providers.add_saml_key(tx, account, key)
    if provider.encryption == REQUIRED and pem is None and not held:
        raise invalid_input("A private key is needed where encryption is required.")


def check_key(pem: str) -> None:
    if not isinstance(read_private_key(pem), RSAPrivateKey):
        raise invalid_input("The private key must be an RSA key in PEM, without a passphrase.")


def new_key_id() -> str:
    """Twenty-six characters of A-Z2-7, 128 random bits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")


serve_tags("SAMLProvider", the_provider, providers.update_saml_provider, provider_target)
