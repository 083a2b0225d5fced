"""Lists that may only change on purpose."""

import ast
from pathlib import Path

import sekisho
from sekisho.catalog import service_model
from sekisho.services import OPERATIONS
from sekisho.services.operation import nothing_asked

SOURCE = Path(sekisho.__file__).parent

ASK_NOTHING = {
    "sts:GetCallerIdentity",  # PE-125: no policy can deny it
    "sts:GetSessionToken",  # PE-125: needs no permission
}

LONGEST_FILE = 400


def test_who_asks_nothing_is_reviewed() -> None:
    assert {
        name for name, operation in OPERATIONS.items() if operation.asks is nothing_asked
    } == ASK_NOTHING


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
