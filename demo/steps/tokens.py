"""Session tokens that are expired, cut, altered, missing, swapped or from elsewhere."""

from pathlib import Path

from demo.cli import Answer, run
from demo.expect import refused, shows
from demo.policies import allow, trust
from demo.scene import DESTINATION, Scene
from demo.steps.cast import (
    TEMPORARY,
    Role,
    assume,
    enrol,
    found_role,
    make_bucket,
    permit_assuming,
    permit_role,
    user_arn,
)

REPOSITORY = Path(__file__).resolve().parents[2]
BUCKET = "crossing-tokens"
TOLL = Role("Toll")
DEAD_TOKEN = "The security token included in the request is invalid."
DEAD_KEY = "The AWS Access Key Id you provided does not exist in our records."
GARBLED = "The provided token is malformed or otherwise invalid."


def play(scene: Scene) -> None:
    make_bucket(scene, BUCKET)
    enrol(scene, "rosa")
    found_role(scene, TOLL.name, trust(user_arn("rosa")))
    permit_assuming(scene, "rosa", TOLL)
    permit_role(scene, "Toll may list", TOLL, allow("s3:ListBucket", f"arn:aws:s3:::{BUCKET}"))
    good(scene)
    expired(scene)
    spoiled(scene)
    missing(scene)
    foreign(scene)
    misplaced(scene)


def good(scene: Scene) -> None:
    answer = assume(scene, "a good token", "rosa", TOLL, facts="PE-121")
    scene.carry("toll", answer)
    scene.aws(
        "STS takes it",
        "toll",
        "sts get-caller-identity",
        shows({"Arn": TOLL.session("rosa")}),
        "W-24",
    )
    scene.aws("S3 takes it", "toll", f"s3 ls s3://{BUCKET}", facts="W-24")


def try_both(
    scene: Scene,
    what: str,
    profile: str,
    at_sts: tuple[str, str, str],
    at_s3: tuple[str, str, str],
) -> None:
    """Show a token to STS and to S3, whose codes differ: code, message and fact of each."""
    code, said, facts = at_sts
    scene.aws(
        f"{what}, shown to STS",
        profile,
        "sts get-caller-identity",
        refused(code, "GetCallerIdentity", said),
        facts,
    )
    code, said, facts = at_s3
    scene.aws(
        f"{what}, shown to S3",
        profile,
        f"s3 ls s3://{BUCKET}",
        refused(code, "ListObjectsV2", said),
        facts,
    )


def expired(scene: Scene) -> None:
    answer = minted(
        scene, "a session of one hour, begun two hours ago", scene.world.data, TOLL.arn, "rosa", 2
    )
    scene.carry("toll-expired", answer)
    try_both(
        scene,
        "an expired token",
        "toll-expired",
        ("ExpiredToken", "The security token included in the request is expired", "W-57"),
        ("ExpiredToken", "The provided token has expired.", "W-66"),
    )


def spoiled(scene: Scene) -> None:
    keys = scene.keys("toll")
    token = keys.token or ""
    middle = len(token) // 2
    other = "A" if token[middle] != "A" else "B"
    for what, profile, text in (
        ("a truncated token", "toll-cut", token[: middle - middle % 4]),
        ("a tampered token", "toll-altered", token[:middle] + other + token[middle + 1 :]),
        ("a text that never was a token", "toll-invented", "IQoJb3JpZ2luX2VjEXAMPLETOKEN"),
    ):
        scene.carry_keys(profile, keys.access_key, keys.secret_key, text)
        try_both(
            scene,
            what,
            profile,
            ("InvalidClientTokenId", DEAD_TOKEN, "W-56"),
            ("InvalidToken", GARBLED, "W-67"),
        )


def missing(scene: Scene) -> None:
    keys = scene.keys("toll")
    scene.carry_keys("toll-tokenless", keys.access_key, keys.secret_key)
    answer = assume(scene, "a second session", "rosa", TOLL, session="rosa-2")
    swapped = answer["Credentials.SessionToken"]
    scene.carry_keys("toll-swapped", keys.access_key, keys.secret_key, swapped)
    for what, profile in (
        ("a temporary key without its token", "toll-tokenless"),
        ("a temporary key with another's token", "toll-swapped"),
    ):
        try_both(
            scene,
            what,
            profile,
            ("InvalidClientTokenId", DEAD_TOKEN, "W-56"),
            ("InvalidAccessKeyId", DEAD_KEY, "W-64"),
        )


def foreign(scene: Scene) -> None:
    scene.say("Another authority, on another directory, with an account of the same number.")
    elsewhere = scene.folder / "elsewhere"
    terminal = scene.world.terminal
    scene.did(
        "an account of the same number elsewhere",
        f"$ sekisho account create twin --id {DESTINATION} --json --data {elsewhere}",
        lambda: terminal.sekisho(
            ["account", "create", "twin", "--id", DESTINATION, "--json", "--data", str(elsewhere)],
            scene.folder,
        ),
        shows({"id": DESTINATION}),
        "",
    )
    key = scene.did(
        "a key for its root user",
        f"$ sekisho root-key create {DESTINATION} --json --data {elsewhere}",
        lambda: terminal.sekisho(
            ["root-key", "create", DESTINATION, "--json", "--data", str(elsewhere)], scene.folder
        ),
        shows({"account": DESTINATION}),
        "",
    )
    scene.carry_keys("twin", key["access_key_id"], key["secret_access_key"])
    answer = minted(scene, "a token minted there", elsewhere, "root", "twin", 0)
    scene.carry("twin-session", answer)
    try_both(
        scene,
        "a foreign token",
        "twin-session",
        ("InvalidClientTokenId", DEAD_TOKEN, "W-56"),
        ("InvalidToken", GARBLED, "W-67"),
    )


def misplaced(scene: Scene) -> None:
    keys, token = scene.keys("rosa"), scene.keys("toll").token or ""
    scene.carry_keys("rosa-with-token", keys.access_key, keys.secret_key, token)
    scene.aws(
        "a token beside a long-term key, shown to S3",
        "rosa-with-token",
        f"s3 ls s3://{BUCKET}",
        refused("InvalidToken", "ListObjectsV2", GARBLED),
        "W-67",
    )


def minted(
    scene: Scene, title: str, data: Path, session_of: str, profile: str, hours_ago: int
) -> Answer:
    """Temporary credentials from `demo.past`, signed for with a profile's keys."""
    keys = scene.keys(profile)
    words = ["-m", "demo.past", "--data", str(data), "--session-of", session_of]
    words += ["--hours-ago", str(hours_ago)]
    environment = {
        **scene.world.terminal.environment(),
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "PYTHONPATH": str(REPOSITORY),
    }
    return scene.did(
        title,
        f"# in a process of its own: python {' '.join(words)}",
        lambda: run(["python", *words], scene.folder, environment),
        shows({"Credentials.AccessKeyId": TEMPORARY}),
        "PE-121",
    )
