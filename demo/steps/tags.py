"""Attributes that travel: tags of the principal, session tags, transitive ones, source identity."""

from demo.cli import Answer
from demo.expect import not_authorized, nothing_allows, refused, shows
from demo.policies import allow, trust
from demo.scene import SOURCE_ROOT, Scene
from demo.steps.cast import (
    Role,
    assume,
    enrol,
    found_role,
    make_bucket,
    permit_role,
    permit_user,
    retrust,
    root_arn,
    turned_away,
    user_arn,
)

BUCKET = "crossing-tags"
IRIS = user_arn("iris")
CUSTOMS, PORTER, CLERK = Role("Customs"), Role("Porter"), Role("Clerk")
ASSUME, TAG, NAME = "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"
AMBER = "--tags Key=project,Value=amber"
HANDED_ON = f"{AMBER} --transitive-tag-keys project"
RESERVED = (
    "1 validation error detected: Value 'aws:iris' at 'sourceIdentity' failed to satisfy"
    r" constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*"
)
IDENTITY_SET = "The source identity is already set for this assume role session"


def play(scene: Scene) -> None:
    enrol(scene, "iris")
    permit(scene, "iris may ask for the roles of this chapter", ASSUME)
    principal_tags(scene)
    session_tags(scene)
    bad_tags(scene)
    transitive_tags(scene)
    source_identity(scene)


def permit(scene: Scene, title: str, *actions: str) -> None:
    arns = [role.arn for role in (CUSTOMS, PORTER, CLERK)]
    permit_user(scene, title, "iris", allow(list(actions), arns))


def principal_tags(scene: Scene) -> None:
    team = {"StringEquals": {"aws:PrincipalTag/team": "customs"}}
    found_role(scene, CUSTOMS.name, trust(root_arn(), team))
    away = turned_away(IRIS, CUSTOMS)
    assume(scene, "iris has no team", "iris", CUSTOMS, away, "PE-175")
    scene.aws(
        "iris joins the customs team",
        SOURCE_ROOT,
        "iam tag-user --user-name iris --tags Key=team,Value=customs",
    )
    assume(scene, "her tag lets her in", "iris", CUSTOMS, facts="PE-175")


def session_tags(scene: Scene) -> None:
    make_bucket(scene, BUCKET, "amber/plan.txt", "jade/plan.txt")
    found_role(scene, PORTER.name, trust(IRIS))
    give_own_project(scene, PORTER)
    away = turned_away(IRIS, PORTER, TAG)
    permit(scene, "iris may pass tags", ASSUME, TAG)
    assume(scene, "but Porter does not let her", "iris", PORTER, away, "W-143, W-153", more=AMBER)
    retrust(scene, "Porter does", PORTER, trust(IRIS, actions=[ASSUME, TAG]))
    permit(scene, "iris may not pass tags any more", ASSUME)
    assume(scene, "now her own side is missing", "iris", PORTER, away, "W-153, PE-116", more=AMBER)
    permit(scene, "iris may pass tags again, and a source identity", ASSUME, TAG, NAME)
    answer = assume(
        scene,
        "both sides agree",
        "iris",
        PORTER,
        facts="W-153, W-105",
        session="amber",
        more=AMBER,
    )
    scene.carry("porter-amber", answer)
    read(scene, "the session reads its own project", "porter-amber", "amber/plan.txt")
    read(
        scene,
        "and no other",
        "porter-amber",
        "jade/plan.txt",
        PORTER.session("amber"),
    )


def bad_tags(scene: Scene) -> None:
    for title, more, said in (
        (
            "one key twice, in two cases",
            "--tags Key=project,Value=amber Key=Project,Value=jade",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        (
            "a transitive key without a tag",
            f"{AMBER} --transitive-tag-keys shift",
            "The specified transitive tag key must be included in the requested tags.",
        ),
    ):
        wanted = refused("InvalidParameterValue", "AssumeRole", said)
        assume(scene, title, "iris", PORTER, wanted, "W-135, PE-205", more=more)


def transitive_tags(scene: Scene) -> None:
    scene.say("Through Porter to Clerk: only transitive tags go along.")
    found_role(scene, CLERK.name, trust(PORTER.arn, actions=[ASSUME, TAG]))
    give_own_project(scene, CLERK)
    scene.carry(
        "clerk-bare",
        assume(scene, "from the session above", "porter-amber", CLERK, facts="W-154"),
    )
    read(
        scene,
        "the tag stayed behind",
        "clerk-bare",
        "amber/plan.txt",
        CLERK.session("porter-amber"),
        "W-154, PE-212",
    )
    answer = assume(
        scene,
        "the tag is passed again, as a transitive one",
        "iris",
        PORTER,
        facts="W-154",
        more=HANDED_ON,
    )
    scene.carry("porter-on", answer)
    scene.carry("clerk-amber", assume(scene, "and on", "porter-on", CLERK, facts="W-154"))
    read(scene, "this one came along", "clerk-amber", "amber/plan.txt", facts="W-154, PE-212")
    assume(
        scene,
        "a transitive tag cannot be changed on the way",
        "porter-on",
        CLERK,
        refused(
            "InvalidParameterValue",
            "AssumeRole",
            "One of the specified transitive tag keys can't be set because it conflicts with a"
            " transitive tag key from the calling session.",
        ),
        "W-135, PE-205",
        more="--tags Key=project,Value=jade",
    )
    retrust(scene, "Clerk takes no tags any more", CLERK, trust(PORTER.arn))
    assume(
        scene,
        "inherited tags need its leave too",
        "porter-on",
        CLERK,
        turned_away(PORTER.session("iris"), CLERK, TAG),
        "PE-116",
    )


def source_identity(scene: Scene) -> None:
    mine = "--source-identity iris"
    assume(
        scene,
        "Porter lets nobody set a source identity",
        "iris",
        PORTER,
        turned_away(IRIS, PORTER, NAME),
        "W-143, PE-116",
        more=mine,
    )
    retrust(scene, "now it does", PORTER, trust(IRIS, actions=[ASSUME, NAME]))
    answer = assume(
        scene,
        "iris says who she is",
        "iris",
        PORTER,
        shows({"AssumedRoleUser.Arn": PORTER.session("iris"), "SourceIdentity": "iris"}),
        "W-105, W-155",
        more=mine,
    )
    scene.carry("porter-named", answer)
    assume(
        scene,
        "Clerk must let her take it along",
        "porter-named",
        CLERK,
        turned_away(PORTER.session("iris"), CLERK, NAME),
        "W-143, PE-213",
    )
    retrust(scene, "it does", CLERK, trust(PORTER.arn, actions=[ASSUME, NAME]))
    assume(
        scene,
        "it comes along by itself",
        "porter-named",
        CLERK,
        shows({"SourceIdentity": "iris"}),
        "W-143, PE-213",
    )
    assume(
        scene,
        "once set, it stays",
        "porter-named",
        CLERK,
        refused("ValidationError", "AssumeRole", IDENTITY_SET),
        "W-143",
        more="--source-identity somebody-else",
    )
    assume(
        scene,
        "names that begin with aws: are reserved",
        "iris",
        PORTER,
        refused("ValidationError", "AssumeRole", RESERVED),
        "W-134, W-97",
        more="--source-identity aws:iris",
    )


def give_own_project(scene: Scene, role: Role) -> None:
    permit_role(
        scene,
        f"{role.name} reads the project that its session is tagged with",
        role,
        allow("s3:GetObject", f"arn:aws:s3:::{BUCKET}/${{aws:PrincipalTag/project}}/*"),
    )


def read(
    scene: Scene, title: str, profile: str, key: str, denied_as: str = "", facts: str = "W-152"
) -> Answer:
    expectation = None
    if denied_as:
        resource = f'"arn:aws:s3:::{BUCKET}/{key}"'
        reason = nothing_allows("s3:GetObject")
        said = not_authorized(denied_as, "s3:GetObject", resource, reason)
        expectation = refused("AccessDenied", "GetObject", said)
    return scene.aws(
        title,
        profile,
        f"s3api get-object --bucket {BUCKET} --key {key} got.txt",
        expectation,
        facts,
    )
