"""Every list of IAM that is read in pages: how things are put there and taken away again."""

import base64
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sekisho.model.arn import iam_arn
from sekisho.services.totp import code_at, step_at
from services.iam.office import ALLOW_ALL, Office
from services.iam.papers import certificate_pem, private_pem, saml_metadata, ssh_public


class Shelf(NamedTuple):
    """A list. listed: the members of the answer that it is in. of: what is asked for.

    shown: the id of an entry, out of it. put: makes an entry of a name; its id. take: removes the
    entry of a name and an id. most: entries there may be.
    """

    listed: tuple[str, ...]
    shown: Callable[[Any], str]
    put: Callable[[Office, str], str]
    take: Callable[[Office, str, str], Any]
    of: Callable[[Office], Mapping[str, Any]] = lambda office: {}
    begin: Callable[[Office], Any] = lambda office: None
    most: int = 8


def named(member: str) -> Callable[[Any], str]:
    return lambda entry: str(entry[member])


def put_named(operation: str, member: str, **more: Any) -> Callable[[Office, str], str]:
    def put(office: Office, name: str) -> str:
        office.do(operation, **{member: name}, **more)
        return name

    return put


def take_named(operation: str, member: str, **more: Any) -> Callable[[Office, str, str], Any]:
    return lambda office, name, _id: office.do(operation, **{member: name}, **more)


def new_role(office: Office, name: str) -> str:
    office.new_role(name)
    return name


def in_group(office: Office, name: str) -> str:
    office.do("CreateUser", UserName=name)
    office.do("AddUserToGroup", GroupName="g", UserName=name)
    return name


def out_of_group(office: Office, name: str, _id: str) -> None:
    office.do("RemoveUserFromGroup", GroupName="g", UserName=name)
    office.do("DeleteUser", UserName=name)


def group_of_user(office: Office, name: str) -> str:
    office.do("CreateGroup", GroupName=name)
    office.do("AddUserToGroup", GroupName=name, UserName="u")
    return name


def leave_group(office: Office, name: str, _id: str) -> None:
    office.do("RemoveUserFromGroup", GroupName=name, UserName="u")
    office.do("DeleteGroup", GroupName=name)


def policy(office: Office) -> str:
    return office.arn("policy/p")


def new_version(office: Office, _name: str) -> str:
    made = office.do("CreatePolicyVersion", PolicyArn=policy(office), PolicyDocument=ALLOW_ALL)
    return str(made["PolicyVersion"]["VersionId"])


def drop_version(office: Office, _name: str, version: str) -> None:
    office.do("DeletePolicyVersion", PolicyArn=policy(office), VersionId=version)


def attached(kind: str, member: str) -> Shelf:
    """What is attached to a user, a group or a role called u."""

    def put(office: Office, name: str) -> str:
        arn = office.new_policy(name)
        office.do(f"Attach{kind}Policy", PolicyArn=arn, **{member: "u"})
        return arn

    def take(office: Office, _name: str, arn: str) -> None:
        office.do(f"Detach{kind}Policy", PolicyArn=arn, **{member: "u"})
        office.do("DeletePolicy", PolicyArn=arn)

    of = {member: "u"}
    return Shelf(("AttachedPolicies",), named("PolicyArn"), put, take, lambda _: of, MAKE[kind])


def inline(kind: str, member: str) -> Shelf:
    given = {member: "u"}
    put = put_named(f"Put{kind}Policy", "PolicyName", PolicyDocument=ALLOW_ALL, **given)
    take = take_named(f"Delete{kind}Policy", "PolicyName", **given)
    return Shelf(("PolicyNames",), str, put, take, lambda _: given, MAKE[kind])


def kind_of(name: str) -> str:
    """Who is called so; all three kinds are among them."""
    return ("User", "Group", "Role")[sum(map(ord, name)) % 3]


def user_of_policy(office: Office, name: str) -> str:
    kind = kind_of(name)
    if kind == "Role":
        office.new_role(name)
    else:
        office.do(f"Create{kind}", **{f"{kind}Name": name})
    office.do(f"Attach{kind}Policy", PolicyArn=policy(office), **{f"{kind}Name": name})
    return name


def no_user_of_policy(office: Office, name: str, _id: str) -> None:
    kind = kind_of(name)
    office.do(f"Detach{kind}Policy", PolicyArn=policy(office), **{f"{kind}Name": name})
    office.do(f"Delete{kind}", **{f"{kind}Name": name})


def in_profile(office: Office, name: str) -> str:
    office.do("CreateInstanceProfile", InstanceProfileName=name)
    office.do("AddRoleToInstanceProfile", InstanceProfileName=name, RoleName="u")
    return name


def out_of_profile(office: Office, name: str, _id: str) -> None:
    office.do("RemoveRoleFromInstanceProfile", InstanceProfileName=name, RoleName="u")
    office.do("DeleteInstanceProfile", InstanceProfileName=name)


def new_device(office: Office, name: str) -> str:
    made = office.do("CreateVirtualMFADevice", VirtualMFADeviceName=name)
    return str(made["VirtualMFADevice"]["SerialNumber"])


def enabled_device(office: Office, name: str) -> str:
    made = office.do("CreateVirtualMFADevice", VirtualMFADeviceName=name)["VirtualMFADevice"]
    serial = str(made["SerialNumber"])
    seed, step = base64.b32decode(made["Base32StringSeed"]), step_at(office.now)
    shown = {
        "AuthenticationCode1": code_at(seed, step - 1),
        "AuthenticationCode2": code_at(seed, step),
    }
    office.do("EnableMFADevice", UserName="u", SerialNumber=serial, **shown)
    return serial


def drop_enabled_device(office: Office, _name: str, serial: str) -> None:
    office.do("DeactivateMFADevice", UserName="u", SerialNumber=serial)
    office.do("DeleteVirtualMFADevice", SerialNumber=serial)


def new_key(office: Office, _name: str) -> str:
    return str(office.do("CreateAccessKey", UserName="u")["AccessKey"]["AccessKeyId"])


def new_ssh_key(office: Office, name: str) -> str:
    given = {"UserName": "u", "SSHPublicKeyBody": ssh_public(f"page {name[0]}")}
    return str(office.do("UploadSSHPublicKey", **given)["SSHPublicKey"]["SSHPublicKeyId"])


def new_certificate(office: Office, name: str) -> str:
    given = {"UserName": "u", "CertificateBody": certificate_pem(f"page {name[0]}")}
    return str(office.do("UploadSigningCertificate", **given)["Certificate"]["CertificateId"])


def new_credential(office: Office, name: str) -> str:
    office.do("CreateUser", UserName=name)
    given = {"UserName": name, "ServiceName": "codecommit.amazonaws.com"}
    made = office.do("CreateServiceSpecificCredential", **given)["ServiceSpecificCredential"]
    return str(made["ServiceSpecificCredentialId"])


def drop_credential(office: Office, name: str, credential: str) -> None:
    given = {"UserName": name, "ServiceSpecificCredentialId": credential}
    office.do("DeleteServiceSpecificCredential", **given)
    office.do("DeleteUser", UserName=name)


def new_server_certificate(office: Office, name: str) -> str:
    given = {"CertificateBody": certificate_pem(), "PrivateKey": private_pem()}
    office.do("UploadServerCertificate", ServerCertificateName=name, **given)
    return name


def tags(
    kind: str, member: str, of: Callable[[Office], str], begin: Callable[[Office], Any]
) -> Shelf:
    def given(office: Office) -> dict[str, str]:
        return {member: of(office)}

    def put(office: Office, name: str) -> str:
        office.do(f"Tag{kind}", Tags=[{"Key": name, "Value": ""}], **given(office))
        return name

    def take(office: Office, name: str, _id: str) -> None:
        office.do(f"Untag{kind}", TagKeys=[name], **given(office))

    return Shelf(("Tags",), named("Key"), put, take, given, begin)


def saml(office: Office) -> None:
    office.do("CreateSAMLProvider", Name="u", SAMLMetadataDocument=saml_metadata())


def oidc(office: Office) -> None:
    office.do("CreateOpenIDConnectProvider", Url="https://u.example", ThumbprintList=["a" * 40])


MAKE: dict[str, Callable[[Office], Any]] = {
    "User": lambda office: office.new_user("u"),
    "Group": lambda office: office.do("CreateGroup", GroupName="u"),
    "Role": lambda office: office.new_role("u"),
}
OF_U = {"UserName": "u"}


def entity_name(entry: Mapping[str, str]) -> str:
    return next(entry[name] for name in ("UserName", "GroupName", "RoleName") if name in entry)


SHELVES: dict[str, Shelf] = {
    "ListUsers": Shelf(
        ("Users",),
        named("UserName"),
        put_named("CreateUser", "UserName"),
        take_named("DeleteUser", "UserName"),
    ),
    "GetGroup": Shelf(
        ("Users",),
        named("UserName"),
        in_group,
        out_of_group,
        lambda _: {"GroupName": "g"},
        lambda office: office.do("CreateGroup", GroupName="g"),
    ),
    "ListGroups": Shelf(
        ("Groups",),
        named("GroupName"),
        put_named("CreateGroup", "GroupName"),
        take_named("DeleteGroup", "GroupName"),
    ),
    "ListGroupsForUser": Shelf(
        ("Groups",), named("GroupName"), group_of_user, leave_group, lambda _: OF_U, MAKE["User"]
    ),
    "ListRoles": Shelf(
        ("Roles",), named("RoleName"), new_role, take_named("DeleteRole", "RoleName")
    ),
    "ListPolicies": Shelf(
        ("Policies",),
        named("Arn"),
        lambda office, name: office.new_policy(name),
        lambda office, _, arn: office.do("DeletePolicy", PolicyArn=arn),
        lambda _: {"Scope": "Local"},
    ),
    "ListPolicyVersions": Shelf(
        ("Versions",),
        named("VersionId"),
        new_version,
        drop_version,
        lambda office: {"PolicyArn": policy(office)},
        lambda office: office.new_policy("p"),
        most=4,
    ),
    "ListEntitiesForPolicy": Shelf(
        ("PolicyGroups", "PolicyUsers", "PolicyRoles"),
        entity_name,
        user_of_policy,
        no_user_of_policy,
        lambda office: {"PolicyArn": policy(office)},
        lambda office: office.new_policy("p"),
    ),
    "GetAccountAuthorizationDetails": Shelf(
        ("UserDetailList", "GroupDetailList", "RoleDetailList"),
        entity_name,
        user_of_policy,
        no_user_of_policy,
        lambda _: {"Filter": ["User", "Group", "Role"]},
        lambda office: office.new_policy("p"),
    ),
    "ListAttachedUserPolicies": attached("User", "UserName"),
    "ListAttachedGroupPolicies": attached("Group", "GroupName"),
    "ListAttachedRolePolicies": attached("Role", "RoleName"),
    "ListUserPolicies": inline("User", "UserName"),
    "ListGroupPolicies": inline("Group", "GroupName"),
    "ListRolePolicies": inline("Role", "RoleName"),
    "ListInstanceProfiles": Shelf(
        ("InstanceProfiles",),
        named("InstanceProfileName"),
        put_named("CreateInstanceProfile", "InstanceProfileName"),
        take_named("DeleteInstanceProfile", "InstanceProfileName"),
    ),
    "ListInstanceProfilesForRole": Shelf(
        ("InstanceProfiles",),
        named("InstanceProfileName"),
        in_profile,
        out_of_profile,
        lambda _: {"RoleName": "u"},
        MAKE["Role"],
    ),
    "ListVirtualMFADevices": Shelf(
        ("VirtualMFADevices",),
        named("SerialNumber"),
        new_device,
        lambda office, _, serial: office.do("DeleteVirtualMFADevice", SerialNumber=serial),
    ),
    "ListMFADevices": Shelf(
        ("MFADevices",),
        named("SerialNumber"),
        enabled_device,
        drop_enabled_device,
        lambda _: OF_U,
        MAKE["User"],
    ),
    "ListAccessKeys": Shelf(
        ("AccessKeyMetadata",),
        named("AccessKeyId"),
        new_key,
        lambda office, _, key: office.do("DeleteAccessKey", UserName="u", AccessKeyId=key),
        lambda _: OF_U,
        MAKE["User"],
        most=2,
    ),
    "ListSSHPublicKeys": Shelf(
        ("SSHPublicKeys",),
        named("SSHPublicKeyId"),
        new_ssh_key,
        lambda office, _, key: office.do("DeleteSSHPublicKey", UserName="u", SSHPublicKeyId=key),
        lambda _: OF_U,
        MAKE["User"],
        most=5,
    ),
    "ListSigningCertificates": Shelf(
        ("Certificates",),
        named("CertificateId"),
        new_certificate,
        lambda office, _, one: office.do(
            "DeleteSigningCertificate", UserName="u", CertificateId=one
        ),
        lambda _: OF_U,
        MAKE["User"],
        most=2,
    ),
    "ListServiceSpecificCredentials": Shelf(
        ("ServiceSpecificCredentials",),
        named("ServiceSpecificCredentialId"),
        new_credential,
        drop_credential,
        lambda _: {"AllUsers": True},
    ),
    "ListServerCertificates": Shelf(
        ("ServerCertificateMetadataList",),
        named("ServerCertificateName"),
        new_server_certificate,
        take_named("DeleteServerCertificate", "ServerCertificateName"),
    ),
    "ListUserTags": tags("User", "UserName", lambda _: "u", MAKE["User"]),
    "ListRoleTags": tags("Role", "RoleName", lambda _: "u", MAKE["Role"]),
    "ListPolicyTags": tags("Policy", "PolicyArn", policy, lambda office: office.new_policy("p")),
    "ListInstanceProfileTags": tags(
        "InstanceProfile",
        "InstanceProfileName",
        lambda _: "u",
        lambda office: office.do("CreateInstanceProfile", InstanceProfileName="u"),
    ),
    "ListMFADeviceTags": tags(
        "MFADevice",
        "SerialNumber",
        lambda office: iam_arn(office.id, "mfa", "/", "u"),
        lambda office: new_device(office, "u"),
    ),
    "ListServerCertificateTags": tags(
        "ServerCertificate",
        "ServerCertificateName",
        lambda _: "u",
        lambda office: new_server_certificate(office, "u"),
    ),
    "ListSAMLProviderTags": tags(
        "SAMLProvider", "SAMLProviderArn", lambda office: office.arn("saml-provider/u"), saml
    ),
    "ListOpenIDConnectProviderTags": tags(
        "OpenIDConnectProvider",
        "OpenIDConnectProviderArn",
        lambda office: office.arn("oidc-provider/u.example"),
        oidc,
    ),
}
