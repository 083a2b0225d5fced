"""AWS managed policies: what the data says, and that one is found without the others."""

import hashlib
import json
import re
from importlib import resources

import pytest

from sekisho.catalog import (
    SERVICE_PATH,
    aws_default_text,
    aws_policies,
    aws_policy,
    aws_version,
    aws_versions,
    managed_policies,
)
from sekisho.model.arn import AWS_POLICY
from sekisho.model.records import PolicyVersion
from sekisho.policy import parse_policy

ADMINISTRATOR = f"{AWS_POLICY}/AdministratorAccess"
READ_ONLY = f"{AWS_POLICY}/ReadOnlyAccess"
NOWHERE = [
    f"{AWS_POLICY}/administratoraccess",
    f"{AWS_POLICY}/AdministratorAcces",
    f"{AWS_POLICY}/AdministratorAccess/",
    f"{AWS_POLICY}/job-function/AdministratorAccess",
    f"{AWS_POLICY}/",
    f'{AWS_POLICY}/AdministratorAccess","ANPAIWMBCKSKIEE64ZLYK',
    f"{AWS_POLICY}/é\n",
    "arn:aws:iam::111122223333:policy/AdministratorAccess",
]


def default_text(arn: str) -> str:
    text = aws_default_text(arn)
    assert text is not None
    return text


def test_administrator_access_is_as_aws_made_it() -> None:
    """W-220"""
    policy = aws_policy(ADMINISTRATOR)
    assert policy is not None
    assert (policy.account, policy.path, policy.name) == ("aws", "/", "AdministratorAccess")
    assert policy.unique_id == "ANPAIWMBCKSKIEE64ZLYK"
    assert (policy.created, policy.default_version) == (1_423_247_986, "v1")
    statements = json.loads(default_text(ADMINISTRATOR))["Statement"]
    assert statements == [{"Effect": "Allow", "Action": "*", "Resource": "*"}]


def test_old_versions_are_there_as_well() -> None:
    made = aws_versions(READ_ONLY)
    numbers = [int(version[1:]) for version, _ in made]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) > 100
    policy = aws_policy(READ_ONLY)
    assert policy is not None
    assert made[0][0] == policy.default_version
    oldest = aws_version(READ_ONLY, made[-1][0])
    assert oldest is not None
    assert oldest.created == made[-1][1] < policy.updated
    assert parse_policy(oldest.text) != parse_policy(default_text(READ_ONLY))
    newest = PolicyVersion(READ_ONLY, made[0][0], default_text(READ_ONLY), made[0][1])
    assert aws_version(READ_ONLY, policy.default_version) == newest
    assert aws_version(READ_ONLY, "v999") is None


@pytest.mark.parametrize("arn", NOWHERE)
def test_only_the_exact_arn_finds_one(arn: str) -> None:
    assert aws_policy(arn) is None
    assert aws_default_text(arn) is None
    assert aws_version(arn, "v1") is None
    assert list(aws_versions(arn)) == []


def test_every_one_is_found_by_its_arn_and_in_the_order_in_which_it_was_made() -> None:
    every = aws_policies()
    assert len(every) > 1_500
    assert len({policy.arn for policy in every}) == len(every)
    assert len({policy.unique_id for policy in every}) == len(every)
    assert [policy.created for policy in every] == sorted(policy.created for policy in every)
    assert all(aws_policy(policy.arn) == policy for policy in every)
    assert all(re.fullmatch("ANPA[A-Z2-7]{17}", policy.unique_id) for policy in every)


def test_every_document_that_can_be_attached_can_be_evaluated() -> None:
    for policy in aws_policies():
        if policy.path != SERVICE_PATH:
            assert parse_policy(default_text(policy.arn)).statements, policy.arn


def test_one_is_found_without_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    block = managed_policies._block

    def watched(offset: int, length: int) -> bytes:
        read.append(length)
        return block(offset, length)

    monkeypatch.setattr(managed_policies, "_block", watched)
    aws_default_text.cache_clear()
    assert default_text(ADMINISTRATOR) == default_text(ADMINISTRATOR)
    assert read == [111]


@pytest.mark.parametrize("name", ["managed_policies.jsonl", "managed_policies.bin"])
def test_provenance_names_the_hash(name: str) -> None:
    data = resources.files("sekisho.catalog") / "data"
    digest = hashlib.sha256((data / name).read_bytes()).hexdigest()
    assert digest in (data / "PROVENANCE.md").read_text("utf-8")
