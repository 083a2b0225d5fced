"""Virtual MFA devices (W-208)."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from sekisho.directory.queries import devices, users
from sekisho.directory.queries.accounts import Kind
from sekisho.model.arn import iam_arn
from sekisho.model.faults import Fault
from sekisho.model.records import MfaDevice, Owner
from sekisho.services.iam.faults import invalid, no_such_entity, over_quota
from sekisho.services.iam.paging import EVERY, page_of
from sekisho.services.iam.quotas import MFA_DEVICES, USERS, check_quota
from sekisho.services.iam.tagging import serve_tags
from sekisho.services.iam.tags import (
    new_tags,
    resource_tags,
    shown_tags,
    tags_of_creation,
    tags_of_request,
)
from sekisho.services.iam.targets import (
    every,
    named,
    the_holder,
    the_user,
    user_or_root,
    with_tagging,
)
from sekisho.services.iam.users import shown_user
from sekisho.services.operation import Call, Desk, Output, Target, operation
from sekisho.services.qr_code import png
from sekisho.services.totp import successive_codes_match

SEED_BYTES = 40
LONGEST_SERIAL = 256


def new_device(call: Call, _desk: Desk) -> Target:
    """The target of CreateVirtualMFADevice."""
    name, path = call.input["VirtualMFADeviceName"], call.input.get("Path", "/")
    return Target(iam_arn(call.account, "mfa", path, name), tags_of_creation(call))


def device_target(call: Call, desk: Desk) -> Target:
    """The target that the input names by ``SerialNumber``."""
    device = find_device(call, desk)
    context = tags_of_request(call)
    if device is not None:
        context |= resource_tags(device.tags)
    return Target(call.input["SerialNumber"], context)


@operation(
    "iam:CreateVirtualMFADevice",
    asks=with_tagging("iam:CreateVirtualMFADevice", "iam:TagMFADevice", new_device),
    writes=True,
)
def create_virtual_mfa_device(call: Call, desk: Desk) -> Output:
    """Make a device, which is nobody's until it is enabled; its seed is shown this once.

    Input: VirtualMFADeviceName, Path, Tags. The serial number has at most 256 characters. An
        account may have as many devices as users: raises LimitExceeded.
    Output: Base32StringSeed, 64 characters; QRCodePNG, a picture for authenticator apps to read.
    """
    tags = new_tags(call)
    device = MfaDevice(
        account=call.account,
        name=call.input["VirtualMFADeviceName"],
        path=call.input.get("Path", "/"),
        created=call.now,
        seed=secrets.token_bytes(SEED_BYTES),
        tags=tags,
    )
    if len(device.serial) > LONGEST_SERIAL:
        raise invalid(f"The serial number may have at most {LONGEST_SERIAL} characters.")
    if devices.get_device(desk.tx, device.serial) is not None:
        said = "MFADevice entity at the same path and name already exists."
        raise Fault("EntityAlreadyExists", 409, said)
    check_quota(desk.tx, Kind.DEVICES, call.account, "VirtualMFADevicesPerAccount", USERS)
    devices.add_device(desk.tx, device)
    seed = base64.b32encode(device.seed)
    shown: Output = {
        "SerialNumber": device.serial,
        "Base32StringSeed": seed,
        "QRCodePNG": png(otpauth(device, seed.decode())),
    }
    if tags:
        shown["Tags"] = shown_tags(tags)
    return {"VirtualMFADevice": shown}


def otpauth(device: MfaDevice, seed: str) -> str:
    """What apps read; the name is escaped, the whole has at most 778 characters (W-208)."""
    return f"otpauth://totp/{quote(device.name, safe='@')}@{device.account}?secret={seed}"


@operation("iam:EnableMFADevice", resource=named(Owner.USER), writes=True)
def enable_mfa_device(call: Call, desk: Desk) -> Output:
    """Give a device to a user, who shows two successive codes of it.

    Raises: NoSuchEntity; EntityAlreadyExists for a device that is somebody's; LimitExceeded over
        eight devices; InvalidAuthenticationCode.
    """
    user, device = the_user(call, desk), the_device(call, desk)
    if device.owner:
        raise Fault("EntityAlreadyExists", 409, f"Device {device.serial} already exists")
    if len(devices.list_devices_of(desk.tx, call.account, user.unique_id)) >= MFA_DEVICES:
        raise over_quota("MFADevicesPerUser", MFA_DEVICES)
    step = shown_step(call, device)
    enabled = replace(device, owner=user.unique_id, enabled=call.now, last_step=step)
    devices.update_device(desk.tx, enabled)
    return {}


@operation("iam:ResyncMFADevice", resource=named(Owner.USER), writes=True)
def resync_mfa_device(call: Call, desk: Desk) -> Output:
    """Check that a device shows the right codes; virtual devices keep the time themselves."""
    user = the_user(call, desk)
    device = owned_device(call, desk, user.unique_id)
    devices.update_device(desk.tx, replace(device, last_step=shown_step(call, device)))
    return {}


@operation("iam:DeactivateMFADevice", resource=user_or_root, writes=True)
def deactivate_mfa_device(call: Call, desk: Desk) -> Output:
    device = owned_device(call, desk, the_holder(call, desk).id)
    devices.update_device(desk.tx, replace(device, owner="", enabled=0))
    return {}


@operation("iam:DeleteVirtualMFADevice", resource=device_target, writes=True)
def delete_virtual_mfa_device(call: Call, desk: Desk) -> Output:
    """Delete a device that is nobody's; raises DeleteConflict for one in use."""
    device = the_device(call, desk)
    if device.owner:
        said = "MFA VirtualDevice in use. Must deactivate first."
        raise Fault("DeleteConflict", 409, said)
    devices.remove_device(desk.tx, device)
    return {}


@operation("iam:ListMFADevices", resource=user_or_root)
def list_mfa_devices(call: Call, desk: Desk) -> Output:
    """List the devices of a user, by default the caller's."""
    holder = the_holder(call, desk)
    held = devices.list_devices_of(desk.tx, call.account, holder.id)
    kept, rest = page_of(call, held, path_and_name)
    shown = [
        {**holder.shown, "SerialNumber": device.serial, "EnableDate": device.enabled}
        for device in kept
    ]
    return {"MFADevices": shown, **rest}


@operation("iam:ListVirtualMFADevices", resource=every("mfa"))
def list_virtual_mfa_devices(call: Call, desk: Desk) -> Output:
    """List the account's devices. Input: AssignmentStatus (Assigned, Unassigned, Any)."""
    held = devices.list_devices(desk.tx, call.account, None, EVERY)
    status = call.input.get("AssignmentStatus", "Any")
    wanted = [
        device for device in held if status == "Any" or bool(device.owner) == (status == "Assigned")
    ]
    kept, rest = page_of(call, wanted, path_and_name)
    return {"VirtualMFADevices": shown_devices(desk, kept), **rest}


@operation("iam:GetMFADevice", resource=user_or_root)
def get_mfa_device(call: Call, desk: Desk) -> Output:
    """Show a device of a user, by default the caller. Virtual devices have no certifications."""
    holder = the_holder(call, desk)
    device = owned_device(call, desk, holder.id)
    return {**holder.shown, "SerialNumber": device.serial, "EnableDate": device.enabled}


def find_device(call: Call, desk: Desk) -> MfaDevice | None:
    """A device of the caller's own account."""
    device = devices.get_device(desk.tx, call.input["SerialNumber"])
    return device if device is not None and device.account == call.account else None


def the_device(call: Call, desk: Desk) -> MfaDevice:
    device = find_device(call, desk)
    if device is None:
        serial = call.input["SerialNumber"]
        raise no_such_entity(f"VirtualMFADevice with serial number {serial} doesn't exist.")
    return device


def owned_device(call: Call, desk: Desk, owner: str) -> MfaDevice:
    device = find_device(call, desk)
    if device is None or device.owner != owner:
        raise no_such_entity(f"Device {call.input['SerialNumber']} not found")
    return device


def shown_step(call: Call, device: MfaDevice) -> int:
    """The step of the second of the two codes given; raises InvalidAuthenticationCode."""
    first, second = call.input["AuthenticationCode1"], call.input["AuthenticationCode2"]
    step = successive_codes_match(device.seed, first, second, call.ambient.now, device.last_step)
    if step is None:
        said = "Authentication code for device is not valid."
        raise Fault("InvalidAuthenticationCode", 403, said)
    return step


def path_and_name(device: MfaDevice) -> str:
    return device.path + device.name


def shown_devices(desk: Desk, kept: Sequence[MfaDevice]) -> list[Output]:
    """Devices with their users; seeds are never shown again."""
    shown = []
    for device in kept:
        entry: Output = {"SerialNumber": device.serial}
        if device.owner:
            entry["EnableDate"] = device.enabled
            user = users.get_user_by_id(desk.tx, device.account, device.owner)
            if user is not None:
                entry["User"] = shown_user(user)
        shown.append(entry)
    return shown


serve_tags("MFADevice", the_device, devices.update_device, device_target)
