"""The policies that AWS has written itself are in order: what is called an error must be one."""

import pytest

from sekisho.advice.check import KINDS, Severity, check
from sekisho.catalog import aws_default_text, aws_policies

# Every eleventh of them, and those that are hardest to read; all of them take some ten seconds.
NAMED = ("ReadOnlyAccess", "AdministratorAccess", "root-task/IAMAuditRootUserCredentials")
SAMPLE = [
    made.arn
    for index, made in enumerate(aws_policies())
    if index % 11 == 0 or made.arn.endswith(tuple(f":policy/{name}" for name in NAMED))
]


@pytest.mark.parametrize("kind", ["managed", "identity"])
def test_no_error_is_found_but_the_length(kind: str) -> None:
    """AWS's own may be longer than anybody else's may be (PE-61)."""
    errors = {
        (arn, each.code)
        for arn in SAMPLE
        for each in check(aws_default_text(arn) or "", KINDS[kind])
        if each.severity is Severity.ERROR and each.code != "OverQuota"
    }
    assert len(SAMPLE) > 140
    assert errors == set()
