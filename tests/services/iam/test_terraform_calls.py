"""What Terraform's provider calls of IAM, in its order, each answered from the call before (W-202).

The lists are those of W-180…W-200: made, read, changed, and taken away. W-197 and W-198 are no
calls, or those of W-173.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from services.iam.office import ALLOW_ALL, Office, allow, document, trusting
from services.iam.papers import saml_metadata
from services.iam.test_credentials import codes, new_device

TAGS: dict[str, Any] = {"Tags": [{"Key": "k", "Value": "v"}]}
UNTAG: dict[str, Any] = {"TagKeys": ["k"]}


def gone(office: Office, name: str, **given: Any) -> None:
    """Read once more: Terraform waits for this."""
    assert office.refusal(name, **given)[:2] == ("NoSuchEntity", 404)


def role(office: Office) -> None:
    """W-180"""
    r: dict[str, Any] = {"RoleName": "r"}
    policy, limit = office.new_policy("p"), office.new_policy("limit")
    trust = trusting({"AWS": office.id})
    gone(office, "GetRole", **r)
    made = office.do("CreateRole", **r, AssumeRolePolicyDocument=trust)["Role"]
    office.do("PutRolePolicy", **r, PolicyName="i", PolicyDocument=ALLOW_ALL)
    office.do("AttachRolePolicy", **r, PolicyArn=policy)
    read = office.do("GetRole", **r)["Role"]
    assert read["Arn"] == made["Arn"] == office.arn("role/r")
    assert office.do("ListRolePolicies", **r)["PolicyNames"] == ["i"]
    inline = office.do("GetRolePolicy", **r, PolicyName="i")["PolicyDocument"]
    assert json.loads(inline) == json.loads(ALLOW_ALL)
    (held,) = office.do("ListAttachedRolePolicies", **r)["AttachedPolicies"]
    assert held == {"PolicyName": "p", "PolicyArn": policy}
    office.do("UpdateAssumeRolePolicy", **r, PolicyDocument=trust)
    office.do("UpdateRoleDescription", **r, Description="d")
    office.do("UpdateRole", **r, MaxSessionDuration=7200)
    office.do("PutRolePermissionsBoundary", **r, PermissionsBoundary=limit)
    office.do("DeleteRolePermissionsBoundary", **r)
    office.do("TagRole", **r, **TAGS)
    office.do("UntagRole", **r, **UNTAG)
    office.do("CreateInstanceProfile", InstanceProfileName="ip")
    office.do("AddRoleToInstanceProfile", InstanceProfileName="ip", **r)
    assert office.refusal("DeleteRole", **r)[:2] == ("DeleteConflict", 409)
    (profile,) = office.do("ListInstanceProfilesForRole", **r)["InstanceProfiles"]
    office.do(
        "RemoveRoleFromInstanceProfile",
        InstanceProfileName=profile["InstanceProfileName"],
        **r,
    )
    office.do("DetachRolePolicy", **r, PolicyArn=policy)
    office.do("DeleteRolePolicy", **r, PolicyName="i")
    office.do("DeleteRole", **r)
    gone(office, "GetRole", **r)


def policy(office: Office) -> None:
    """W-181"""
    made = office.do("CreatePolicy", PolicyName="p", PolicyDocument=ALLOW_ALL)["Policy"]
    p = {"PolicyArn": made["Arn"]}
    for _ in range(4):
        office.do("CreatePolicyVersion", **p, PolicyDocument=ALLOW_ALL, SetAsDefault=True)
    version = office.do("GetPolicy", **p)["Policy"]["DefaultVersionId"]
    read = office.do("GetPolicyVersion", **p, VersionId=version)["PolicyVersion"]
    assert json.loads(read["Document"]) == json.loads(ALLOW_ALL)
    versions = office.do("ListPolicyVersions", **p)["Versions"]
    oldest = min(versions, key=lambda one: int(one["VersionId"][1:]))["VersionId"]
    office.do("DeletePolicyVersion", **p, VersionId=oldest)
    new = office.do("CreatePolicyVersion", **p, PolicyDocument=document(allow("s3:Get*")))
    office.do("SetDefaultPolicyVersion", **p, VersionId=new["PolicyVersion"]["VersionId"])
    office.do("TagPolicy", **p, **TAGS)
    office.do("UntagPolicy", **p, **UNTAG)
    for one in office.do("ListPolicyVersions", **p)["Versions"]:
        if not one["IsDefaultVersion"]:
            office.do("DeletePolicyVersion", **p, VersionId=one["VersionId"])
    office.do("DeletePolicy", **p)
    gone(office, "GetPolicy", **p)


def user(office: Office) -> None:
    """W-182, with force_destroy"""
    u: dict[str, Any] = {"UserName": "u"}
    limit = office.new_policy("limit")
    office.do("CreateUser", **u)
    office.do("UpdateUser", **u, NewPath="/team/")
    office.do("PutUserPermissionsBoundary", **u, PermissionsBoundary=limit)
    office.do("DeleteUserPermissionsBoundary", **u)
    office.do("TagUser", **u, **TAGS)
    office.do("UntagUser", **u, **UNTAG)
    assert office.do("GetUser", **u)["User"]["Arn"] == office.arn("user/team/u")
    office.do("CreateGroup", GroupName="g")
    office.do("AddUserToGroup", GroupName="g", **u)
    office.do("CreateAccessKey", **u)
    office.do("CreateLoginProfile", **u, Password="Open-Sesame-1")
    serial, seed = new_device(office)
    office.do("EnableMFADevice", **u, SerialNumber=serial, **codes(seed))
    (group,) = office.do("ListGroupsForUser", **u)["Groups"]
    office.do("RemoveUserFromGroup", GroupName=group["GroupName"], **u)
    for key in office.do("ListAccessKeys", **u)["AccessKeyMetadata"]:
        office.do("DeleteAccessKey", **u, AccessKeyId=key["AccessKeyId"])
    assert office.do("ListSSHPublicKeys", **u)["SSHPublicKeys"] == []
    assigned = office.do("ListVirtualMFADevices", AssignmentStatus="Assigned")
    assert [one["SerialNumber"] for one in assigned["VirtualMFADevices"]] == [serial]
    for device in office.do("ListMFADevices", **u)["MFADevices"]:
        office.do("DeactivateMFADevice", **u, SerialNumber=device["SerialNumber"])
        office.do("DeleteVirtualMFADevice", SerialNumber=device["SerialNumber"])
    office.do("DeleteLoginProfile", **u)
    assert office.do("ListSigningCertificates", **u)["Certificates"] == []
    assert office.do("ListServiceSpecificCredentials", **u)["ServiceSpecificCredentials"] == []
    office.do("DeleteUser", **u)
    gone(office, "GetUser", **u)


def group(office: Office) -> None:
    """W-183, W-184"""
    office.new_user("u")
    office.do("CreateGroup", GroupName="g")
    office.do("AddUserToGroup", GroupName="g", UserName="u")
    read = office.do("GetGroup", GroupName="g")
    assert [one["UserName"] for one in read["Users"]] == ["u"]
    assert office.do("ListGroupsForUser", UserName="u")["Groups"] == [read["Group"]]
    office.do("UpdateGroup", GroupName="g", NewGroupName="h")
    office.do("RemoveUserFromGroup", GroupName="h", UserName="u")
    office.do("DeleteGroup", GroupName="h")
    gone(office, "GetGroup", GroupName="h")


def access_key(office: Office) -> None:
    """W-185"""
    office.new_user("u")
    made = office.do("CreateAccessKey", UserName="u")["AccessKey"]
    key = {"UserName": "u", "AccessKeyId": made["AccessKeyId"]}
    office.do("UpdateAccessKey", **key, Status="Inactive")
    (read,) = office.do("ListAccessKeys", UserName="u")["AccessKeyMetadata"]
    assert read["Status"] == "Inactive"
    office.do("DeleteAccessKey", **key)
    assert office.do("ListAccessKeys", UserName="u")["AccessKeyMetadata"] == []


def policies_of_entities(office: Office) -> None:
    """W-186…W-188"""
    arn = office.new_policy("p")
    office.new_user("u")
    office.new_role("r")
    office.do("CreateGroup", GroupName="g")
    entities = {"User": "u", "Role": "r", "Group": "g"}
    for kind, name in entities.items():
        given = {f"{kind}Name": name}
        for _ in range(2):
            office.do(f"Put{kind}Policy", **given, PolicyName="i", PolicyDocument=ALLOW_ALL)
        assert office.do(f"Get{kind}Policy", **given, PolicyName="i")["PolicyName"] == "i"
        office.do(f"Delete{kind}Policy", **given, PolicyName="i")
        gone(office, f"Get{kind}Policy", **given, PolicyName="i")
        office.do(f"Attach{kind}Policy", **given, PolicyArn=arn)
        (held,) = office.do(f"ListAttached{kind}Policies", **given)["AttachedPolicies"]
        assert held["PolicyArn"] == arn
    assert office.do("GetPolicy", PolicyArn=arn)["Policy"]["AttachmentCount"] == 3
    listed = office.do("ListEntitiesForPolicy", PolicyArn=arn)
    for kind, name in entities.items():
        assert [one[f"{kind}Name"] for one in listed[f"Policy{kind}s"]] == [name]
        office.do(f"Detach{kind}Policy", **{f"{kind}Name": name}, PolicyArn=arn)


def instance_profile(office: Office) -> None:
    """W-189"""
    ip: dict[str, Any] = {"InstanceProfileName": "ip"}
    office.do("CreateInstanceProfile", **ip)
    for _ in range(3):
        office.do("GetInstanceProfile", **ip)
    code, _, said = office.refusal("AddRoleToInstanceProfile", **ip, RoleName="r")
    assert code == "NoSuchEntity"
    assert "The role with name" in said
    office.new_role("r")
    office.do("AddRoleToInstanceProfile", **ip, RoleName="r")
    (held,) = office.do("GetInstanceProfile", **ip)["InstanceProfile"]["Roles"]
    assert held["Arn"] == office.do("GetRole", RoleName="r")["Role"]["Arn"]
    office.do("TagInstanceProfile", **ip, **TAGS)
    office.do("UntagInstanceProfile", **ip, **UNTAG)
    office.do("RemoveRoleFromInstanceProfile", **ip, RoleName="r")
    office.do("DeleteInstanceProfile", **ip)
    gone(office, "GetInstanceProfile", **ip)


def identity_providers(office: Office) -> None:
    """W-190, W-191"""
    thumbprint = {"ThumbprintList": ["a" * 40]}
    given = {"Url": "https://idp.example", "ClientIDList": ["one"], **thumbprint}
    arn = office.do("CreateOpenIDConnectProvider", **given)["OpenIDConnectProviderArn"]
    oidc = {"OpenIDConnectProviderArn": arn}
    office.do("UpdateOpenIDConnectProviderThumbprint", **oidc, **thumbprint)
    office.do("AddClientIDToOpenIDConnectProvider", **oidc, ClientID="two")
    office.do("RemoveClientIDFromOpenIDConnectProvider", **oidc, ClientID="one")
    office.do("TagOpenIDConnectProvider", **oidc, **TAGS)
    office.do("UntagOpenIDConnectProvider", **oidc, **UNTAG)
    read = office.do("GetOpenIDConnectProvider", **oidc)
    assert (read["Url"], read["ClientIDList"]) == ("idp.example", ["two"])
    office.do("DeleteOpenIDConnectProvider", **oidc)
    gone(office, "GetOpenIDConnectProvider", **oidc)
    given = {"Name": "idp", "SAMLMetadataDocument": saml_metadata()}
    saml = {"SAMLProviderArn": office.do("CreateSAMLProvider", **given)["SAMLProviderArn"]}
    assert office.do("GetSAMLProvider", **saml)["SAMLMetadataDocument"] == saml_metadata()
    office.do("UpdateSAMLProvider", **saml, SAMLMetadataDocument=saml_metadata())
    office.do("TagSAMLProvider", **saml, **TAGS)
    office.do("UntagSAMLProvider", **saml, **UNTAG)
    office.do("DeleteSAMLProvider", **saml)
    gone(office, "GetSAMLProvider", **saml)


def account(office: Office) -> None:
    """W-192…W-195"""
    alias = f"alias-{office.id}"
    office.do("CreateAccountAlias", AccountAlias=alias)
    assert office.do("ListAccountAliases")["AccountAliases"] == [alias]
    office.do("DeleteAccountAlias", AccountAlias=alias)
    gone(office, "GetAccountPasswordPolicy")
    office.do("UpdateAccountPasswordPolicy", MinimumPasswordLength=12)
    read = office.do("GetAccountPasswordPolicy")["PasswordPolicy"]
    assert read["MinimumPasswordLength"] == 12
    office.do("DeleteAccountPasswordPolicy")
    office.new_user("u")
    office.do("CreateLoginProfile", UserName="u", Password="Open-Sesame-1")
    assert office.do("GetLoginProfile", UserName="u")["LoginProfile"]["UserName"] == "u"
    office.do("DeleteLoginProfile", UserName="u")
    gone(office, "GetLoginProfile", UserName="u")
    serial, _ = new_device(office)
    office.do("TagMFADevice", SerialNumber=serial, **TAGS)
    office.do("UntagMFADevice", SerialNumber=serial, **UNTAG)
    office.do("DeleteVirtualMFADevice", SerialNumber=serial)
    assert office.do("ListVirtualMFADevices")["VirtualMFADevices"] == []


def service_linked_role(office: Office) -> None:
    """W-196"""
    given = {"AWSServiceName": "elasticbeanstalk.amazonaws.com"}
    made = office.do("CreateServiceLinkedRole", **given)["Role"]
    name = {"RoleName": made["RoleName"]}
    office.do("TagRole", **name, **TAGS)
    office.do("UpdateRole", **name, Description="d")
    assert office.do("GetRole", **name)["Role"]["Description"] == "d"
    task = office.do("DeleteServiceLinkedRole", **name)["DeletionTaskId"]
    told = office.do("GetServiceLinkedRoleDeletionStatus", DeletionTaskId=task)
    assert told["Status"] == "SUCCEEDED"
    gone(office, "GetRole", **name)


def data_sources(office: Office) -> None:
    """W-178, W-198…W-200"""
    office.new_user("u")
    arn = office.new_role("r")["Arn"]
    assert office.do("ListRoles", MaxItems=1)["Roles"][0]["Arn"] == arn
    assert [one["UserName"] for one in office.do("ListUsers")["Users"]] == ["u"]
    local = office.do("ListPolicies", Scope="Local", PathPrefix="/")["Policies"]
    assert local == []
    given = {"PolicySourceArn": arn, "ActionNames": ["s3:GetObject"], "ResourceArns": ["*"]}
    (result,) = office.do("SimulatePrincipalPolicy", **given)["EvaluationResults"]
    assert result["EvalDecision"] == "implicitDeny"


RESOURCES = [
    role,
    policy,
    user,
    group,
    access_key,
    policies_of_entities,
    instance_profile,
    identity_providers,
    account,
    service_linked_role,
    data_sources,
]


@pytest.mark.parametrize("calls", RESOURCES, ids=lambda calls: calls.__name__)
def test_what_terraform_calls_is_answered(office: Office, calls: Callable[[Office], None]) -> None:
    calls(office)
