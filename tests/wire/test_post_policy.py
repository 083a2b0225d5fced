"""Policies of posted forms: what they let pass, and what is said of the rest (W-93)."""

import base64
import json
from typing import Any

import pytest

from sekisho.model.faults import Fault
from sekisho.wire.post_policy import read_post_policy

NOW = 1_738_314_000


def policy(*conditions: Any, expiration: Any = "2030-01-01T00:00:00.000Z") -> str:
    document = {"expiration": expiration, "conditions": list(conditions)}
    return base64.b64encode(json.dumps(document).encode()).decode()


@pytest.mark.parametrize(
    ("condition", "fields", "said"),
    [
        ({"acl": "private"}, {"acl": "private"}, None),
        ({"ACL": "private"}, {"acl": "private"}, None),
        (["eq", "$key", "x"], {"key": "x"}, None),
        (["eq", "$Key", "x"], {"key": "x"}, None),
        (["starts-with", "$key", "user/"], {"key": "user/a"}, None),
        (["starts-with", "$key", ""], {"key": "anything"}, None),
        (["eq", "$key", "x"], {"key": "y"}, 'Policy Condition failed: ["eq", "$key", "x"]'),
        (
            {"acl": "private"},
            {"acl": "public-read"},
            'Policy Condition failed: ["eq", "$acl", "private"]',
        ),
        (["eq", "$key", "x"], {}, 'Policy Condition failed: ["eq", "$key", "x"]'),
        (["starts-with", "$key", "u/"], {"key": "v/"}, "Policy Condition failed: "),
        (["eq", "$key", "x"], {"key": "x", "acl": "private"}, "Extra input fields: acl"),
        (["eq", "$key", "x"], {"key": "x", "x-ignore-me": "1", "signature": "s"}, None),
        ({"bucket": "b"}, {}, None),
        ({"bucket": "other"}, {}, "Policy Condition failed: "),
    ],
)
def test_conditions(condition: Any, fields: dict[str, str], said: str | None) -> None:
    read = read_post_policy(policy(["starts-with", "$bucket", ""], condition))
    given = {**fields, "bucket": "b", "policy": "p", "x-amz-signature": "s"}
    if said is None:
        read.check(given, NOW)
        return
    with pytest.raises(Fault) as caught:
        read.check(given, NOW)
    assert (caught.value.code, caught.value.status) == ("AccessDenied", 403)
    assert caught.value.message.startswith(f"Invalid according to Policy: {said}")


def test_the_bucket_must_be_covered() -> None:
    """Else a form that was signed for one bucket would do for all of the signer's."""
    with pytest.raises(Fault) as caught:
        read_post_policy(policy(["eq", "$key", "x"])).check({"key": "x", "bucket": "b"}, NOW)
    said = "Invalid according to Policy: Extra input fields: bucket"
    assert caught.value.message == said


def test_it_expires() -> None:
    read = read_post_policy(policy(expiration="2025-01-31T09:00:00Z"))
    read.check({}, NOW)
    with pytest.raises(Fault) as caught:
        read.check({}, NOW + 1)
    assert caught.value.message == "Invalid according to Policy: Policy expired."


def test_sizes() -> None:
    read = read_post_policy(policy(["content-length-range", 1, "10"]))
    assert (read.smallest, read.largest) == (1, 10)


@pytest.mark.parametrize(
    "text",
    [
        "nonsense!",
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"[" * 100_000).decode(),
        base64.b64encode(b"{}").decode(),
        policy(expiration="tomorrow"),
        policy(expiration=7),
        policy("x"),
        policy(["eq", "$key"]),
        policy(["eq", "key", "x"]),
        policy(["ne", "$key", "x"]),
        policy({"key": 1}),
        policy(["content-length-range", "a", 1]),
        policy(["content-length-range", -1, 1]),
        policy(*[{"a": "b"}] * 201),
    ],
)
def test_policies_that_are_none(text: str) -> None:
    with pytest.raises(Fault) as caught:
        read_post_policy(text)
    assert (caught.value.code, caught.value.status) == ("InvalidPolicyDocument", 400)
