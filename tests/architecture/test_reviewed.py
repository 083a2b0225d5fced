"""Lists that may only change on purpose."""

import ast
from pathlib import Path

import sekisho
from sekisho.catalog import service_model
from sekisho.services import OPERATIONS
from sekisho.services.operation import nothing_asked
from sekisho.services.sts.standing import may_be_unsigned

SOURCE = Path(sekisho.__file__).parent

ASK_NOTHING = {
    "sts:GetCallerIdentity",  # PE-125: no policy can deny it
    "sts:GetSessionToken",  # PE-125: needs no permission
}

WITHOUT_SIGNATURE = {
    "sts:AssumeRoleWithSAML",  # W-4: the assertion is what is verified
    "sts:AssumeRoleWithWebIdentity",  # W-4: the token is what is verified
}

LONGEST_FILE = 400


def test_who_asks_nothing_is_reviewed() -> None:
    assert {
        name for name, operation in OPERATIONS.items() if operation.asks is nothing_asked
    } == ASK_NOTHING


def test_who_needs_no_signature_is_reviewed() -> None:
    assert {name for name in OPERATIONS if may_be_unsigned(name)} == WITHOUT_SIGNATURE


def test_every_operation_is_in_its_model() -> None:
    for name in OPERATIONS:
        service, _, bare = name.partition(":")
        assert bare in service_model(service).operations


def test_no_file_outgrows_its_room() -> None:
    long = {
        str(path.relative_to(SOURCE)): lines
        for path in SOURCE.rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_only_authenticate_makes_callers() -> None:
    makers = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Caller"
    }
    assert makers == {"gate/authenticate.py"}
