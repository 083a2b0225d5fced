"""Finished work that a client has yet to fetch."""

from typing import Any

from sqlalchemy import Row, delete, insert, select

from sekisho.directory.schema_papers import jobs
from sekisho.directory.store import Transaction
from sekisho.model.jobs import Job, JobKind


def add_job(tx: Transaction, job: Job, kept: int) -> None:
    """Keep a job, and of the account's older ones of its kind the latest, `kept` with this one."""
    values = {
        "id": job.id,
        "account": job.account,
        "kind": job.kind.value,
        "created": job.created,
        "content": dict(job.content),
    }
    same = (jobs.c.account == job.account) & (jobs.c.kind == job.kind.value)
    newest = select(jobs.c.id).where(same).order_by(jobs.c.created.desc(), jobs.c.id)
    tx.connection.execute(delete(jobs).where(same, jobs.c.id.not_in(newest.limit(kept - 1))))
    tx.connection.execute(insert(jobs).values(values))


def get_job(tx: Transaction, account: str, kind: JobKind, job_id: str) -> Job | None:
    wanted = select(jobs).where(
        jobs.c.id == job_id, jobs.c.account == account, jobs.c.kind == kind.value
    )
    row = tx.connection.execute(wanted).first()
    return None if row is None else record(row)


def latest_job(tx: Transaction, account: str, kind: JobKind) -> Job | None:
    wanted = select(jobs).where(jobs.c.account == account, jobs.c.kind == kind.value)
    row = tx.connection.execute(wanted.order_by(jobs.c.created.desc(), jobs.c.id).limit(1)).first()
    return None if row is None else record(row)


def record(row: Row[Any]) -> Job:
    return Job(row.id, row.account, JobKind(row.kind), row.created, row.content)
