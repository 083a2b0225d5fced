"""OpenID Connect and SAML providers; private keys of the latter are sealed at rest."""

from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, literal, select, update

from sekisho.directory.queries.conditions import folded
from sekisho.directory.schema_papers import oidc_providers, saml_keys, saml_providers
from sekisho.directory.store import Transaction
from sekisho.model.providers import OidcProvider, SamlKey, SamlProvider

PURPOSE = "saml private key"


def add_oidc_provider(tx: Transaction, provider: OidcProvider) -> None:
    tx.connection.execute(insert(oidc_providers).values(written_oidc(provider)))
    tx.changed(provider.account)


def get_oidc_provider(tx: Transaction, arn: str) -> OidcProvider | None:
    """By its ARN, whatever the account; letter case counts."""
    row = tx.connection.execute(select(oidc_providers).where(oidc_providers.c.arn == arn)).first()
    return None if row is None else oidc_record(row)


def list_oidc_providers(tx: Transaction, account: str) -> list[OidcProvider]:
    """All of an account, 100 at most, by ARN."""
    wanted = select(oidc_providers).where(oidc_providers.c.account == account)
    return [oidc_record(row) for row in tx.connection.execute(wanted.order_by("arn"))]


def update_oidc_provider(tx: Transaction, provider: OidcProvider) -> None:
    tx.connection.execute(
        update(oidc_providers)
        .where(oidc_providers.c.arn == provider.arn)
        .values(written_oidc(provider))
    )
    tx.changed(provider.account)


def remove_oidc_provider(tx: Transaction, provider: OidcProvider) -> None:
    tx.connection.execute(delete(oidc_providers).where(oidc_providers.c.arn == provider.arn))
    tx.changed(provider.account)


def add_saml_provider(tx: Transaction, provider: SamlProvider) -> None:
    tx.connection.execute(insert(saml_providers).values(written_saml(provider)))
    tx.changed(provider.account)


def get_saml_provider(tx: Transaction, arn: str) -> SamlProvider | None:
    """By its ARN, whatever the account; letter case counts."""
    row = tx.connection.execute(select(saml_providers).where(saml_providers.c.arn == arn)).first()
    return None if row is None else saml_record(row)


def find_saml_provider(tx: Transaction, account: str, name: str) -> SamlProvider | None:
    """By its name, ignoring case."""
    wanted = select(saml_providers).where(
        saml_providers.c.account == account, saml_providers.c.folded == folded(name)
    )
    row = tx.connection.execute(wanted).first()
    return None if row is None else saml_record(row)


def list_saml_providers(tx: Transaction, account: str) -> list[SamlProvider]:
    """All of an account, 100 at most, by folded name; without their metadata, which is large."""
    columns: list[Any] = [
        each for each in saml_providers.c if each is not saml_providers.c.metadata
    ]
    wanted: Select[Any] = select(*columns, literal("").label("metadata"))
    wanted = wanted.where(saml_providers.c.account == account)
    return [saml_record(row) for row in tx.connection.execute(wanted.order_by("folded"))]


def update_saml_provider(tx: Transaction, provider: SamlProvider) -> None:
    tx.connection.execute(
        update(saml_providers)
        .where(saml_providers.c.arn == provider.arn)
        .values(written_saml(provider))
    )
    tx.changed(provider.account)


def remove_saml_provider(tx: Transaction, provider: SamlProvider) -> None:
    """With its private keys."""
    tx.connection.execute(delete(saml_keys).where(saml_keys.c.provider_arn == provider.arn))
    tx.connection.execute(delete(saml_providers).where(saml_providers.c.arn == provider.arn))
    tx.changed(provider.account)


def add_saml_key(tx: Transaction, account: str, key: SamlKey) -> None:
    values = {
        "id": key.id,
        "provider_arn": key.provider_arn,
        "created": key.created,
        "sealed": tx.directory.vault.seal(PURPOSE, key.id, key.pem.encode()),
    }
    tx.connection.execute(insert(saml_keys).values(values))
    tx.changed(account)


def list_saml_keys(tx: Transaction, provider_arn: str) -> list[SamlKey]:
    """The keys of a provider, oldest first, opened."""
    wanted = select(saml_keys).where(saml_keys.c.provider_arn == provider_arn)
    return [
        SamlKey(
            row.id,
            row.provider_arn,
            row.created,
            tx.directory.vault.open(PURPOSE, row.id, row.sealed).decode(),
        )
        for row in tx.connection.execute(wanted.order_by("created", "id"))
    ]


def remove_saml_key(tx: Transaction, account: str, provider_arn: str, key_id: str) -> bool:
    """Whether the provider had it."""
    done = tx.connection.execute(
        delete(saml_keys).where(saml_keys.c.provider_arn == provider_arn, saml_keys.c.id == key_id)
    )
    tx.changed(account)
    return done.rowcount > 0


def count_providers(tx: Transaction, account: str) -> int:
    """Of both kinds, as the account's summary counts them (W-213)."""
    return sum(
        tx.connection.scalar(select(func.count()).where(table.c.account == account)) or 0
        for table in (oidc_providers, saml_providers)
    )


def oidc_record(row: Row[Any]) -> OidcProvider:
    return OidcProvider(
        account=row.account,
        url=row.url,
        created=row.created,
        client_ids=tuple(row.client_ids),
        thumbprints=tuple(row.thumbprints),
        tags=row.tags,
    )


def written_oidc(provider: OidcProvider) -> dict[str, Any]:
    return {
        "arn": provider.arn,
        "account": provider.account,
        "url": provider.url,
        "created": provider.created,
        "client_ids": list(provider.client_ids),
        "thumbprints": list(provider.thumbprints),
        "tags": dict(provider.tags),
    }


def saml_record(row: Row[Any]) -> SamlProvider:
    return SamlProvider(
        account=row.account,
        name=row.name,
        created=row.created,
        metadata=row.metadata,
        valid_until=row.valid_until,
        unique_id=row.unique_id,
        encryption=row.encryption,
        tags=row.tags,
    )


def written_saml(provider: SamlProvider) -> dict[str, Any]:
    return {
        "arn": provider.arn,
        "account": provider.account,
        "name": provider.name,
        "folded": folded(provider.name),
        "created": provider.created,
        "metadata": provider.metadata,
        "valid_until": provider.valid_until,
        "unique_id": provider.unique_id,
        "encryption": provider.encryption,
        "tags": dict(provider.tags),
    }
