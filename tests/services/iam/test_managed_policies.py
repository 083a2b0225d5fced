"""AWS managed policies, as every account has them (W-166, W-220)."""

from typing import Any

import pytest

from sekisho.access.context import Ambient
from sekisho.access.decide import Ask
from sekisho.model.principal import Caller
from services.iam.office import ALLOW_ALL, NOW, Office, allow

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
LAMBDA = "arn:aws:iam::aws:policy/service-role/AWSLambdaRole"
FOR_SERVICES = "arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy"
NOWHERE = "arn:aws:iam::aws:policy/NoSuchAccess"

CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("DeletePolicy", {}),
    ("CreatePolicyVersion", {"PolicyDocument": ALLOW_ALL}),
    ("DeletePolicyVersion", {"VersionId": "v1"}),
    ("SetDefaultPolicyVersion", {"VersionId": "v1"}),
    ("TagPolicy", {"Tags": [{"Key": "k", "Value": "v"}]}),
    ("UntagPolicy", {"TagKeys": ["k"]}),
]
ATTACHING = [
    ("User", {"UserName": "u"}),
    ("Group", {"GroupName": "g"}),
    ("Role", {"RoleName": "r"}),
]


@pytest.fixture
def furnished(office: Office) -> Office:
    office.new_user("u")
    office.do("CreateGroup", GroupName="g")
    office.new_role("r")
    return office


def may(office: Office, caller: Caller, action: str) -> bool:
    office.access.evidence.refresh()
    ambient = Ambient(float(NOW), "request", "127.0.0.1", secure=True)
    return office.access.decide(caller, ambient, Ask(action, "*", office.id)).decision.allowed


def listed(office: Office, **given: Any) -> list[str]:
    return [policy["Arn"] for policy in office.do("ListPolicies", **given)["Policies"]]


def test_get_policy(office: Office) -> None:
    shown = office.do("GetPolicy", PolicyArn=ADMINISTRATOR)["Policy"]
    assert shown == {
        "PolicyName": "AdministratorAccess",
        "PolicyId": "ANPAIWMBCKSKIEE64ZLYK",
        "Arn": ADMINISTRATOR,
        "Path": "/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 0,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": 1_423_247_986,
        "UpdateDate": 1_423_247_986,
        "Tags": [],
    }
    tags = office.do("ListPolicyTags", PolicyArn=READ_ONLY)
    assert tags == {"Tags": [], "IsTruncated": False}
    told = ("NoSuchEntity", 404, f"Policy {NOWHERE} was not found.")
    assert office.refusal("GetPolicy", PolicyArn=NOWHERE) == told


def test_versions(office: Office) -> None:
    versions = office.do("ListPolicyVersions", PolicyArn=READ_ONLY, MaxItems=1_000)["Versions"]
    default = office.do("GetPolicy", PolicyArn=READ_ONLY)["Policy"]["DefaultVersionId"]
    assert [one["VersionId"] for one in versions if one["IsDefaultVersion"]] == [default]
    assert versions[0]["VersionId"] == default
    for version in (versions[0], versions[-1]):
        name = version["VersionId"]
        got = office.do("GetPolicyVersion", PolicyArn=READ_ONLY, VersionId=name)["PolicyVersion"]
        assert got.pop("Document").startswith('{"Version":"2012-10-17"')
        assert got == version
    told = f"Policy {READ_ONLY} version v999 does not exist or is not attachable."
    said = ("NoSuchEntity", 404, told)
    assert office.refusal("GetPolicyVersion", PolicyArn=READ_ONLY, VersionId="v999") == said


@pytest.mark.parametrize(("kind", "entity"), ATTACHING)
def test_they_can_be_attached(furnished: Office, kind: str, entity: dict[str, str]) -> None:
    attach, detach = f"Attach{kind}Policy", f"Detach{kind}Policy"
    listing = f"ListAttached{kind}Policies"
    own = furnished.new_policy("ReadOnlyAccess")
    other = Office(furnished.directory)
    for arn in (LAMBDA, READ_ONLY, own, READ_ONLY):
        furnished.do(attach, **entity, PolicyArn=arn)
    shown = furnished.do(listing, **entity)["AttachedPolicies"]
    assert shown == [
        {"PolicyName": "AWSLambdaRole", "PolicyArn": LAMBDA},
        {"PolicyName": "ReadOnlyAccess", "PolicyArn": own},
        {"PolicyName": "ReadOnlyAccess", "PolicyArn": READ_ONLY},
    ]
    first = furnished.do(listing, **entity, MaxItems=2)
    rest = furnished.do(listing, **entity, Marker=first["Marker"])
    assert first["AttachedPolicies"] + rest["AttachedPolicies"] == shown
    under = furnished.do(listing, **entity, PathPrefix="/service-role/")["AttachedPolicies"]
    assert under == shown[:1]
    for where, count in ((furnished, 1), (other, 0)):
        assert where.do("GetPolicy", PolicyArn=LAMBDA)["Policy"]["AttachmentCount"] == count
    assert listed(furnished, Scope="AWS", OnlyAttached=True) == [READ_ONLY, LAMBDA]
    assert listed(other, OnlyAttached=True) == []
    furnished.do(detach, **entity, PolicyArn=LAMBDA)
    said = ("NoSuchEntity", 404, f"Policy {LAMBDA} was not found.")
    assert furnished.refusal(detach, **entity, PolicyArn=LAMBDA) == said


@pytest.mark.parametrize(("kind", "entity"), ATTACHING)
def test_some_cannot_be_attached(furnished: Office, kind: str, entity: dict[str, str]) -> None:
    """PE-74, W-220"""
    attach = f"Attach{kind}Policy"
    said = f"Cannot attach a Service Role Policy to a Customer {kind}."
    told = ("PolicyNotAttachable", 400, said)
    assert furnished.refusal(attach, **entity, PolicyArn=FOR_SERVICES) == told
    said = f"Policy {NOWHERE} does not exist or is not attachable."
    assert furnished.refusal(attach, **entity, PolicyArn=NOWHERE) == ("NoSuchEntity", 404, said)


@pytest.mark.parametrize("arn", [FOR_SERVICES, NOWHERE])
def test_some_cannot_be_boundaries(furnished: Office, arn: str) -> None:
    said = ("NoSuchEntity", 404, f"Scope ARN: {arn} does not exist or is not attachable.")
    given = {"UserName": "u", "PermissionsBoundary": arn}
    assert furnished.refusal("PutUserPermissionsBoundary", **given) == said


def test_what_is_attached_is_enforced(furnished: Office) -> None:
    caller = furnished.user("u")
    assert not may(furnished, caller, "iam:ListUsers")
    furnished.do("AttachUserPolicy", UserName="u", PolicyArn=READ_ONLY)
    assert may(furnished, caller, "iam:ListUsers")
    assert not may(furnished, caller, "iam:CreateUser")
    furnished.do("AttachUserPolicy", UserName="u", PolicyArn=ADMINISTRATOR)
    assert may(furnished, caller, "iam:CreateUser")
    furnished.do("PutUserPermissionsBoundary", UserName="u", PermissionsBoundary=READ_ONLY)
    assert not may(furnished, caller, "iam:CreateUser")
    assert may(furnished, caller, "iam:ListUsers")
    shown = furnished.do("GetPolicy", PolicyArn=READ_ONLY)["Policy"]
    assert (shown["AttachmentCount"], shown["PermissionsBoundaryUsageCount"]) == (1, 1)
    entities = furnished.do("ListEntitiesForPolicy", PolicyArn=READ_ONLY)
    assert [user["UserName"] for user in entities["PolicyUsers"]] == ["u"]


@pytest.mark.parametrize(
    ("arns", "reads", "writes"),
    [
        ((READ_ONLY,), True, False),
        ((ADMINISTRATOR,), True, True),
        ((NOWHERE,), False, False),
        ((FOR_SERVICES,), False, False),
    ],
)
def test_they_limit_sessions(
    office: Office, arns: tuple[str, ...], reads: bool, writes: bool
) -> None:
    """PE-93"""
    office.new_role("mighty")
    office.do("AttachRolePolicy", RoleName="mighty", PolicyArn=ADMINISTRATOR)
    caller = office.session("mighty")
    assert caller.session is not None
    limited = caller._replace(session=caller.session._replace(policy_arns=arns))
    assert may(office, limited, "iam:ListUsers") == reads
    assert may(office, limited, "iam:CreateUser") == writes


def test_entities_are_those_of_the_account(office: Office) -> None:
    other = Office(office.directory)
    for where in (office, other):
        where.new_role("worker")
        where.do("AttachRolePolicy", RoleName="worker", PolicyArn=LAMBDA)
    shown = office.do("ListEntitiesForPolicy", PolicyArn=LAMBDA, EntityFilter="AWSManagedPolicy")
    assert [role["RoleName"] for role in shown["PolicyRoles"]] == ["worker"]
    local = office.do("ListEntitiesForPolicy", PolicyArn=LAMBDA, EntityFilter="LocalManagedPolicy")
    assert local["PolicyRoles"] == []


@pytest.mark.parametrize("arn", [ADMINISTRATOR, NOWHERE])
@pytest.mark.parametrize(("name", "given"), CHANGES)
@pytest.mark.parametrize("as_root", [True, False])
def test_nobody_changes_them(
    office: Office, name: str, given: dict[str, Any], arn: str, as_root: bool
) -> None:
    """PE-126, W-175"""
    caller = office.root if as_root else office.new_user("mighty", allow("*"))
    said = (
        f"User: {caller.principal.arn} is not authorized to perform: iam:{name}"
        f" on resource: policy {arn}"
    )
    assert office.refusal(name, caller, PolicyArn=arn, **given) == ("AccessDenied", 403, said)


def test_who_may_not_see_them_is_told_why(furnished: Office) -> None:
    caller = furnished.user("u")
    said = (
        f"User: {caller.principal.arn} is not authorized to perform: iam:GetPolicy on resource:"
        f" policy {NOWHERE} because no identity-based policy allows the iam:GetPolicy action"
    )
    assert furnished.refusal("GetPolicy", caller, PolicyArn=NOWHERE) == ("AccessDenied", 403, said)


def test_lists_show_those_of_the_account_before_those_of_aws(office: Office) -> None:
    b, a, c = office.new_policy("b"), office.new_policy("A"), office.new_policy("c", Path="/x/")
    assert listed(office, MaxItems=4) == [a, b, c, ADMINISTRATOR]
    assert listed(office, Scope="AWS", MaxItems=1) == [ADMINISTRATOR]
    assert listed(office, Scope="Local") == [a, b, c]
    jobs = listed(office, PathPrefix="/job-function/")
    assert "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess" in jobs
    assert all("/job-function/" in arn for arn in jobs)
    assert listed(office, Scope="AWS", PolicyUsageFilter="PermissionsBoundary") == []


def test_a_list_goes_on_after_a_deleted_policy(office: Office) -> None:
    first, second, third = (office.new_policy(name) for name in ("a", "b", "c"))
    marker = office.do("ListPolicies", MaxItems=2)["Marker"]
    for arn in (first, second):
        office.do("DeletePolicy", PolicyArn=arn)
    assert listed(office, MaxItems=2, Marker=marker) == [third, ADMINISTRATOR]
