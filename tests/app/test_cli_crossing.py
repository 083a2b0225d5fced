"""`sekisho crossing`: exit codes, and what is printed."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from demo.policies import allow, trust

from sekisho.app.cli import main

A = "111122223333"
USER, ROLE = f"arn:aws:iam::{A}:user/una", f"arn:aws:iam::{A}:role/Guest"
CONDITION = {
    "StringEquals": {"sts:ExternalId": "x", "aws:PrincipalOrgID": "o-a"},
    "Bool": {"aws:MultiFactorAuthPresent": "true"},
    "IpAddress": {"aws:SourceIp": "192.0.2.7"},
}
ALL = (
    "--external-id=x",
    "--mfa",
    "--source-ip=192.0.2.7",
    "--context=aws:PrincipalOrgID=o-a",
)
ANSWER: dict[str, Any] = {
    "UserDetailList": [
        {
            "UserName": "una",
            "UserId": "AIDAUNAUNAUNAUNAUNAUN",
            "Arn": USER,
            "UserPolicyList": [{"PolicyName": "in", "PolicyDocument": allow("sts:*", ROLE)}],
        }
    ],
    "GroupDetailList": [],
    "RoleDetailList": [
        {
            "RoleName": "Guest",
            "RoleId": "AROAGUESTGUESTGUESTGU",
            "Arn": ROLE,
            "AssumeRolePolicyDocument": trust(USER, CONDITION),
        }
    ],
    "Policies": [],
}


def run(*words: str, role: str = ROLE) -> Result:
    return CliRunner().invoke(main, ["crossing", USER, role, *words], input=json.dumps(ANSWER))


def test_allowed() -> None:
    done = run("-", *ALL)
    assert done.exit_code == 0, done.output
    first, *_, last = done.stdout.splitlines()
    assert first == f"allowed: {USER} asks for sts:AssumeRole on {ROLE}"
    assert last.startswith("Not looked at")


@pytest.mark.parametrize("lacking", ALL)
def test_denied(lacking: str) -> None:
    done = run("-", *(word for word in ALL if word != lacking))
    assert done.exit_code == 1, done.output
    assert "the caller: meet the condition on " in done.stdout


def test_json() -> None:
    done = run("-", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["decision"] == "implicitDeny"


@pytest.mark.parametrize(
    ("words", "role", "said"),
    [
        (("-",), f"{ROLE}s", f"Error: there is no role {ROLE}s; did you mean {ROLE}?"),
        (("/nonexistent",), ROLE, "Error: /nonexistent: No such file or directory"),
        (("-", "--context", "x"), ROLE, "give KEY=VALUE"),
        ((), ROLE, "Missing argument"),
    ],
)
def test_of_no_use(words: tuple[str, ...], role: str, said: str) -> None:
    done = run(*words, role=role)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_a_file_that_is_no_answer(tmp_path: Path) -> None:
    file = tmp_path / "role.json"
    file.write_text(json.dumps(trust(USER)))
    done = run(str(file))
    assert done.exit_code == 2
    assert "it is not what `aws iam get-account-authorization-details` prints" in done.stderr
