"""Multi-factor authentication with two virtual devices, whose codes are computed here."""

from demo import totp
from demo.expect import refused, shows
from demo.policies import trust
from demo.scene import SOURCE, SOURCE_ROOT, Scene
from demo.steps.cast import (
    TEMPORARY,
    Role,
    assume,
    enrol,
    found_role,
    permit_assuming,
    turned_away,
    user_arn,
)

HANA = user_arn("hana")
VAULT = Role("Vault")
WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
WRONG_DEVICE = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  "
    "Please verify your MFA serial number is valid and associated with this user."
)
HALF_GIVEN = (
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
)


def play(scene: Scene) -> None:
    enrol(scene, "hana")
    found_role(scene, VAULT.name, trust(HANA, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    permit_assuming(scene, "hana", VAULT)
    assume(
        scene, "without a second factor", "hana", VAULT, turned_away(HANA, VAULT), "PE-183, PE-182"
    )
    by_session(scene)
    by_code(scene)


def by_session(scene: Scene) -> None:
    phone, seed, step = new_device(scene, "hana-phone")
    plain = scene.aws(
        "a session without a code",
        "hana",
        "sts get-session-token",
        shows({"Credentials.AccessKeyId": TEMPORARY}),
        "W-112",
    )
    scene.carry("hana-plain", plain)
    assume(scene, "is not enough", "hana-plain", VAULT, turned_away(HANA, VAULT), "PE-176, PE-183")
    code = totp.code(seed, totp.unused_step(step))
    answer = scene.aws(
        "a session with one",
        "hana",
        f"sts get-session-token --serial-number {phone} --token-code {code}",
        shows({"Credentials.AccessKeyId": TEMPORARY}),
        "W-101, W-208",
    )
    scene.carry("hana-proven", answer)
    assume(
        scene,
        "opens the vault",
        "hana-proven",
        VAULT,
        facts="PE-183",
    )


def by_code(scene: Scene) -> None:
    token, seed, step = new_device(scene, "hana-token")
    wrong = refused("AccessDenied", "AssumeRole", WRONG_CODE)
    code = totp.code(seed, totp.unused_step(step))
    assume(
        scene,
        "a wrong code",
        "hana",
        VAULT,
        wrong,
        "W-137",
        more=f"--serial-number {token} --token-code {int(code[0]) ^ 1}{code[1:]}",
    )
    assume(
        scene,
        "somebody else's device",
        "hana",
        VAULT,
        refused("AccessDenied", "AssumeRole", WRONG_DEVICE),
        "W-137",
        more=f"--serial-number arn:aws:iam::{SOURCE}:mfa/of-nobody --token-code {code}",
    )
    assume(
        scene,
        "a device without a code",
        "hana",
        VAULT,
        refused("AccessDenied", "AssumeRole", HALF_GIVEN),
        "W-137",
        more=f"--serial-number {token}",
    )
    code = totp.code(seed, totp.unused_step(step))
    given = f"--serial-number {token} --token-code {code}"
    assume(scene, "the right code", "hana", VAULT, facts="PE-183, W-97", more=given)
    assume(scene, "a code counts once", "hana", VAULT, wrong, "W-137", more=given)


def new_device(scene: Scene, name: str) -> tuple[str, str, int]:
    """A virtual device, enabled for hana: its serial, its seed, and the last step it has spent."""
    serial = f"arn:aws:iam::{SOURCE}:mfa/{name}"
    scene.aws(
        f"a virtual device: {name}",
        SOURCE_ROOT,
        f"iam create-virtual-mfa-device --virtual-mfa-device-name {name}"
        f" --outfile {name}.seed --bootstrap-method Base32StringSeed",
        shows({"VirtualMFADevice.SerialNumber": serial}),
        "W-208",
    )
    file = scene.folder / f"{name}.seed"
    seed = file.read_text(encoding="ascii") if file.exists() else "A" * 32
    step = totp.steady_step()
    first, second = totp.code(seed, step - 1), totp.code(seed, step)
    scene.aws(
        "it is enabled with two codes in a row",
        SOURCE_ROOT,
        f"iam enable-mfa-device --user-name hana --serial-number {serial}"
        f" --authentication-code1 {first} --authentication-code2 {second}",
        facts="W-208",
    )
    return serial, seed, step
