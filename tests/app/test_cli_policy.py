"""`sekisho policy`: exit codes, what is printed, and what is written."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sekisho import __version__
from sekisho.advice.check import CODES, KINDS
from sekisho.app.cli import main
from sekisho.app.cli.policy import GRAVE, TYPES
from sekisho.app.cli.policy_files import RANKS

FINE = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
WRONG = FINE.replace("s3:*", "s3:Gett")
SUGGESTED = FINE.replace('"s3:*"', '["s3:*","s3:Get*"]')
TRUST = (
    '{"Version":"2012-10-17","Statement":[\n {"Effect":"Allow",'
    '"Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole"}]}'
)


def run(*words: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["policy", *words], input=stdin)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "p.json"


@pytest.mark.parametrize(
    ("text", "fail_on", "code"),
    [
        (FINE, "suggestion", 0),
        (WRONG, "error", 0),
        (WRONG, "warning", 1),
        (WRONG, "suggestion", 1),
        (WRONG, "never", 0),
        (SUGGESTED, "warning", 0),
        (SUGGESTED, "suggestion", 1),
        ("{", "error", 1),
        ("{", "never", 0),
        (FINE.replace("s3:*", "*"), "error", 0),
        (FINE.replace("s3:*", "*"), "warning", 1),
    ],
)
def test_exit_codes(file: Path, text: str, fail_on: str, code: int) -> None:
    file.write_text(text)
    done = run("check", "--fail-on", fail_on, str(file))
    assert done.exit_code == code, done.output


def test_a_warning_fails_unless_one_says_otherwise(file: Path) -> None:
    file.write_text(WRONG)
    assert run("check", str(file)).exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Missing argument"),
        (("/nonexistent/p.json",), "Error: /nonexistent/p.json: No such file or directory"),
        (("/",), "Error: /: Is a directory"),
        (("--account", "1", "x"), "give 12 digits"),
        (("--type", "nope", "x"), "is not one of"),
    ],
)
def test_what_cannot_be_checked(words: tuple[str, ...], said: str) -> None:
    done = run("check", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("data", [b"\xff\xfe{}", b"x" * 1_048_577])
def test_bytes_that_are_no_policy(data: bytes) -> None:
    for command in "check", "fmt":
        done = run(command, "-", stdin=data)
        assert done.exit_code == 2
        assert done.stderr.startswith("Error: <stdin>: ")


def test_one_file_that_cannot_be_read_hides_no_other(file: Path) -> None:
    file.write_text(WRONG)
    done = run("check", "/nonexistent/p.json", str(file))
    assert done.exit_code == 2
    assert "Error: /nonexistent/p.json: No such file or directory" in done.stderr
    assert "warning[UnknownAction]" in done.stdout


def test_the_line_is_shown_with_a_caret() -> None:
    done = run("check", "-", stdin=WRONG.replace('"Action', '\n\t"Action'))
    first, *others = done.stdout.splitlines()
    assert first == (
        '<stdin>:2:11: warning[UnknownAction]: the catalog knows no action "Gett" of s3'
    )
    assert others == [
        '   2 |  "Action":"s3:Gett","Resource":"*"}}',
        "     |           ^^^^^^^^^",
        "      = at Statement.Action",
        f"      = why: {CODES['UnknownAction'].why}",
        "",
        "<stdin> was taken for: identity-based policy (--type identity)",
        "1 finding in 1 file.",
    ]


def test_what_to_write_instead_is_shown() -> None:
    done = run("check", "-", stdin=FINE.replace("s3:*", "s3:GetObjec"))
    assert '      = instead: "s3:GetObject"' in done.stdout
    done = run("check", "-", stdin=SUGGESTED)
    assert '      = instead: leave out "s3:Get*"' in done.stdout


def test_a_long_line_is_shown_in_part() -> None:
    names = ",".join(f'"s3:Get*{index}"' for index in range(60))
    done = run("check", "-", stdin=FINE.replace('"s3:*"', f'[{names},"s3:Gett"]'))
    shown = [line for line in done.stdout.splitlines() if line.startswith("   1 | ")]
    assert '"s3:Gett"' in shown[-1]
    assert all(len(line) <= 110 for line in shown)


@pytest.mark.parametrize("letter", ["\x1b[31m", "\x07", "\u202e"])
def test_a_terminal_is_not_moved(letter: str) -> None:
    done = run("check", "-", stdin=FINE.replace("s3:*", f"s3:{letter}"))
    assert letter[0] not in done.stdout


def test_no_colours_where_nobody_sees_them() -> None:
    assert "\x1b" not in run("check", "-", stdin=WRONG).stdout
    coloured = CliRunner().invoke(main, ["policy", "check", "-"], input=WRONG, color=True)
    assert "\x1b[" in coloured.stdout


def test_the_kind_is_given_or_guessed() -> None:
    assert "(--type trust)" in run("check", "-", stdin=TRUST).stdout
    given = run("check", "--type", "scp", "-", stdin=TRUST)
    assert "was taken for" not in given.stdout
    assert "error[Refused]" in given.stdout


def test_the_account_tells_who_is_a_stranger() -> None:
    def codes(*words: str) -> set[str]:
        done = run("check", "--format", "json", *words, "-", stdin=TRUST)
        return {each["code"] for each in json.loads(done.stdout)[0]["findings"]}

    assert "ForeignTrust" in codes("--account", "111122223333")
    assert codes("--account", "444455556666") == {"AccountWideTrust"}
    assert "PerhapsForeignTrust" in codes()


def test_json(file: Path) -> None:
    file.write_text(WRONG)
    [first, second] = json.loads(run("check", "--format", "json", str(file), str(file)).stdout)
    assert first == second
    assert (first["file"], first["type"], first["guessed"]) == (str(file), "identity", True)
    [finding] = first["findings"]
    assert finding == {
        "code": "UnknownAction",
        "severity": "warning",
        "path": "Statement.Action",
        "line": 1,
        "column": WRONG.index('"s3:Gett"') + 1,
        "message": finding["message"],
        "why": CODES["UnknownAction"].why,
        "mend": None,
    }


def test_policies_in_an_answer_of_aws() -> None:
    """Each is named; the account is that of the role, so that another one is a stranger."""
    arn = "arn:aws:iam::111122223333:role/Reader"
    role = {"RoleName": "Reader", "Arn": arn, "AssumeRolePolicyDocument": json.loads(TRUST)}
    inline = {"RoleName": "Reader", "PolicyName": "in", "PolicyDocument": json.loads(WRONG)}
    answer = json.dumps({"Roles": [role, inline]})
    done = run("check", "-", stdin=answer)
    assert done.exit_code == 1
    assert "<stdin> (role Reader: trust policy):7:16: warning[ForeignTrust]: " in done.stdout
    assert "<stdin> (role Reader: policy in):5:15: warning[UnknownAction]: " in done.stdout
    assert done.stdout.endswith("3 findings in 2 policies of 1 file.\n")
    data = json.loads(
        run("check", "--type", "identity", "--format", "json", "-", stdin=answer).stdout
    )
    assert [(each["part"], each["type"]) for each in data] == [
        ("role Reader: policy in", "identity")
    ]
    result = sarif("--type", "trust", "-", stdin=answer)["runs"][0]["results"][0]
    (location,) = result["locations"]
    assert location["physicalLocation"] == {"artifactLocation": {"uri": "stdin"}}
    assert location["logicalLocations"][0]["fullyQualifiedName"].startswith("role Reader: trust")


def sarif(*words: str, stdin: str) -> Any:
    return json.loads(run("check", "--format", "sarif", *words, stdin=stdin).stdout)


def test_sarif(file: Path) -> None:
    """SARIF 2.1.0, section 3: what a viewer needs to show a result and to mend it."""
    file = file.with_name("a b.json")
    file.write_text(FINE.replace("s3:*", "s3:GetObjec"))
    log = sarif(str(file), "-", stdin=TRUST)
    assert log["version"] == "2.1.0"
    [run_of_it] = log["runs"]
    driver = run_of_it["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("sekisho policy check", __version__)
    assert [rule["id"] for rule in driver["rules"]] == list(CODES)
    assert run_of_it["columnKind"] == "unicodeCodePoints"
    first, *others = run_of_it["results"]
    assert first["ruleId"] == "UnknownAction"
    assert driver["rules"][first["ruleIndex"]]["id"] == first["ruleId"]
    assert first["level"] == "warning"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": str(file).replace(" ", "%20")}
    at = FINE.index('"s3:*"') + 1
    assert place["region"] == {
        "startLine": 1,
        "startColumn": at,
        "endLine": 1,
        "endColumn": at + len('"s3:GetObjec"'),
    }
    [change] = first["fixes"][0]["artifactChanges"]
    [replacement] = change["replacements"]
    assert replacement["insertedContent"] == {"text": '"s3:GetObject"'}
    assert replacement["deletedRegion"] == place["region"]
    levels = {each["ruleId"]: each["level"] for each in others}
    assert levels == {"AccountWideTrust": "note", "PerhapsForeignTrust": "note"}


def test_sarif_of_nothing_is_whole() -> None:
    assert sarif("-", stdin=FINE)["runs"][0]["results"] == []


def test_fmt_prints() -> None:
    done = run("fmt", "-", stdin=FINE)
    assert done.exit_code == 0
    assert done.stdout.startswith('{\n  "Version": "2012-10-17",\n  "Statement": {\n')
    assert run("fmt", "-", stdin=done.stdout).stdout == done.stdout


def test_fmt_checks(file: Path) -> None:
    file.write_text(FINE)
    done = run("fmt", "--check", str(file))
    assert (done.exit_code, done.stdout) == (1, f"{file} is laid out otherwise\n")
    assert file.read_text() == FINE


def test_fmt_writes(file: Path) -> None:
    file.write_text(FINE)
    done = run("fmt", "--write", str(file))
    assert (done.exit_code, done.stdout) == (0, f"{file} is written anew\n")
    assert json.loads(file.read_text()) == json.loads(FINE)
    again = run("fmt", "--write", str(file))
    assert (again.exit_code, again.stdout) == (0, "")
    assert run("fmt", "--check", str(file)).exit_code == 0


def test_fmt_writes_nothing_if_one_file_cannot_be_read(file: Path) -> None:
    file.write_text(FINE)
    bad = file.with_name("bad.json")
    bad.write_text("{\n,")
    done = run("fmt", "--write", str(file), str(bad))
    assert done.exit_code == 2
    assert done.stderr == f"Error: {bad}: line 2, column 1: a string was expected\n"
    assert (file.read_text(), bad.read_text()) == (FINE, "{\n,")


@pytest.mark.parametrize("words", [("--check", "--write", "x"), ("--write", "-"), ()])
def test_fmt_asked_the_wrong_way(words: tuple[str, ...]) -> None:
    assert run("fmt", *words, stdin=FINE).exit_code == 2


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((), ["check", "fmt"]),
        (("check",), ["--type", "--format", "--account", "--fail-on", "Examples:", "Exit codes:"]),
        (("fmt",), ["--check", "--write", "Examples:"]),
    ],
)
def test_help_names_what_there_is_to_give(words: tuple[str, ...], named: list[str]) -> None:
    done = run(*words, "--help")
    assert done.exit_code == 0
    for name in named:
        assert name in done.stdout


def test_the_choices_are_those_there_are() -> None:
    assert ("auto", *KINDS) == TYPES
    assert tuple(RANKS) == GRAVE
