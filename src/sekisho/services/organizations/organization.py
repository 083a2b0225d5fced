"""The organization itself: made by the account that is to manage it, seen by all its members."""

from sekisho.directory.queries import organizations
from sekisho.model.organizations import ALL_FEATURES, Member, Organization, new_letters
from sekisho.services.operation import Call, Desk, Output, everything, operation
from sekisho.services.organizations.faults import constrained, management_stays, refused
from sekisho.services.organizations.paging import page
from sekisho.services.organizations.standing import managed, seen, the_organization

INVITED, CREATED = "INVITED", "CREATED"


@operation("organizations:CreateOrganization", resource=everything, writes=True)
def create_organization(call: Call, desk: Desk) -> Output:
    """Make the caller's account the management account of a new organization (W-224).

    Input: FeatureSet (ALL, the default, or CONSOLIDATED_BILLING).
    Raises: AlreadyInOrganization.
    """
    if organizations.get_member(desk.tx, call.account) is not None:
        said = "This account is already a member of an organization."
        raise refused("AlreadyInOrganization", said)
    made = Organization(
        id=f"o-{new_letters(10)}",
        management=call.account,
        root=f"r-{new_letters(4)}",
        created=call.now,
        feature_set=call.input.get("FeatureSet", ALL_FEATURES),
    )
    first = Member(call.account, made.id, made.root, call.now, INVITED, email_of(call.account))
    organizations.add_organization(desk.tx, made, first)
    return {"Organization": shown_organization(made)}


@operation("organizations:DescribeOrganization", resource=everything)
def describe_organization(call: Call, desk: Desk) -> Output:
    """Show the organization of the caller's account, to each of its members (W-226)."""
    return {"Organization": shown_organization(the_organization(call, desk))}


@operation("organizations:DeleteOrganization", resource=everything, writes=True)
def delete_organization(call: Call, desk: Desk) -> Output:
    """Delete an organization that has no other members.

    Raises: OrganizationNotEmpty (W-239).
    """
    organization = managed(call, desk)
    if organizations.count_members(desk.tx, organization.id) > 1:
        said = (
            "To delete an organization you must first remove all member accounts (except the"
            " master)."
        )
        raise refused("OrganizationNotEmpty", said)
    organizations.remove_organization(desk.tx, organization)
    return {}


@operation("organizations:ListRoots", resource=everything)
def list_roots(call: Call, desk: Desk) -> Output:
    """Show the one root there is (W-230)."""
    organization = seen(call, desk)
    roots, rest = page(call, [shown_root(organization)], lambda root: str(root["Id"]))
    return {"Roots": roots, **rest}


@operation("organizations:LeaveOrganization", resource=everything, writes=True)
def leave_organization(call: Call, desk: Desk) -> Output:
    """Let the caller's account leave (W-226).

    Raises: MasterCannotLeaveOrganization, ConstraintViolation for a delegated administrator.
    """
    organization = the_organization(call, desk)
    release(desk, organization, call.account)
    return {}


def release(desk: Desk, organization: Organization, account: str) -> None:
    """Let a member go."""
    member = organizations.get_member(desk.tx, account)
    assert member is not None, "whoever calls has looked"
    if account == organization.management:
        raise management_stays()
    delegates = organizations.list_delegates(desk.tx, organization.id)
    if any(one.account == account for one in delegates):
        raise constrained(
            "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
            "You attempted to remove an account that is registered as a delegated administrator"
            " for a service integrated with your organization.",
        )
    organizations.remove_member(desk.tx, member)


def email_of(account: str) -> str:
    """The address of an account that has told none; nothing is ever sent there."""
    return f"{account}@accounts.invalid"


def shown_organization(organization: Organization) -> Output:
    management = organization.management
    return {
        "Id": organization.id,
        "Arn": organization.arn,
        "FeatureSet": organization.feature_set,
        "MasterAccountArn": organization.arn_of("account", management),
        "MasterAccountId": management,
        "MasterAccountEmail": email_of(management),
        "AvailablePolicyTypes": shown_types(organization),
    }


def shown_root(organization: Organization) -> Output:
    return {
        "Id": organization.root,
        "Arn": organization.arn_of("root", organization.root),
        "Name": "Root",
        "PolicyTypes": shown_types(organization),
    }


def shown_types(organization: Organization) -> list[Output]:
    return [{"Type": kind, "Status": "ENABLED"} for kind in organization.policy_types]
