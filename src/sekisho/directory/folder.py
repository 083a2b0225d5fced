"""The data directory: who may look into it, what lies in it, and how its names reach the disk."""

import os
import stat
from pathlib import Path

from sekisho.directory.errors import StoreError

DATABASE, MASTER_KEY, BLOBS = "sekisho.db", "master.key", "blobs"
EXPECTED = (DATABASE, MASTER_KEY, BLOBS, "audit", "lost+found")


def prepare_folder(path: Path) -> bool:
    """Make the folder and an empty database file, closed to others; whether a store was there.

    A folder that holds nothing but a store's own things becomes readable by its owner alone; one
    that holds anything else and no store is not touched.
    Raises StoreError for such a folder, and for one whose mode cannot be changed.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = path / DATABASE
    has_store = database.exists() and database.stat().st_size > 0
    strange = next((each.name for each in path.iterdir() if not is_expected(each.name)), None)
    if strange is not None and not has_store:
        raise StoreError(
            f"{path} holds {strange} and no store: give a new folder, an empty one, or that of a"
            " store."
        )
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        try:
            path.chmod(0o700)
        except PermissionError:
            raise StoreError(
                f"{path} is open to others (mode {mode:04o}) and is not yours: chmod 700 {path}"
            ) from None
    if not has_store:
        # SQLite gives its journal the mode of the database, so this settles all three files. A
        # database that may be in use is never opened here: closing it would drop SQLite's locks.
        os.close(os.open(database, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    sync_folder(path)
    return has_store


def is_expected(name: str) -> bool:
    """Whether a store may have put it there; drafts and journals carry a further suffix."""
    return any(name == known or name.startswith((f"{known}.", f"{known}-")) for known in EXPECTED)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
