"""The engine against `spec`, and theorems, on worlds in which policies and questions collide."""

from collections.abc import Callable

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from differential.properties import against_the_spec, report, upholding
from differential.theorems import THEOREMS, Case

SEEDS = st.integers(0, 2**48)
DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)  # worlds are shrunk, seeds cannot be


@settings(max_examples=6000, deadline=None, phases=DRAWN)
@given(SEEDS)
def test_the_engine_decides_and_explains_as_the_spec_does(seed: int) -> None:
    found = report(against_the_spec, seed)
    assert not found, found


@pytest.mark.parametrize("theorem", THEOREMS, ids=[theorem.__name__ for theorem in THEOREMS])
@settings(max_examples=200, deadline=None, phases=DRAWN)
@given(SEEDS)
def test_theorem(theorem: Callable[[Case], bool], seed: int) -> None:
    found = report(upholding(theorem), seed)
    assert not found, found
