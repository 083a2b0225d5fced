"""Whatever an operation is given, it answers as its model says, or refuses; nothing else.

W-266: what is the caller's fault is never told as the server's, which SDKs would ask again for.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roundtrip.values import values
from sekisho.catalog import Shape, service_model
from sekisho.directory.sqlite import open_directory
from sekisho.model.faults import Fault
from sekisho.services import OPERATIONS
from services.iam.office import Office

SERVED = [name for name in service_model("iam").operations if f"iam:{name}" in OPERATIONS]


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """With a user and a role, so that some inputs are about somebody."""
    directory = open_directory(tmp_path_factory.mktemp("store"))
    office = Office(directory)
    office.new_user("u")
    office.new_role("r")
    yield office
    directory.close()


@pytest.mark.parametrize("name", SERVED)
def test_any_input_is_answered_or_refused(inhabited: Office, name: str) -> None:
    shape = service_model("iam").operations[name].input or Shape(name="Nothing", kind="structure")
    somebody = {
        "UserName": "u",
        "RoleName": "r",
        "Arn": inhabited.arn("user/u"),
        "PolicySourceArn": inhabited.arn("role/r"),
    }
    known = {member: text for member, text in somebody.items() if member in shape.members}

    @settings(
        max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(values(shape, least=1), st.booleans())
    def check(drawn: dict[str, Any], is_known: bool) -> None:
        try:
            inhabited.do(name, **(drawn | known if is_known else drawn))
        except Fault as fault:
            assert fault.status < 500

    check()
