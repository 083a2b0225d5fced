"""The crossing itself: a policy on this side, a role with a trust policy on the other."""

import re

from demo.expect import denied, not_authorized, nothing_allows, prints, refused, shows
from demo.policies import allow, trust
from demo.scene import DESTINATION, DESTINATION_ROOT, SOURCE, SOURCE_ROOT, Scene
from demo.steps.cast import (
    Role,
    assume,
    enrol,
    found_role,
    make_bucket,
    permit_role,
    turned_away,
    user_arn,
)

BUCKET = "crossing-ledger"
LEDGER = Role("LedgerReader")
ALICE = user_arn("alice")
POLICY = f"arn:aws:iam::{SOURCE}:policy/CrossToLedger"
BY_PROFILE = LEDGER.session("alice-at-work")


def play(scene: Scene) -> None:
    set_out(scene)
    cross(scene)
    work_there(scene)
    work_by_profile(scene)
    turn_back(scene)


def set_out(scene: Scene) -> None:
    scene.say("Alice lives in the source account. The ledger lies in the destination account.")
    enrol(scene, "alice")
    scene.aws(
        "alice is who she says",
        "alice",
        "sts get-caller-identity",
        shows({"Arn": ALICE, "Account": SOURCE}),
        "PE-173",
    )
    make_bucket(scene, BUCKET, "2026.csv")
    assume(scene, "no role yet", "alice", LEDGER, turned_away(ALICE, LEDGER), "PE-202")
    found_role(scene, LEDGER.name, trust(ALICE))
    scene.aws(
        "the trust policy reads back with alice's ARN",
        DESTINATION_ROOT,
        f"iam get-role --role-name {LEDGER.name}",
        shows({"Role.AssumeRolePolicyDocument.Statement.0.Principal.AWS": ALICE}),
        "PE-31, W-160",
    )


def cross(scene: Scene) -> None:
    assume(
        scene,
        "alice is trusted over there, but nothing on her side permits her",
        "alice",
        LEDGER,
        turned_away(ALICE, LEDGER),
        "PE-111, W-141",
    )
    file = scene.document("cross-to-ledger", allow("sts:AssumeRole", LEDGER.arn))
    scene.aws(
        "the source account makes a policy for it",
        SOURCE_ROOT,
        f"iam create-policy --policy-name CrossToLedger --policy-document {file}",
        shows({"Policy.Arn": POLICY, "Policy.DefaultVersionId": "v1"}),
        "W-205",
    )
    assume(
        scene,
        "a policy that is attached to nobody permits nobody",
        "alice",
        LEDGER,
        turned_away(ALICE, LEDGER),
        "PE-91",
    )
    scene.aws(
        "the policy is attached to alice",
        SOURCE_ROOT,
        f"iam attach-user-policy --user-name alice --policy-arn {POLICY}",
    )
    answer = assume(
        scene,
        "alice crosses",
        "alice",
        LEDGER,
        facts="PE-111, PE-121",
        session="first-visit",
    )
    scene.carry("alice-over-there", answer)
    scene.aws(
        "over there she is a session of the role",
        "alice-over-there",
        "sts get-caller-identity",
        shows(
            {
                "Arn": LEDGER.session("first-visit"),
                "UserId": re.compile("AROA[A-Z2-7]{17}:first-visit"),
                "Account": DESTINATION,
            }
        ),
        "PE-173, W-122",
    )


def work_there(scene: Scene) -> None:
    me = LEDGER.session("first-visit")
    listing = "s3:ListBucket"
    scene.aws(
        "the role itself may do nothing yet; in the same account the reason is told",
        "alice-over-there",
        f"s3 ls s3://{BUCKET}",
        refused(
            "AccessDenied",
            "ListObjectsV2",
            not_authorized(me, listing, f'"arn:aws:s3:::{BUCKET}"', nothing_allows(listing)),
        ),
        "W-279",
    )
    permit_role(
        scene,
        "the role may list and read the ledger",
        LEDGER,
        allow([listing, "s3:GetObject"], [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]),
    )
    scene.aws(
        "the running session may do so at once",
        "alice-over-there",
        f"s3 ls s3://{BUCKET}",
        prints("2026.csv"),
        "W-123, PE-216",
    )
    scene.aws(
        "as herself, alice may not",
        "alice",
        f"s3 ls s3://{BUCKET}",
        refused("AccessDenied", "ListObjectsV2", "Access Denied"),
        "W-279, W-149",
    )


def work_by_profile(scene: Scene) -> None:
    scene.say("The same by profile: the CLI assumes the role by itself.")
    scene.profile(
        "ledger",
        {
            "role_arn": LEDGER.arn,
            "source_profile": "alice",
            "role_session_name": "alice-at-work",
        },
    )
    scene.aws(
        "the profile is the role's session",
        "ledger",
        "sts get-caller-identity",
        shows({"Arn": BY_PROFILE}),
        "W-256, W-257",
    )
    scene.aws("listing by profile", "ledger", f"s3 ls s3://{BUCKET}", prints("2026.csv"), "W-288")
    scene.aws(
        "copying from there by profile",
        "ledger",
        f"s3 cp s3://{BUCKET}/2026.csv copy.csv",
        prints(f"download: s3://{BUCKET}/2026.csv to ./copy.csv"),
        "W-292",
    )
    scene.file("note.csv", "a line\n")
    put = "s3:PutObject"
    scene.aws(
        "writing there is not among the role's rights",
        "ledger",
        f"s3 cp note.csv s3://{BUCKET}/note.csv",
        refused(
            "AccessDenied",
            "PutObject",
            not_authorized(
                BY_PROFILE, put, f'"arn:aws:s3:::{BUCKET}/note.csv"', nothing_allows(put)
            ),
            lead=f"upload failed: ./note.csv to s3://{BUCKET}/note.csv ",
        ),
        "W-279",
    )
    permit_role(
        scene,
        "the role may write notes",
        LEDGER,
        allow(put, f"arn:aws:s3:::{BUCKET}/note*"),
        policy="notes",
    )
    scene.aws(
        "now it writes one",
        "ledger",
        f"s3 cp note.csv s3://{BUCKET}/note.csv",
        prints(f"upload: ./note.csv to s3://{BUCKET}/note.csv"),
        "W-290, W-31",
    )


def turn_back(scene: Scene) -> None:
    scene.aws(
        "the policy is taken from alice",
        SOURCE_ROOT,
        f"iam detach-user-policy --user-name alice --policy-arn {POLICY}",
    )
    assume(
        scene,
        "she crosses no more",
        "alice",
        LEDGER,
        turned_away(ALICE, LEDGER),
        "PE-91",
    )
    scene.aws(
        "but the session she has goes on until it ends",
        "alice-over-there",
        f"s3 ls s3://{BUCKET}",
        prints("2026.csv"),
        "PE-216",
    )
    scene.aws(
        "nor may she look at the role",
        "alice",
        f"iam get-role --role-name {LEDGER.name}",
        denied(
            ALICE,
            "iam:GetRole",
            f"role {LEDGER.name}",
            nothing_allows("iam:GetRole"),
        ),
        "W-150",
    )
