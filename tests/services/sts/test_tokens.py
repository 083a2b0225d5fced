"""Session tokens: only what was sealed here opens, and it opens to what was sealed (ADR 3)."""

import base64
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.directory.store import Ring
from sekisho.model.faults import Fault
from sekisho.model.principal import PrincipalKind, Session
from sekisho.services.sts.tokens import (
    LONGEST_TOKEN,
    Grant,
    InvalidToken,
    allotted_percent,
    issue,
    seal,
    unseal,
)

RING = Ring(1, {1: b"\x01" * 32, 7: b"\x07" * 32})
FOREIGN = Ring(1, {1: b"\x02" * 32})
TEXT = st.text(max_size=64)

SESSIONS = st.builds(
    Session,
    issued=st.integers(0, 2**33),
    expires=st.integers(0, 2**33),
    mfa_at=st.none() | st.integers(0, 2**33),
    tags=st.dictionaries(TEXT, TEXT, max_size=5),
    transitive=st.lists(TEXT, max_size=3).map(tuple),
    source_identity=TEXT,
    policy=st.text(max_size=2048),
    policy_arns=st.lists(TEXT, max_size=3).map(tuple),
    federation=st.dictionaries(TEXT, TEXT | st.lists(TEXT, max_size=3).map(tuple), max_size=3),
    is_console=st.booleans(),
    is_chained=st.booleans(),
)
GRANTS = st.builds(
    Grant,
    access_key_id=TEXT,
    kind=st.sampled_from(PrincipalKind),
    account=st.just("123456789012"),
    unique_id=TEXT,
    session_name=TEXT,
    session=SESSIONS,
    secret=TEXT,
)


@given(GRANTS)
def test_a_token_opens_to_what_was_sealed(grant: Grant) -> None:
    opened = unseal(RING, seal(RING, grant))
    assert opened == grant
    assert opened.secret == grant.secret


@given(GRANTS, st.integers(0, 4_096))
def test_a_token_has_the_size_that_is_asked_for(grant: Grant, least: int) -> None:
    """W-96"""
    plain, token = seal(RING, grant), seal(RING, grant, least)
    assert len(token) == max(len(plain), -(-least // 4) * 4)
    assert unseal(RING, token) == grant


def test_the_size_is_told_with_the_credentials() -> None:
    """W-96"""
    given = (RING, PrincipalKind.USER, "123456789012", "AIDA1", "", Session(1, 2))
    for least in (0, 1, 4_095, 4_096):
        credentials = issue(*given, least)
        told = credentials.as_output()
        size = len(credentials.token)
        assert size >= least
        assert told["SessionTokenSize"] == size
        assert told["SessionTokenUtilization"] == -(-100 * size // LONGEST_TOKEN)
    assert 0 < told["SessionTokenUtilization"] < 100


def test_a_token_that_would_not_open_is_not_given() -> None:
    letters = random.Random(1)
    subject = "".join(map(chr, letters.choices(range(0x4E00, 0x9FA5), k=10_000)))
    session = Session(1, 2, federation={"saml:sub": subject})
    with pytest.raises(Fault) as refused:
        issue(RING, PrincipalKind.ROLE_SESSION, "123456789012", "AROA1", "visit", session)
    assert (refused.value.code, refused.value.status) == ("PackedPolicyTooLarge", 400)


@given(st.data())
def test_a_token_altered_anywhere_does_not_open(data: st.DataObject) -> None:
    token = issue(RING, PrincipalKind.USER, "123456789012", "AIDA1", "", Session(1, 2)).token
    raw = bytearray(base64.b64decode(token))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(InvalidToken):
        unseal(RING, base64.b64encode(bytes(raw)).decode())


@given(st.data())
def test_a_token_cut_short_does_not_open(data: st.DataObject) -> None:
    token = issue(RING, PrincipalKind.USER, "123456789012", "AIDA1", "", Session(1, 2)).token
    with pytest.raises(InvalidToken):
        unseal(RING, token[: data.draw(st.integers(0, len(token) - 1))])


@given(st.text() | st.binary().map(lambda raw: base64.b64encode(raw).decode()))
def test_nothing_else_opens(text: str) -> None:
    with pytest.raises(InvalidToken):
        unseal(RING, text)


def test_a_foreign_token_does_not_open() -> None:
    token = issue(FOREIGN, PrincipalKind.ROOT, "123456789012", "123456789012", "", Session(1, 2))
    with pytest.raises(InvalidToken):
        unseal(RING, token.token)


def test_an_overlong_token_is_not_even_decoded() -> None:
    with pytest.raises(InvalidToken):
        unseal(RING, "A" * (LONGEST_TOKEN + 4))


def test_a_key_that_no_longer_seals_still_opens() -> None:
    older = Ring(7, {7: b"\x07" * 32})
    token = issue(older, PrincipalKind.ROOT, "123456789012", "123456789012", "", Session(1, 2))
    assert unseal(RING, token.token).account == "123456789012"


def test_secrets_are_not_shown_in_passing() -> None:
    credentials = issue(RING, PrincipalKind.USER, "123456789012", "AIDA1", "", Session(1, 2))
    shown = repr(credentials) + repr(unseal(RING, credentials.token)) + repr(RING)
    assert credentials.secret not in shown
    assert credentials.token not in shown
    assert "\\x01\\x01" not in shown


def test_each_token_has_a_nonce_of_its_own() -> None:
    grant = unseal(
        RING, issue(RING, PrincipalKind.USER, "123456789012", "A", "", Session(1, 2)).token
    )
    assert seal(RING, grant) != seal(RING, grant)


def test_nine_long_tags_are_over_the_allotment() -> None:
    """The recorded case of W-136: nine tags of about 252 bytes do not fit."""
    letters = random.Random(1)
    tags = {
        f"key{number}": "".join(letters.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(248))
        for number in range(9)
    }
    assert allotted_percent(Session(1, 2, tags=tags)) > 100
    assert allotted_percent(Session(1, 2, tags={"Project": "Automation"})) < 100
