"""Policies that AWS does not save, and what it says of them."""

from demo.expect import refused
from demo.policies import VERSION, Document, policy, statement, trust
from demo.scene import DESTINATION_ROOT, SOURCE_ROOT, Scene
from demo.steps.cast import enrol, user_arn

MALFORMED = "MalformedPolicyDocument"
OLGA = user_arn("olga")
ASSUME = "sts:AssumeRole"


def play(scene: Scene) -> None:
    enrol(scene, "olga")
    identity_policies(scene)
    trust_policies(scene)
    principals(scene)


def identity_policies(scene: Scene) -> None:
    scene.say("What a user's or a role's own policy must not hold, or must.")
    everyone = {"AWS": "*"}
    allowed = statement("Allow", Action="s3:GetObject", Resource="*")
    no_principal = "Policy document should not specify a principal."
    naming = policy({**allowed, "Principal": everyone})
    refuse_policy(scene, "a Principal in a managed policy", naming, no_principal)
    file = scene.document("inline", naming)
    scene.aws(
        "a Principal in an inline policy",
        SOURCE_ROOT,
        f"iam put-user-policy --user-name olga --policy-name inline --policy-document {file}",
        refused(MALFORMED, "PutUserPolicy", no_principal),
        "PE-68, W-172",
    )
    too_old = "Policy document must be version 2012-10-17 or greater."
    syntax = "Syntax errors in policy."
    for title, document, said in (
        ("no JSON", '{"Version": "2012-10-17", ', syntax),
        ("an element nobody knows", {**policy(allowed), "Purpose": "none"}, syntax),
        ("no Version", {"Statement": [allowed]}, too_old),
        (
            "no Action",
            policy(statement("Allow", Resource="*")),
            "Policy statement must contain actions.",
        ),
        (
            "no Resource",
            policy(statement("Allow", Action="s3:GetObject")),
            "Policy statement must contain resources.",
        ),
    ):
        refuse_policy(scene, title, document, said)


def refuse_policy(scene: Scene, title: str, document: Document | str, said: str) -> None:
    file = scene.document("identity", document)
    scene.aws(
        title,
        SOURCE_ROOT,
        f"iam create-policy --policy-name Unsavable --policy-document {file}",
        refused(MALFORMED, "CreatePolicy", said),
        "PE-68, W-172",
    )


def trust_policies(scene: Scene) -> None:
    scene.say("What a trust policy must not hold, or must.")
    trusted = trust(OLGA)["Statement"][0]
    for title, document, said in (
        (
            "a Resource in a trust policy",
            policy({**trusted, "Resource": "*"}),
            "Has prohibited field Resource",
        ),
        ("no JSON", "{", "This policy contains invalid Json"),
        (
            "no Principal",
            policy(statement("Allow", Action=ASSUME)),
            "Missing required field Principal",
        ),
        (
            "an action that is not of STS",
            trust(OLGA, actions="s3:GetObject"),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            "no statement",
            {"Version": VERSION, "Statement": []},
            "Could not parse the policy: Statement is empty!",
        ),
    ):
        refuse_trust(scene, title, document, said, "PE-72, W-172")


def principals(scene: Scene) -> None:
    scene.say("Whom a trust policy names must exist.")
    for title, principal in (
        ("a user that does not exist", user_arn("nobody")),
        ("a role that does not exist", user_arn("nobody").replace("user/", "role/")),
        ("a user under a pattern", user_arn("*")),
        ("a user in another case", user_arn("Olga")),
        ("an account that does not exist", "arn:aws:iam::999988887777:root"),
    ):
        said = f'Invalid principal in policy: "AWS":"{principal}"'
        refuse_trust(scene, title, trust(principal), said, "PE-33, PE-24, W-172")


def refuse_trust(scene: Scene, title: str, document: Document | str, said: str, facts: str) -> None:
    file = scene.document("trust", document)
    scene.aws(
        title,
        DESTINATION_ROOT,
        f"iam create-role --role-name Unsavable --assume-role-policy-document {file}",
        refused(MALFORMED, "CreateRole", said),
        facts,
    )
