"""Who may not: users without IAM rights, and root users, who may never assume a role."""

from demo.expect import denied, explicitly, nothing_allows, refused, shows
from demo.policies import allow, deny, trust
from demo.scene import DESTINATION, DESTINATION_ROOT, SOURCE, SOURCE_ROOT, Scene
from demo.steps.cast import assume, enrol, found_role, permit_user, root_arn, user_arn

QUINN = user_arn("quinn")
ROOT_REFUSED = "Roles may not be assumed by root accounts."


def play(scene: Scene) -> None:
    enrol(scene, "quinn")
    without_rights(scene)
    with_rights(scene)
    within_bounds(scene)
    roots(scene)


def attempts(scene: Scene) -> tuple[tuple[str, str, str, str], ...]:
    """What quinn tries: title, action, resource as a denial names it (W-150), command."""
    trusted = scene.document("trust", trust(QUINN))
    everything = scene.document("everything", allow("*", "*"))
    return (
        (
            "make a user",
            "iam:CreateUser",
            user_arn("mallory"),
            "iam create-user --user-name mallory",
        ),
        (
            "make a role",
            "iam:CreateRole",
            f"arn:aws:iam::{SOURCE}:role/Backdoor",
            f"iam create-role --role-name Backdoor --assume-role-policy-document {trusted}",
        ),
        (
            "make a policy",
            "iam:CreatePolicy",
            "policy Everything",
            f"iam create-policy --policy-name Everything --policy-document {everything}",
        ),
        (
            "give himself a policy",
            "iam:PutUserPolicy",
            "user quinn",
            "iam put-user-policy --user-name quinn --policy-name all"
            f" --policy-document {everything}",
        ),
        (
            "make himself a key",
            "iam:CreateAccessKey",
            "user quinn",
            "iam create-access-key --user-name quinn",
        ),
    )


def without_rights(scene: Scene) -> None:
    scene.say("Quinn has no rights in IAM.")
    for title, action, resource, line in attempts(scene):
        wanted = denied(QUINN, action, resource, nothing_allows(action))
        scene.aws(f"he may not {title}", "quinn", line, wanted, "W-144, W-150")


def with_rights(scene: Scene) -> None:
    permit_user(scene, "quinn is given rights in IAM", "quinn", allow("iam:*", "*"), policy="iam")
    for title, _, _, line in attempts(scene):
        scene.aws(f"he may {title}", "quinn", line, facts="PE-91")


def within_bounds(scene: Scene) -> None:
    scene.say("His rights are cut down again, by a denial and by a boundary.")
    scene.aws(
        "the policy he gave himself is taken away",
        SOURCE_ROOT,
        "iam delete-user-policy --user-name quinn --policy-name all",
    )
    permit_user(
        scene, "quinn is denied users", "quinn", deny("iam:CreateUser", "*"), policy="no-users"
    )
    line, resource = "iam create-user --user-name trudy", user_arn("trudy")
    scene.aws(
        "the denial is told as one",
        "quinn",
        line,
        denied(QUINN, "iam:CreateUser", resource, explicitly()),
        "W-146",
    )
    file = scene.document("no-iam", allow("sts:*", "*"))
    scene.aws(
        "a boundary without IAM",
        SOURCE_ROOT,
        f"iam create-policy --policy-name NoIam --policy-document {file}",
    )
    scene.aws(
        "is set for quinn",
        SOURCE_ROOT,
        "iam put-user-permissions-boundary --user-name quinn"
        f" --permissions-boundary arn:aws:iam::{SOURCE}:policy/NoIam",
    )
    reason = nothing_allows("iam:ListUsers", "permissions boundary")
    scene.aws(
        "the boundary is told as one",
        "quinn",
        "iam list-users",
        denied(QUINN, "iam:ListUsers", f"arn:aws:iam::{SOURCE}:user/", reason),
        "W-145, PE-92",
    )


def roots(scene: Scene) -> None:
    scene.say("Root users may do everything at home, but not assume a role.")
    role = found_role(scene, "NotForRoot", trust([SOURCE, DESTINATION]))
    for profile in (SOURCE_ROOT, DESTINATION_ROOT):
        assume(
            scene,
            f"not the root user of the {profile} account",
            profile,
            role,
            refused("AccessDenied", "AssumeRole", ROOT_REFUSED),
            "PE-120, W-106",
        )
    scene.aws(
        "the root user is still itself",
        SOURCE_ROOT,
        "sts get-caller-identity",
        shows({"Arn": root_arn()}),
        "PE-173",
    )
