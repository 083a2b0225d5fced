"""Conditions and limits: external ids, addresses, denials, boundaries, session policies."""

import json
import shlex

from demo.expect import explicitly, not_authorized, nothing_allows, refused, shows
from demo.policies import allow, deny, policy, statement, trust
from demo.scene import DESTINATION_ROOT, SOURCE, SOURCE_ROOT, Scene
from demo.steps.cast import (
    Role,
    assume,
    enrol,
    found_role,
    make_bucket,
    permit_assuming,
    permit_role,
    permit_user,
    retrust,
    turned_away,
    user_arn,
)

BUCKET = "crossing-archive"
GUS = user_arn("gus")
VENDOR = Role("Vendor")
ARCHIVE = Role("Archive")


def play(scene: Scene) -> None:
    enrol(scene, "gus")
    found_role(scene, VENDOR.name, trust(GUS, {"StringEquals": {"sts:ExternalId": "Case-7"}}))
    permit_assuming(scene, "gus", VENDOR, ARCHIVE)
    external_id(scene)
    source_address(scene)
    explicit_denial(scene)
    user_boundary(scene)
    session_policy(scene)
    role_boundary(scene)


def external_id(scene: Scene) -> None:
    away = turned_away(GUS, VENDOR)
    for title, more in (
        ("without the external id", ""),
        ("with another one", "--external-id Case-8"),
        ("with the right one in the wrong case", "--external-id case-7"),
    ):
        assume(scene, title, "gus", VENDOR, away, "W-156, PE-214", more=more)
    assume(scene, "with the right one", "gus", VENDOR, None, "PE-214", more="--external-id Case-7")


def source_address(scene: Scene) -> None:
    for title, network, expectation in (
        ("callers from 203.0.113.0/24 only", "203.0.113.0/24", turned_away(GUS, VENDOR)),
        ("callers from loopback only", "127.0.0.0/8", None),
    ):
        retrust(scene, title, VENDOR, trust(GUS, {"IpAddress": {"aws:SourceIp": network}}))
        assume(
            scene,
            f"gus calls from 127.0.0.1, and {network} counts",
            "gus",
            VENDOR,
            expectation,
            "PE-177",
        )


def explicit_denial(scene: Scene) -> None:
    permit_user(
        scene, "gus is denied Vendor", "gus", deny("sts:AssumeRole", VENDOR.arn), policy="never"
    )
    assume(
        scene,
        "a denial undoes every permission",
        "gus",
        VENDOR,
        turned_away(GUS, VENDOR),
        "PE-83, W-141",
    )
    scene.aws(
        "the denial is taken back",
        SOURCE_ROOT,
        "iam delete-user-policy --user-name gus --policy-name never",
    )
    assume(scene, "and gus may again", "gus", VENDOR, facts="PE-83")
    denying = policy(
        statement("Allow", Principal={"AWS": GUS}, Action="sts:AssumeRole"),
        statement(
            "Deny",
            Principal={"AWS": "*"},
            Action="sts:AssumeRole",
            Condition={"StringEquals": {"sts:RoleSessionName": "smuggler"}},
        ),
    )
    retrust(scene, "the role denies sessions called smuggler", VENDOR, denying)
    assume(
        scene,
        "under that name gus is refused",
        "gus",
        VENDOR,
        turned_away(GUS, VENDOR),
        "PE-83, PE-185",
        session="smuggler",
    )
    assume(scene, "under his own he is not", "gus", VENDOR, facts="PE-185")


def user_boundary(scene: Scene) -> None:
    arn = f"arn:aws:iam::{SOURCE}:policy/OnlyStorage"
    file = scene.document("only-storage", allow("s3:*", "*"))
    scene.aws(
        "a policy to serve as a boundary",
        SOURCE_ROOT,
        f"iam create-policy --policy-name OnlyStorage --policy-document {file}",
        shows({"Policy.Arn": arn}),
    )
    scene.aws(
        "it becomes gus's permissions boundary",
        SOURCE_ROOT,
        f"iam put-user-permissions-boundary --user-name gus --permissions-boundary {arn}",
    )
    assume(
        scene,
        "which does not reach as far as his policy",
        "gus",
        VENDOR,
        turned_away(GUS, VENDOR),
        "PE-92, PE-102",
    )
    scene.aws(
        "the boundary is lifted",
        SOURCE_ROOT,
        "iam delete-user-permissions-boundary --user-name gus",
    )
    assume(scene, "and gus may again", "gus", VENDOR, facts="PE-97")


def session_policy(scene: Scene) -> None:
    make_bucket(scene, BUCKET, "public/a.txt", "sealed/b.txt")
    found_role(scene, ARCHIVE.name, trust(GUS))
    permit_role(
        scene,
        "the role may read everything there",
        ARCHIVE,
        allow("s3:GetObject", f"arn:aws:s3:::{BUCKET}/*"),
    )
    scene.carry("gus-whole", assume(scene, "gus, unlimited", "gus", ARCHIVE, facts="PE-93"))
    read(scene, "he reads what is sealed", "gus-whole", "sealed/b.txt")
    less = json.dumps(allow("s3:GetObject", f"arn:aws:s3:::{BUCKET}/public/*"))
    answer = assume(
        scene,
        "gus, limited by a session policy",
        "gus",
        ARCHIVE,
        facts="W-114, W-105",
        session="gus-less",
        more=f"--policy {shlex.quote(less)}",
    )
    scene.carry("gus-less", answer)
    read(scene, "the session policy lets him read what is public", "gus-less", "public/a.txt")
    read(
        scene,
        "and nothing else",
        "gus-less",
        "sealed/b.txt",
        nothing_allows("s3:GetObject", "session policy"),
        "gus-less",
    )


def role_boundary(scene: Scene) -> None:
    account_policies = f"arn:aws:iam::{ARCHIVE.account}:policy"
    file = scene.document("public-only", allow("s3:*", f"arn:aws:s3:::{BUCKET}/public/*"))
    scene.aws(
        "a boundary for the role",
        DESTINATION_ROOT,
        f"iam create-policy --policy-name PublicOnly --policy-document {file}",
        shows({"Policy.Arn": f"{account_policies}/PublicOnly"}),
    )
    scene.aws(
        "is set",
        DESTINATION_ROOT,
        f"iam put-role-permissions-boundary --role-name {ARCHIVE.name}"
        f" --permissions-boundary {account_policies}/PublicOnly",
    )
    read(
        scene,
        "it binds the running session too",
        "gus-whole",
        "sealed/b.txt",
        nothing_allows("s3:GetObject", "permissions boundary"),
        "gus",
    )
    read(scene, "within it nothing changes", "gus-whole", "public/a.txt")
    permit_role(
        scene,
        "the role is denied the archive",
        ARCHIVE,
        deny("s3:*", f"arn:aws:s3:::{BUCKET}/*"),
        policy="closed",
    )
    read(
        scene,
        "and says so",
        "gus-whole",
        "public/a.txt",
        explicitly(),
        "gus",
    )


def read(
    scene: Scene, title: str, profile: str, key: str, reason: str = "", session: str = ""
) -> None:
    """Get an object; refused for `reason`, if one is given, as that session of Archive."""
    expectation = None
    if reason:
        resource = f'"arn:aws:s3:::{BUCKET}/{key}"'
        said = not_authorized(ARCHIVE.session(session), "s3:GetObject", resource, reason)
        expectation = refused("AccessDenied", "GetObject", said)
    scene.aws(
        title,
        profile,
        f"s3api get-object --bucket {BUCKET} --key {key} got.txt",
        expectation,
        "W-279, PE-98",
    )
