"""Who appears in the chapters, and the commands that every chapter needs."""

import re
import shlex
from dataclasses import dataclass

from demo.cli import Answer
from demo.expect import Expectation, denied, shows
from demo.policies import Document, allow
from demo.scene import DESTINATION, DESTINATION_ROOT, SOURCE, SOURCE_ROOT, Scene

ROOTS = {SOURCE: SOURCE_ROOT, DESTINATION: DESTINATION_ROOT}
USER_ID = re.compile("AIDA[A-Z2-7]{17}")
ROLE_ID = re.compile("AROA[A-Z2-7]{17}")
LONG_TERM = re.compile("AKIA[A-Z2-7]{16}")
TEMPORARY = re.compile("ASIA[A-Z2-7]{16}")


def user_arn(name: str, account: str = SOURCE) -> str:
    return f"arn:aws:iam::{account}:user/{name}"


def root_arn(account: str = SOURCE) -> str:
    return f"arn:aws:iam::{account}:root"


@dataclass(frozen=True, slots=True)
class Role:
    """A role; its account's root profile looks after it."""

    name: str
    account: str = DESTINATION

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:role/{self.name}"

    def session(self, name: str) -> str:
        """The ARN of a session of this role (W-116)."""
        return f"arn:aws:sts::{self.account}:assumed-role/{self.name}/{name}"


def enrol(scene: Scene, name: str, account: str = SOURCE) -> str:
    """An IAM user with an access key, and a profile of the same name; the user's ARN."""
    root = ROOTS[account]
    scene.aws(
        f"a user: {name}",
        root,
        f"iam create-user --user-name {name}",
        shows({"User.Arn": user_arn(name, account), "User.UserId": USER_ID}),
        "W-116",
    )
    give_key(scene, name, account)
    return user_arn(name, account)


def give_key(scene: Scene, name: str, account: str = SOURCE, profile: str = "") -> Answer:
    answer = scene.aws(
        f"an access key for {name}",
        ROOTS[account],
        f"iam create-access-key --user-name {name}",
        shows({"AccessKey.UserName": name, "AccessKey.AccessKeyId": LONG_TERM}),
        "W-206",
    )
    scene.carry_keys(
        profile or name,
        answer["AccessKey.AccessKeyId"],
        answer["AccessKey.SecretAccessKey"],
    )
    return answer


def found_role(scene: Scene, name: str, trusted: Document, account: str = DESTINATION) -> Role:
    """A role with a custom trust policy."""
    role = Role(name, account)
    file = scene.document(f"trust-{name}", trusted)
    scene.aws(
        f"a role: {name}",
        ROOTS[account],
        f"iam create-role --role-name {name} --assume-role-policy-document {file}",
        shows({"Role.Arn": role.arn, "Role.RoleId": ROLE_ID}),
        "W-163",
    )
    return role


def retrust(scene: Scene, title: str, role: Role, trusted: Document) -> None:
    file = scene.document(f"trust-{role.name}", trusted)
    scene.aws(
        title,
        ROOTS[role.account],
        f"iam update-assume-role-policy --role-name {role.name} --policy-document {file}",
        facts="W-205, PE-31",
    )


def permit_user(
    scene: Scene, title: str, name: str, document: Document, policy: str = "crossing"
) -> None:
    """Put an inline policy on a user of the source account."""
    file = scene.document(f"{name}-{policy}", document)
    scene.aws(
        title,
        SOURCE_ROOT,
        f"iam put-user-policy --user-name {name} --policy-name {policy} --policy-document {file}",
        facts="W-205, PE-91",
    )


def permit_assuming(scene: Scene, name: str, *roles: Role) -> None:
    """Let a user assume roles, by an inline policy."""
    arns = [role.arn for role in roles]
    permit_user(
        scene,
        f"{name} may ask for {' and '.join(role.name for role in roles)}",
        name,
        allow("sts:AssumeRole", arns[0] if len(arns) == 1 else arns),
    )


def permit_role(
    scene: Scene, title: str, role: Role, document: Document, policy: str = "work"
) -> None:
    file = scene.document(f"{role.name}-{policy}", document)
    scene.aws(
        title,
        ROOTS[role.account],
        f"iam put-role-policy --role-name {role.name} --policy-name {policy}"
        f" --policy-document {file}",
        facts="W-205, PE-91",
    )


def assume(
    scene: Scene,
    title: str,
    profile: str,
    role: Role | str,
    expectation: Expectation | None = None,
    facts: str = "",
    *,
    session: str = "",
    more: str = "",
) -> Answer:
    """``aws sts assume-role`` by one profile; the session is called like the profile if not said.

    Expects to be let in, as the right session of the role, if nothing else is expected.
    """
    arn = role if isinstance(role, str) else role.arn
    name = session or profile
    if expectation is None:
        assert isinstance(role, Role)
        expectation = let_in(role, name)
    line = f"sts assume-role --role-arn {arn} --role-session-name {shlex.quote(name)}"
    return scene.aws(title, profile, f"{line} {more}".strip(), expectation, facts)


def let_in(role: Role, session: str) -> Expectation:
    return shows(
        {
            "AssumedRoleUser.Arn": role.session(session),
            "AssumedRoleUser.AssumedRoleId": re.compile(f"{ROLE_ID.pattern}:{re.escape(session)}"),
            "Credentials.AccessKeyId": TEMPORARY,
        }
    )


def turned_away(who: str, role: Role | str, action: str = "sts:AssumeRole") -> Expectation:
    """AssumeRole's one sentence, without a reason (W-141)."""
    return denied(who, action, role if isinstance(role, str) else role.arn)


def make_bucket(scene: Scene, bucket: str, *keys: str) -> None:
    """A bucket of the destination account with small objects in it."""
    scene.aws(
        f"a bucket of the destination: {bucket}",
        DESTINATION_ROOT,
        f"s3 mb s3://{bucket}",
        facts="W-286",
    )
    for key in keys:
        name = scene.file(key.rpartition("/")[2], f"{key}\n")
        scene.aws(
            f"an object in it: {key}",
            DESTINATION_ROOT,
            f"s3 cp {name} s3://{bucket}/{key}",
            facts="W-290",
        )
