"""Server certificates; their private keys are sealed at rest and read by nobody here."""

from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from sekisho.directory.queries.conditions import folded, page, starts_with
from sekisho.directory.schema_papers import server_certificates as certificates
from sekisho.directory.store import Transaction
from sekisho.model.credentials import ServerCertificate

PURPOSE = "server certificate key"


def add_server_certificate(tx: Transaction, certificate: ServerCertificate) -> None:
    key = certificate.private_key.encode()
    values = {
        **written(certificate),
        "sealed": tx.directory.vault.seal(PURPOSE, certificate.unique_id, key),
    }
    tx.connection.execute(insert(certificates).values(values))


def get_server_certificate(tx: Transaction, account: str, name: str) -> ServerCertificate | None:
    """Without its private key."""
    wanted = select(certificates).where(
        certificates.c.account == account, certificates.c.folded == folded(name)
    )
    row = tx.connection.execute(wanted).first()
    return None if row is None else record(row)


def get_private_key(tx: Transaction, unique_id: str) -> str | None:
    wanted = select(certificates.c.sealed).where(certificates.c.unique_id == unique_id)
    sealed = tx.connection.scalar(wanted)
    return None if sealed is None else tx.directory.vault.open(PURPOSE, unique_id, sealed).decode()


def list_server_certificates(
    tx: Transaction, account: str, path_prefix: str, after: str | None, limit: int
) -> list[ServerCertificate]:
    wanted = select(certificates).where(
        certificates.c.account == account, starts_with(certificates.c.path, path_prefix)
    )
    return [record(row) for row in page(tx, wanted, certificates, after, limit)]


def update_server_certificate(tx: Transaction, certificate: ServerCertificate) -> None:
    """Replace all but the private key."""
    tx.connection.execute(
        update(certificates)
        .where(certificates.c.unique_id == certificate.unique_id)
        .values(written(certificate))
    )


def remove_server_certificate(tx: Transaction, certificate: ServerCertificate) -> None:
    tx.connection.execute(
        delete(certificates).where(certificates.c.unique_id == certificate.unique_id)
    )


def record(row: Row[Any]) -> ServerCertificate:
    return ServerCertificate(
        account=row.account,
        name=row.name,
        path=row.path,
        unique_id=row.unique_id,
        uploaded=row.uploaded,
        expires=row.expires,
        text=row.text,
        chain=row.chain,
        tags=row.tags,
    )


def written(certificate: ServerCertificate) -> dict[str, Any]:
    return {
        "account": certificate.account,
        "name": certificate.name,
        "folded": folded(certificate.name),
        "path": certificate.path,
        "unique_id": certificate.unique_id,
        "uploaded": certificate.uploaded,
        "expires": certificate.expires,
        "text": certificate.text,
        "chain": certificate.chain,
        "tags": dict(certificate.tags),
    }
