"""Invitations: how accounts that are there already come into an organization (W-238)."""

from collections.abc import Sequence
from dataclasses import replace

from sekisho.directory.queries import accounts, control_policies, invitations, organizations
from sekisho.model.organizations import Invitation, Member, Organization, new_letters
from sekisho.services.operation import Call, Desk, Output, Target, everything, operation
from sekisho.services.organizations.accounts import check_room
from sekisho.services.organizations.faults import invalid, not_found, refused
from sekisho.services.organizations.organization import INVITED, email_of
from sekisho.services.organizations.paging import page
from sekisho.services.organizations.standing import managed, named, seen
from sekisho.services.organizations.tags import given_tags, new_tags

LIFE_SECONDS = 15 * 86_400
KEPT_SECONDS = 30 * 86_400
"""How long an invitation can be answered, and how long one that has ended is shown."""
MOST_INVITATIONS = 1_000

_ACTION = "INVITE"


def the_invited(call: Call, desk: Desk) -> Target:
    found = named(call, desk, "account", call.input["Target"]["Id"])
    return Target(found.arn, {**found.context, **given_tags(call)})


@operation("organizations:InviteAccountToOrganization", resource=the_invited, writes=True)
def invite_account(call: Call, desk: Desk) -> Output:
    """Ask an account of this server to join; it has 15 days to answer.

    Input: Target (an account by its id), Notes (shown to the account), Tags (of the account, once
        it has joined).
    Raises: AccountNotFound, DuplicateHandshake, HandshakeConstraintViolation, InvalidInput.
    """
    organization = managed(call, desk)
    target = call.input["Target"]
    if target["Type"] != "ACCOUNT":
        said = (
            "You specified the wrong type of entity (account, organization, or email) as a party."
        )
        raise invalid("INVALID_PARTY_TYPE_TARGET", said)
    account: str = target["Id"]
    tags = new_tags(call)
    if accounts.get_account(desk.tx, account) is None:
        raise not_found("Account")
    refuse_member(desk, account)
    invitations.forget_old(desk.tx, call.now - KEPT_SECONDS)
    known = invitations.list_of_organization(desk.tx, organization.id)
    if any(one.account == account and one.state_at(call.now) == "OPEN" for one in known):
        said = "A handshake with the same action and target already exists."
        raise refused("DuplicateHandshake", said)
    if len(known) >= MOST_INVITATIONS:
        said = "You attempted to exceed the number of handshakes that you can send in one day."
        raise refused("HandshakeConstraintViolation", said, "HANDSHAKE_RATE_LIMIT_EXCEEDED")
    made = Invitation(
        id=f"h-{new_letters(32)}",
        organization=organization.id,
        account=account,
        requested=call.now,
        expires=call.now + LIFE_SECONDS,
        notes=call.input.get("Notes", ""),
    )
    invitations.add_invitation(desk.tx, made)
    organizations.put_tags(desk.tx, organization.id, made.id, tags)
    return {"Handshake": shown(desk, organization, made, call.now)}


def the_handshake(call: Call, desk: Desk) -> Target:
    """The invitation of HandshakeId, by the ARN that it has with whoever sent it (W-223)."""
    invitation, organization = find(call, desk)
    return Target(organization.arn_of("handshake", f"invite/{invitation.id}"))


@operation("organizations:AcceptHandshake", resource=the_handshake, writes=True)
def accept_handshake(call: Call, desk: Desk) -> Output:
    """Let the caller's account join, directly under the root.

    Raises: HandshakeNotFound, HandshakeAlreadyInState, InvalidHandshakeTransition,
        HandshakeConstraintViolation, ConstraintViolation.
    """
    invitation, organization = received(call, desk)
    answered = changed(invitation, "ACCEPTED", call.now)
    refuse_member(desk, call.account)
    check_room(organizations.count_members(desk.tx, organization.id))
    member = Member(
        call.account,
        organization.id,
        organization.root,
        call.now,
        INVITED,
        email_of(call.account),
    )
    organizations.add_member(desk.tx, member)
    control_policies.attach_full_access(desk.tx, organization, call.account)
    tags = organizations.get_tags(desk.tx, organization.id, invitation.id)
    organizations.put_tags(desk.tx, organization.id, invitation.id, {})
    organizations.put_tags(desk.tx, organization.id, call.account, tags)
    invitations.update_invitation(desk.tx, answered)
    return {"Handshake": shown(desk, organization, answered, call.now)}


@operation("organizations:DeclineHandshake", resource=the_handshake, writes=True)
def decline_handshake(call: Call, desk: Desk) -> Output:
    """Raises: HandshakeNotFound, HandshakeAlreadyInState, InvalidHandshakeTransition."""
    invitation, organization = received(call, desk)
    return ended(call, desk, organization, changed(invitation, "DECLINED", call.now))


@operation("organizations:CancelHandshake", resource=the_handshake, writes=True)
def cancel_handshake(call: Call, desk: Desk) -> Output:
    """Take an invitation back, as the account that sent it. Raises: as DeclineHandshake."""
    invitation, organization = find(call, desk)
    if organization.management != call.account:
        raise not_found("Handshake")
    return ended(call, desk, organization, changed(invitation, "CANCELED", call.now))


@operation("organizations:DescribeHandshake", resource=the_handshake)
def describe_handshake(call: Call, desk: Desk) -> Output:
    """Show an invitation to whoever sent or received it. Raises: HandshakeNotFound."""
    invitation, organization = find(call, desk)
    return {"Handshake": shown(desk, organization, invitation, call.now)}


@operation("organizations:ListHandshakesForAccount", resource=everything)
def list_handshakes_for_account(call: Call, desk: Desk) -> Output:
    """List the invitations that the caller's account has received. Input: Filter."""
    return listed(call, desk, invitations.list_of_account(desk.tx, call.account))


@operation("organizations:ListHandshakesForOrganization", resource=everything)
def list_handshakes_for_organization(call: Call, desk: Desk) -> Output:
    """List the invitations that the organization has sent. Input: Filter."""
    organization = seen(call, desk)
    return listed(call, desk, invitations.list_of_organization(desk.tx, organization.id))


def listed(call: Call, desk: Desk, every: Sequence[Invitation]) -> Output:
    """Invitations are the one kind of handshakes here, and none has another for its parent."""
    wanted = call.input.get("Filter", {})
    if wanted.get("ActionType", _ACTION) != _ACTION or "ParentHandshakeId" in wanted:
        every = ()
    kept, rest = page(call, every, lambda one: one.id)
    found = []
    for invitation in kept:
        organization = organizations.get_organization(desk.tx, invitation.organization)
        assert organization is not None, "invitations go with their organization"
        found.append(shown(desk, organization, invitation, call.now))
    return {"Handshakes": found, **rest}


def find(call: Call, desk: Desk) -> tuple[Invitation, Organization]:
    """The invitation of HandshakeId, if the caller's account has to do with it."""
    invitation = invitations.get_invitation(desk.tx, call.input["HandshakeId"])
    if invitation is None:
        raise not_found("Handshake")
    organization = organizations.get_organization(desk.tx, invitation.organization)
    if organization is None or call.account not in (invitation.account, organization.management):
        raise not_found("Handshake")
    return invitation, organization


def received(call: Call, desk: Desk) -> tuple[Invitation, Organization]:
    invitation, organization = find(call, desk)
    if invitation.account != call.account:
        raise not_found("Handshake")
    return invitation, organization


def changed(invitation: Invitation, state: str, now: int) -> Invitation:
    """The invitation in another state, if it can come into it."""
    before = invitation.state_at(now)
    if before == state:
        said = "The specified handshake is already in the requested state."
        raise refused("HandshakeAlreadyInState", said)
    if before != "OPEN":
        said = "You can't perform the operation on the handshake in its current state."
        raise refused("InvalidHandshakeTransition", said)
    return replace(invitation, state=state)


def ended(call: Call, desk: Desk, organization: Organization, invitation: Invitation) -> Output:
    organizations.put_tags(desk.tx, organization.id, invitation.id, {})
    invitations.update_invitation(desk.tx, invitation)
    return {"Handshake": shown(desk, organization, invitation, call.now)}


def refuse_member(desk: Desk, account: str) -> None:
    if organizations.get_member(desk.tx, account) is not None:
        said = "The invited account is already a member of an organization."
        raise refused("HandshakeConstraintViolation", said, "ALREADY_IN_AN_ORGANIZATION")


def shown(desk: Desk, organization: Organization, invitation: Invitation, now: int) -> Output:
    manager = accounts.get_account(desk.tx, organization.management)
    about = [
        {"Type": "MASTER_EMAIL", "Value": email_of(organization.management)},
        {"Type": "MASTER_NAME", "Value": "" if manager is None else manager.name},
        {"Type": "ORGANIZATION_FEATURE_SET", "Value": organization.feature_set},
    ]
    resources = [
        {"Type": "ORGANIZATION", "Value": organization.id, "Resources": about},
        {"Type": "ACCOUNT", "Value": invitation.account},
    ]
    if invitation.notes:
        resources.append({"Type": "NOTES", "Value": invitation.notes})
    return {
        "Id": invitation.id,
        "Arn": organization.arn_of("handshake", f"invite/{invitation.id}"),
        "Parties": [
            {"Id": organization.id, "Type": "ORGANIZATION"},
            {"Id": invitation.account, "Type": "ACCOUNT"},
        ],
        "State": invitation.state_at(now),
        "RequestedTimestamp": invitation.requested,
        "ExpirationTimestamp": invitation.expires,
        "Action": _ACTION,
        "Resources": resources,
    }
