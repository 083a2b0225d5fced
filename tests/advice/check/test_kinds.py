"""What a policy is taken for where nobody says it."""

import json
from typing import Any

import pytest

from advice.check.table import FINE, A, allow, deny, open_bucket, trust
from sekisho.advice.check import guess


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (FINE, "identity"),
        (deny("*"), "identity"),
        (trust({"AWS": A}), "trust"),
        (
            trust({"Federated": "saml"}, action=["sts:AssumeRoleWithSAML", "sts:TagSession"]),
            "trust",
        ),
        (open_bucket("*"), "bucket"),
        (open_bucket("*") | {"Effect": "Deny"}, "bucket"),
        (deny("s3:*", Principal="*"), "rcp"),
        (allow("s3:*", Principal="*"), "resource"),
        (allow("sqs:*", "arn:aws:sqs:us-east-1:1:q", Principal={"AWS": A}), "resource"),
        ([trust({"AWS": A}), FINE], "resource"),
        ([], "identity"),
        ("x", "identity"),
    ],
)
def test_guesses(statement: Any, kind: str) -> None:
    assert guess(json.dumps({"Statement": statement})).name == kind


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_what_cannot_be_read_is_taken_for_an_identity_policy(text: str) -> None:
    assert guess(text).name == "identity"
