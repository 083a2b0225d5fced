"""Centralised root access: which of its features an organization has (W-166).

Two features let the management account and the delegated administrator for IAM into the root user
of member accounts, for single tasks (`services/sts/assume_root`).
"""

from dataclasses import replace

from sekisho.directory.queries import organizations
from sekisho.model.faults import Fault
from sekisho.model.organizations import (
    ALL_FEATURES,
    IAM_SERVICE,
    ROOT_CREDENTIALS,
    ROOT_SESSIONS,
    Organization,
)
from sekisho.services.operation import Call, Desk, Output, everything, operation

_REFUSED = "The request was rejected because "


@operation("iam:EnableOrganizationsRootCredentialsManagement", resource=everything, writes=True)
def enable_root_credentials_management(call: Call, desk: Desk) -> Output:
    """Let the root users' credentials of members be looked at and taken away.

    Raises: OrganizationNotFound, AccountNotManagementOrDelegatedAdministrator,
        CallerIsNotManagementAccount, OrganizationNotInAllFeaturesMode, ServiceAccessNotEnabled.
    """
    return turned(call, desk, ROOT_CREDENTIALS, on=True)


@operation("iam:EnableOrganizationsRootSessions", resource=everything, writes=True)
def enable_root_sessions(call: Call, desk: Desk) -> Output:
    """Let policies that lock everybody out be taken away as root of a member. Raises: as above."""
    return turned(call, desk, ROOT_SESSIONS, on=True)


@operation("iam:DisableOrganizationsRootCredentialsManagement", resource=everything, writes=True)
def disable_root_credentials_management(call: Call, desk: Desk) -> Output:
    """Raises: as above, but that delegated administrators may call it."""
    return turned(call, desk, ROOT_CREDENTIALS, on=False)


@operation("iam:DisableOrganizationsRootSessions", resource=everything, writes=True)
def disable_root_sessions(call: Call, desk: Desk) -> Output:
    """Raises: as above, but that delegated administrators may call it."""
    return turned(call, desk, ROOT_SESSIONS, on=False)


@operation("iam:ListOrganizationsFeatures", resource=everything)
def list_organizations_features(call: Call, desk: Desk) -> Output:
    """Show which features are on. Raises: as above."""
    return shown(centralising(call, desk))


def turned(call: Call, desk: Desk, feature: str, *, on: bool) -> Output:
    organization = centralising(call, desk)
    if on and call.account != organization.management:
        raise refused(
            "CallerIsNotManagementAccountException",
            "the account making the request is not the management account for the organization.",
        )
    features = {*organization.root_features} - {feature} | ({feature} if on else set())
    changed = replace(organization, root_features=tuple(sorted(features)))
    organizations.update_organization(desk.tx, changed)
    return shown(changed)


def centralising(call: Call, desk: Desk) -> Organization:
    """The organization of a caller who may see to its centralised root access."""
    organization = organizations.organization_of(desk.tx, call.account)
    if organization is None:
        raise refused(
            "OrganizationNotFoundException", "no organization is associated with your account."
        )
    if call.account != organization.management and not is_delegate(call, desk, organization):
        raise refused(
            "AccountNotManagementOrDelegatedAdministratorException",
            "the account making the request is not the management account or delegated"
            " administrator account for centralized root access.",
        )
    if organization.feature_set != ALL_FEATURES:
        raise refused(
            "OrganizationNotInAllFeaturesModeException",
            "your organization does not have All features enabled. For more information, see"
            " Available feature sets in the Organizations User Guide.",
        )
    if IAM_SERVICE not in organization.services:
        raise refused(
            "ServiceAccessNotEnabledException",
            "trusted access is not enabled for IAM in Organizations. For details, see IAM and"
            " Organizations in the Organizations User Guide.",
        )
    return organization


def is_delegate(call: Call, desk: Desk, organization: Organization) -> bool:
    delegates = organizations.list_delegates(desk.tx, organization.id)
    return any(one.account == call.account and one.service == IAM_SERVICE for one in delegates)


def refused(code: str, reason: str) -> Fault:
    return Fault(code, 400, _REFUSED + reason)


def shown(organization: Organization) -> Output:
    return {
        "OrganizationId": organization.id,
        "EnabledFeatures": list(organization.root_features),
    }
