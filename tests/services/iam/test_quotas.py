"""The quotas of an account, figure by figure, and that one more is refused (PE-61, W-165)."""

from typing import Any

import pytest

from sekisho.services.iam import quotas
from services.iam.office import ALLOW_ALL, Office, trusting
from services.iam.test_credentials import codes, new_device

SHOWN = {
    "UsersQuota": 5_000,
    "GroupsQuota": 300,
    "RolesQuota": 1_000,
    "PoliciesQuota": 1_500,
    "InstanceProfilesQuota": 1_000,
    "ServerCertificatesQuota": 20,
    "SigningCertificatesPerUserQuota": 2,
    "AccessKeysPerUserQuota": 2,
    "GroupsPerUserQuota": 10,
    "AttachedPoliciesPerUserQuota": 10,
    "AttachedPoliciesPerGroupQuota": 10,
    "AttachedPoliciesPerRoleQuota": 10,
    "PolicySizeQuota": 6_144,
    "AssumeRolePolicySizeQuota": 2_048,
    "UserPolicySizeQuota": 2_048,
    "GroupPolicySizeQuota": 5_120,
    "RolePolicySizeQuota": 10_240,
    "VersionsPerPolicyQuota": 5,
    "PolicyVersionsInUseQuota": 10_000,
}


def test_the_summary_tells_them(office: Office) -> None:
    """PE-61, W-165, W-213: of 34 entries, the others are counts."""
    summary = office.do("GetAccountSummary")["SummaryMap"]
    assert {name: figure for name, figure in summary.items() if "Quota" in name} == SHOWN
    assert len(summary) == 34


MADE: list[tuple[str, dict[str, Any], str]] = [
    ("CreateUser", {"UserName": "n"}, "UsersPerAccount: 5000"),
    ("CreateGroup", {"GroupName": "n"}, "GroupsPerAccount: 300"),
    (
        "CreateRole",
        {"RoleName": "n", "AssumeRolePolicyDocument": trusting({"AWS": "*"})},
        "RolesPerAccount: 1000",
    ),
    (
        "CreateServiceLinkedRole",
        {"AWSServiceName": "elasticbeanstalk.amazonaws.com"},
        "RolesPerAccount: 1000",
    ),
    (
        "CreatePolicy",
        {"PolicyName": "n", "PolicyDocument": ALLOW_ALL},
        "PoliciesPerAccount: 1500",
    ),
    (
        "CreateInstanceProfile",
        {"InstanceProfileName": "n"},
        "InstanceProfilesPerAccount: 1000",
    ),
    (
        "CreateVirtualMFADevice",
        {"VirtualMFADeviceName": "n"},
        "VirtualMFADevicesPerAccount: 5000",
    ),
]


@pytest.mark.parametrize(("name", "given", "quota"), MADE)
def test_one_more_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch, name: str, given: dict[str, Any], quota: str
) -> None:
    """W-165, W-171, PE-61: however many there are, the last one fits."""
    most = int(quota.partition(": ")[2])
    for count in (most, most - 1):
        monkeypatch.setattr(quotas, "count_entities", lambda *_, count=count: count)
        if count == most:
            said = ("LimitExceeded", 409, f"Cannot exceed quota for {quota}")
            assert office.refusal(name, **given) == said
        else:
            office.do(name, **given)


def test_a_user_has_eight_devices_at_most(office: Office) -> None:
    """W-165, W-208, PE-61."""
    office.new_user("u")
    for number in range(9):
        serial, seed = new_device(office, f"phone{number}")
        given = {"UserName": "u", "SerialNumber": serial, **codes(seed)}
        if number < 8:
            office.do("EnableMFADevice", **given)
    said = ("LimitExceeded", 409, "Cannot exceed quota for MFADevicesPerUser: 8")
    assert office.refusal("EnableMFADevice", **given) == said


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("SSH_KEYS", 5),
        ("PROVIDERS", 100),
        ("CLIENT_IDS", 100),
        ("THUMBPRINTS", 5),
        ("TAGS", 50),
        ("SERVER_CERTIFICATES", 20),
    ],
)
def test_figures_that_the_summary_leaves_out(name: str, figure: int) -> None:
    """PE-61, W-165, W-210; that they are held to is tested where each of them is."""
    assert getattr(quotas, name) == figure
