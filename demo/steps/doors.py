"""Three ways to another account's object: through a role, by two policies, and by no half alone."""

from demo.cli import Answer
from demo.expect import Expectation, not_authorized, nothing_allows, prints, refused
from demo.policies import Document, allow, policy, statement, trust
from demo.scene import DESTINATION, DESTINATION_ROOT, SOURCE_ROOT, Scene
from demo.steps.cast import (
    enrol,
    found_role,
    make_bucket,
    permit_assuming,
    permit_role,
    permit_user,
    root_arn,
    user_arn,
)

BUCKET = "crossing-doors"
OBJECTS = f"arn:aws:s3:::{BUCKET}/*"
GET = "s3:GetObject"
LEO, MAY = user_arn("leo"), user_arn("may")


def play(scene: Scene) -> None:
    make_bucket(scene, BUCKET, "letter.txt")
    enrol(scene, "leo")
    enrol(scene, "may")
    through_a_role(scene)
    by_two_policies(scene)
    account_named(scene)
    at_home(scene)
    saving(scene)


def through_a_role(scene: Scene) -> None:
    scene.say("The first door: a role.")
    reader = found_role(scene, "Reader", trust(LEO))
    permit_assuming(scene, "leo", reader)
    permit_role(scene, "Reader may read", reader, allow(GET, OBJECTS))
    scene.profile("reader", {"role_arn": reader.arn, "source_profile": "leo"})
    bare(scene, "leo himself may not", "leo", "W-279")
    get(scene, "leo as Reader may", "reader", facts="PE-104, W-257")


def by_two_policies(scene: Scene) -> None:
    scene.say("The second door: the user's own policy and the bucket's. Neither half opens it.")
    permit_user(scene, "may's own policy", "may", allow(GET, OBJECTS), policy="read")
    bare(scene, "her own policy alone", "may", "W-273, PE-100")
    put_bucket_policy(scene, "a bucket policy that names leo", policy(names(LEO)))
    bare(scene, "the bucket policy alone", "leo", "W-273, PE-101")
    bare(scene, "and it does not name may", "may", "W-273, PE-101")
    put_bucket_policy(scene, "a bucket policy that names both", policy(names([LEO, MAY])))
    get(scene, "may has both halves", "may", facts="W-273, PE-100")
    bare(scene, "leo still has one", "leo", "W-273, PE-101")
    scene.aws(
        "by the CLI's copy command a refusal looks like this",
        "leo",
        f"s3 cp s3://{BUCKET}/letter.txt got.txt",
        refused("403", "HeadObject", "Forbidden", lead="fatal error: "),
        "W-12, W-292",
    )
    scene.aws(
        "and leave looks like this",
        "may",
        f"s3 cp s3://{BUCKET}/letter.txt got.txt",
        prints(f"download: s3://{BUCKET}/letter.txt to ./got.txt"),
        "W-292",
    )
    scene.aws(
        "may's own policy is taken away",
        SOURCE_ROOT,
        "iam delete-user-policy --user-name may --policy-name read",
    )
    bare(scene, "and the door is shut", "may", "W-273, PE-101")


def account_named(scene: Scene) -> None:
    scene.say("The bucket may also trust the whole source account, and leave the rest to it.")
    put_bucket_policy(scene, "a bucket policy that names the account", policy(names(root_arn())))
    bare(scene, "leo's account permits him nothing", "leo", "W-273")
    permit_user(scene, "it does now", "leo", allow(GET, OBJECTS), policy="read")
    get(scene, "leo reads", "leo", facts="W-273, PE-101")
    scene.aws(
        "one more hand is shut out by a denial in the bucket policy",
        DESTINATION_ROOT,
        f"s3api put-bucket-policy --bucket {BUCKET} --policy "
        + scene.document("bucket-policy", policy(names(root_arn()), names(LEO, "Deny"))),
    )
    bare(scene, "leo reads no more, and no reason is told abroad", "leo", "PE-83, W-279")
    scene.aws(
        "the bucket policy is removed",
        DESTINATION_ROOT,
        f"s3api delete-bucket-policy --bucket {BUCKET}",
        facts="W-284",
    )


def at_home(scene: Scene) -> None:
    scene.say("In the bucket's own account one half is enough.")
    ned = enrol(scene, "ned", DESTINATION)
    reason = nothing_allows(GET)
    said = not_authorized(ned, GET, f'"arn:aws:s3:::{BUCKET}/letter.txt"', reason)
    wanted = refused("AccessDenied", "GetObject", said)
    get(scene, "with neither, the reason is told at home", "ned", wanted, "W-279, W-149")
    put_bucket_policy(scene, "a bucket policy that names ned", policy(names(ned)))
    get(scene, "ned reads", "ned", facts="W-273, PE-94")


def saving(scene: Scene) -> None:
    put_bucket_policy(
        scene,
        "a policy for everybody is prevented",
        policy(statement("Allow", Principal="*", Action=GET, Resource=OBJECTS)),
        refused(
            "AccessDenied",
            "PutBucketPolicy",
            not_authorized(
                f"arn:aws:iam::{DESTINATION}:root",
                "s3:PutBucketPolicy",
                f'"arn:aws:s3:::{BUCKET}"',
                " because public policies are prevented by the BlockPublicPolicy setting in S3"
                " Block Public Access.",
            ),
        ),
        "W-277, PE-139",
    )
    put_bucket_policy(
        scene,
        "nobody can be named who does not exist",
        policy(names(user_arn("nobody"))),
        refused("MalformedPolicy", "PutBucketPolicy", "Invalid principal in policy"),
        "W-282, PE-79",
    )


def names(principals: str | list[str], effect: str = "Allow") -> Document:
    return statement(effect, Principal={"AWS": principals}, Action=GET, Resource=OBJECTS)


def put_bucket_policy(
    scene: Scene,
    title: str,
    document: Document,
    expectation: Expectation | None = None,
    facts: str = "W-284",
) -> None:
    file = scene.document("bucket-policy", document)
    line = f"s3api put-bucket-policy --bucket {BUCKET} --policy {file}"
    scene.aws(title, DESTINATION_ROOT, line, expectation, facts)


def get(
    scene: Scene,
    title: str,
    profile: str,
    expectation: Expectation | None = None,
    facts: str = "",
) -> Answer:
    line = f"s3api get-object --bucket {BUCKET} --key letter.txt got.txt"
    return scene.aws(title, profile, line, expectation, facts)


def bare(scene: Scene, title: str, profile: str, facts: str) -> None:
    """Refused across accounts, where S3 says no more than this (W-279)."""
    get(scene, title, profile, refused("AccessDenied", "GetObject", "Access Denied"), facts)
