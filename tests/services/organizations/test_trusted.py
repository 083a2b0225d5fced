"""Trusted services and delegated administrators (W-226)."""

import json
from typing import Any

import pytest
from demo.policies import allow

from gate.gatehouse import HOME, Gatehouse
from sekisho.services.organizations import trusted as trusted_services
from services.organizations.made import ALLOW_ALL, entered, new_member

IAM, OTHER = "iam.amazonaws.com", "sso.amazonaws.com"


def trusted(house: Gatehouse) -> list[str]:
    listed = house.organized(house.home, "ListAWSServiceAccessForOrganization")
    assert all(one["DateEnabled"] > 0 for one in listed["EnabledServicePrincipals"])
    return [one["ServicePrincipal"] for one in listed["EnabledServicePrincipals"]]


def test_services_are_trusted_and_not(house: Gatehouse) -> None:
    for service in (OTHER, IAM, IAM):
        house.organized(house.home, "EnableAWSServiceAccess", ServicePrincipal=service)
    assert trusted(house) == [IAM, OTHER]
    house.organized(house.home, "DisableAWSServiceAccess", ServicePrincipal=OTHER)
    assert trusted(house) == [IAM]


def test_services_are_bounded(house: Gatehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each request of a member has them in memory."""
    monkeypatch.setattr(trusted_services, "MOST_SERVICES", 2)
    for service in (OTHER, IAM, IAM):
        house.organized(house.home, "EnableAWSServiceAccess", ServicePrincipal=service)
    refused = house.organize(house.home, "EnableAWSServiceAccess", ServicePrincipal="x.y").told
    assert (refused[0], refused[2]) == ("InvalidInputException", "UNRECOGNIZED_SERVICE_PRINCIPAL")
    assert trusted(house) == [IAM, OTHER]


def test_members_administer_for_services(house: Gatehouse) -> None:
    member = new_member(house)
    for service in (IAM, OTHER):
        house.organized(house.home, "EnableAWSServiceAccess", ServicePrincipal=service)
        house.organized(
            house.home, "RegisterDelegatedAdministrator", AccountId=member, ServicePrincipal=service
        )
    (listed,) = house.organized(house.home, "ListDelegatedAdministrators")[
        "DelegatedAdministrators"
    ]
    assert (listed["Id"], listed["Name"]) == (member, "member")
    assert listed["DelegationEnabledDate"] > 0
    of_one = house.organized(house.home, "ListDelegatedAdministrators", ServicePrincipal="x")
    assert of_one["DelegatedAdministrators"] == []
    services = house.organized(house.home, "ListDelegatedServicesForAccount", AccountId=member)
    assert [one["ServicePrincipal"] for one in services["DelegatedServices"]] == [IAM, OTHER]

    keys = entered(house, house.new_user("una", ALLOW_ALL), member)
    assert len(house.organized(keys, "ListAccounts")["Accounts"]) == 2
    form = {"Email": "a@b.example", "AccountName": "x"}
    assert house.organize(keys, "CreateAccount", **form).told[0] == "AccessDeniedException"
    leave = house.organize(house.home, "RemoveAccountFromOrganization", AccountId=member).told
    assert leave[2] == "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"

    house.organized(house.home, "DisableAWSServiceAccess", ServicePrincipal=IAM)
    gone = {"AccountId": member, "ServicePrincipal": OTHER}
    house.organized(house.home, "DeregisterDelegatedAdministrator", **gone)
    assert house.organize(keys, "ListAccounts").told[0] == "AccessDeniedException"
    house.organized(house.home, "RemoveAccountFromOrganization", AccountId=member)


@pytest.mark.parametrize(
    ("operation", "account", "service", "told"),
    [
        (
            "RegisterDelegatedAdministrator",
            HOME,
            IAM,
            (
                "ConstraintViolationException",
                "You cannot register master account/yourself as delegated administrator for your"
                " organization.",
                "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
            ),
        ),
        (
            "RegisterDelegatedAdministrator",
            "999999999999",
            IAM,
            ("AccountNotFoundException", "You specified an account that doesn't exist.", ""),
        ),
        (
            "RegisterDelegatedAdministrator",
            "",
            OTHER,
            (
                "ConstraintViolationException",
                "You attempted to register a delegated administrator before you enabled service"
                " access. Call the EnableAWSServiceAccess API first.",
                "SERVICE_ACCESS_NOT_ENABLED",
            ),
        ),
        (
            "RegisterDelegatedAdministrator",
            "",
            IAM,
            (
                "AccountAlreadyRegisteredException",
                "The provided account is already a delegated administrator for your organization.",
                "",
            ),
        ),
        (
            "DeregisterDelegatedAdministrator",
            "",
            OTHER,
            (
                "AccountNotRegisteredException",
                "The provided account is not a registered delegated administrator for your"
                " organization.",
                "",
            ),
        ),
    ],
)
def test_refusals(
    house: Gatehouse, operation: str, account: str, service: str, told: tuple[str, str, str]
) -> None:
    """W-241. An empty account stands for a member that administers for IAM."""
    member = new_member(house)
    house.organized(house.home, "EnableAWSServiceAccess", ServicePrincipal=IAM)
    given: dict[str, Any] = {"AccountId": member, "ServicePrincipal": IAM}
    house.organized(house.home, "RegisterDelegatedAdministrator", **given)
    given = {"AccountId": account or member, "ServicePrincipal": service}
    assert house.organize(house.home, operation, **given).told == told


def test_whoever_administers_nothing_has_no_services(house: Gatehouse) -> None:
    answer = house.organize(house.home, "ListDelegatedServicesForAccount", AccountId=HOME)
    assert answer.told[0] == "AccountNotRegisteredException"


def test_a_policy_can_tell_services_apart(house: Gatehouse) -> None:
    condition = {"StringEquals": {"organizations:ServicePrincipal": IAM}}
    leave = allow("organizations:EnableAWSServiceAccess", "*", condition)
    una = house.new_user("una", json.dumps(leave))
    house.organized(una, "EnableAWSServiceAccess", ServicePrincipal=IAM)
    assert house.organize(una, "EnableAWSServiceAccess", ServicePrincipal=OTHER).status == 400
