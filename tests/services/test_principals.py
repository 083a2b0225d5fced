"""Principals of bucket policies; those of trust policies are in iam/test_roles.py."""

import json
from pathlib import Path

import pytest

from sekisho.directory.queries import accounts, users
from sekisho.directory.sqlite import open_directory
from sekisho.model.faults import Fault
from sekisho.model.records import Account, DeclaredAccount, StoredDocument, User
from sekisho.services.principals import invalid_in_bucket, resolve, shown_document

ALICE = User("111122223333", "alice", "/", "AIDAALICEALICEALICE22", 0)
ACCOUNT = Account(ALICE.account, "one", 0, "a" * 64)


def bucket_policy(principal: object) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def test_bucket_policies_bind_users_and_canonical_ids(tmp_path: Path) -> None:
    """PE-29, PE-31, W-281"""
    text = bucket_policy({"AWS": ALICE.arn, "CanonicalUser": ACCOUNT.canonical_id})
    with open_directory(tmp_path).writing() as tx:
        accounts.add_account(tx, ACCOUNT)
        users.add_user(tx, ALICE)
        stored = resolve(tx, text, invalid_in_bucket)
        assert stored == StoredDocument(
            text, {ALICE.arn: ALICE.unique_id, ACCOUNT.canonical_id: ACCOUNT.id}
        )
        assert shown_document(tx, stored) == text
        users.remove_user(tx, ALICE)
        assert shown_document(tx, stored) == text.replace(ALICE.arn, ALICE.unique_id)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("AWS", ALICE.arn),
        ("AWS", "444455556666"),
        ("CanonicalUser", "b" * 64),
        ("Service", "example.org"),
        ("Federated", "example.org"),
        ("Federated", "arn:aws:s3:::saml-provider/x"),
    ],
)
def test_bucket_policies_are_refused_in_s3s_words(tmp_path: Path, key: str, value: str) -> None:
    """PE-79, W-282"""
    with open_directory(tmp_path).writing() as tx:
        accounts.add_account(tx, ACCOUNT)
        with pytest.raises(Fault) as refused:
            resolve(tx, bucket_policy({key: [value]}), invalid_in_bucket)
    fault = refused.value
    assert (fault.code, fault.status, fault.message) == (
        "MalformedPolicy",
        400,
        "Invalid principal in policy",
    )
    assert dict(fault.details) == {"Detail": f'"{key}" : "{value}"'}


def test_everyone_is_nobody_in_particular(tmp_path: Path) -> None:
    text = bucket_policy("*")
    with open_directory(tmp_path).reading() as tx:
        assert resolve(tx, text, invalid_in_bucket) == StoredDocument(text, {})


FAR = "999988887777"


@pytest.mark.parametrize(
    ("value", "is_taken"),
    [
        (FAR, True),
        (f"arn:aws:iam::{FAR}:root", True),
        (f"arn:aws:iam::{FAR}:user/any/path/one", True),
        (f"arn:aws:iam::{FAR}:role/one", True),
        (f"arn:aws:sts::{FAR}:assumed-role/one/session", True),
        (f"arn:aws:sts::{FAR}:federated-user/one", True),
        (f"arn:aws:iam::{FAR}:user/*", False),  # PE-24
        (f"arn:aws:iam::{FAR}:user/a*/one", False),
        (f"arn:aws:iam::{FAR}:user/", False),
        (f"arn:aws:iam::{FAR}:group/one", False),
        (f"arn:aws:iam:us-east-1:{FAR}:user/one", False),
        (f"arn:aws:sts::{FAR}:assumed-role/one/*", False),
        ("AIDAXXXXXXXXXXXXXXXXX", False),
        ("999988887776", False),
    ],
)
def test_principals_of_a_declared_account_are_taken_unbound(
    tmp_path: Path, value: str, is_taken: bool
) -> None:
    text = bucket_policy({"AWS": value})
    with open_directory(tmp_path).writing() as tx:
        with pytest.raises(Fault):
            resolve(tx, text, invalid_in_bucket)
        accounts.declare_account(tx, DeclaredAccount(FAR, "far", 0))
        if is_taken:
            assert resolve(tx, text, invalid_in_bucket) == StoredDocument(text)
        else:
            with pytest.raises(Fault):
                resolve(tx, text, invalid_in_bucket)
