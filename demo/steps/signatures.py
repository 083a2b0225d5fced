"""Signatures that do not fit: secrets, keys, clocks, payloads."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from demo.cli import Answer
from demo.expect import Expectation, prints, refused, replied, succeeds
from demo.policies import Statement, allow, policy, statement
from demo.raw import STAMP, Reply, Sealed, seal_form, seal_s3, send
from demo.scene import DESTINATION_ROOT, SOURCE_ROOT, Scene
from demo.steps.cast import enrol, make_bucket, permit_user, user_arn

BUCKET = "crossing-signatures"
ARN = f"arn:aws:s3:::{BUCKET}"
STS_WRONG = (
    "The request signature we calculated does not match the signature you provided. Check your AWS"
    " Secret Access Key and signing method. Consult the service documentation for details."
)
S3_WRONG = (
    "The request signature we calculated does not match the signature you provided. Check your key"
    " and signing method."
)
DEAD_TOKEN = "The security token included in the request is invalid."
DEAD_KEY = "The AWS Access Key Id you provided does not exist in our records."
SKEWED = "The difference between the request time and the current time is too large."
OTHER_BODY = "The provided 'x-amz-content-sha256' header does not match what was computed."
WHO = {"Action": "GetCallerIdentity"}
WINDOW = timedelta(minutes=15)
TOLERANCE = timedelta(minutes=2)
_EXPIRED = re.compile(r"Signature expired: (\w+) is now earlier than (\w+) \((\w+) - 15 min\.\)")
_EARLY = re.compile(
    r"Signature not yet current: (\w+) is still later than (\w+) \((\w+) \+ 15 min\.\)"
)


def play(scene: Scene) -> None:
    make_bucket(scene, BUCKET)
    enrol(scene, "saul")
    scene.aws(
        "saul may write there, by the bucket's policy …",
        DESTINATION_ROOT,
        f"s3api put-bucket-policy --bucket {BUCKET} --policy "
        + scene.document("bucket-policy", policy(may_put())),
    )
    permit_user(scene, "… and by his own", "saul", allow("s3:PutObject", f"{ARN}/*"))
    keys(scene)
    clocks(scene)
    payloads(scene)
    inactive(scene)


def keys(scene: Scene) -> None:
    real = scene.keys("saul")
    scene.carry_keys("saul-wrong", real.access_key, real.secret_key[::-1])
    scene.carry_keys("saul-unknown", "AKIAIOSFODNN7EXAMPLE", real.secret_key)
    for what, profile, (sts, sts_said), (s3, s3_said), facts in (
        (
            "a wrong secret",
            "saul-wrong",
            ("SignatureDoesNotMatch", STS_WRONG),
            ("SignatureDoesNotMatch", S3_WRONG),
            ("W-58", "W-65"),
        ),
        (
            "an unknown key",
            "saul-unknown",
            ("InvalidClientTokenId", DEAD_TOKEN),
            ("InvalidAccessKeyId", DEAD_KEY),
            ("W-56", "W-64"),
        ),
    ):
        for service, line, operation, code, said, fact in (
            ("STS", "sts get-caller-identity", "GetCallerIdentity", sts, sts_said, facts[0]),
            ("IAM", "iam list-users", "ListUsers", sts, sts_said, facts[0]),
            ("S3", f"s3 ls s3://{BUCKET}", "ListObjectsV2", s3, s3_said, facts[1]),
        ):
            wanted = refused(code, operation, said)
            scene.aws(f"{what}, shown to {service}", profile, line, wanted, fact)


def clocks(scene: Scene) -> None:
    scene.say("The CLI cannot set its clock wrong; these requests are signed by hand.")
    endpoint, own = scene.world.endpoint, scene.keys("saul")
    for minutes, wanted in (
        (-14, prints("user/saul")),
        (14, prints("user/saul")),
        (-16, out_of_window(_EXPIRED, -WINDOW)),
        (16, out_of_window(_EARLY, WINDOW)),
    ):
        drift = timedelta(minutes=minutes)
        scene.raw(
            f"a clock {off(minutes)}, shown to STS",
            f"POST / Action=GetCallerIdentity, by a clock {off(minutes)}",
            sending(partial(seal_form, own, endpoint, WHO, drift)),
            wanted,
            "W-27" if abs(minutes) < 15 else "W-50, W-51",
        )
    for minutes in (-16, 16):
        drift = timedelta(minutes=minutes)
        scene.raw(
            f"a clock {off(minutes)}, shown to S3",
            f"GET /{BUCKET}, by a clock {off(minutes)}",
            sending(partial(seal_s3, own, endpoint, "GET", f"/{BUCKET}", b"", drift)),
            replied(403, "RequestTimeTooSkewed", SKEWED),
            "W-74",
        )


def payloads(scene: Scene) -> None:
    scene.say("A request is caught, and sent again with another payload.")
    endpoint, own = scene.world.endpoint, scene.keys("saul")
    caught = seal_form(own, endpoint, WHO)
    scene.raw(
        "as it was signed",
        "POST / Action=GetCallerIdentity",
        lambda: send(caught),
        prints("user/saul"),
        "W-19",
    )
    scene.raw(
        "with another form, to STS",
        "the same signature over Action=GetSessionToken",
        lambda: send(caught, caught.body.replace(b"GetCallerIdentity", b"GetSessionToken")),
        replied(403, "SignatureDoesNotMatch", STS_WRONG),
        "W-58, W-28",
    )
    upload = seal_s3(own, endpoint, "PUT", f"/{BUCKET}/order.txt", b"pay 10 to alice\n")
    scene.raw(
        "an upload as it was signed",
        f"PUT /{BUCKET}/order.txt  pay 10 to alice",
        lambda: send(upload),
        succeeds(),
        "W-28",
    )
    scene.raw(
        "with another body, to S3",
        f"PUT /{BUCKET}/order.txt  pay 99 to mallet, under the same signature",
        lambda: send(upload, b"pay 99 to mallet"),
        replied(400, "XAmzContentSHA256Mismatch", OTHER_BODY),
        "W-87",
    )
    scene.aws(
        "the object is what it was",
        "destination",
        f"s3 cp s3://{BUCKET}/order.txt -",
        prints("pay 10 to alice"),
        "W-87",
    )


def inactive(scene: Scene) -> None:
    key = scene.keys("saul").access_key
    scene.aws(
        "saul's key is made inactive",
        SOURCE_ROOT,
        f"iam update-access-key --user-name saul --access-key-id {key} --status Inactive",
    )
    scene.aws(
        "and is unknown from then on",
        "saul",
        "sts get-caller-identity",
        refused("InvalidClientTokenId", "GetCallerIdentity", DEAD_TOKEN),
        "W-206",
    )


def may_put() -> Statement:
    return statement(
        "Allow",
        Principal={"AWS": user_arn("saul")},
        Action="s3:PutObject",
        Resource=f"{ARN}/*",
    )


def off(minutes: int) -> str:
    return f"{abs(minutes)} minutes {'slow' if minutes < 0 else 'fast'}"


def sending(seal: Callable[[], Sealed]) -> Callable[[], Reply]:
    return lambda: send(seal())


def out_of_window(sentence: re.Pattern[str], window: timedelta) -> Expectation:
    """STS's sentence, in which the times must fit each other and the clock (W-50, W-51)."""

    def differs(answer: Answer) -> str | None:
        head, _, said = answer.error.partition(": ")
        told = sentence.fullmatch(said)
        if head != "403 SignatureDoesNotMatch" or told is None:
            return answer.error or "it was accepted"
        _, limit, now = (
            datetime.strptime(text, STAMP).replace(tzinfo=UTC) for text in told.groups()
        )
        fits = now + window == limit and abs(datetime.now(UTC) - now) < TOLERANCE
        return None if fits else answer.error

    return Expectation(f"403 SignatureDoesNotMatch: {sentence.pattern}", differs)
