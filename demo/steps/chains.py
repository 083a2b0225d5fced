"""Role chaining: user → Gatehouse → Keep, by profile, and no longer than an hour."""

from demo.expect import refused, shows
from demo.policies import allow, trust
from demo.scene import SOURCE, SOURCE_ROOT, Scene
from demo.steps.cast import (
    TEMPORARY,
    Role,
    assume,
    enrol,
    found_role,
    permit_assuming,
    permit_role,
    turned_away,
    user_arn,
)

FAY = user_arn("fay")
GATEHOUSE = Role("Gatehouse")
KEEP = Role("Keep", SOURCE)
CAPPED = (
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
    " chaining."
)
NO_TOKEN = "Cannot call GetSessionToken with session credentials"
AT_GATE = GATEHOUSE.session("fay-1")


def play(scene: Scene) -> None:
    build(scene)
    walk(scene)
    stay(scene)


def build(scene: Scene) -> None:
    scene.say("Fay goes through Gatehouse, in the destination, to Keep, in the source account.")
    enrol(scene, "fay")
    found_role(scene, GATEHOUSE.name, trust(FAY))
    found_role(scene, KEEP.name, trust(GATEHOUSE.arn), SOURCE)
    permit_assuming(scene, "fay", GATEHOUSE, KEEP)
    scene.profile(
        "gatehouse",
        {"role_arn": GATEHOUSE.arn, "source_profile": "fay", "role_session_name": "fay-1"},
    )
    scene.profile(
        "keep",
        {"role_arn": KEEP.arn, "source_profile": "gatehouse", "role_session_name": "fay-2"},
    )


def walk(scene: Scene) -> None:
    assume(
        scene,
        "fay herself is not trusted by Keep",
        "fay",
        KEEP,
        turned_away(FAY, KEEP),
        "PE-109",
    )
    scene.aws(
        "the first hop", "gatehouse", "sts get-caller-identity", shows({"Arn": AT_GATE}), "W-256"
    )
    scene.aws(
        "the second is trusted, but nothing permits Gatehouse",
        "keep",
        "sts get-caller-identity",
        turned_away(AT_GATE, KEEP),
        "PE-111, W-142",
    )
    permit_role(
        scene,
        "Gatehouse may ask for Keep, and for itself",
        GATEHOUSE,
        allow("sts:AssumeRole", [KEEP.arn, GATEHOUSE.arn]),
    )
    scene.aws(
        "now both hops, by profile",
        "keep",
        "sts get-caller-identity",
        shows({"Arn": KEEP.session("fay-2"), "Account": SOURCE}),
        "W-256, PE-113",
    )
    assume(
        scene,
        "a role does not trust itself",
        "gatehouse",
        GATEHOUSE,
        turned_away(AT_GATE, GATEHOUSE),
        "PE-114",
    )


def stay(scene: Scene) -> None:
    scene.aws(
        "Keep allows sessions of twelve hours",
        SOURCE_ROOT,
        f"iam update-role --role-name {KEEP.name} --max-session-duration 43200",
    )
    too_long = refused("ValidationError", "AssumeRole", CAPPED)
    assume(
        scene,
        "but never more than one hour from a role",
        "gatehouse",
        KEEP,
        too_long,
        "W-128, PE-210",
        more="--duration-seconds 3601",
    )
    assume(
        scene,
        "an hour is allowed",
        "gatehouse",
        KEEP,
        facts="W-128",
        more="--duration-seconds 3600",
    )
    scene.aws(
        "Gatehouse allows two hours",
        "destination",
        f"iam update-role --role-name {GATEHOUSE.name} --max-session-duration 7200",
    )
    assume(
        scene,
        "fay, with her own key, gets them",
        "fay",
        GATEHOUSE,
        facts="W-129",
        more="--duration-seconds 7200",
    )
    token = scene.aws(
        "fay takes temporary credentials of her own",
        "fay",
        "sts get-session-token",
        shows({"Credentials.AccessKeyId": TEMPORARY}),
        "W-101, W-112",
    )
    scene.carry("fay-for-now", token)
    assume(
        scene,
        "with those she is capped too",
        "fay-for-now",
        GATEHOUSE,
        too_long,
        "W-115",
        more="--duration-seconds 7200",
    )
    assume(
        scene,
        "an hour is allowed to them as well",
        "fay-for-now",
        GATEHOUSE,
        facts="W-115",
        more="--duration-seconds 3600",
    )
    scene.aws(
        "temporary credentials beget no session tokens",
        "fay-for-now",
        "sts get-session-token",
        refused(
            "AccessDenied",
            "GetSessionToken",
            NO_TOKEN,
        ),
        "PE-208, W-111",
    )
