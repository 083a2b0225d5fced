"""After every change that IAM can make, what is held in memory is what a fresh reader finds.

The changes are made by another process; of each it is known whether it changes what was held, so
that nothing is found equal because nobody looked.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from access.test_evidence import beside
from sekisho.access.evidence import EvidenceStore
from sekisho.directory.sqlite import open_directory
from sekisho.services import OPERATIONS
from services.iam.office import ALLOW_ALL, Office, allow, document, trusting

LESS = document(allow("iam:List*"))
TAGS = [{"Key": "Team", "Value": "blue"}]
LINKED = "AWSServiceRoleForECS"
U, G, R = {"UserName": "una"}, {"GroupName": "all"}, {"RoleName": "guest"}
ON_U, ON_G, ON_R = ({**who, "PolicyName": "own"} for who in (U, G, R))
P: dict[str, Any] = {"PolicyArn": "{policy}"}
KEY: dict[str, Any] = {**U, "AccessKeyId": "{key}"}
LIMIT: dict[str, Any] = {"PermissionsBoundary": "{policy}"}

# Operation, input, and whether it changes what is held.
SCRIPT: list[tuple[str, dict[str, Any], bool]] = [
    ("CreateAccessKey", U, False),
    ("UpdateAccessKey", {**KEY, "Status": "Inactive"}, True),
    ("UpdateAccessKey", {**KEY, "Status": "Active"}, True),
    ("DeleteAccessKey", KEY, True),
    ("TagUser", {**U, "Tags": TAGS}, True),
    ("UntagUser", {**U, "TagKeys": ["Team"]}, True),
    ("PutUserPolicy", {**ON_U, "PolicyDocument": ALLOW_ALL}, True),
    ("PutUserPolicy", {**ON_U, "PolicyDocument": LESS}, True),
    ("DeleteUserPolicy", ON_U, True),
    ("CreatePolicy", {"PolicyName": "shared", "PolicyDocument": ALLOW_ALL}, True),
    ("AttachUserPolicy", {**U, **P}, True),
    ("CreatePolicyVersion", {**P, "PolicyDocument": LESS}, False),
    ("SetDefaultPolicyVersion", {**P, "VersionId": "v2"}, True),
    ("CreatePolicyVersion", {**P, "PolicyDocument": ALLOW_ALL, "SetAsDefault": True}, True),
    ("DeletePolicyVersion", {**P, "VersionId": "v1"}, False),
    ("CreateGroup", G, False),
    ("PutGroupPolicy", {**ON_G, "PolicyDocument": ALLOW_ALL}, False),
    ("AddUserToGroup", {**G, **U}, True),
    ("PutGroupPolicy", {**ON_G, "PolicyDocument": LESS}, True),
    ("AttachGroupPolicy", {**G, **P}, True),
    ("UpdateGroup", {**G, "NewPath": "/a/"}, True),
    ("DetachGroupPolicy", {**G, **P}, True),
    ("RemoveUserFromGroup", {**G, **U}, True),
    ("AddUserToGroup", {**G, **U}, True),
    ("DeleteGroupPolicy", ON_G, True),
    ("RemoveUserFromGroup", {**G, **U}, False),
    ("DeleteGroup", G, False),
    ("PutUserPermissionsBoundary", {**U, **LIMIT}, True),
    ("DetachUserPolicy", {**U, **P}, True),
    ("SetDefaultPolicyVersion", {**P, "VersionId": "v2"}, True),
    ("DeleteUserPermissionsBoundary", U, True),
    ("PutRolePolicy", {**ON_R, "PolicyDocument": ALLOW_ALL}, True),
    ("DeleteRolePolicy", ON_R, True),
    ("AttachRolePolicy", {**R, **P}, True),
    ("SetDefaultPolicyVersion", {**P, "VersionId": "v3"}, True),
    ("DetachRolePolicy", {**R, **P}, True),
    ("PutRolePermissionsBoundary", {**R, **LIMIT}, True),
    ("DeleteRolePermissionsBoundary", R, True),
    ("TagRole", {**R, "Tags": TAGS}, True),
    ("UntagRole", {**R, "TagKeys": ["Team"]}, True),
    ("UpdateRole", {**R, "MaxSessionDuration": 7_200}, True),
    ("UpdateRoleDescription", {**R, "Description": "for guests"}, True),
    ("UpdateAssumeRolePolicy", {**R, "PolicyDocument": trusting({"AWS": "*"})}, True),
    ("DeleteRole", R, True),
    ("CreateRole", {**R, "AssumeRolePolicyDocument": trusting({"AWS": "*"})}, True),
    ("CreateServiceLinkedRole", {"AWSServiceName": "ecs.amazonaws.com"}, True),
    ("DeleteServiceLinkedRole", {"RoleName": LINKED}, True),
    ("DeletePolicyVersion", {**P, "VersionId": "v2"}, False),
    ("DeletePolicy", P, True),
    ("UpdateUser", {**U, "NewPath": "/a/"}, True),
    ("DeleteUser", U, True),
    ("CreateUser", U, False),
]

# What writes and bears on nothing that is looked at here: papers, passwords, devices, reports,
# settings; what organizations decide bears on memberships, which have tests of their own.
ELSEWHERE = (
    "AccountAlias",
    "AccountPasswordPolicy",
    "ChangePassword",
    "CredentialReport",
    "InstanceProfile",
    "LastAccessed",
    "LoginProfile",
    "MFADevice",
    "OpenIDConnectProvider",
    "OrganizationsRoot",
    "OutboundWebIdentity",
    "SAMLProvider",
    "SSHPublicKey",
    "SecurityTokenService",
    "ServerCertificate",
    "ServiceSpecificCredential",
    "SigningCertificate",
    "TagPolicy",
    "UntagPolicy",
)


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[tuple[Office, Office]]:
    """The same account as two processes see it."""
    here, there = open_directory(tmp_path / "data"), open_directory(tmp_path / "data")
    office = Office(here)
    yield office, beside(office, there)
    here.close()
    there.close()


class Looks:
    """What stores hold of the same few: a user, her key, two roles, a session's policies."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.user = office.new_user("una").principal
        self.role = office.new_role("guest")["RoleId"]
        self.key = office.do("CreateAccessKey", UserName="una")["AccessKey"]["AccessKeyId"]
        self.policy = office.arn("policy/shared")

    def of(self, store: EvidenceStore) -> list[Any]:
        account = self.office.id
        found: list[Any] = [store.access_key(account, self.key), store.account(account)]
        user = store.user(account, self.user.unique_id)
        found.append(user and (user.user, dict(user.context), limits(user.grants)))
        by_id = store.role_by_id(account, self.role)
        for role in (store.role(account, "guest"), store.role(account, LINKED), by_id):
            trust = role and role.trust.documents
            found.append(role and (role.role, role.arn, trust, limits(role.grants)))
        session = store.session_policies(account, self.user.arn, "", (self.policy,))
        return [*found, session.documents]


def limits(grants: Any) -> tuple[Any, Any]:
    """Documents of one text are one, so that they can be compared."""
    return grants.identity.documents, grants.boundary and grants.boundary.documents


def test_memory_and_directory_agree_whatever_iam_changes(offices: tuple[Office, Office]) -> None:
    office, other = offices
    looks, held = Looks(office), office.access.evidence
    held.refresh()
    before = looks.of(held)
    for name, given, changes in SCRIPT:
        filled = {
            key: value.format(policy=looks.policy, key=looks.key)
            if isinstance(value, str) and value.startswith(("{policy", "{key"))
            else value
            for key, value in given.items()
        }
        if name == "DeleteUser":
            listed = other.do("ListAccessKeys", **U)["AccessKeyMetadata"]
            for key in listed:
                other.do("DeleteAccessKey", **U, AccessKeyId=key["AccessKeyId"])
        other.do(name, **filled)
        held.refresh()
        now = looks.of(held)
        assert now == looks.of(EvidenceStore(other.directory)), (name, given)
        assert (now != before) is changes, (name, given)
        before = now


def test_every_change_is_in_the_script() -> None:
    writing = {name[4:] for name, one in OPERATIONS.items() if one.writes and name[:4] == "iam:"}
    bearing = {name for name in writing if not any(part in name for part in ELSEWHERE)}
    assert bearing == {name for name, _, _ in SCRIPT}
