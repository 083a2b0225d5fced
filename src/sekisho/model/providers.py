"""Identity providers of an account: who may vouch for people from elsewhere.

Times are epoch seconds (UTC, whole).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sekisho.model.arn import iam_arn
from sekisho.model.principal import nothing


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """An OpenID Connect provider.

    url: host and path, without ``https://``, as ARN and condition keys have it (W-210).
    client_ids: the audiences whose tokens are taken. thumbprints: SHA-1 of certificates that
        vouch for the provider's key set, 40 hexadecimal digits each; none: any trusted one.
    """

    account: str
    url: str
    created: int
    client_ids: tuple[str, ...] = ()
    thumbprints: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=nothing)

    @property
    def arn(self) -> str:
        return iam_arn(self.account, "oidc-provider", "/", self.url)


@dataclass(frozen=True, slots=True)
class SamlProvider:
    """A SAML 2.0 provider.

    metadata: its EntityDescriptor, as it was given. valid_until: the metadata's own end, or what
    AWS shows where it has none. unique_id: the UUID that encrypted assertions name it by.
    encryption: ``Required``, ``Allowed`` or empty.
    """

    account: str
    name: str
    created: int
    metadata: str
    valid_until: int
    unique_id: str
    encryption: str = ""
    tags: Mapping[str, str] = field(default_factory=nothing)

    @property
    def arn(self) -> str:
        return iam_arn(self.account, "saml-provider", "/", self.name)


@dataclass(frozen=True, slots=True)
class SamlKey:
    """A private key that opens assertions encrypted for a provider. pem: without a passphrase."""

    id: str
    provider_arn: str
    created: int
    pem: str = field(default="", repr=False)
