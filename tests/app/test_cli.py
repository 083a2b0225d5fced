"""The operator's commands: what they make, print and refuse."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gate.gatehouse import Gatehouse
from sekisho import __version__
from sekisho.app.cli import main
from sekisho.gate.audit import read_back
from sekisho.model.identifiers import account_of_access_key

ACCOUNT = "111122223333"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def told(data: Path, *words: str) -> str:
    """What a command that succeeds prints."""
    done = run(*words, "--data", str(data))
    assert done.exit_code == 0, done.output
    return done.stdout


def given(data: Path, *words: str) -> Any:
    """The same as JSON."""
    return json.loads(told(data, *words, "--json"))


def complaint(data: Path, *words: str) -> str:
    """What a command that is refused says; it does so with exit code 1 and on stderr alone."""
    done = run(*words, "--data", str(data))
    assert done.exit_code == 1, done.output
    assert done.stdout == ""
    return done.stderr.strip()


def test_an_account_of_a_given_id(data: Path) -> None:
    assert given(data, "account", "create", "payments", "--id", ACCOUNT) == {
        "id": ACCOUNT,
        "name": "payments",
        "arn": f"arn:aws:iam::{ACCOUNT}:root",
    }


def test_an_account_of_any_id(data: Path) -> None:
    ids = {given(data, "account", "create", "payments")["id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(re.fullmatch("[0-9]{12}", each) for each in ids)


def test_a_new_account_is_told_what_comes_next(data: Path) -> None:
    said = told(data, "account", "create", "payments", "--id", ACCOUNT)
    assert said.splitlines() == [
        f"Made account {ACCOUNT} (payments).",
        f"Next: sekisho root-key create {ACCOUNT} --data {data}",
    ]


def test_an_account_of_elsewhere_is_declared(data: Path) -> None:
    told(data, "account", "create", "here", "--id", "444455556666")
    assert told(data, "account", "declare", ACCOUNT) == f"Declared account {ACCOUNT}.\n"
    assert told(data, "account", "declare", ACCOUNT, "x") == f"Declared account {ACCOUNT} (x).\n"
    assert told(data, "account", "list") == f"444455556666  here\n{ACCOUNT}  x  (declared)\n"
    declared = {
        "id": ACCOUNT,
        "name": "x",
        "arn": f"arn:aws:iam::{ACCOUNT}:root",
        "declared": True,
    }
    assert given(data, "account", "list")[1] == declared
    told(data, "account", "create", "payments", "--id", ACCOUNT)
    assert "declared" not in told(data, "account", "list")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("12345678901x",), "'12345678901x' is not an account id: give 12 digits."),
        ((ACCOUNT, "two\nlines"), "NAME must have at most 50 printable characters."),
        ((ACCOUNT, "x" * 51), "NAME must have at most 50 printable characters."),
        (
            ("444455556666",),
            "Account 444455556666 is hosted here: policies can name it already.",
        ),
    ],
)
def test_an_account_that_cannot_be_declared(data: Path, words: tuple[str, ...], said: str) -> None:
    told(data, "account", "create", "here", "--id", "444455556666")
    assert complaint(data, "account", "declare", *words) == f"Error: {said}"
    assert len(given(data, "account", "list")) == 1


def test_no_root_key_is_made_for_a_declared_account(data: Path) -> None:
    told(data, "account", "declare", ACCOUNT)
    assert complaint(data, "root-key", "create", ACCOUNT).startswith("Error: There is no account")


@pytest.mark.parametrize("bad", ["", "12345678901", "1234567890123", "12345678901x", "１" * 12])
def test_an_id_that_is_none(data: Path, bad: str) -> None:
    said = complaint(data, "account", "create", "payments", "--id", bad)
    assert said == f"Error: --id {bad!r} is not an account id: give 12 digits."
    assert given(data, "account", "list") == []


@pytest.mark.parametrize("bad", ["", "x" * 51, "two\nlines", "\x1b[31m"])
def test_a_name_that_is_none(data: Path, bad: str) -> None:
    said = complaint(data, "account", "create", bad)
    assert said == "Error: NAME must have 1 to 50 printable characters."


def test_an_id_that_is_taken(data: Path) -> None:
    told(data, "account", "create", "payments", "--id", ACCOUNT)
    said = complaint(data, "account", "create", "others", "--id", ACCOUNT)
    assert said == f"Error: There is an account {ACCOUNT} already: give another --id."
    assert [each["name"] for each in given(data, "account", "list")] == ["payments"]


def test_the_list_of_accounts_holds_no_secret(data: Path) -> None:
    for name, number in (("b", "222233334444"), ("a", ACCOUNT)):
        told(data, "account", "create", name, "--id", number)
    key = given(data, "root-key", "create", ACCOUNT)
    plain = told(data, "account", "list")
    assert sorted(plain.splitlines()) == [f"{ACCOUNT}  a", "222233334444  b"]
    listed = given(data, "account", "list")
    assert [each.keys() for each in listed] == [{"id", "name", "arn"}] * 2
    for secret in key["access_key_id"], key["secret_access_key"]:
        assert secret not in plain
        assert secret not in json.dumps(listed)


def test_a_root_key(data: Path) -> None:
    told(data, "account", "create", "payments", "--id", ACCOUNT)
    key = given(data, "root-key", "create", ACCOUNT)
    assert key.keys() == {"account", "arn", "access_key_id", "secret_access_key"}
    assert key["account"] == ACCOUNT
    assert key["arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    assert account_of_access_key(key["access_key_id"]) == ACCOUNT
    assert re.fullmatch("[A-Za-z0-9+/]{40}", key["secret_access_key"])


def test_a_root_key_as_lines_for_a_shell(data: Path) -> None:
    """A name of spaces, quotes and dollars makes a profile that a shell reads as one word."""
    told(data, "account", "create", "pay $(me) 'now'", "--id", ACCOUNT)
    said = told(data, "root-key", "create", ACCOUNT)
    profiles = re.findall(r"aws configure set \S+ +\S+ --profile (.*)", said)
    assert profiles == ["pay---me---now-"] * 4


@pytest.mark.parametrize(
    ("given", "url"),
    [((), "http://127.0.0.1:4566"), (("--endpoint-url", "https://s.example"), "https://s.example")],
)
def test_a_root_key_is_not_shown_to_aws(data: Path, given: tuple[str, ...], url: str) -> None:
    """A profile without an endpoint would sign its first call for AWS."""
    told(data, "account", "create", "payments", "--id", ACCOUNT)
    said = told(data, "root-key", "create", ACCOUNT, *given)
    assert f"  aws configure set endpoint_url          {url} --profile payments\n" in said


def test_the_root_user_has_two_keys_at_most(data: Path) -> None:
    """PE-61."""
    told(data, "account", "create", "payments", "--id", ACCOUNT)
    keys = {given(data, "root-key", "create", ACCOUNT)["access_key_id"] for _ in range(2)}
    assert len(keys) == 2
    assert complaint(data, "root-key", "create", ACCOUNT).startswith(
        f"Error: The root user of {ACCOUNT} has 2 access keys already, the most it may have."
    )


@pytest.mark.parametrize("account", [ACCOUNT, "payments", "' OR 1=1"])
def test_a_root_key_for_no_account(data: Path, account: str) -> None:
    said = complaint(data, "root-key", "create", account)
    assert said == (
        f"Error: There is no account {account!r}: `sekisho account list` shows those there are."
    )


def test_what_the_operator_does_is_on_record_without_secrets(data: Path) -> None:
    told(data, "account", "create", "payments", "--id", ACCOUNT)
    key = given(data, "root-key", "create", ACCOUNT)
    made, keyed = list(read_back(data / "audit"))[::-1]
    assert (made["operation"], made["by"]) == ("sekisho:CreateAccount", "operator")
    assert made["account"] == ACCOUNT
    assert keyed["operation"] == "sekisho:CreateRootKey"
    assert keyed["access_key_id"] == key["access_key_id"]
    assert key["secret_access_key"] not in (data / "audit" / "audit.jsonl").read_text()


def test_a_data_directory_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    done = run("account", "list", "--data", str(file))
    assert done.exit_code == 2
    assert "is a file" in done.stderr


def test_a_data_directory_that_is_somebody_else_s(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    said = complaint(tmp_path, "account", "list")
    assert said.startswith(f"Error: {tmp_path} holds notes.txt and no store:")


def test_the_data_directory_may_come_from_the_environment(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEKISHO_DATA", str(data))
    assert run("account", "create", "payments", "--id", ACCOUNT).exit_code == 0
    assert [each["id"] for each in given(data, "account", "list")] == [ACCOUNT]


@pytest.fixture
def gatehouse(data: Path) -> Iterator[Gatehouse]:
    opened = Gatehouse(data)
    yield opened
    opened.close()


def test_why_of_a_request_id(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una")
    denied = gatehouse.call(una, "ListUsers")
    gatehouse.call(gatehouse.home, "ListUsers")
    said = told(gatehouse.data, "why", denied.request_id)
    assert f"(request {denied.request_id})" in said
    assert "answered 403 AccessDenied" in said
    assert given(gatehouse.data, "why", denied.request_id) == gatehouse.line(denied)


def test_the_encoded_message_of_a_denial(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una")
    denied = gatehouse.call(una, "ListUsers")
    message = told(gatehouse.data, "why", denied.request_id, "--encoded").strip()
    form = {"EncodedMessage": message}
    decoded = gatehouse.call(gatehouse.home, "DecodeAuthorizationMessage", "sts", **form)
    assert '"action":"iam:ListUsers"' in decoded.value("DecodedMessage")
    allowed = gatehouse.call(una, "GetCallerIdentity", "sts")
    said = f"Error: Request {allowed.request_id} was not denied to anybody by a policy."
    assert complaint(gatehouse.data, "why", allowed.request_id, "--encoded").strip() == said


def test_why_of_the_last_request(gatehouse: Gatehouse) -> None:
    """Acts of the operator are no requests."""
    una = gatehouse.new_user("una")
    denied = gatehouse.call(una, "ListUsers")
    allowed = gatehouse.call(gatehouse.home, "ListUsers")
    told(gatehouse.data, "account", "create", "later")
    found = given(gatehouse.data, "why", "--last")
    assert found["request_id"] == allowed.request_id
    found = given(gatehouse.data, "why", "--last", "--denied")
    assert found["request_id"] == denied.request_id


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such-id",), "No request no-such-id is on the audit trail"),
        (("--last",), "No request is on the audit trail"),
        (("--last", "--denied"), "No denied request is on the audit trail"),
    ],
)
def test_why_of_what_is_not_on_record(data: Path, words: tuple[str, ...], said: str) -> None:
    data.mkdir()
    assert complaint(data, "why", *words).startswith(f"Error: {said}")


def test_why_where_nothing_is_kept(data: Path) -> None:
    said = complaint(data, "why", "--last")
    assert said == f"Error: There is no data directory {data}: give --data, or SEKISHO_DATA."
    assert not data.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Give either a REQUEST-ID or --last."),
        (("some-id", "--last"), "Give either a REQUEST-ID or --last."),
        (("some-id", "--denied"), "--denied goes with --last."),
    ],
)
def test_why_asked_the_wrong_way(data: Path, words: tuple[str, ...], said: str) -> None:
    done = run("why", *words, "--data", str(data))
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((), ["serve", "account", "root-key", "why"]),
        (("serve",), ["--data", "--host", "--port", "--tls-certificate", "--tls-key"]),
        (("account",), ["create", "list"]),
        (("account", "create"), ["NAME", "--id", "--data", "--json"]),
        (("account", "list"), ["--data", "--json"]),
        (("root-key",), ["create"]),
        (("root-key", "create"), ["ACCOUNT", "--data", "--json"]),
        (("why",), ["REQUEST-ID", "--last", "--denied", "--data", "--json"]),
    ],
)
def test_help_names_what_there_is_to_give(words: tuple[str, ...], named: list[str]) -> None:
    done = run(*words, "--help")
    assert done.exit_code == 0
    usage, _, rest = done.stdout.partition("\n\n")
    assert usage.startswith("Usage: ")
    for name in named:
        assert name in rest


def test_its_version() -> None:
    assert run("--version").stdout.strip() == f"sekisho, version {__version__}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--host", "0.0.0.0"), "Give --tls-certificate and --tls-key, or say --insecure-http"),
        (("--host", "::"), "Give --tls-certificate and --tls-key, or say --insecure-http"),
        (("--host", "example.com"), "Give --tls-certificate and --tls-key"),
        (("--tls-key", __file__), "must be given together."),
        (("--tls-certificate", __file__), "must be given together."),
    ],
)
def test_settings_are_checked_before_anything_is_made(
    data: Path, words: tuple[str, ...], said: str
) -> None:
    assert said in complaint(data, "serve", *words)
    assert not data.exists()
