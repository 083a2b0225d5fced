"""Secrets at rest: AES-256-GCM under a master key, each bound to what it is and whose."""

import base64
import binascii
import os
import stat
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sekisho.directory.errors import StoreError
from sekisho.directory.folder import sync_folder

KEY_BYTES = 32
LONGEST_KEY_FILE = 1024
VARIABLE = "SEKISHO_MASTER_KEY"
_NONCE = 12


class Unsealable(Exception):
    """Not sealed by this vault for this purpose and id, or altered since."""


class Vault:
    """Seals and opens with one master key of 32 bytes."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise StoreError(f"the master key must have {KEY_BYTES} bytes")
        self._cipher = AESGCM(master_key)

    def seal(self, purpose: str, name: str, secret: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, bound_to(purpose, name))

    def open(self, purpose: str, name: str, sealed: bytes) -> bytes:
        """Raises Unsealable."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to(purpose, name))
        except (InvalidTag, ValueError):
            raise Unsealable(f"{purpose} of {name}") from None


def bound_to(purpose: str, name: str) -> bytes:
    return f"sekisho {purpose}\0{name}".encode()


def master_key(path: Path, may_make: bool) -> bytes:
    """The master key: from the environment, else from its file.

    may_make: whether to make a file that is not there; a store that has a key already is not
        opened by a new one.
    Raises StoreError for a key that is no key, a file that others may read, or none at all.
    """
    given = os.environ.get(VARIABLE)
    if given is not None:
        return decoded(given, f"the environment variable {VARIABLE}")
    if may_make and not path.exists():
        make_key(path)
    try:
        return read_key(path)
    except FileNotFoundError:
        raise StoreError(
            f"{path} is missing, and the store beside it cannot be read without it: put it back,"
            f" or give the key in {VARIABLE}."
        ) from None


def make_key(path: Path) -> None:
    """Make a key file, whole or not at all; if another process was faster, its key stands."""
    draft = path.with_name(f"{path.name}.{os.urandom(8).hex()}")
    made = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(made, "wb") as file:
            file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    sync_folder(path.parent)


def read_key(path: Path) -> bytes:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & 0o077:
            raise StoreError(f"{path} may be read by others (mode {mode:04o}): chmod 600 {path}")
        text = file.read(LONGEST_KEY_FILE)
    return decoded(text.decode("ascii", "replace").strip(), str(path))


def decoded(text: str, place: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise StoreError(f"{place} holds no master key: it must be 32 bytes in base64.")
    return key
