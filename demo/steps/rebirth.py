"""Trust is in the user, not in the name: deleting and re-creating one breaks it."""

from demo.cli import AnswerLacks
from demo.expect import refused, shows
from demo.policies import allow, trust
from demo.scene import DESTINATION_ROOT, SOURCE_ROOT, Scene
from demo.steps.cast import (
    USER_ID,
    Role,
    assume,
    enrol,
    found_role,
    give_key,
    permit_assuming,
    permit_role,
    retrust,
    turned_away,
    user_arn,
)

PIA = user_arn("pia")
HEIRLOOM = Role("Heirloom")
TRUSTED = "Role.AssumeRolePolicyDocument.Statement.0.Principal.AWS"
FIRST_KEYS = (
    "DeleteConflict",
    "DeleteUser",
    "Cannot delete entity, must delete access keys first.",
)
DEAD_TOKEN = "The security token included in the request is invalid."
DEAD_KEY = "The AWS Access Key Id you provided does not exist in our records."


def play(scene: Scene) -> None:
    bequest = found_first(scene)
    begin_again(scene, bequest)
    role_dies(scene)


def found_first(scene: Scene) -> str:
    """Pia and a role that trusts her; the id of the policy's dead principal afterwards."""
    enrol(scene, "pia")
    role = found_role(scene, "Heirloom", trust(PIA))
    permit_assuming(scene, "pia", role)
    assume(scene, "pia is trusted", "pia", role, facts="PE-111")
    scene.aws(
        "the trust policy shows her ARN",
        DESTINATION_ROOT,
        "iam get-role --role-name Heirloom",
        shows({TRUSTED: PIA}),
        "PE-31",
    )
    key = scene.keys("pia").access_key
    for title, line, expectation in (
        ("her policy goes", "delete-user-policy --user-name pia --policy-name crossing", None),
        ("pia cannot go before her key", "delete-user --user-name pia", refused(*FIRST_KEYS)),
        ("her key goes", f"delete-access-key --user-name pia --access-key-id {key}", None),
        ("pia goes", "delete-user --user-name pia", None),
    ):
        scene.aws(title, SOURCE_ROOT, f"iam {line}", expectation, "W-169, PE-76")
    scene.aws(
        "her key is worth nothing",
        "pia",
        "sts get-caller-identity",
        refused("InvalidClientTokenId", "GetCallerIdentity", DEAD_TOKEN),
        "W-56",
    )
    answer = scene.aws(
        "the trust policy now shows the id of one who is gone",
        DESTINATION_ROOT,
        "iam get-role --role-name Heirloom",
        shows({TRUSTED: USER_ID}),
        "PE-31, W-176",
    )
    return answer[TRUSTED]


def begin_again(scene: Scene, dead: str) -> None:
    role = HEIRLOOM
    answer = scene.aws(
        "another user takes the name",
        SOURCE_ROOT,
        "iam create-user --user-name pia",
        shows({"User.Arn": PIA, "User.UserId": USER_ID}),
        "W-176",
    )
    if answer["User.UserId"] == dead:
        raise AnswerLacks("the new user has the old one's id")
    give_key(scene, "pia", profile="pia-again")
    permit_assuming(scene, "pia", role)
    assume(
        scene,
        "who bears the name is not who was trusted",
        "pia-again",
        role,
        turned_away(PIA, role),
        "PE-31, PE-201",
    )
    file = scene.document("trust-dead", trust(dead))
    scene.aws(
        "the dead id cannot be saved again",
        DESTINATION_ROOT,
        f"iam update-assume-role-policy --role-name Heirloom --policy-document {file}",
        refused(
            "MalformedPolicyDocument",
            "UpdateAssumeRolePolicy",
            f'Invalid principal in policy: "AWS":"{dead}"',
        ),
        "PE-32",
    )
    retrust(scene, "the trust policy is saved again with the ARN", role, trust(PIA))
    assume(scene, "and the new pia is trusted", "pia-again", role, facts="PE-31")


def role_dies(scene: Scene) -> None:
    scene.say("A session lives as long as its role.")
    role = found_role(scene, "Mayfly", trust(PIA))
    permit_assuming(scene, "pia", role, HEIRLOOM)
    permit_role(scene, "Mayfly may list buckets", role, allow("s3:ListAllMyBuckets", "*"))
    answer = assume(scene, "a session of Mayfly", "pia-again", role, facts="W-123")
    scene.carry("mayfly", answer)
    scene.aws("it works", "mayfly", "s3 ls", facts="W-287")
    for line in (
        "iam delete-role-policy --role-name Mayfly --policy-name work",
        "iam delete-role --role-name Mayfly",
    ):
        scene.aws("Mayfly ends", DESTINATION_ROOT, line)
    found_role(scene, "Mayfly", trust(PIA))
    scene.aws(
        "its session is dead to STS, though a role of that name exists again",
        "mayfly",
        "sts get-caller-identity",
        refused("InvalidClientTokenId", "GetCallerIdentity", DEAD_TOKEN),
        "W-56, W-123",
    )
    scene.aws(
        "and to S3",
        "mayfly",
        "s3 ls",
        refused("InvalidAccessKeyId", "ListBuckets", DEAD_KEY),
        "W-64, W-123",
    )
