"""What each operation asks leave for, and how a denial reads (PE-48, PE-168, PE-190, W-150)."""

from typing import Any

import pytest

from sekisho.access.context import Ambient
from sekisho.access.decide import Ask
from sekisho.catalog.authorization import service_authorization
from sekisho.services import OPERATIONS, Call, Desk
from services.iam.office import ALLOW_ALL, Office, allow, trusting

TRUST = trusting({"AWS": "*"})
TAGS = [{"Key": "Team", "Value": "blue"}]


@pytest.fixture
def furnished(office: Office) -> Office:
    """With a user, a group, a role and policies, most of them tagged; nobody may do a thing."""
    office.new_policy("limit")
    office.new_policy("p", Path="/x/", Tags=TAGS)
    limit = office.arn("policy/limit")
    office.do("CreateUser", UserName="u", Path="/x/", PermissionsBoundary=limit, Tags=TAGS)
    office.do("CreateGroup", GroupName="g", Path="/x/")
    office.new_role("r", Path="/x/", Tags=TAGS)
    office.new_user("nobody")
    return office


def asked(office: Office, name: str, **given: Any) -> list[Ask]:
    call = Call(office.root, given, Ambient(0, "request", "127.0.0.1", secure=True))
    with office.directory.reading() as tx:
        return list(OPERATIONS[f"iam:{name}"].asks(call, Desk(tx, office.directory, office.access)))


DENIALS: list[tuple[str, dict[str, Any], str]] = [
    ("CreateUser", {"UserName": "new", "Path": "/a/"}, "arn:aws:iam::{id}:user/a/new"),
    ("GetUser", {"UserName": "U"}, "user U"),
    ("GetUser", {"UserName": "nope"}, "user nope"),
    ("ListUsers", {}, "arn:aws:iam::{id}:user/"),
    ("ListUsers", {"PathPrefix": "/x/"}, "arn:aws:iam::{id}:user/x/"),
    ("ListGroups", {}, "arn:aws:iam::{id}:group/"),
    ("ListRoles", {}, "arn:aws:iam::{id}:role/"),
    ("ListPolicies", {}, "policy path /"),
    ("ListVirtualMFADevices", {}, "arn:aws:iam::{id}:mfa/"),
    ("ListAccountAliases", {}, "*"),
    ("CreateGroup", {"GroupName": "new"}, "arn:aws:iam::{id}:group/new"),
    ("AddUserToGroup", {"GroupName": "g", "UserName": "u"}, "group g"),
    ("PutGroupPolicy", {"GroupName": "g", "PolicyName": "i", "PolicyDocument": "{}"}, "group g"),
    (
        "CreateRole",
        {"RoleName": "new", "AssumeRolePolicyDocument": TRUST},
        "arn:aws:iam::{id}:role/new",
    ),
    ("GetRole", {"RoleName": "r"}, "role r"),
    ("DeleteRole", {"RoleName": "nope"}, "role nope"),
    ("AttachRolePolicy", {"RoleName": "r", "PolicyArn": "arn:aws:iam::{id}:policy/p"}, "role r"),
    ("CreatePolicy", {"PolicyName": "new", "PolicyDocument": "{}"}, "policy new"),
    (
        "GetPolicy",
        {"PolicyArn": "arn:aws:iam::{id}:policy/x/p"},
        "policy arn:aws:iam::{id}:policy/x/p",
    ),
    ("CreateAccessKey", {"UserName": "u"}, "user u"),
    ("ListMFADevices", {}, "user nobody"),
    (
        "CreateVirtualMFADevice",
        {"VirtualMFADeviceName": "phone"},
        "arn:aws:iam::{id}:mfa/phone",
    ),
]


@pytest.mark.parametrize(("name", "given", "shown"), DENIALS)
def test_who_may_nothing_is_told_what_was_asked(
    furnished: Office, name: str, given: dict[str, Any], shown: str
) -> None:
    """W-144, W-145, W-150; the same whether or not it exists, and before documents are read."""
    given = {
        key: value.format(id=furnished.id) if key == "PolicyArn" else value
        for key, value in given.items()
    }
    nobody = furnished.user("nobody")
    assert furnished.refusal(name, nobody, **given) == (
        "AccessDenied",
        403,
        f"User: {nobody.principal.arn} is not authorized to perform: iam:{name} on resource:"
        f" {shown.format(id=furnished.id)} because no identity-based policy allows the"
        f" iam:{name} action",
    )


@pytest.mark.parametrize(
    ("name", "given", "resources"),
    [
        ("GetUser", {"UserName": "U"}, ["user/x/u"]),
        ("GetUser", {"UserName": "Nope"}, ["user/Nope"]),
        ("GetUser", {}, ["root"]),
        ("ListAccessKeys", {}, ["root"]),
        ("UpdateUser", {"UserName": "u", "NewUserName": "v"}, ["user/x/u", "user/x/v"]),
        ("UpdateUser", {"UserName": "u", "NewPath": "/"}, ["user/x/u", "user/u"]),
        ("UpdateUser", {"UserName": "u"}, ["user/x/u"]),
        ("UpdateUser", {"UserName": "nope", "NewUserName": "v"}, ["user/nope"]),
        ("UpdateGroup", {"GroupName": "G", "NewGroupName": "h"}, ["group/x/g", "group/x/h"]),
        ("RemoveUserFromGroup", {"GroupName": "g", "UserName": "u"}, ["group/x/g"]),
        ("ListGroupsForUser", {"UserName": "u"}, ["user/x/u"]),
        ("GetRole", {"RoleName": "R"}, ["role/x/r"]),
        ("CreatePolicy", {"PolicyName": "new", "Path": "/a/"}, ["policy/a/new"]),
    ],
)
def test_resources_are_arns_as_they_are_kept(
    furnished: Office, name: str, given: dict[str, Any], resources: list[str]
) -> None:
    """Who is denied `user/x/u` is denied `U` as well."""
    wanted = [furnished.arn(resource) for resource in resources]
    assert [ask.resource for ask in asked(furnished, name, **given)] == wanted


@pytest.mark.parametrize("name", ["ListUsers", "ListGroups", "ListRoles", "ListPolicies"])
def test_lists_have_no_resource(furnished: Office, name: str) -> None:
    """PE-48"""
    (ask,) = asked(furnished, name)
    assert (ask.action, ask.resource, ask.owner) == (f"iam:{name}", "*", furnished.id)


OWN_TAG = {"aws:resourcetag/team": "blue", "iam:resourcetag/team": "blue"}
PASSED = {"aws:requesttag/team": "blue", "aws:tagkeys": ("Team",)}


@pytest.mark.parametrize(
    ("name", "given", "context"),
    [
        ("GetUser", {"UserName": "u"}, OWN_TAG),
        ("GetRole", {"RoleName": "r"}, OWN_TAG),
        ("GetGroup", {"GroupName": "g"}, {}),
        ("GetPolicy", {"PolicyArn": "{x}p"}, {"aws:resourcetag/team": "blue"}),
        ("DeletePolicy", {"PolicyArn": "{x}p"}, {"aws:resourcetag/team": "blue"}),
        ("GetUser", {"UserName": "nope"}, {}),
        ("TagUser", {"UserName": "u", "Tags": TAGS}, {**OWN_TAG, **PASSED}),
        ("TagUser", {"UserName": "u", "Tags": []}, OWN_TAG),
        ("UntagRole", {"RoleName": "r", "TagKeys": ["A"]}, {**OWN_TAG, "aws:tagkeys": ("A",)}),
        (
            "AttachUserPolicy",
            {"UserName": "u", "PolicyArn": "{x}p"},
            {**OWN_TAG, "iam:permissionsboundary": "{limit}", "iam:policyarn": "{x}p"},
        ),
        ("DetachGroupPolicy", {"GroupName": "g", "PolicyArn": "{x}p"}, {"iam:policyarn": "{x}p"}),
        (
            "PutUserPolicy",
            {"UserName": "u"},
            {**OWN_TAG, "iam:permissionsboundary": "{limit}"},
        ),
        ("PutRolePolicy", {"RoleName": "r"}, OWN_TAG),
        ("GetUserPolicy", {"UserName": "u"}, OWN_TAG),
        (
            "DeleteUserPermissionsBoundary",
            {"UserName": "u"},
            {**OWN_TAG, "iam:permissionsboundary": "{limit}"},
        ),
        (
            "PutUserPermissionsBoundary",
            {"UserName": "u", "PermissionsBoundary": "{x}p"},
            {**OWN_TAG, "iam:permissionsboundary": "{x}p"},
        ),
        (
            "CreateUser",
            {"UserName": "new", "PermissionsBoundary": "{limit}"},
            {"iam:permissionsboundary": "{limit}"},
        ),
        ("CreateRole", {"RoleName": "new"}, {}),
    ],
)
def test_context_of_a_call(
    furnished: Office, name: str, given: dict[str, Any], context: dict[str, Any]
) -> None:
    """PE-168…PE-171, PE-190: a key that does not belong to the action is absent."""

    def filled(values: dict[str, Any]) -> dict[str, Any]:
        arns = {"{x}p": furnished.arn("policy/x/p"), "{limit}": furnished.arn("policy/limit")}
        return {
            key: arns.get(value, value) if isinstance(value, str) else value
            for key, value in values.items()
        }

    (ask,) = asked(furnished, name, **filled(given))
    assert dict(ask.context) == filled(context)


@pytest.mark.parametrize(
    ("name", "given", "tagging"),
    [
        ("CreateUser", {"UserName": "new"}, "iam:TagUser"),
        ("CreateRole", {"RoleName": "new"}, "iam:TagRole"),
        ("CreatePolicy", {"PolicyName": "new"}, "iam:TagPolicy"),
        ("CreateVirtualMFADevice", {"VirtualMFADeviceName": "new"}, "iam:TagMFADevice"),
    ],
)
def test_who_creates_with_tags_needs_leave_to_tag(
    furnished: Office, name: str, given: dict[str, Any], tagging: str
) -> None:
    create, tag = asked(furnished, name, **given, Tags=TAGS)
    assert (create.action, tag.action) == (f"iam:{name}", tagging)
    assert create.resource == tag.resource
    assert dict(create.context) == dict(tag.context) == {**PASSED, "aws:resourcetag/team": "blue"}


def test_the_boundary_is_a_key_of_creation_alone(furnished: Office) -> None:
    limit = furnished.arn("policy/limit")
    create, tag = asked(furnished, "CreateUser", UserName="n", PermissionsBoundary=limit, Tags=TAGS)
    assert create.context["iam:permissionsboundary"] == limit
    assert "iam:permissionsboundary" not in tag.context


def declared(key: str) -> list[str]:
    """The served actions that AWS declares a condition key for."""
    known = service_authorization("iam")
    assert known is not None
    return [
        action.name
        for action in known.actions.values()
        if action.full_name in OPERATIONS
        and any(key == one.name for used in action.resources for one in used.keys)
        | any(key == one.name for one in action.keys)
    ]


@pytest.mark.parametrize("name", declared("iam:PermissionsBoundary"))
def test_the_boundary_is_a_key_wherever_aws_declares_it(furnished: Office, name: str) -> None:
    """PE-190. Else a Deny on roles under a boundary would not hold for all that changes them."""
    limit = furnished.arn("policy/limit")
    furnished.new_role("bounded", PermissionsBoundary=limit)
    given = {
        "UserName": "u",
        "RoleName": "bounded",
        "PolicyArn": limit,
        "PermissionsBoundary": limit,
    }
    (ask,) = asked(furnished, name, **given)
    assert ask.context["iam:permissionsboundary"] == limit


@pytest.mark.parametrize("name", declared("iam:ServiceSpecificCredentialServiceName"))
def test_the_service_is_a_key_wherever_aws_declares_it(furnished: Office, name: str) -> None:
    """PE-190"""
    service = "codecommit.amazonaws.com"
    made = furnished.do("CreateServiceSpecificCredential", UserName="u", ServiceName=service)
    given = {
        "UserName": "u",
        "ServiceName": service,
        "ServiceSpecificCredentialId": made["ServiceSpecificCredential"][
            "ServiceSpecificCredentialId"
        ],
    }
    (ask,) = asked(furnished, name, **given)
    assert ask.context["iam:servicespecificcredentialservicename"] == service


def test_delegation_under_a_boundary(office: Office) -> None:
    """A delegate may make users only under the boundary, and may not take it away."""
    limit, other = office.new_policy("limit"), office.new_policy("other")
    held = {"StringEquals": {"iam:PermissionsBoundary": limit}}
    delegate = office.new_user(
        "delegate",
        allow(["iam:CreateUser", "iam:AttachUserPolicy", "iam:PutUserPolicy"], Condition=held),
        allow("iam:PutUserPermissionsBoundary", Condition=held),
    )
    office.new_user("free")
    office.do("CreateUser", delegate, UserName="u", PermissionsBoundary=limit)
    office.do("AttachUserPolicy", delegate, UserName="u", PolicyArn=other)
    for name, given in (
        ("CreateUser", {"UserName": "v"}),
        ("CreateUser", {"UserName": "v", "PermissionsBoundary": other}),
        ("AttachUserPolicy", {"UserName": "free", "PolicyArn": other}),
        ("PutUserPolicy", {"UserName": "free", "PolicyName": "i", "PolicyDocument": ALLOW_ALL}),
        ("PutUserPermissionsBoundary", {"UserName": "u", "PermissionsBoundary": other}),
        ("DeleteUserPermissionsBoundary", {"UserName": "u"}),
    ):
        assert office.refusal(name, delegate, **given)[0] == "AccessDenied"


def test_a_refused_call_leaves_nothing_behind(office: Office) -> None:
    creator = office.new_user("creator", allow("iam:CreateUser"))
    given = {"UserName": "new", "Tags": TAGS}
    assert "iam:TagUser" in office.refusal("CreateUser", creator, **given)[2]
    assert office.refusal("GetUser", UserName="new")[0] == "NoSuchEntity"


def test_a_deny_cannot_be_got_round_by_case(office: Office) -> None:
    deny = {"Effect": "Deny", "Action": "iam:*", "Resource": office.arn("user/target")}
    insider = office.new_user("insider", allow("iam:*"), deny)
    office.new_user("target")
    for name in ("target", "TARGET", "Target"):
        assert office.refusal("CreateAccessKey", insider, UserName=name)[0] == "AccessDenied"


def test_every_operation_that_changes_something_writes() -> None:
    reading = ("Get", "List", "Simulate")
    for name, operation in OPERATIONS.items():
        service, _, bare = name.partition(":")
        if service == "iam":
            assert operation.writes is not bare.startswith(reading), name
