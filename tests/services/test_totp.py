"""RFC 6238, appendix B (SHA-1; the last six of its eight digits), and codes used once (W-137)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.services.totp import code_at, codes_match, step_at, successive_codes_match

SEED = b"12345678901234567890"

steps = st.integers(min_value=2, max_value=2**40)


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_vectors_of_the_rfc(now: int, code: str) -> None:
    assert code_at(SEED, step_at(now)) == code
    assert codes_match(SEED, code, now, 0) == step_at(now)


@pytest.mark.parametrize(
    ("late", "taken"), [(-61, False), (-30, True), (0, True), (59, True), (60, False)]
)
def test_one_step_to_either_side_counts(late: int, taken: bool) -> None:
    now = 1_700_000_010  # the beginning of a step
    code = code_at(SEED, step_at(now))
    assert (codes_match(SEED, code, now + late, 0) is not None) is taken


@given(steps)
def test_a_code_is_good_for_one_use(step: int) -> None:
    now, code = step * 30.0, code_at(SEED, step)
    taken = codes_match(SEED, code, now, 0)
    assert taken is not None
    assert codes_match(SEED, code, now, taken) is None
    assert codes_match(SEED, code, now, taken + 10) is None


@given(st.text(max_size=12))
def test_anything_may_be_given_as_a_code(code: str) -> None:
    found = codes_match(SEED, code, 1_700_000_000, 0)
    assert found is None or code_at(SEED, found) == code


@given(steps)
def test_two_codes_must_follow_each_other(step: int) -> None:
    first, second = code_at(SEED, step), code_at(SEED, step + 1)
    now = (step + 1) * 30.0
    assert successive_codes_match(SEED, first, second, now, 0) == step + 1
    assert successive_codes_match(SEED, first, second, now, step) is None
    if first != second:
        assert successive_codes_match(SEED, second, first, now, 0) is None
        assert successive_codes_match(SEED, first, first, now, 0) is None


def test_two_codes_may_not_be_cut_elsewhere() -> None:
    first, second = code_at(SEED, 100), code_at(SEED, 101)
    both = first + second
    assert successive_codes_match(SEED, both, "", 3_030, 0) is None
    assert successive_codes_match(SEED, first, second, 3_030, 0) == 101


def test_time_begins_at_step_zero() -> None:
    assert codes_match(SEED, code_at(SEED, 1), 0, 0) == 1
    assert successive_codes_match(SEED, code_at(SEED, 0), code_at(SEED, 1), 0, -1) == 1
