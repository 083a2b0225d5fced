"""Services that an organization trusts, and the members that administer it for them."""

from collections.abc import Sequence
from dataclasses import replace

from sekisho.directory.queries import organizations
from sekisho.model.faults import Fault
from sekisho.model.organizations import Delegate, Organization
from sekisho.services.operation import Call, Desk, Output, Target, everything, operation
from sekisho.services.organizations.accounts import shown_accounts, the_member
from sekisho.services.organizations.faults import constrained, invalid, refused
from sekisho.services.organizations.paging import page
from sekisho.services.organizations.standing import managed, named, seen, the_one

MOST_SERVICES = 100


def a_service(call: Call, _desk: Desk) -> Target:
    """No resource, but the key organizations:ServicePrincipal."""
    return Target("*", {"organizations:serviceprincipal": call.input["ServicePrincipal"]})


def an_administrator(call: Call, desk: Desk) -> Target:
    """The account of AccountId, with the key organizations:ServicePrincipal."""
    found = named(call, desk, "account", call.input["AccountId"])
    return Target(found.arn, {**found.context, **a_service(call, desk).context})


@operation("organizations:EnableAWSServiceAccess", resource=a_service, writes=True)
def enable_service_access(call: Call, desk: Desk) -> Output:
    """Trust a service, such as ``iam.amazonaws.com``; again is no fault.

    Of the services IAM alone does something with it here: centralised root access (W-100).
    Raises: InvalidInput beyond 100 services, which are more than there are.
    """
    organization = managed(call, desk)
    service: str = call.input["ServicePrincipal"]
    if service not in organization.services:
        if len(organization.services) >= MOST_SERVICES:
            raise invalid("UNRECOGNIZED_SERVICE_PRINCIPAL")
        services = {**organization.services, service: call.now}
        organizations.update_organization(desk.tx, replace(organization, services=services))
    return {}


@operation("organizations:DisableAWSServiceAccess", resource=a_service, writes=True)
def disable_service_access(call: Call, desk: Desk) -> Output:
    """Trust a service no longer; nobody administers the organization for it then."""
    organization = managed(call, desk)
    service: str = call.input["ServicePrincipal"]
    left = {name: since for name, since in organization.services.items() if name != service}
    organizations.update_organization(desk.tx, replace(organization, services=left))
    for delegate in organizations.list_delegates(desk.tx, organization.id):
        if delegate.service == service:
            organizations.remove_delegate(desk.tx, delegate)
    return {}


@operation("organizations:ListAWSServiceAccessForOrganization", resource=everything)
def list_service_access(call: Call, desk: Desk) -> Output:
    """List the services that are trusted, and since when."""
    organization = seen(call, desk)
    services = sorted(organization.services.items())
    kept, rest = page(call, services, lambda one: one[0])
    shown = [{"ServicePrincipal": name, "DateEnabled": since} for name, since in kept]
    return {"EnabledServicePrincipals": shown, **rest}


@operation("organizations:RegisterDelegatedAdministrator", resource=an_administrator, writes=True)
def register_delegated_administrator(call: Call, desk: Desk) -> Output:
    """Let a member administer the organization for a service that is trusted.

    Raises: AccountNotFound, AccountAlreadyRegistered, ConstraintViolation.
    """
    organization = managed(call, desk)
    account, service = call.input["AccountId"], call.input["ServicePrincipal"]
    if account == organization.management:
        raise constrained(
            "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
            "You cannot register master account/yourself as delegated administrator for your"
            " organization.",
        )
    the_member(desk, organization, account)
    if service not in organization.services:
        raise constrained(
            "SERVICE_ACCESS_NOT_ENABLED",
            "You attempted to register a delegated administrator before you enabled service"
            " access. Call the EnableAWSServiceAccess API first.",
        )
    if any(one.service == service for one in of_account(desk, organization, account)):
        raise refused(
            "AccountAlreadyRegistered",
            "The provided account is already a delegated administrator for your organization.",
        )
    organizations.add_delegate(desk.tx, Delegate(account, organization.id, service, call.now))
    return {}


@operation("organizations:DeregisterDelegatedAdministrator", resource=an_administrator, writes=True)
def deregister_delegated_administrator(call: Call, desk: Desk) -> Output:
    """Raises: AccountNotFound, AccountNotRegistered."""
    organization = managed(call, desk)
    account, service = call.input["AccountId"], call.input["ServicePrincipal"]
    the_member(desk, organization, account)
    for delegate in of_account(desk, organization, account):
        if delegate.service == service:
            organizations.remove_delegate(desk.tx, delegate)
            return {}
    raise not_registered()


@operation("organizations:ListDelegatedAdministrators", resource=everything)
def list_delegated_administrators(call: Call, desk: Desk) -> Output:
    """List the members that administer for ServicePrincipal, or for any service."""
    organization = seen(call, desk)
    wanted = call.input.get("ServicePrincipal")
    since: dict[str, int] = {}
    for one in organizations.list_delegates(desk.tx, organization.id):
        if wanted in (None, one.service):
            since[one.account] = min(one.since, since.get(one.account, one.since))
    kept, rest = page(call, sorted(since), lambda account: account)
    members = [the_member(desk, organization, account) for account in kept]
    shown = [
        {name: value for name, value in account.items() if name != "Paths"}
        | {"DelegationEnabledDate": since[account["Id"]]}
        for account in shown_accounts(desk, organization, members)
    ]
    return {"DelegatedAdministrators": shown, **rest}


@operation(
    "organizations:ListDelegatedServicesForAccount", resource=the_one("account", "AccountId")
)
def list_delegated_services(call: Call, desk: Desk) -> Output:
    """List for which services a member administers.

    Raises: AccountNotFound, AccountNotRegistered.
    """
    organization = seen(call, desk)
    account = the_member(desk, organization, call.input["AccountId"]).account
    found = of_account(desk, organization, account)
    if not found:
        raise not_registered()
    kept, rest = page(call, found, lambda one: one.service)
    shown = [{"ServicePrincipal": one.service, "DelegationEnabledDate": one.since} for one in kept]
    return {"DelegatedServices": shown, **rest}


def of_account(desk: Desk, organization: Organization, account: str) -> Sequence[Delegate]:
    delegates = organizations.list_delegates(desk.tx, organization.id)
    return [one for one in delegates if one.account == account]


def not_registered() -> Fault:
    return refused(
        "AccountNotRegistered",
        "The provided account is not a registered delegated administrator for your organization.",
    )
