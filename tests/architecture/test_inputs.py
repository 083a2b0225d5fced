"""What a caller gives has an effect: services look at every member of every input."""

import ast
from pathlib import Path

import pytest

import sekisho
from sekisho.catalog import service_model
from sekisho.services import OPERATIONS

SERVICES = Path(sekisho.__file__).parent / "services"

WITHOUT_EFFECT = {
    # Scenarios of EC2, which ask for several resources at once; here each is asked for by itself.
    "iam:SimulateCustomPolicy": {"ResourceHandlingOption"},
    "iam:SimulatePrincipalPolicy": {"ResourceHandlingOption"},
    # Nothing is billed here.
    "organizations:CreateAccount": {"IamUserAccessToBilling"},
}


def words(service: str) -> set[str]:
    """All texts in the code of a service."""
    return {
        node.value
        for path in (SERVICES / service).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("service", ["iam", "organizations", "sts"])
def test_every_member_of_an_input_is_looked_at(service: str) -> None:
    known, model = words(service), service_model(service)
    unseen = {
        f"{service}:{name}": missing
        for name, operation in model.operations.items()
        if f"{service}:{name}" in OPERATIONS
        and operation.input is not None
        and (missing := operation.input.members.keys() - known)
    }
    expected = {name: left for name, left in WITHOUT_EFFECT.items() if name.startswith(service)}
    assert unseen == expected
