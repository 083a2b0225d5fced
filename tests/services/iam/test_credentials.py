"""Access keys and MFA devices (W-166, W-169, W-171, W-206, W-208, PE-65)."""

import base64

import pytest

from sekisho.directory.queries import keys
from sekisho.model.identifiers import account_of_access_key
from sekisho.services.qr_code import png
from sekisho.services.totp import code_at, step_at
from services.iam.office import NOW, Office, allow

INVALID_CODE = ("InvalidAuthenticationCode", 403, "Authentication code for device is not valid.")


def new_device(office: Office, name: str = "phone") -> tuple[str, bytes]:
    """Serial number and seed."""
    made = office.do("CreateVirtualMFADevice", VirtualMFADeviceName=name)["VirtualMFADevice"]
    assert set(made) == {"SerialNumber", "Base32StringSeed", "QRCodePNG"}
    seed = made["Base32StringSeed"].decode()
    assert len(seed) == 64
    # W-208
    assert made["QRCodePNG"] == png(f"otpauth://totp/{name}@{office.id}?secret={seed}")
    return made["SerialNumber"], base64.b32decode(made["Base32StringSeed"])


def codes(seed: bytes, now: float = NOW) -> dict[str, str]:
    step = step_at(now)
    return {
        "AuthenticationCode1": code_at(seed, step - 1),
        "AuthenticationCode2": code_at(seed, step),
    }


def test_the_secret_of_a_key_is_shown_once(office: Office) -> None:
    office.new_user("u")
    made = office.do("CreateAccessKey", UserName="U")["AccessKey"]
    secret = made.pop("SecretAccessKey")
    assert len(secret) == 40
    assert made["UserName"] == "u"
    assert made["Status"] == "Active"
    assert made["CreateDate"] == NOW
    assert account_of_access_key(made["AccessKeyId"]) == office.id
    assert office.do("ListAccessKeys", UserName="u")["AccessKeyMetadata"] == [made]
    with office.directory.reading() as tx:
        kept = keys.get_access_key(tx, made["AccessKeyId"])
    assert kept is not None
    assert kept.secret == secret
    assert secret not in repr(kept)


def test_two_keys_are_the_most(office: Office) -> None:
    office.new_user("u")
    first = office.do("CreateAccessKey", UserName="u")["AccessKey"]["AccessKeyId"]
    office.do("UpdateAccessKey", UserName="u", AccessKeyId=first, Status="Inactive")
    office.do("CreateAccessKey", UserName="u")
    said = ("LimitExceeded", 409, "Cannot exceed quota for AccessKeysPerUser: 2")
    assert office.refusal("CreateAccessKey", UserName="u") == said
    office.do("DeleteAccessKey", UserName="u", AccessKeyId=first)
    office.do("CreateAccessKey", UserName="u")


def test_nobody_sets_the_status_expired(office: Office) -> None:
    key = office.do("CreateAccessKey")["AccessKey"]["AccessKeyId"]
    code, status, _ = office.refusal("UpdateAccessKey", AccessKeyId=key, Status="Expired")
    assert (code, status) == ("ValidationError", 400)


def test_keys_without_a_user_name_are_the_callers(office: Office) -> None:
    """W-174"""
    alice = office.new_user("alice", allow("iam:*AccessKey*"))
    own = office.do("CreateAccessKey", alice)["AccessKey"]
    assert own["UserName"] == "alice"
    root = office.do("CreateAccessKey")["AccessKey"]
    assert "UserName" not in root
    (listed,) = office.do("ListAccessKeys")["AccessKeyMetadata"]
    assert listed["AccessKeyId"] == root["AccessKeyId"]
    office.new_role("r")
    said = "Must specify userName when calling with non-User credentials"
    for name in ("ListAccessKeys", "CreateAccessKey", "ListMFADevices"):
        assert office.refusal(name, office.session("r")) == ("ValidationError", 400, said)


def test_a_key_is_changed_by_its_own_user_alone(office: Office) -> None:
    office.new_user("u")
    key = office.do("CreateAccessKey", UserName="u")["AccessKey"]["AccessKeyId"]
    other = Office(office.directory)
    other.new_user("u")
    said = ("NoSuchEntity", 404, f"The Access Key with id {key} cannot be found")
    assert office.refusal("DeleteAccessKey", AccessKeyId=key) == said
    for given in ({"UserName": "u"}, {}):
        assert other.refusal("DeleteAccessKey", AccessKeyId=key, **given) == said
        told = other.refusal("UpdateAccessKey", AccessKeyId=key, Status="Inactive", **given)
        assert told == said
    assert office.do("ListAccessKeys", UserName="u")["AccessKeyMetadata"][0]["Status"] == "Active"


def test_a_device_from_its_making_to_its_end(office: Office) -> None:
    user = office.new_user("u")
    serial, seed = new_device(office)
    assert serial == office.arn("mfa/phone")
    assert office.do("ListVirtualMFADevices")["VirtualMFADevices"] == [{"SerialNumber": serial}]
    office.do("EnableMFADevice", UserName="u", SerialNumber=serial, **codes(seed))
    held = [{"UserName": "u", "SerialNumber": serial, "EnableDate": NOW}]
    assert office.do("ListMFADevices", UserName="u")["MFADevices"] == held
    (shown,) = office.do("ListVirtualMFADevices", AssignmentStatus="Assigned")["VirtualMFADevices"]
    assert shown["User"]["UserId"] == user.principal.unique_id
    assert office.do("ListVirtualMFADevices", AssignmentStatus="Unassigned") == {
        "VirtualMFADevices": [],
        "IsTruncated": False,
    }
    assert office.refusal("DeleteVirtualMFADevice", SerialNumber=serial)[0] == "DeleteConflict"
    said = ("DeleteConflict", 409, "Cannot delete entity, must delete MFA device first.")
    assert office.refusal("DeleteUser", UserName="u") == said
    office.do("DeactivateMFADevice", UserName="u", SerialNumber=serial)
    office.do("DeleteVirtualMFADevice", SerialNumber=serial)
    assert office.do("ListVirtualMFADevices")["VirtualMFADevices"] == []


def test_devices_have_a_quota(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as users, whoever has them: nobody needs to."""
    monkeypatch.setattr("sekisho.services.iam.mfa.USERS", 1)
    new_device(office)
    told = office.refusal("CreateVirtualMFADevice", VirtualMFADeviceName="other")
    said = "Cannot exceed quota for VirtualMFADevicesPerAccount: 1"
    assert told == ("LimitExceeded", 409, said)


def test_codes_that_were_shown_are_used_up(office: Office) -> None:
    """W-137"""
    office.new_user("u")
    serial, seed = new_device(office)
    office.do("EnableMFADevice", UserName="u", SerialNumber=serial, **codes(seed))
    given = {"UserName": "u", "SerialNumber": serial}
    assert office.refusal("ResyncMFADevice", **given, **codes(seed)) == INVALID_CODE
    later = office.now = NOW + 60
    office.do("ResyncMFADevice", **given, **codes(seed, later))
    assert office.refusal("ResyncMFADevice", **given, **codes(seed, later)) == INVALID_CODE
    office.do("DeactivateMFADevice", **given)
    assert office.refusal("EnableMFADevice", **given, **codes(seed, later)) == INVALID_CODE


@pytest.mark.parametrize("late", [-61, 61, 3_600])
def test_codes_of_another_time_are_refused(office: Office, late: int) -> None:
    office.new_user("u")
    serial, seed = new_device(office)
    given = {"UserName": "u", "SerialNumber": serial, **codes(seed, NOW + late)}
    assert office.refusal("EnableMFADevice", **given) == INVALID_CODE
    assert office.do("ListMFADevices", UserName="u")["MFADevices"] == []


def test_a_device_is_of_one_user(office: Office) -> None:
    office.new_user("u")
    office.new_user("v")
    serial, seed = new_device(office)
    office.do("EnableMFADevice", UserName="u", SerialNumber=serial, **codes(seed))
    later = office.now = NOW + 60
    given = {"UserName": "v", "SerialNumber": serial}
    told = office.refusal("EnableMFADevice", **given, **codes(seed, later))
    assert told[:2] == ("EntityAlreadyExists", 409)
    assert office.refusal("DeactivateMFADevice", **given)[0] == "NoSuchEntity"
    told = office.refusal("ResyncMFADevice", **given, **codes(seed, later))
    assert told[0] == "NoSuchEntity"


def test_devices_of_another_account_are_not_there(office: Office) -> None:
    other = Office(office.directory)
    serial, seed = new_device(other)
    office.new_user("u")
    given = {"UserName": "u", "SerialNumber": serial, **codes(seed)}
    assert office.refusal("EnableMFADevice", **given)[0] == "NoSuchEntity"
    assert office.refusal("DeleteVirtualMFADevice", SerialNumber=serial)[0] == "NoSuchEntity"
    assert len(other.do("ListVirtualMFADevices")["VirtualMFADevices"]) == 1


def test_eight_devices_are_the_most(office: Office) -> None:
    office.new_user("u")
    for number in range(9):
        serial, seed = new_device(office, f"d{number}")
        given = {"UserName": "u", "SerialNumber": serial, **codes(seed)}
        if number < 8:
            office.do("EnableMFADevice", **given)
    assert office.refusal("EnableMFADevice", **given)[0] == "LimitExceeded"


def test_devices_have_one_name_at_one_path(office: Office) -> None:
    """W-168"""
    new_device(office)
    said = "MFADevice entity at the same path and name already exists."
    told = office.refusal("CreateVirtualMFADevice", VirtualMFADeviceName="phone")
    assert told == ("EntityAlreadyExists", 409, said)
    office.do("CreateVirtualMFADevice", VirtualMFADeviceName="phone", Path="/x/")
    path = f"/{'p' * 230}/"
    told = office.refusal("CreateVirtualMFADevice", VirtualMFADeviceName="phone", Path=path)
    assert told[0] == "ValidationError"


def test_the_summary_counts(office: Office) -> None:
    """W-213"""
    office.new_user("u")
    office.new_role("r")
    office.new_policy("p")
    serial, seed = new_device(office)
    office.do("EnableMFADevice", UserName="u", SerialNumber=serial, **codes(seed))
    new_device(office, "spare")
    summary = office.do("GetAccountSummary")["SummaryMap"]
    counted = ("Users", "Groups", "Roles", "Policies", "MFADevices", "MFADevicesInUse")
    assert [summary[name] for name in counted] == [1, 0, 1, 1, 2, 1]
    assert summary["AccountMFAEnabled"] == 0
    assert summary["AccountAccessKeysPresent"] == 0
    assert office.do("ListAccountAliases") == {"AccountAliases": [], "IsTruncated": False}
