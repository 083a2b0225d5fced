"""Organizations and the accounts in them, through the gate (W-221…W-229, W-239, W-241)."""

import json
import re
from typing import Any

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, trust

from gate.gatehouse import AWAY, HOME, Gatehouse
from services.organizations.made import ALLOW_ALL, ROLE, entered, new_member, root_of

NOT_IN_USE = (
    "AWSOrganizationsNotInUseException",
    "Your account is not a member of an organization.",
    "",
)
NO_PERMISSION = (
    "AccessDeniedException",
    "You don't have permissions to access this resource.",
    "",
)


def test_an_account_makes_its_organization(outside: Gatehouse) -> None:
    """W-222…W-224."""
    made = outside.organized(outside.home, "CreateOrganization")["Organization"]
    assert re.fullmatch("o-[a-z0-9]{10,32}", made["Id"])
    assert made == {
        "Id": made["Id"],
        "Arn": f"arn:aws:organizations::{HOME}:organization/{made['Id']}",
        "FeatureSet": "ALL",
        "MasterAccountArn": f"arn:aws:organizations::{HOME}:account/{made['Id']}/{HOME}",
        "MasterAccountId": HOME,
        "MasterAccountEmail": f"{HOME}@accounts.invalid",
        "AvailablePolicyTypes": [],
    }
    shown = outside.organized(outside.home, "DescribeOrganization")["Organization"]
    assert shown == made
    (root,) = outside.organized(outside.home, "ListRoots")["Roots"]
    assert re.fullmatch("r-[0-9a-z]{4,32}", root["Id"])
    assert root["Arn"] == f"arn:aws:organizations::{HOME}:root/{made['Id']}/{root['Id']}"
    assert root["Name"] == "Root"
    again = outside.organize(outside.home, "CreateOrganization")
    assert again.told[0] == "AlreadyInOrganizationException"


def test_whoever_is_in_no_organization_is_told_so(outside: Gatehouse) -> None:
    """W-225."""
    for operation, document in CALLS.items():
        answer = outside.organize(outside.away, operation, **document)
        assert (answer.status, answer.told) == (400, NOT_IN_USE), operation


CALLS: dict[str, dict[str, Any]] = {
    "CreateAccount": {"Email": "a@b.example", "AccountName": "x"},
    "DeleteOrganization": {},
    "DescribeAccount": {"AccountId": HOME},
    "DescribeCreateAccountStatus": {"CreateAccountRequestId": "car-12345678"},
    "ListAccounts": {},
    "ListCreateAccountStatus": {},
    "ListRoots": {},
    "ListTagsForResource": {"ResourceId": HOME},
    "RemoveAccountFromOrganization": {"AccountId": HOME},
    "TagResource": {"ResourceId": HOME, "Tags": []},
    "UntagResource": {"ResourceId": HOME, "TagKeys": []},
}


def test_members_see_the_organization_and_no_more(house: Gatehouse) -> None:
    """W-226, PE-197."""
    root = root_of(house, new_member(house))
    shown = house.organized(root, "DescribeOrganization")["Organization"]
    assert shown["MasterAccountId"] == HOME
    for operation, document in CALLS.items():
        assert house.organize(root, operation, **document).told == NO_PERMISSION, operation


def test_the_door_speaks_json(house: Gatehouse) -> None:
    """W-63."""
    nobody = Credentials("AKIAIOSFODNN7EXAMPLE", "x" * 40)
    said = "The security token included in the request is invalid."
    answer = house.organize(nobody, "ListAccounts")
    assert (answer.status, answer.told) == (400, ("UnrecognizedClientException", said, ""))
    forged = Credentials(house.home.access_key, "x" * 40)
    assert house.organize(forged, "ListAccounts").told[0] == "InvalidSignatureException"
    unsigned = house.organize(None, "ListAccounts")
    assert unsigned.status == 400
    assert unsigned.told[0] == "MissingAuthenticationTokenException"


def test_policies_are_asked_first(house: Gatehouse) -> None:
    """W-63: denied in the words of JSON services."""
    una = house.new_user("una")
    answer = house.organize(una, "ListAccounts")
    assert (answer.status, answer.told) == (
        400,
        (
            "AccessDeniedException",
            f"User: arn:aws:iam::{HOME}:user/una is not authorized to perform:"
            " organizations:ListAccounts on resource: * because no identity-based policy allows"
            " the organizations:ListAccounts action",
            "",
        ),
    )
    house.permit("una", json.dumps(allow("organizations:ListAccounts", "*")))
    assert len(house.organized(una, "ListAccounts")["Accounts"]) == 1


def test_resources_have_the_arns_of_the_reference(house: Gatehouse) -> None:
    """W-223: a policy can tell accounts apart, by ARN and by tag."""
    one, other = new_member(house, "one"), new_member(house, "other")
    organization = house.organized(house.home, "DescribeOrganization")["Organization"]["Id"]
    arn = f"arn:aws:organizations::{HOME}:account/{organization}/{one}"
    una = house.new_user("una", json.dumps(allow("organizations:DescribeAccount", arn)))
    assert house.organized(una, "DescribeAccount", AccountId=one)["Account"]["Arn"] == arn
    assert house.organize(una, "DescribeAccount", AccountId=other).status == 400
    tagged = allow("organizations:*", "*", {"StringEquals": {"aws:ResourceTag/team": "x"}})
    house.permit("una", json.dumps(tagged))
    assert house.organize(una, "DescribeAccount", AccountId=one).status == 400
    tags = [{"Key": "team", "Value": "x"}]
    house.organized(house.home, "TagResource", ResourceId=one, Tags=tags)
    assert house.organize(una, "DescribeAccount", AccountId=one).status == 200


def test_an_account_is_made_with_the_way_into_it(house: Gatehouse) -> None:
    """W-227…W-229."""
    form = {"Email": "dev@example.com", "AccountName": "dev"}
    status = house.organized(house.home, "CreateAccount", **form)["CreateAccountStatus"]
    account = status["AccountId"]
    assert re.fullmatch("car-[a-z0-9]{8,32}", status["Id"])
    assert (status["State"], status["AccountName"]) == ("SUCCEEDED", "dev")
    asked = {"CreateAccountRequestId": status["Id"]}
    shown = house.organized(house.home, "DescribeCreateAccountStatus", **asked)
    assert shown["CreateAccountStatus"] == status
    (listed,) = house.organized(house.home, "ListCreateAccountStatus")["CreateAccountStatuses"]
    assert listed == status
    failed = house.organized(house.home, "ListCreateAccountStatus", States=["FAILED"])
    assert failed["CreateAccountStatuses"] == []

    described = house.organized(house.home, "DescribeAccount", AccountId=account)["Account"]
    organization = house.organized(house.home, "DescribeOrganization")["Organization"]["Id"]
    root = house.organized(house.home, "ListRoots")["Roots"][0]["Id"]
    joined = described.pop("JoinedTimestamp")
    assert joined == status["RequestedTimestamp"] == status["CompletedTimestamp"]
    assert described == {
        "Id": account,
        "Arn": f"arn:aws:organizations::{HOME}:account/{organization}/{account}",
        "Email": "dev@example.com",
        "Name": "dev",
        "Status": "ACTIVE",
        "State": "ACTIVE",
        "Paths": [f"{organization}/{root}/{account}/"],
        "JoinedMethod": "CREATED",
    }
    listed = house.organized(house.home, "ListAccounts")["Accounts"]
    assert {one["Id"]: one["JoinedMethod"] for one in listed} == {
        HOME: "INVITED",
        account: "CREATED",
    }

    una = house.new_user("una")
    arn = f"arn:aws:iam::{account}:role/{ROLE}"
    refused = house.call(una, "AssumeRole", "sts", RoleArn=arn, RoleSessionName="visit")
    assert refused.status == 403
    house.permit("una", json.dumps(allow("sts:AssumeRole", arn)))
    keys = entered(house, una, account)
    assert house.done(house.call(keys, "CreateUser", UserName="x")).value("Arn") == (
        f"arn:aws:iam::{account}:user/x"
    )
    attached = house.done(house.call(keys, "ListAttachedRolePolicies", RoleName=ROLE))
    assert attached.value("PolicyArn") == "arn:aws:iam::aws:policy/AdministratorAccess"
    told = house.call(keys, "GetRole", RoleName=ROLE)
    assert f"arn%3Aaws%3Aiam%3A%3A{HOME}%3Aroot" in told.text


def test_another_account_has_no_way_in(house: Gatehouse) -> None:
    """W-228: the role trusts the management account alone."""
    account = new_member(house)
    una = house.new_user("una", ALLOW_ALL, house.away)
    form = {"RoleArn": f"arn:aws:iam::{account}:role/{ROLE}", "RoleSessionName": "visit"}
    assert house.call(una, "AssumeRole", "sts", **form).status == 403


def test_the_role_can_have_another_name(house: Gatehouse) -> None:
    """W-227."""
    account = new_member(house, RoleName="Entry")
    una = house.new_user("una", ALLOW_ALL)
    assert house.assume(una, f"arn:aws:iam::{account}:role/Entry")
    form = {"Email": "a@b.example", "AccountName": "x", "RoleName": "AWSServiceRoleForX"}
    assert house.organize(house.home, "CreateAccount", **form).told == (
        "InvalidInputException",
        "You provided a role name that isn't valid.",
        "INVALID_ROLE_NAME",
    )


def test_an_address_is_one_members(house: Gatehouse) -> None:
    """W-227: told in the status."""
    new_member(house, "dev")
    form = {"Email": "DEV@example.com", "AccountName": "second"}
    status = house.organized(house.home, "CreateAccount", **form)["CreateAccountStatus"]
    assert (status["State"], status["FailureReason"]) == ("FAILED", "EMAIL_ALREADY_EXISTS")
    assert "AccountId" not in status
    failed = house.organized(house.home, "ListCreateAccountStatus", States=["FAILED"])
    assert failed["CreateAccountStatuses"] == [status]


def test_there_is_room_for_so_many(house: Gatehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """W-239."""
    monkeypatch.setattr("sekisho.services.organizations.accounts.MOST_ACCOUNTS", 2)
    new_member(house)
    form = {"Email": "more@example.com", "AccountName": "more"}
    assert house.organize(house.home, "CreateAccount", **form).told == (
        "ConstraintViolationException",
        "You have exceeded the allowed number of AWS accounts.",
        "ACCOUNT_NUMBER_LIMIT_EXCEEDED",
    )


@pytest.mark.parametrize(
    ("operation", "given", "code", "said"),
    [
        (
            "DescribeAccount",
            {"AccountId": AWAY},
            "AccountNotFoundException",
            "You specified an account that doesn't exist.",
        ),
        (
            "RemoveAccountFromOrganization",
            {"AccountId": AWAY},
            "AccountNotFoundException",
            "You specified an account that doesn't exist.",
        ),
        (
            "RemoveAccountFromOrganization",
            {"AccountId": HOME},
            "MasterCannotLeaveOrganizationException",
            "You can't remove a management account from an organization.",
        ),
        (
            "DescribeCreateAccountStatus",
            {"CreateAccountRequestId": "car-12345678"},
            "CreateAccountStatusNotFoundException",
            "You specified a create account request that doesn't exist.",
        ),
        (
            "ListTagsForResource",
            {"ResourceId": AWAY},
            "TargetNotFoundException",
            "You specified a target that doesn't exist.",
        ),
        (
            "TagResource",
            {"ResourceId": HOME, "Tags": [{"Key": "aws:x", "Value": ""}]},
            "InvalidInputException",
            "You specified a tag key that is a system tag.",
        ),
        (
            "TagResource",
            {"ResourceId": HOME, "Tags": [{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}]},
            "InvalidInputException",
            "Tag keys must be unique among the tags attached to the same entity.",
        ),
    ],
)
def test_refusals(
    house: Gatehouse, operation: str, given: dict[str, Any], code: str, said: str
) -> None:
    """W-241."""
    assert house.organize(house.home, operation, **given).told[:2] == (code, said)


def test_members_come_and_go(house: Gatehouse) -> None:
    """W-239."""
    one, other = new_member(house, "one"), new_member(house, "other")
    refused = house.organize(house.home, "DeleteOrganization").told
    assert refused[:2] == (
        "OrganizationNotEmptyException",
        "To delete an organization you must first remove all member accounts (except the master).",
    )
    house.organized(root_of(house, one), "LeaveOrganization")
    assert house.organize(house.home, "LeaveOrganization").told[0] == (
        "MasterCannotLeaveOrganizationException"
    )
    house.organized(house.home, "RemoveAccountFromOrganization", AccountId=other)
    house.organized(house.home, "DeleteOrganization")
    assert house.organize(house.home, "DescribeOrganization").told == NOT_IN_USE
    house.organized(root_of(house, one), "CreateOrganization")


def test_lists_come_in_pages(house: Gatehouse) -> None:
    """W-221."""
    for number in range(4):
        new_member(house, f"m{number}")
    found: list[str] = []
    asked: dict[str, Any] = {"MaxResults": 2}
    while True:
        page = house.organized(house.home, "ListAccounts", **asked)
        found += [one["Id"] for one in page["Accounts"]]
        if "NextToken" not in page:
            break
        asked["NextToken"] = page["NextToken"]
    whole = house.organized(house.home, "ListAccounts")["Accounts"]
    assert found == [one["Id"] for one in whole]
    assert len(set(found)) == 5


def test_tags_are_set_and_taken_away(house: Gatehouse) -> None:
    account = new_member(house)
    root = house.organized(house.home, "ListRoots")["Roots"][0]["Id"]
    for resource in (account, root):
        first = [{"Key": "b", "Value": "1"}, {"Key": "a", "Value": ""}]
        house.organized(house.home, "TagResource", ResourceId=resource, Tags=first)
        house.organized(
            house.home, "TagResource", ResourceId=resource, Tags=[{"Key": "B", "Value": "2"}]
        )
        shown = house.organized(house.home, "ListTagsForResource", ResourceId=resource)
        assert shown["Tags"] == [{"Key": "B", "Value": "2"}, {"Key": "a", "Value": ""}]
        house.organized(house.home, "UntagResource", ResourceId=resource, TagKeys=["a", "none"])
        shown = house.organized(house.home, "ListTagsForResource", ResourceId=resource)
        assert shown["Tags"] == [{"Key": "B", "Value": "2"}]
    many = [{"Key": f"k{number}", "Value": ""} for number in range(50)]
    assert house.organize(house.home, "TagResource", ResourceId=root, Tags=many).told[2] == (
        "TAG_LIMIT_EXCEEDED"
    )


def test_what_is_not_served_says_why(house: Gatehouse) -> None:
    answer = house.organize(
        house.home, "CreateGovCloudAccount", Email="a@b.example", AccountName="x"
    )
    assert (answer.status, answer.told[0]) == (501, "NotImplemented")


def test_the_keys_of_the_organization_decide(house: Gatehouse) -> None:
    """PE-175, PE-178, W-240: a bucket opens to the organization, at once and as long as one is in
    it; a role's policy can keep to what is the organization's."""
    organization = house.organized(house.home, "DescribeOrganization")["Organization"]["Id"]
    root = house.organized(house.home, "ListRoots")["Roots"][0]["Id"]
    member = new_member(house)
    keys = entered(house, house.new_user("una", ALLOW_ALL), member)
    stranger = house.new_user("eve", ALLOW_ALL, house.away)
    house.done(house.store(house.home, "PUT", "/shared-by-all"))
    house.done(house.store(house.home, "DELETE", "/shared-by-all?publicAccessBlock"))
    for key, value in (
        ("aws:PrincipalOrgID", organization),
        ("aws:PrincipalOrgPaths", f"{organization}/{root}/*"),
        ("aws:ResourceOrgID", organization),
        ("aws:ResourceOrgPaths", f"{organization}/{root}/*"),
        ("aws:ResourceAccount", HOME),
    ):
        operator = "ForAnyValue:StringLike" if key.endswith("Paths") else "StringEquals"
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::shared-by-all",
            "Condition": {operator: {key: value}, "Null": {"aws:PrincipalOrgID": "false"}},
        }
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}).encode()
        house.done(house.store(house.home, "PUT", "/shared-by-all?policy", text))
        assert house.store(keys, "GET", "/shared-by-all").status == 200, key
        assert house.store(stranger, "GET", "/shared-by-all").status == 403, key
    house.organized(house.home, "RemoveAccountFromOrganization", AccountId=member)
    assert house.store(keys, "GET", "/shared-by-all").status == 403


def test_a_trust_by_organization(house: Gatehouse) -> None:
    """PE-175, PE-186."""
    organization = house.organized(house.home, "DescribeOrganization")["Organization"]["Id"]
    member = new_member(house)
    keys = entered(house, house.new_user("una", ALLOW_ALL), member)
    trusted = trust("*")
    trusted["Statement"][0]["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": organization}}
    role = house.new_role("Shared", json.dumps(trusted), house.home)
    assert house.assume(keys, role)
    eve = house.new_user("eve", ALLOW_ALL, house.away)
    form = {"RoleArn": role, "RoleSessionName": "visit"}
    assert house.call(eve, "AssumeRole", "sts", **form).status == 403
