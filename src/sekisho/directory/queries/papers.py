"""SSH keys, signing certificates and credentials of services: what users hold for other services.

None bears on a decision of this server.
"""

from dataclasses import asdict
from typing import TypeVar

from sqlalchemy import Table, delete, insert, select, update

from sekisho.directory.schema_papers import service_credentials, signing_certificates, ssh_keys
from sekisho.directory.store import Transaction
from sekisho.model.credentials import ServiceCredential, SigningCertificate, SshKey

AnyPaper = SshKey | SigningCertificate | ServiceCredential
Paper = TypeVar("Paper", bound=AnyPaper)
TABLES: dict[type, Table] = {
    SshKey: ssh_keys,
    SigningCertificate: signing_certificates,
    ServiceCredential: service_credentials,
}


def add_paper(tx: Transaction, paper: AnyPaper) -> None:
    tx.connection.execute(insert(TABLES[type(paper)]).values(asdict(paper)))


def list_papers(tx: Transaction, kind: type[Paper], account: str, owner: str) -> list[Paper]:
    """Those of a kind that a user holds, oldest first; owner: empty for all users."""
    table = TABLES[kind]
    wanted = select(table).where(table.c.account == account)
    if owner:
        wanted = wanted.where(table.c.owner == owner)
    since = table.c.created if kind is ServiceCredential else table.c.uploaded
    rows = tx.connection.execute(wanted.order_by(since, table.c.id))
    return [kind(**row._mapping) for row in rows]


def update_paper(tx: Transaction, paper: AnyPaper) -> None:
    table = TABLES[type(paper)]
    tx.connection.execute(update(table).where(table.c.id == paper.id).values(asdict(paper)))


def remove_paper(tx: Transaction, paper: AnyPaper) -> None:
    table = TABLES[type(paper)]
    tx.connection.execute(delete(table).where(table.c.id == paper.id))
