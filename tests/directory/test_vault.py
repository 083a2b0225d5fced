"""Secrets at rest: bound to their row, and to a master key that nobody else may read."""

import base64
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.samples import ACCOUNT, access_key, account
from sekisho.directory.queries import accounts, keys
from sekisho.directory.sqlite import open_directory
from sekisho.directory.store import StoreError
from sekisho.directory.vault import KEY_BYTES, VARIABLE, Unsealable, Vault

VAULT = Vault(bytes(range(KEY_BYTES)))


@given(st.text(), st.text(), st.binary(max_size=200))
def test_what_was_sealed_opens(purpose: str, name: str, secret: bytes) -> None:
    sealed = VAULT.seal(purpose.replace("\0", ""), name, secret)
    assert VAULT.open(purpose.replace("\0", ""), name, sealed) == secret
    assert secret not in sealed or len(secret) < 4


@given(st.binary(max_size=40), st.data())
def test_no_altered_bit_opens(secret: bytes, data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal("p", "n", secret))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unsealable):
        VAULT.open("p", "n", bytes(sealed))


@given(st.binary(max_size=60))
def test_no_invented_bytes_open(invented: bytes) -> None:
    with pytest.raises(Unsealable):
        VAULT.open("p", "n", invented)


@pytest.mark.parametrize(
    "open_it",
    [
        lambda sealed: VAULT.open("other", "n", sealed),
        lambda sealed: VAULT.open("p", "other", sealed),
        lambda sealed: Vault(bytes(KEY_BYTES)).open("p", "n", sealed),
    ],
    ids=["another purpose", "another row", "another key"],
)
def test_a_sealed_value_opens_only_where_it_belongs(open_it: Callable[[bytes], bytes]) -> None:
    sealed = VAULT.seal("p", "n", b"secret")
    with pytest.raises(Unsealable):
        open_it(sealed)


def test_equal_secrets_look_unequal() -> None:
    assert VAULT.seal("p", "n", b"secret") != VAULT.seal("p", "n", b"secret")


def test_secrets_swapped_between_rows_do_not_open(tmp_path: Path) -> None:
    directory = open_directory(tmp_path)
    first, second = access_key("AIDAX"), access_key("AIDAY")
    with directory.writing() as tx:
        accounts.add_account(tx, account(ACCOUNT))
        keys.add_access_key(tx, first)
        keys.add_access_key(tx, second)
    thief = sqlite3.connect(tmp_path / "sekisho.db")
    with thief:
        thief.execute(
            "UPDATE access_keys SET sealed = (SELECT sealed FROM access_keys WHERE id = ?)",
            (first.id,),
        )
    thief.close()
    with directory.reading() as tx:
        assert keys.get_access_key(tx, first.id) == first
        with pytest.raises(Unsealable):
            keys.get_access_key(tx, second.id)
    directory.close()


def test_the_file_of_the_store_holds_no_secret(tmp_path: Path) -> None:
    directory = open_directory(tmp_path)
    key = access_key("AIDAX")
    with directory.writing() as tx:
        accounts.add_account(tx, account(ACCOUNT))
        keys.add_access_key(tx, key)
    ring_keys = list(directory.ring().keys.values())
    directory.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("sekisho.db*"))
    assert key.id.encode() in kept
    for secret in (key.secret.encode(), *ring_keys):
        assert secret not in kept


def test_a_wrong_master_key_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_directory(tmp_path).close()
    monkeypatch.setenv(VARIABLE, base64.b64encode(bytes(KEY_BYTES)).decode())
    with pytest.raises(StoreError, match="does not belong to this store"):
        open_directory(tmp_path)


def test_the_environment_can_hold_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, base64.b64encode(bytes(KEY_BYTES)).decode())
    open_directory(tmp_path).close()
    open_directory(tmp_path).close()
    assert not (tmp_path / "master.key").exists()


@pytest.mark.parametrize("given", ["", "AAAA", "not base64!", base64.b64encode(bytes(33)).decode()])
def test_a_key_that_is_no_key_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv(VARIABLE, given)
    with pytest.raises(StoreError, match="32 bytes in base64") as raised:
        open_directory(tmp_path)
    assert not given or given not in str(raised.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    open_directory(tmp_path).close()
    (tmp_path / "master.key").chmod(mode)
    with pytest.raises(StoreError, match="chmod 600"):
        open_directory(tmp_path)


def test_a_lost_key_file_is_not_replaced(tmp_path: Path) -> None:
    open_directory(tmp_path).close()
    key = tmp_path / "master.key"
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(StoreError, match=r"master\.key is missing"):
        open_directory(tmp_path)
    assert not key.exists()
    key.write_bytes(kept)
    key.chmod(0o600)
    open_directory(tmp_path).close()
