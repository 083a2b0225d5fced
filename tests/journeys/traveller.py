"""A user of one account who may assume a role of the other, and a shell in which programs run.

Nothing tells those programs of Sekisho but an endpoint's URL and files of profiles.
"""

import os
import subprocess
from pathlib import Path

import pytest
from demo.cli import PROGRAMS
from demo.policies import Document, allow, trust

from journeys.crossing import MAY_ASSUME, Crossing, text
from journeys.world import World

LONGEST_RUN = 120  # seconds
STRANGERS = PROGRAMS.parent / "strangers"

Environment = dict[str, str]

# The way back is no other way for a program that only asks for a role.
ONE_WAY = pytest.mark.parametrize("crossing", ["there"], indirect=True)


def stranger(name: str) -> str:
    """A program of requirements/strangers.txt; the test is skipped where they are not installed."""
    if not (STRANGERS / "stamp").exists():
        pytest.skip("strangers' programs are not installed: make .venv/strangers/stamp")
    return str(STRANGERS / "bin" / name)


class Traveller:
    """Has the profiles `base`, their own key, and `there`, the role in the other account.

    permitted: what the role may.
    """

    def __init__(
        self, world: World, crossing: Crossing, home: Path, permitted: Document | None = None
    ) -> None:
        name, keys = crossing.here.user(MAY_ASSUME)
        self.crossing = crossing
        self.arn = crossing.here.arn(f"user/{name}")
        self.role = crossing.there.role(
            trust(crossing.here.account), permitted or allow("s3:*", "*")
        )
        self.home = home
        (home / ".aws").mkdir(parents=True)
        (home / ".aws" / "credentials").write_text(
            f"[base]\naws_access_key_id = {keys.access_key_id}\n"
            f"aws_secret_access_key = {keys.secret}\n"
        )
        self.profile("there", role_arn=self.role, source_profile="base", role_session_name="visit")
        self.environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL": world.server.endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",  # for the CLI
            "PYTHONUNBUFFERED": "1",
        }

    def profile(self, name: str, **settings: str) -> None:
        lines = (f"{setting} = {value}\n" for setting, value in settings.items())
        with (self.home / ".aws" / "config").open("a") as config:
            config.write("".join([f"[profile {name}]\n", *lines]))

    def returning(self, permitted: Document) -> str:
        """A role at home that only the role there may assume, by the profile `back`; its ARN."""
        role = self.crossing.here.role(trust(self.role), permitted)
        self.crossing.there.iam.put_role_policy(
            RoleName=self.role.rpartition("/")[2],
            PolicyName="further",
            PolicyDocument=text(allow("sts:AssumeRole", role)),
        )
        self.profile("back", role_arn=role, source_profile="there", role_session_name="return")
        return role

    def session(self, name: str = "visit") -> str:
        return session_arn(self.role, name)

    def attempt(
        self, words: list[str], more: Environment | None = None, folder: Path | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """A program's end, whatever it is."""
        return subprocess.run(
            words,
            env={**self.environment, **(more or {})},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST_RUN,
            check=False,
        )

    def run(
        self, words: list[str], more: Environment | None = None, folder: Path | None = None
    ) -> str:
        """What a program prints that must end well."""
        done = self.attempt(words, more, folder)
        assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-8000:]
        return done.stdout


def session_arn(role: str, name: str) -> str:
    account, _, path = role.removeprefix("arn:aws:iam::").partition(":role/")
    return f"arn:aws:sts::{account}:assumed-role/{path.rpartition('/')[2]}/{name}"
