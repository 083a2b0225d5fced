"""Sessions of the web console, root users' passwords, and attempts to sign in."""

from dataclasses import asdict

from sqlalchemy import bindparam, delete, insert, select, update

from sekisho.directory.schema_console import console_sessions, root_passwords, sign_in_attempts
from sekisho.directory.store import Transaction
from sekisho.model.console import ConsoleSession, RootPassword

GET = select(console_sessions).where(console_sessions.c.hashed == bindparam("of_cookie"))


def add_session(tx: Transaction, session: ConsoleSession) -> None:
    """Those that have ended by then go."""
    ended = console_sessions.c.expires <= session.begun
    tx.connection.execute(delete(console_sessions).where(ended))
    tx.connection.execute(insert(console_sessions).values(asdict(session)))


def get_session(tx: Transaction, hashed: str) -> ConsoleSession | None:
    row = tx.connection.execute(GET, {"of_cookie": hashed}).first()
    return None if row is None else ConsoleSession(**row._mapping)


def remove_session(tx: Transaction, hashed: str) -> None:
    tx.connection.execute(delete(console_sessions).where(console_sessions.c.hashed == hashed))


def get_root_password(tx: Transaction, account: str) -> RootPassword | None:
    wanted = select(root_passwords).where(root_passwords.c.account == account)
    row = tx.connection.execute(wanted).first()
    return None if row is None else RootPassword(**row._mapping)


def put_root_password(tx: Transaction, password: RootPassword) -> None:
    of_account = root_passwords.c.account == password.account
    tx.connection.execute(delete(root_passwords).where(of_account))
    tx.connection.execute(insert(root_passwords).values(asdict(password)))


def remove_root_password(tx: Transaction, account: str) -> bool:
    """Whether there was one; sessions that were begun with it end."""
    of_account = root_passwords.c.account == account
    return tx.connection.execute(delete(root_passwords).where(of_account)).rowcount > 0


def refused_until(tx: Transaction, subject: str) -> int:
    """Until when attempts of a subject are refused; 0 if they are not."""
    wanted = select(sign_in_attempts.c.refused_until).where(sign_in_attempts.c.subject == subject)
    found: int | None = tx.connection.scalar(wanted)
    return found or 0


def count_attempt(tx: Transaction, subject: str, now: int) -> int:
    """Count one more attempt in a row; how many there are now."""
    counted = tx.connection.scalar(
        update(sign_in_attempts)
        .where(sign_in_attempts.c.subject == subject)
        .values(wrong=sign_in_attempts.c.wrong + 1, at=now)
        .returning(sign_in_attempts.c.wrong)
    )
    if counted is not None:
        return int(counted)
    first = {"subject": subject, "wrong": 1, "refused_until": 0, "at": now}
    tx.connection.execute(insert(sign_in_attempts).values(first))
    return 1


def refuse_attempts(tx: Transaction, subject: str, until: int) -> None:
    tx.connection.execute(
        update(sign_in_attempts)
        .where(sign_in_attempts.c.subject == subject)
        .values(refused_until=until)
    )


def take_back_attempt(tx: Transaction, subject: str) -> None:
    """Count one attempt less, and lift what it may have brought about."""
    tx.connection.execute(
        update(sign_in_attempts)
        .where(sign_in_attempts.c.subject == subject, sign_in_attempts.c.wrong > 0)
        .values(wrong=sign_in_attempts.c.wrong - 1, refused_until=0)
    )


def forget_attempts(tx: Transaction, subject: str) -> None:
    tx.connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.subject == subject))


def forget_old_attempts(tx: Transaction, before: int) -> None:
    tx.connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.at < before))
