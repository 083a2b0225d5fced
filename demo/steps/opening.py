"""Two accounts side by side on one server, each with its root user's key."""

from demo.expect import Expectation, shows
from demo.scene import DESTINATION, DESTINATION_ROOT, SOURCE, SOURCE_ROOT, Scene
from demo.steps.cast import LONG_TERM, root_arn


def play(scene: Scene) -> None:
    for account, profile in ((SOURCE, SOURCE_ROOT), (DESTINATION, DESTINATION_ROOT)):
        scene.sekisho(
            f"the {profile} account",
            f"account create {profile} --id {account} --json",
            shows({"id": account, "name": profile, "arn": root_arn(account)}),
        )
        key = scene.sekisho(
            f"a key for the root user of the {profile} account",
            f"root-key create {account} --json",
            shows({"arn": root_arn(account), "access_key_id": LONG_TERM}),
            "W-120",
        )
        scene.carry_keys(profile, key["access_key_id"], key["secret_access_key"])
        scene.aws(
            "the key is known at once",
            profile,
            "sts get-caller-identity",
            root_identity(account),
            "PE-173, W-117",
        )


def root_identity(account: str) -> Expectation:
    return shows({"Arn": root_arn(account), "UserId": account, "Account": account})
