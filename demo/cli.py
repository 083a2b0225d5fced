"""Running `aws` and `sekisho` as a person would: a line in, an answer out."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROGRAMS = Path(sys.executable).parent
REGION = "us-east-1"
LONGEST_RUN = 60  # seconds

_SECRET = re.compile(
    r'("(?:SecretAccessKey|SessionToken|Base32StringSeed|QRCodePNG|secret_access_key)": ")'
    r'([^"]{0,6})[^"]*"'
)


class AnswerLacks(Exception):
    """An answer does not hold what the next step needs."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program answered. exit: its exit status; 0 is success."""

    exit: int
    stdout: str
    stderr: str = ""

    @property
    def data(self) -> Any:
        """The JSON on stdout; None where there is none."""
        try:
            return json.loads(self.stdout)
        except ValueError:
            return None

    @property
    def error(self) -> str:
        """What was complained of, without the line ends around it."""
        return self.stderr.strip("\r\n")

    def look(self, path: str) -> Any:
        """The value at a dotted path of the JSON; None where the path leads nowhere."""
        found = self.data
        for name in path.split("."):
            if isinstance(found, list) and name.isdigit():
                found = found[int(name)] if int(name) < len(found) else None
            else:
                found = found.get(name) if isinstance(found, dict) else None
        return found

    def __getitem__(self, path: str) -> str:
        found = self.look(path)
        if not isinstance(found, str):
            raise AnswerLacks(f"the answer has no {path}")
        return found

    @property
    def shown(self) -> str:
        """Everything that was answered, secrets shortened."""
        lines = [line for line in self.stdout.strip().splitlines() if not is_progress(line)]
        return shorten_secrets("\n".join([*lines, *self.error.splitlines()]))


def is_progress(line: str) -> bool:
    """Whether a line is one that `aws s3 cp` writes over itself."""
    return not line.strip() or line.startswith("Completed ")


def shorten_secrets(text: str) -> str:
    return _SECRET.sub(r'\1\2…"', text)


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where commands are typed: a home of its own, one endpoint, and no way to anything else.

    home: holds the AWS configuration and what the CLI caches.
    """

    home: Path
    endpoint: str
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def config(self) -> Path:
        return self.home / "config"

    @property
    def credentials(self) -> Path:
        return self.home / "credentials"

    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{PROGRAMS}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "COLUMNS": "100",
            "AWS_CONFIG_FILE": str(self.config),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.credentials),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "2",
            "AWS_PAGER": "",
        }

    def aws(self, profile: str, words: list[str], folder: Path) -> Answer:
        """Run one aws command in a folder, with one profile's credentials."""
        return run(["aws", *words, "--profile", profile], folder, self.environment())

    def sekisho(self, words: list[str], folder: Path) -> Answer:
        return run(["sekisho", *words], folder, self.environment())

    def add_keys(self, profile: str, key: str, secret: str, token: str = "") -> None:
        """Write a profile with keys, as `aws configure` would."""
        lines = {"aws_access_key_id": key, "aws_secret_access_key": secret}
        if token:
            lines["aws_session_token"] = token
        self._append(self.credentials, profile, lines)

    def add_profile(self, profile: str, settings: Mapping[str, str]) -> None:
        self._append(self.config, f"profile {profile}", settings)

    def _append(self, file: Path, section: str, settings: Mapping[str, str]) -> None:
        lines = [f"[{section}]", *(f"{name} = {value}" for name, value in settings.items())]
        with self.lock, file.open("a", encoding="utf-8") as out:
            file.chmod(0o600)
            out.write("\n".join(lines) + "\n")


def run(words: list[str], folder: Path, environment: Mapping[str, str]) -> Answer:
    program = PROGRAMS / words[0]
    try:
        ended = subprocess.run(
            [str(program), *words[1:]],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST_RUN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(124, "", f"no answer within {LONGEST_RUN} seconds")
    return Answer(ended.returncode, ended.stdout, ended.stderr)
