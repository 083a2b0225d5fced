"""Into the root user of a member account, for one task (W-100, W-166, PE-99, PE-176)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, deny

from gate.gatehouse import AWAY, HOME, Gatehouse
from sekisho.app.accounts import set_root_password
from sekisho.services.sts.assume_root import TASKS
from services.organizations.made import ALLOW_ALL, entered, new_member, root_of

IAM = "iam.amazonaws.com"
TASK = "arn:aws:iam::aws:policy/root-task/"
UNLOCK = f"{TASK}S3UnlockBucketPolicy"
DELETE = f"{TASK}IAMDeleteRootUserCredentials"
AUDIT = f"{TASK}IAMAuditRootUserCredentials"
FEATURES = ("RootCredentialsManagement", "RootSessions")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Gatehouse]:
    """`home` manages an organization with centralised root access; `away` is by itself."""
    opened = Gatehouse(tmp_path / "data")
    opened.organized(opened.home, "CreateOrganization")
    opened.organized(opened.home, "EnableAWSServiceAccess", ServicePrincipal=IAM)
    for feature in FEATURES:
        opened.done(opened.call(opened.home, f"EnableOrganizations{feature}"))
    yield opened
    opened.close()


def form(account: str, task: str = UNLOCK, **more: str) -> dict[str, str]:
    return {"TargetPrincipal": account, "TaskPolicyArn.arn": task, **more}


def as_root(house: Gatehouse, keys: Credentials, account: str, task: str = UNLOCK) -> Credentials:
    return house.session(keys, "AssumeRoot", **form(account, task))


def denied(house: Gatehouse, keys: Credentials, account: str, task: str = UNLOCK) -> str:
    """The message, which is all that is told."""
    status, code, said = house.call(keys, "AssumeRoot", "sts", **form(account, task)).refusal
    assert (status, code) == (403, "AccessDenied")
    return said


def no_leave(who: str, account: str) -> str:
    return (
        f"User: {who} is not authorized to perform: sts:AssumeRoot on resource:"
        f" arn:aws:iam::{account}:root"
    )


def lock(house: Gatehouse, keys: Credentials, bucket: str) -> None:
    """A bucket whose policy denies everything to everybody."""
    house.done(house.store(keys, "PUT", f"/{bucket}"))
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{bucket}",
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}).encode()
    house.done(house.store(keys, "PUT", f"/{bucket}?policy", text))


def test_a_locked_bucket_is_unlocked(house: Gatehouse) -> None:
    """W-100, PE-99: the task lets the bucket's policy be taken away, and nothing else be done."""
    member = new_member(house)
    una = house.new_user("una", ALLOW_ALL)
    inside = entered(house, una, member)
    lock(house, inside, "locked-bucket")
    assert house.store(inside, "DELETE", "/locked-bucket?policy").status == 403
    root = as_root(house, una, member)
    identity = house.done(house.call(root, "GetCallerIdentity", "sts"))
    assert identity.value("Arn") == f"arn:aws:iam::{member}:root"
    assert house.store(root, "DELETE", "/locked-bucket").status == 403
    assert house.store(root, "PUT", "/another-bucket").status == 403
    assert house.store(root, "GET", "/locked-bucket?policy").status == 200
    assert house.store(root, "GET", "/").status == 200
    refusal = house.call(root, "ListUsers").refusal
    assert refusal == (
        403,
        "AccessDenied",
        f"User: arn:aws:iam::{member}:root is not authorized to perform: iam:ListUsers on"
        f" resource: arn:aws:iam::{member}:user/ with an explicit deny in a session policy",
    )
    house.done(house.store(root, "DELETE", "/locked-bucket?policy"))
    assert house.store(inside, "GET", "/locked-bucket").status == 200


def test_the_trail_tells_whose_root_it_was(house: Gatehouse) -> None:
    """W-100: the member's account sees who came in; what was done then is marked."""
    member = new_member(house)
    una = house.new_user("una", ALLOW_ALL)
    opened = house.done(house.call(una, "AssumeRoot", "sts", **form(member)))
    line = house.line(opened)
    assert line["caller"]["arn"] == f"arn:aws:iam::{HOME}:user/una"
    assert line["decisions"][0]["owner"] == member
    assert "assumed_root" not in line["caller"]
    done = house.store(as_root(house, una, member), "GET", "/")
    assert house.line(done)["caller"]["assumed_root"] is True


def test_root_cannot_reach_into_other_accounts(house: Gatehouse) -> None:
    member = new_member(house)
    una = house.new_user("una", ALLOW_ALL)
    lock(house, house.away, "away-bucket")
    root = as_root(house, una, member)
    for method in ("GET", "DELETE"):
        assert house.store(root, method, "/away-bucket?policy").status == 403


def test_root_credentials_are_looked_at_and_deleted(house: Gatehouse) -> None:
    """W-100: the keys of the member's root user, by the two tasks for them."""
    member = new_member(house)
    old = root_of(house, member)
    una = house.new_user("una", ALLOW_ALL)
    audit = as_root(house, una, member, AUDIT)
    listed = house.done(house.call(audit, "ListAccessKeys"))
    assert listed.value("AccessKeyId") == old.access_key
    summary = house.done(house.call(audit, "GetAccountSummary"))
    assert "AccountAccessKeysPresent" in summary.text
    assert house.call(audit, "DeleteAccessKey", AccessKeyId=old.access_key).status == 403
    assert house.call(audit, "ListMFADevices").status == 200
    assert house.call(audit, "ListSigningCertificates").status == 200
    assert house.call(audit, "GetUser").status == 200

    inside = entered(house, una, member)
    house.done(house.call(inside, "CreateUser", UserName="ann"))
    made = house.done(house.call(inside, "CreateAccessKey", UserName="ann"))
    delete = as_root(house, una, member, DELETE)
    of_ann = {"UserName": "ann", "AccessKeyId": made.value("AccessKeyId")}
    assert house.call(delete, "DeleteAccessKey", **of_ann).status == 403
    house.done(house.call(delete, "DeleteAccessKey", AccessKeyId=old.access_key))
    assert house.call(old, "ListUsers").refusal[1] == "InvalidClientTokenId"


def test_a_root_password_is_looked_at_and_deleted(house: Gatehouse) -> None:
    """W-100, W-207, W-213."""
    member = new_member(house)
    una = house.new_user("una", ALLOW_ALL)
    audit, delete = (as_root(house, una, member, task) for task in (AUDIT, DELETE))
    none = (404, "NoSuchEntity", "Login Profile for User root cannot be found.")
    assert house.call(audit, "GetLoginProfile").refusal == none
    assert house.call(delete, "DeleteLoginProfile").refusal == none
    set_root_password(house.authority.directory, member, "a long pass Phrase 1")
    assert house.done(house.call(audit, "GetLoginProfile")).value("CreateDate")
    present = "<key>AccountPasswordPresent</key>\n        <value>1</value>"
    assert present in house.done(house.call(audit, "GetAccountSummary")).text
    assert house.call(audit, "DeleteLoginProfile").status == 403
    house.done(house.call(delete, "DeleteLoginProfile"))
    assert house.call(audit, "GetLoginProfile").refusal == none


def test_who_may_come_in(house: Gatehouse) -> None:
    """W-100: users and roles of the management account or of the delegated administrator for IAM,
    with leave of their own; never a root user."""
    member, admin = new_member(house), new_member(house, "admin")
    una, nobody = house.new_user("una", ALLOW_ALL), house.new_user("nobody")
    of_admin = entered(house, una, admin)
    of_member = entered(house, una, member)
    eve = house.new_user("eve", ALLOW_ALL, house.away)
    assert as_root(house, una, member)
    assert as_root(house, una, f"arn:aws:iam::{member}:root")
    assert denied(house, nobody, member) == no_leave(f"arn:aws:iam::{HOME}:user/nobody", member)
    assert denied(house, eve, member) == no_leave(f"arn:aws:iam::{AWAY}:user/eve", member)
    for keys in (of_admin, of_member):
        denied(house, keys, member)
        denied(house, keys, admin)
    assert denied(house, house.home, member) == "Cannot call AssumeRoot with root credentials"
    register = {"AccountId": admin, "ServicePrincipal": IAM}
    house.organized(house.home, "RegisterDelegatedAdministrator", **register)
    assert as_root(house, of_admin, member)
    denied(house, of_member, admin)
    house.organized(house.home, "DeregisterDelegatedAdministrator", **register)
    denied(house, of_admin, member)


def test_whose_root_it_may_be(house: Gatehouse) -> None:
    """W-100: a member's; not the management account's, nor a stranger's, nor nobody's."""
    una = house.new_user("una", ALLOW_ALL)
    for account in (HOME, AWAY, "999999999999"):
        assert denied(house, una, account) == no_leave(f"arn:aws:iam::{HOME}:user/una", account)


@pytest.mark.parametrize("task", TASKS)
def test_each_task_belongs_to_a_feature(house: Gatehouse, task: str) -> None:
    """W-100, W-166: what is turned off, or no longer trusted, lets nobody in."""
    member = new_member(house)
    una = house.new_user("una", ALLOW_ALL)
    assert as_root(house, una, member, task)
    for feature in FEATURES:
        house.done(house.call(house.home, f"DisableOrganizations{feature}"))
        form_ = form(member, task)
        is_its_own = TASKS[task] == feature
        expected = 403 if is_its_own else 200
        assert house.call(una, "AssumeRoot", "sts", **form_).status == expected
        house.done(house.call(house.home, f"EnableOrganizations{feature}"))
    house.organized(house.home, "DisableAWSServiceAccess", ServicePrincipal=IAM)
    denied(house, una, member, task)
    house.organized(house.home, "EnableAWSServiceAccess", ServicePrincipal=IAM)
    house.organized(house.home, "RemoveAccountFromOrganization", AccountId=member)
    denied(house, una, member, task)


def test_a_policy_can_tell_tasks_apart(house: Gatehouse) -> None:
    """sts:TaskPolicyArn, W-100."""
    member = new_member(house)
    condition = {"ArnEquals": {"sts:TaskPolicyArn": AUDIT}}
    leave = allow("sts:AssumeRoot", f"arn:aws:iam::{member}:root", condition)
    una = house.new_user("una", json.dumps(leave))
    assert as_root(house, una, member, AUDIT)
    denied(house, una, member)
    other = new_member(house, "other")
    denied(house, una, other, AUDIT)


def test_the_session_says_what_it_is(house: Gatehouse) -> None:
    """PE-176: aws:AssumedRoot is true in such sessions alone."""
    member = new_member(house)
    una = house.new_user("una", ALLOW_ALL)
    inside = entered(house, una, member)
    house.done(house.store(inside, "PUT", "/told-apart"))
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::told-apart",
        "Condition": {"Bool": {"aws:AssumedRoot": "true"}},
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}).encode()
    house.done(house.store(inside, "PUT", "/told-apart?policy", text))
    assert house.store(inside, "GET", "/told-apart").status == 200
    assert house.store(root_of(house, member), "GET", "/told-apart").status == 200


def test_durations(house: Gatehouse) -> None:
    """W-100: 0 to 900 seconds."""
    member = new_member(house)
    una = house.new_user("una", ALLOW_ALL)
    call: Any = {"service": "sts", **form(member)}
    assert house.call(una, "AssumeRoot", **call, DurationSeconds="900").status == 200
    refused = house.call(una, "AssumeRoot", **call, DurationSeconds="901").refusal
    assert refused == (
        400,
        "ValidationError",
        "1 validation error detected: Value '901' at 'durationSeconds' failed to satisfy"
        " constraint: Member must have value less than or equal to 900",
    )
    ended = house.session(una, "AssumeRoot", **form(member), DurationSeconds="0")
    assert house.call(ended, "GetCallerIdentity", "sts").refusal[1] == "ExpiredToken"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"TargetPrincipal": "arn:aws:iam::111122223333:user/x"},
         "arn:aws:iam::111122223333:user/x"),
        ({"TargetPrincipal": "arn:aws:iam::1:root-"}, "arn:aws:iam::1:root-"),
        ({"TargetPrincipal": "x:y:111122223333:root"}, "x:y:111122223333:root"),
        ({"TaskPolicyArn.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
         "arn:aws:iam::aws:policy/ReadOnlyAccess"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for(house: Gatehouse, given: dict[str, str], said: str) -> None:
    una = house.new_user("una", ALLOW_ALL)
    answer = house.call(una, "AssumeRoot", "sts", **{**form("999999999999"), **given})
    assert answer.refusal == (400, "ValidationError", f"{said} is invalid")


def test_source_identity_goes_on(house: Gatehouse) -> None:
    """W-100, PE-213."""
    member = new_member(house)
    una = house.new_user("una", ALLOW_ALL)
    trusted = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": HOME},
            "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
        },
    }
    role = house.new_role("Named", json.dumps(trusted), house.home)
    policy = {"RoleName": "Named", "PolicyName": "p", "PolicyDocument": ALLOW_ALL}
    house.done(house.call(house.home, "PutRolePolicy", **policy))
    keys = house.assume(una, role, SourceIdentity="una")
    answer = house.done(house.call(keys, "AssumeRoot", "sts", **form(member)))
    assert answer.value("SourceIdentity") == "una"


def test_a_user_can_be_denied(house: Gatehouse) -> None:
    member = new_member(house)
    una = house.new_user("una", ALLOW_ALL)
    house.done(
        house.call(
            house.home,
            "PutUserPolicy",
            UserName="una",
            PolicyName="no",
            PolicyDocument=json.dumps(deny("sts:AssumeRoot", "*")),
        )
    )
    denied(house, una, member)


def test_features_are_turned_on_and_off(house: Gatehouse) -> None:
    """W-166."""
    listed = house.done(house.call(house.home, "ListOrganizationsFeatures"))
    organization = house.organized(house.home, "DescribeOrganization")["Organization"]["Id"]
    assert listed.value("OrganizationId") == organization
    assert all(feature in listed.text for feature in FEATURES)
    off = house.done(house.call(house.home, "DisableOrganizationsRootSessions"))
    assert "RootSessions" not in off.value("EnabledFeatures")
    assert "RootCredentialsManagement" in off.value("EnabledFeatures")


def test_features_are_refused(house: Gatehouse) -> None:
    """W-166: the exceptions of the model, in its words."""
    enable = "EnableOrganizationsRootSessions"
    rejected = "The request was rejected because "
    assert house.call(house.away, enable).refusal == (
        400,
        "OrganizationNotFoundException",
        f"{rejected}no organization is associated with your account.",
    )
    admin = new_member(house, "admin")
    keys = entered(house, house.new_user("una", ALLOW_ALL), admin)
    assert house.call(keys, "ListOrganizationsFeatures").refusal == (
        400,
        "AccountNotManagementOrDelegatedAdministratorException",
        f"{rejected}the account making the request is not the management account or delegated"
        " administrator account for centralized root access.",
    )
    register = {"AccountId": admin, "ServicePrincipal": IAM}
    house.organized(house.home, "RegisterDelegatedAdministrator", **register)
    assert house.call(keys, "ListOrganizationsFeatures").status == 200
    assert house.call(keys, enable).refusal == (
        400,
        "CallerIsNotManagementAccountException",
        f"{rejected}the account making the request is not the management account for the"
        " organization.",
    )
    assert house.call(keys, "DisableOrganizationsRootSessions").status == 200
    house.organized(house.home, "DisableAWSServiceAccess", ServicePrincipal=IAM)
    assert house.call(house.home, enable).refusal == (
        400,
        "ServiceAccessNotEnabledException",
        f"{rejected}trusted access is not enabled for IAM in Organizations. For details, see IAM"
        " and Organizations in the Organizations User Guide.",
    )
    house.organized(house.away, "CreateOrganization", FeatureSet="CONSOLIDATED_BILLING")
    assert house.call(house.away, enable).refusal == (
        400,
        "OrganizationNotInAllFeaturesModeException",
        f"{rejected}your organization does not have All features enabled. For more information,"
        " see Available feature sets in the Organizations User Guide.",
    )
