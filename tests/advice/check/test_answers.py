"""`enclosed` finds the policies in what AWS's CLI prints, and in nothing else."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from sekisho.advice.check import KINDS
from sekisho.advice.check.answers import DOCUMENTS, OF_ORGANIZATIONS, enclosed

DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject"}]}
ROLE = {
    "RoleName": "Reader",
    "Arn": "arn:aws:iam::111122223333:role/Reader",
    "AssumeRolePolicyDocument": DOCUMENT,
}
MANAGED = {
    "PolicyName": "P",
    "Arn": "arn:aws:iam::111122223333:policy/P",
    "PolicyVersionList": [
        {"Document": DOCUMENT, "VersionId": "v2", "IsDefaultVersion": True},
        {"Document": DOCUMENT, "VersionId": "v1", "IsDefaultVersion": False},
    ],
}
OF_AWS = {**MANAGED, "Arn": "arn:aws:iam::aws:policy/P"}
INLINE = {"PolicyName": "in", "PolicyDocument": DOCUMENT}


def found(answer: Any) -> list[tuple[str, str, str]]:
    told = enclosed(json.dumps(answer))
    assert told is not None
    assert all(json.loads(each.text) == DOCUMENT for each in told)
    return [(each.title, each.kind, each.account) for each in told]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"Role": ROLE}, [("role Reader: trust policy", "trust", "111122223333")]),
        ({"Roles": [ROLE, ROLE]}, [("role Reader: trust policy", "trust", "111122223333")] * 2),
        ({"UserName": "al", **INLINE}, [("user al: policy in", "identity", "")]),
        (
            {"PolicyVersion": {"Document": DOCUMENT, "VersionId": "v1", "IsDefaultVersion": False}},
            [("policy v1", "managed", "")],
        ),
        ({"Policy": json.dumps(DOCUMENT)}, [("policy", "", "")]),
        (
            {
                "Policy": {
                    "PolicySummary": {"Name": "no-s3", "Type": "SERVICE_CONTROL_POLICY"},
                    "Content": json.dumps(DOCUMENT),
                }
            },
            [("policy no-s3", "scp", "")],
        ),
        (
            {
                "UserDetailList": [{"UserName": "al", "UserPolicyList": [INLINE]}],
                "GroupDetailList": [{"GroupName": "ops", "GroupPolicyList": [INLINE]}],
                "RoleDetailList": [{**ROLE, "RolePolicyList": [INLINE]}],
                "Policies": [MANAGED, OF_AWS],
            },
            [
                ("user al: policy in", "identity", ""),
                ("group ops: policy in", "identity", ""),
                ("role Reader: trust policy", "trust", "111122223333"),
                ("role Reader: policy in", "identity", "111122223333"),
                ("policy P v2", "managed", "111122223333"),
            ],
        ),
        ({"Policies": [OF_AWS]}, []),
    ],
)
def test_policies_of_answers(answer: Any, told: list[tuple[str, str, str]]) -> None:
    assert found(answer) == told


def test_a_document_in_the_form_that_iam_sends() -> None:
    assert found({"UserName": "al", "PolicyDocument": quote(json.dumps(DOCUMENT))})


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(DOCUMENT),
        json.dumps({"Version": "2012-10-17", "Statment": [DOCUMENT["Statement"]]}),
        json.dumps({"Role": {"RoleName": "Reader"}}),
        json.dumps({"Policy": "no JSON", "PolicyDocument": "{", "Document": 1}),
        json.dumps([{"Role": ROLE}]),
        "{}",
        "{",
        "[" * 100_000,
        '{"Policy": ' + json.dumps("[" * 100_000) + "}",
        '{"a":' * 100 + json.dumps(ROLE) + "}" * 100,
    ],
)
def test_everything_else_is_read_as_a_policy(text: str) -> None:
    assert enclosed(text) is None


def test_the_kinds_there_are() -> None:
    kinds = {kind for kind, _ in DOCUMENTS.values()} | set(OF_ORGANIZATIONS.values())
    assert kinds - {""} <= set(KINDS)
