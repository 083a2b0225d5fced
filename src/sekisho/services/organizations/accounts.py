"""Accounts: made here, each with the role by which the management account gets in (W-227…W-229)."""

import json
from collections.abc import Sequence

from sekisho.directory.queries import accounts, attachments, control_policies, organizations, roles
from sekisho.model.arn import AWS_POLICY, root_arn
from sekisho.model.identifiers import ROLE, new_account_id, new_canonical_id, new_unique_id
from sekisho.model.organizations import (
    Creation,
    Member,
    Organization,
    Unit,
    lineage,
    new_letters,
    path_of,
)
from sekisho.model.records import Account, Owner, Role
from sekisho.services.iam.documents import trust_policy
from sekisho.services.operation import Call, Desk, Output, Target, everything, operation
from sekisho.services.organizations.faults import constrained, invalid, not_found
from sekisho.services.organizations.organization import CREATED, release
from sekisho.services.organizations.paging import page
from sekisho.services.organizations.standing import managed, seen, the_one
from sekisho.services.organizations.tags import given_tags, new_tags

ACCESS_ROLE = "OrganizationAccountAccessRole"
ADMINISTRATOR = f"{AWS_POLICY}/AdministratorAccess"
MOST_ACCOUNTS = 1_000
"""Accounts in an organization, and requests for accounts that are remembered."""

_RESERVED_ROLE = "AWSServiceRoleFor"


def new_account(call: Call, _desk: Desk) -> Target:
    """CreateAccount has no resource, but the keys of the tags that are passed."""
    return Target("*", given_tags(call))


@operation("organizations:CreateAccount", resource=new_account, writes=True)
def create_account(call: Call, desk: Desk) -> Output:
    """Make an account, directly under the root, and the role by which to get into it (W-227).

    It is there when the answer comes. IamUserAccessToBilling has no effect: nothing is billed.
    Input: Email (6-64 characters, of no other member), AccountName (1-50 characters), RoleName
        (default OrganizationAccountAccessRole, W-228), Tags.
    Raises: InvalidInput, ConstraintViolation. That the address is another member's is told in
        the status.
    """
    organization = managed(call, desk)
    role_name = call.input.get("RoleName", ACCESS_ROLE)
    if role_name.startswith(_RESERVED_ROLE):
        raise invalid("INVALID_ROLE_NAME", "You provided a role name that isn't valid.")
    tags = new_tags(call)
    members = organizations.list_members(desk.tx, organization.id)
    check_room(len(organizations.list_creations(desk.tx, organization.id)) + 1)
    check_room(len(members))
    creation = Creation(
        f"car-{new_letters(32)}", organization.id, call.input["AccountName"], call.now
    )
    email: str = call.input["Email"]
    if any(member.email.lower() == email.lower() for member in members):
        failed = replace_failure(creation, "EMAIL_ALREADY_EXISTS")
        organizations.add_creation(desk.tx, failed)
        return {"CreateAccountStatus": shown_creation(failed)}
    account = found_account(call, desk, organization, email, role_name)
    organizations.put_tags(desk.tx, organization.id, account, tags)
    done = Creation(creation.id, organization.id, creation.name, call.now, account)
    organizations.add_creation(desk.tx, done)
    return {"CreateAccountStatus": shown_creation(done)}


def found_account(
    call: Call, desk: Desk, organization: Organization, email: str, role_name: str
) -> str:
    """The id of a new account that is a member, and trusts the management account by a role."""
    chosen = new_account_id()
    while accounts.get_account(desk.tx, chosen) or accounts.is_declared(desk.tx, chosen):
        chosen = new_account_id()
    account = Account(chosen, call.input["AccountName"], call.now, new_canonical_id())
    accounts.add_account(desk.tx, account)
    member = Member(chosen, organization.id, organization.root, call.now, CREATED, email)
    organizations.add_member(desk.tx, member)
    control_policies.attach_full_access(desk.tx, organization, chosen)
    trusted = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": root_arn(organization.management)},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = Role(
        account=chosen,
        name=role_name,
        path="/",
        unique_id=new_unique_id(ROLE),
        created=call.now,
        trust=trust_policy(desk.tx, json.dumps(trusted)),
    )
    roles.add_role(desk.tx, role)
    attachments.attach(desk.tx, chosen, role.unique_id, Owner.ROLE, ADMINISTRATOR)
    return chosen


def replace_failure(creation: Creation, reason: str) -> Creation:
    return Creation(
        creation.id, creation.organization, creation.name, creation.requested, failure=reason
    )


def check_room(count: int) -> None:
    """Whether an organization can have one more than so many."""
    if count >= MOST_ACCOUNTS:
        raise constrained(
            "ACCOUNT_NUMBER_LIMIT_EXCEEDED",
            "You have exceeded the allowed number of AWS accounts.",
        )


@operation("organizations:DescribeCreateAccountStatus", resource=everything)
def describe_create_account_status(call: Call, desk: Desk) -> Output:
    """Tell what came of CreateAccount. Raises: CreateAccountStatusNotFound."""
    organization = seen(call, desk)
    wanted = call.input["CreateAccountRequestId"]
    for creation in organizations.list_creations(desk.tx, organization.id):
        if creation.id == wanted:
            return {"CreateAccountStatus": shown_creation(creation)}
    raise not_found("CreateAccountStatus")


@operation("organizations:ListCreateAccountStatus", resource=everything)
def list_create_account_status(call: Call, desk: Desk) -> Output:
    """List what came of CreateAccount, of States if they are given."""
    organization = seen(call, desk)
    states = call.input.get("States", ())
    every = [
        shown
        for creation in organizations.list_creations(desk.tx, organization.id)
        if (shown := shown_creation(creation))["State"] in states or not states
    ]
    kept, rest = page(call, every, lambda shown: str(shown["Id"]))
    return {"CreateAccountStatuses": kept, **rest}


@operation("organizations:ListAccounts", resource=everything)
def list_accounts(call: Call, desk: Desk) -> Output:
    """List the accounts of the organization, its management account among them."""
    organization = seen(call, desk)
    members = organizations.list_members(desk.tx, organization.id)
    kept, rest = page(call, members, lambda member: member.account)
    return {"Accounts": shown_accounts(desk, organization, kept), **rest}


@operation("organizations:DescribeAccount", resource=the_one("account", "AccountId"))
def describe_account(call: Call, desk: Desk) -> Output:
    """Show an account of the organization. Raises: AccountNotFound."""
    organization = seen(call, desk)
    member = the_member(desk, organization, call.input["AccountId"])
    return {"Account": shown_accounts(desk, organization, [member])[0]}


@operation(
    "organizations:RemoveAccountFromOrganization",
    resource=the_one("account", "AccountId"),
    writes=True,
)
def remove_account(call: Call, desk: Desk) -> Output:
    """Take an account out of the organization; it goes on as one by itself (W-239).

    Raises: AccountNotFound, MasterCannotLeaveOrganization, ConstraintViolation for a delegated
        administrator.
    """
    organization = managed(call, desk)
    member = the_member(desk, organization, call.input["AccountId"])
    release(desk, organization, member.account)
    return {}


def the_member(desk: Desk, organization: Organization, account: str) -> Member:
    member = organizations.get_member(desk.tx, account)
    if member is None or member.organization != organization.id:
        raise not_found("Account")
    return member


def shown_accounts(
    desk: Desk, organization: Organization, members: Sequence[Member]
) -> list[Output]:
    units = {unit.id: unit for unit in organizations.list_units(desk.tx, organization.id)}
    return [shown_account(desk, organization, units, member) for member in members]


def shown_account(
    desk: Desk, organization: Organization, units: dict[str, Unit], member: Member
) -> Output:
    account = accounts.get_account(desk.tx, member.account)
    assert account is not None, "the store keeps members that are accounts"
    way = lineage(organization, units, member.parent)
    return {
        "Id": account.id,
        "Arn": organization.arn_of("account", account.id),
        "Email": member.email,
        "Name": account.name,
        "Status": "ACTIVE",
        "State": "ACTIVE",
        "Paths": [f"{path_of(organization, way)}{account.id}/"],
        "JoinedMethod": member.method,
        "JoinedTimestamp": member.joined,
    }


def shown_creation(creation: Creation) -> Output:
    return {
        "Id": creation.id,
        "AccountName": creation.name,
        "State": "FAILED" if creation.failure else "SUCCEEDED",
        "RequestedTimestamp": creation.requested,
        "CompletedTimestamp": creation.requested,
        "AccountId": creation.account or None,
        "FailureReason": creation.failure or None,
    }
