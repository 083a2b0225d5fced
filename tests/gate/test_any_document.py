"""Whatever document is sent to Organizations, it is answered or refused: never a 5xx.

As test_any_form: inputs that the model makes, and then spoilt, by many kinds of callers.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.credentials import Credentials
from demo.policies import allow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.gatehouse import Gatehouse
from roundtrip.values import values
from sekisho.catalog import Shape, service_model
from sekisho.services.unserved import UNSERVED

JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 1.5, 10**30, "", "\0", "é語", "x" * 5_000, "o-0123456789", "111122223333",
     "r-0123", "{}", [], [[]], {}, {"Key": {}}, [None], [{}], '{"Statement": []}']
)  # fmt: skip
SPOIL = st.lists(st.tuples(st.integers(0, 9), JUNK), max_size=3)
CALLERS = ("management", "user", "member", "outsider", "none", "nobody")


def spoilt(document: Any, spoils: list[tuple[int, Any]]) -> Any:
    for place, junk in spoils:
        names = list(document)
        document[names[place % len(names)] if names else "AccountId"] = junk
    return document


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gatehouse]:
    opened = Gatehouse(tmp_path_factory.mktemp("house") / "data")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def keys(house: Gatehouse) -> dict[str, Credentials | None]:
    house.organized(house.home, "CreateOrganization")
    form = {"Email": "a@b.example", "AccountName": "member"}
    made = house.organized(house.home, "CreateAccount", **form)["CreateAccountStatus"]
    una = house.new_user("all", json.dumps(allow("*", "*")))
    role = f"arn:aws:iam::{made['AccountId']}:role/OrganizationAccountAccessRole"
    return {
        "management": house.home,
        "user": una,
        "member": house.assume(una, role),
        "outsider": house.away,
        "none": house.new_user("none"),
        "nobody": None,
    }


@pytest.mark.parametrize("name", service_model("organizations").operations)
def test_any_document_is_answered_or_refused(
    house: Gatehouse,
    keys: dict[str, Credentials | None],
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    shape = service_model("organizations").operations[name].input or Shape("None", "structure")
    full = f"organizations:{name}"
    unserved = 501 if full in UNSERVED else 400

    @settings(
        max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(values(shape), SPOIL, st.sampled_from(CALLERS))
    def check(drawn: dict[str, Any], spoils: list[tuple[int, Any]], caller: str) -> None:
        document = spoilt(drawn, spoils)
        answer = house.organize(keys[caller], name, **document)
        assert answer.status < 500 or answer.status == unserved, (answer.text, document)
        assert "Traceback" not in answer.text
        assert not answer.text or type(json.loads(answer.text)) is dict

    check()
    assert not caplog.records
