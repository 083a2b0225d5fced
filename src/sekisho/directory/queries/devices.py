"""Virtual MFA devices; their seeds are sealed at rest."""

from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from sekisho.directory.prepared import Prepared
from sekisho.directory.schema import devices
from sekisho.directory.store import Transaction
from sekisho.model.records import MfaDevice

PURPOSE = "mfa seed"
GET = select(devices).where(devices.c.serial == bindparam("at_serial"))

HOLDERS = Prepared(select(devices.c.owner).where(devices.c.account == bindparam("in_account")))


def add_device(tx: Transaction, device: MfaDevice) -> None:
    tx.connection.execute(insert(devices).values(written(tx, device)))
    tx.changed(device.account)


def get_device(tx: Transaction, serial: str) -> MfaDevice | None:
    row = tx.connection.execute(GET, {"at_serial": serial}).first()
    return None if row is None else record(tx, row)


def list_devices(tx: Transaction, account: str, after: str | None, limit: int) -> list[MfaDevice]:
    """By serial number, without their seeds; `after` is the last one of the page before."""
    wanted = select(devices).where(devices.c.account == account)
    if after is not None:
        wanted = wanted.where(devices.c.serial > after)
    rows = tx.connection.execute(wanted.order_by(devices.c.serial).limit(limit)).all()
    return [record_with(b"", row) for row in rows]


def list_devices_of(tx: Transaction, account: str, owner_id: str) -> list[MfaDevice]:
    wanted = select(devices).where(devices.c.account == account, devices.c.owner == owner_id)
    rows = tx.connection.execute(wanted.order_by(devices.c.serial)).all()
    return [record(tx, row) for row in rows]


def list_holders(tx: Transaction, account: str) -> list[str]:
    """Of each device the `owner`; no seed is opened for it."""
    return [owner for (owner,) in tx.run(HOLDERS, {"in_account": account})]


def update_device(tx: Transaction, device: MfaDevice) -> None:
    tx.connection.execute(
        update(devices).where(devices.c.serial == device.serial).values(written(tx, device))
    )
    tx.changed(device.account)


def advance_device(tx: Transaction, serial: str, step: int) -> bool:
    """Note that the code of a step was taken; False if that step or a later one was before."""
    done = tx.connection.execute(
        update(devices)
        .where(devices.c.serial == serial, devices.c.last_step < step)
        .values(last_step=step, wrong_codes=0, refused_until=0)
    )
    return done.rowcount > 0


def count_wrong_code(tx: Transaction, serial: str) -> int:
    """Count one more wrong code in a row; how many there are now, 0 if the device is gone."""
    counted = tx.connection.execute(
        update(devices)
        .where(devices.c.serial == serial)
        .values(wrong_codes=devices.c.wrong_codes + 1)
        .returning(devices.c.wrong_codes)
    )
    return counted.scalar() or 0


def refuse_codes(tx: Transaction, serial: str, until: int) -> None:
    """Look at no code of the device before that time."""
    tx.connection.execute(
        update(devices).where(devices.c.serial == serial).values(refused_until=until)
    )


def remove_device(tx: Transaction, device: MfaDevice) -> None:
    tx.connection.execute(delete(devices).where(devices.c.serial == device.serial))
    tx.changed(device.account)


def record(tx: Transaction, row: Row[Any]) -> MfaDevice:
    return record_with(tx.directory.vault.open(PURPOSE, row.serial, row.sealed), row)


def record_with(seed: bytes, row: Row[Any]) -> MfaDevice:
    return MfaDevice(
        account=row.account,
        name=row.name,
        path=row.path,
        created=row.created,
        seed=seed,
        owner=row.owner,
        enabled=row.enabled,
        last_step=row.last_step,
        wrong_codes=row.wrong_codes,
        refused_until=row.refused_until,
        tags=row.tags,
    )


def written(tx: Transaction, device: MfaDevice) -> dict[str, Any]:
    if not device.seed:
        raise ValueError("a device that was only listed cannot be written")
    return {
        "serial": device.serial,
        "account": device.account,
        "name": device.name,
        "path": device.path,
        "created": device.created,
        "sealed": tx.directory.vault.seal(PURPOSE, device.serial, device.seed),
        "owner": device.owner,
        "enabled": device.enabled,
        "last_step": device.last_step,
        "wrong_codes": device.wrong_codes,
        "refused_until": device.refused_until,
        "tags": dict(device.tags),
    }
