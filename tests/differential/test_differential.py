"""The engine against `spec`, and theorems, on worlds in which policies and questions collide.

How often, of 20,000 questions (``make fuzz EXAMPLES=20000`` measures it again), in per cent:

    layer                     allowed  explicitDeny  implicitDeny
    identity-based policy         7.3           9.3           5.2
    resource-based policy        17.0           3.7          16.2
    role trust policy             5.9           2.0           4.8
    permissions boundary                        3.0           1.3
    session policy                              2.0           1.7
    service control policy                      4.6           1.5
    resource control policy                     7.1           2.8
    VPC endpoint policy                         2.4           2.0
"""

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
