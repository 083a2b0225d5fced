"""Sizes as AWS counts them (PE-60, PE-61)."""

import pytest

from sekisho.policy import QUOTAS, PolicyType, exceeds_quota, size_as

SPACED = '{ "Id":\n\t"é" }'
WITHOUT_SPACE = len('{"Id":"é"}')


@pytest.mark.parametrize(
    ("kind", "most", "size"),
    [
        (PolicyType.IDENTITY, 10_240, WITHOUT_SPACE),
        (PolicyType.MANAGED, 6_144, WITHOUT_SPACE),
        (PolicyType.BOUNDARY, 6_144, WITHOUT_SPACE),
        (PolicyType.TRUST, 2_048, WITHOUT_SPACE),
        (PolicyType.SESSION, 2_048, len(SPACED)),
        (PolicyType.SCP, 10_240, len(SPACED)),
        (PolicyType.RCP, 5_120, len(SPACED)),
        (PolicyType.ENDPOINT, 20_480, len(SPACED)),
        (PolicyType.BUCKET, 20_480, len(SPACED.encode())),
    ],
)
def test_each_kind_is_counted_in_its_own_way(kind: PolicyType, most: int, size: int) -> None:
    assert (QUOTAS[kind], size_as(SPACED, kind)) == (most, size)
    assert not exceeds_quota("x" * most, kind)
    assert exceeds_quota("x" * (most + 1), kind)


def test_every_kind_has_a_quota() -> None:
    assert set(QUOTAS) == set(PolicyType)


def test_half_of_a_surrogate_pair_has_a_size() -> None:
    assert size_as("\ud800", PolicyType.BUCKET) == 1
