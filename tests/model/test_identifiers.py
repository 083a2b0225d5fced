"""Identifiers in AWS's forms (PE-34, W-119, W-120)."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.model.identifiers import (
    LONG_TERM_KEY,
    TEMPORARY_KEY,
    USER,
    account_of_access_key,
    is_account_id,
    is_unique_id,
    new_access_key_id,
    new_account_id,
    new_secret_access_key,
    new_unique_id,
)

ACCOUNTS = st.integers(0, 10**12 - 1).map(lambda number: f"{number:012d}")


@given(ACCOUNTS, st.sampled_from([LONG_TERM_KEY, TEMPORARY_KEY]))
def test_a_key_id_carries_its_account(account: str, prefix: str) -> None:
    key = new_access_key_id(prefix, account)
    assert re.fullmatch(r"(AKIA|ASIA)[A-Z2-7]{16}", key)
    assert account_of_access_key(key) == account


@pytest.mark.parametrize(
    ("key", "account"),
    [
        ("ASIAY34FZKBOKMUTVV7A", "609629065308"),
        ("ASIAQNZGKIQY56JQ7WML", "029608264753"),
        ("AKIAI44QH8DHBEXAMPLE", None),
        ("AKIAIOSFODNN7EXAMPLE", None),
        ("short", None),
        ("AKIA" + "é" * 16, None),
    ],
)
def test_published_keys_decode_as_recorded(key: str, account: str | None) -> None:
    assert account_of_access_key(key) == account


@given(st.text(max_size=30))
def test_reading_an_account_never_raises(text: str) -> None:
    account = account_of_access_key(text)
    assert account is None or is_account_id(account)


def test_new_identifiers_have_their_lengths() -> None:
    assert is_account_id(new_account_id())
    unique = new_unique_id(USER)
    assert len(unique) == 21
    assert is_unique_id(unique)
    assert re.fullmatch(r"[A-Za-z0-9+/]{40}", new_secret_access_key())


@pytest.mark.parametrize(
    "text", ["12345678901", "1234567890123", "12345678901a", "１２３４５６７８９０１２"]
)
def test_what_is_no_account_id_is_known(text: str) -> None:
    assert not is_account_id(text)


def test_what_is_no_key_id_is_not_remembered() -> None:
    """A head of 64 KiB may hold one, and thousands of them would fill the memory."""
    long = "AKIA" * 16_000
    held = sys.getrefcount(long)
    assert account_of_access_key(long) is None
    assert sys.getrefcount(long) == held
