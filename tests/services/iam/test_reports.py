"""Reports: credentials, and when services were last called (W-166, W-216)."""

import csv
import io
from typing import Any

import pytest

from sekisho.directory.uses import SIGN_IN
from sekisho.model.uses import Use
from services.iam.office import NOW, Office, allow, document
from services.iam.papers import certificate_pem

MORNING = "2025-01-31T09:00:00+00:00"  # NOW
HOURS_4 = 4 * 3_600


def note(office: Office, subject: str, at: int, service: str = "s3", action: str = "Get") -> None:
    office.directory.uses.note(Use(subject, service, action, office.id, at, "eu-west-1"))


# The credential report.


def report(office: Office) -> dict[str, dict[str, str]]:
    """The report's lines by user."""
    assert office.do("GenerateCredentialReport") == {"State": "COMPLETE"}
    shown = office.do("GetCredentialReport")
    assert shown["ReportFormat"] == "text/csv"
    lines = csv.DictReader(io.StringIO(shown["Content"].decode()))
    return {line["user"]: line for line in lines}


def test_the_columns_have_their_order(office: Office) -> None:
    report(office)
    text = office.do("GetCredentialReport")["Content"].decode()
    assert text.splitlines()[0] == (
        "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
        "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
        "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
        "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
        "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
        "cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
    )


def test_a_bare_user_has_a_line_of_nothing(office: Office) -> None:
    office.new_user("a,b")
    line = report(office)["a,b"]
    assert line == {
        "user": "a,b",
        "arn": office.arn("user/a,b"),
        "user_creation_time": MORNING,
        "password_enabled": "false",
        "password_last_used": "N/A",
        "password_last_changed": "N/A",
        "password_next_rotation": "N/A",
        "mfa_active": "false",
        "access_key_1_active": "false",
        "access_key_1_last_rotated": "N/A",
        "access_key_1_last_used_date": "N/A",
        "access_key_1_last_used_region": "N/A",
        "access_key_1_last_used_service": "N/A",
        "access_key_2_active": "false",
        "access_key_2_last_rotated": "N/A",
        "access_key_2_last_used_date": "N/A",
        "access_key_2_last_used_region": "N/A",
        "access_key_2_last_used_service": "N/A",
        "cert_1_active": "false",
        "cert_1_last_rotated": "N/A",
        "cert_2_active": "false",
        "cert_2_last_rotated": "N/A",
    }


def test_a_user_with_everything(office: Office) -> None:
    user_id = office.new_user("u").principal.unique_id
    office.do("UpdateAccountPasswordPolicy", MaxPasswordAge=90)
    office.do("CreateLoginProfile", UserName="u", Password="secret")
    first = office.do("CreateAccessKey", UserName="u")["AccessKey"]["AccessKeyId"]
    office.do("UpdateAccessKey", UserName="u", AccessKeyId=first, Status="Inactive")
    office.now += 1
    second = office.do("CreateAccessKey", UserName="u")["AccessKey"]["AccessKeyId"]
    office.do("UploadSigningCertificate", UserName="u", CertificateBody=certificate_pem())
    note(office, second, NOW, "sts", "GetCallerIdentity")
    note(office, user_id, NOW, *SIGN_IN)
    expected = {
        "password_enabled": "true",
        "password_last_used": MORNING,
        "password_last_changed": MORNING,
        "password_next_rotation": "2025-05-01T09:00:00+00:00",
        "access_key_1_active": "false",
        "access_key_1_last_used_date": "N/A",
        "access_key_2_active": "true",
        "access_key_2_last_rotated": "2025-01-31T09:00:01+00:00",
        "access_key_2_last_used_date": MORNING,
        "access_key_2_last_used_region": "eu-west-1",
        "access_key_2_last_used_service": "sts",
        "cert_1_active": "true",
        "cert_1_last_rotated": "2025-01-31T09:00:01+00:00",
    }
    assert expected.items() <= report(office)["u"].items()


def test_the_root_user_has_a_line(office: Office) -> None:
    office.do("CreateAccessKey")
    line = report(office)["<root_account>"]
    assert line["arn"] == office.arn("root")
    assert (line["password_enabled"], line["password_last_used"]) == (
        "not_supported",
        "no_information",
    )
    assert line["access_key_1_active"] == "true"


def test_a_report_lives_four_hours(office: Office) -> None:
    none = office.refusal("GetCredentialReport")
    assert none == ("ReportNotPresent", 410, "Credential report not present")
    report(office)
    office.new_user("later")
    office.now += HOURS_4 - 1
    assert "later" not in report(office)
    office.now += 1
    assert office.refusal("GetCredentialReport")[:2] == ("ReportExpired", 410)
    assert "later" in report(office)


# Services last accessed.


def snapshot(office: Office, arn: str, **more: str) -> str:
    job_id: str = office.do("GenerateServiceLastAccessedDetails", Arn=arn, **more)["JobId"]
    assert len(job_id) == 36
    return job_id


def accessed(office: Office, job_id: str, **more: Any) -> dict[str, dict[str, Any]]:
    shown = office.do("GetServiceLastAccessedDetails", JobId=job_id, **more)
    assert shown["JobStatus"] == "COMPLETED"
    return {one["ServiceNamespace"]: one for one in shown["ServicesLastAccessed"]}


def test_services_that_policies_allow_are_listed_used_or_not(office: Office) -> None:
    user_id = office.new_user("u", allow(["s3:Get*", "EC2:Run*"])).principal.unique_id
    note(office, user_id, NOW - 9, "s3", "GetObject")
    note(office, user_id, NOW - 5, "s3", "PutObject")
    note(office, user_id, NOW - 1, "iam", "GetUser")
    job = snapshot(office, office.arn("user/u"))
    assert accessed(office, job) == {
        "ec2": {
            "ServiceName": "Amazon EC2",
            "ServiceNamespace": "ec2",
            "TotalAuthenticatedEntities": 0,
        },
        "s3": {
            "ServiceName": "Amazon S3",
            "ServiceNamespace": "s3",
            "TotalAuthenticatedEntities": 1,
            "LastAuthenticated": NOW - 5,
            "LastAuthenticatedEntity": office.arn("user/u"),
            "LastAuthenticatedRegion": "eu-west-1",
        },
    }


def test_actions_are_told_if_asked_for(office: Office) -> None:
    office.new_role("r")
    everything = document(allow("*"))
    office.do("PutRolePolicy", RoleName="r", PolicyName="p", PolicyDocument=everything)
    role_id = office.do("GetRole", RoleName="r")["Role"]["RoleId"]
    note(office, role_id, NOW - 9, "s3", "GetObject")
    note(office, role_id, NOW - 5, "s3", "PutObject")
    job = snapshot(office, office.arn("role/r"), Granularity="ACTION_LEVEL")
    services = accessed(office, job)
    assert set(services) == {"iam", "organizations", "s3", "sts"}
    assert [
        (one["ActionName"], one["LastAccessedTime"])
        for one in services["s3"]["TrackedActionsLastAccessed"]
    ] == [("GetObject", NOW - 9), ("PutObject", NOW - 5)]


def test_a_snapshot_does_not_change(office: Office) -> None:
    user_id = office.new_user("u", allow("s3:*")).principal.unique_id
    job = snapshot(office, office.arn("user/u"))
    note(office, user_id, NOW)
    assert "LastAuthenticated" not in accessed(office, job)["s3"]


def test_who_holds_a_policy_is_told_one_by_one(office: Office) -> None:
    arn = office.new_policy("p", PolicyDocument=document(allow("s3:*")))
    ids = [office.new_user(name).principal.unique_id for name in ("direct", "grouped", "none")]
    office.do("CreateGroup", GroupName="g")
    office.do("AddUserToGroup", GroupName="g", UserName="grouped")
    office.do("AttachGroupPolicy", GroupName="g", PolicyArn=arn)
    office.do("AttachUserPolicy", UserName="direct", PolicyArn=arn)
    office.new_role("r")
    office.do("AttachRolePolicy", RoleName="r", PolicyArn=arn)
    for number, user_id in enumerate(ids):
        note(office, user_id, NOW - number)
    job = snapshot(office, arn)
    assert accessed(office, job)["s3"]["TotalAuthenticatedEntities"] == 2
    shown = office.do("GetServiceLastAccessedDetailsWithEntities", JobId=job, ServiceNamespace="s3")
    told = {
        (one["EntityInfo"]["Type"], one["EntityInfo"]["Name"]): one.get("LastAuthenticated")
        for one in shown["EntityDetailsList"]
    }
    assert told == {
        ("USER", "direct"): NOW,
        ("USER", "grouped"): NOW - 1,
        ("ROLE", "r"): None,
    }
    missing = office.refusal(
        "GetServiceLastAccessedDetailsWithEntities", JobId=job, ServiceNamespace="ec2"
    )
    assert missing[:2] == ("NoSuchEntity", 404)


def test_snapshots_of_others_are_not_there(office: Office) -> None:
    office.new_user("u")
    job = snapshot(office, office.arn("user/u"))
    other = Office(office.directory)
    assert other.refusal("GetServiceLastAccessedDetails", JobId=job)[0] == "NoSuchEntity"


@pytest.mark.parametrize("rest", ["user/nope", "role/nope", "group/nope", "policy/nope", "root"])
def test_who_is_not_there_has_no_snapshot(office: Office, rest: str) -> None:
    told = office.refusal("GenerateServiceLastAccessedDetails", Arn=office.arn(rest))
    assert told[:2] == ("NoSuchEntity", 404)


def test_policies_that_grant_a_service_are_listed(office: Office) -> None:
    office.new_user("u", allow("s3:Get*"))
    office.do("CreateGroup", GroupName="g")
    office.do("AddUserToGroup", GroupName="g", UserName="u")
    rest = document({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})
    office.do("PutGroupPolicy", GroupName="g", PolicyName="most", PolicyDocument=rest)
    arn = office.new_policy("all")
    office.do("AttachUserPolicy", UserName="u", PolicyArn=arn)
    shown = office.do(
        "ListPoliciesGrantingServiceAccess",
        Arn=office.arn("user/u"),
        ServiceNamespaces=["s3", "iam"],
    )
    inline = {
        "PolicyName": "p",
        "PolicyType": "INLINE",
        "EntityType": "USER",
        "EntityName": "u",
    }
    managed = {"PolicyName": "all", "PolicyType": "MANAGED", "PolicyArn": arn}
    group = {
        "PolicyName": "most",
        "PolicyType": "INLINE",
        "EntityType": "GROUP",
        "EntityName": "g",
    }
    assert shown["PoliciesGrantingServiceAccess"] == [
        {"ServiceNamespace": "s3", "Policies": [inline, managed, group]},
        {"ServiceNamespace": "iam", "Policies": [managed]},
    ]
