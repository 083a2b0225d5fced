"""Whatever form is sent to an operation of IAM or STS, it is answered or refused: never a 5xx.

Inputs are made by the model and then spoilt: members go missing, get other names and other values.
Each example is a request of its own through the gate, by one who may do everything, by one who may
nothing, by a session, and without a signature.
"""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, trust
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.gatehouse import HOME, Gatehouse
from roundtrip.values import values
from sekisho.catalog import Shape, service_model
from sekisho.services import OPERATIONS
from sekisho.services.unserved import UNSERVED
from services.iam.office import document

EVERY = [
    (service, name) for service in ("iam", "sts") for name in service_model(service).operations
]
JUNK = (
    "", " ", "0", "-1", "1e9", "99999999999999999999", "NaN", "true", "null", "\0", "\ufffd", "é語",
    "\U0001f512", "a\nb", "*", "%", "%00", "${aws:username}", "../../etc/passwd", "' or 1=1 --",
    "{", "[]", "{}", '{"Statement":[{}]}', "[" * 5_000, "<a>&b;</a>", "arn:aws:iam::", "arn:::::",
    "arn:aws:iam::111122223333:root", f"arn:aws:iam::{HOME}:user/all", "all", "Guest", "x" * 5_000,
    "ß" * 2_000, "AAAA" * 500, "e30.e30.", "-----BEGIN CERTIFICATE-----",
)  # fmt: skip
TAILS = (".member.1", ".member.0", ".member.-1", ".member.99999999999", ".1", ".", "..", ".a.b",
         ".member", ".entry.1.key", "." * 30, "\0")  # fmt: skip
SPOIL = st.lists(
    st.tuples(
        st.sampled_from(["drop", "value", "name", "more"]),
        st.integers(0, 30),
        st.sampled_from(JUNK),
        st.sampled_from(TAILS),
    ),
    max_size=4,
)
CALLERS = ("root", "all", "root", "all", "none", "session", "guest", "nobody")


def flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """A value as the Query protocol writes it (W-8)."""
    if isinstance(value, dict):
        for member, part in value.items():
            yield from flat(part, f"{name}.{member}" if name else member)
    elif isinstance(value, list):
        for number, part in enumerate(value, 1):
            yield from flat(part, f"{name}.member.{number}")
    else:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


def spoilt(form: dict[str, str], spoils: list[tuple[str, int, str, str]]) -> dict[str, str]:
    for how, place, junk, tail in spoils:
        names = list(form)
        name = names[place % len(names)] if names else "UserName"
        if how == "drop":
            form.pop(name, None)
        elif how == "value":
            form[name] = junk
        elif how == "name":
            form[name + tail] = form.pop(name, junk)
        else:
            form[name.partition(".")[0] + tail] = junk
    return form


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gatehouse]:
    opened = Gatehouse(tmp_path_factory.mktemp("house") / "data")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def keys(house: Gatehouse) -> dict[str, Credentials | None]:
    every = document(allow("*", "*")["Statement"][0])
    una = house.new_user("all", every)
    role = house.new_role("Guest", document(trust(HOME)["Statement"][0]), house.home)
    form = {"RoleName": "Guest", "PolicyName": "p", "PolicyDocument": every}
    house.done(house.call(house.home, "PutRolePolicy", **form))
    return {
        "root": house.home,
        "all": una,
        "none": house.new_user("none"),
        "session": house.assume(una, role),
        "guest": house.session(una, "GetFederationToken", Name="guest", Policy=every),
        "nobody": None,
    }


@pytest.mark.parametrize(("service", "name"), EVERY)
def test_any_form_is_answered_or_refused(
    house: Gatehouse,
    keys: dict[str, Credentials | None],
    caplog: pytest.LogCaptureFixture,
    service: str,
    name: str,
) -> None:
    shape = service_model(service).operations[name].input or Shape(name="None", kind="structure")
    full = f"{service}:{name}"
    unserved = 501 if full in UNSERVED else 400
    assert (full in OPERATIONS) == (full not in UNSERVED)

    @settings(
        max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(values(shape, least=1), SPOIL, st.sampled_from(CALLERS))
    def check(drawn: dict[str, Any], spoils: Any, caller: str) -> None:
        form = spoilt(dict(flat(drawn, "")), spoils)
        form.pop("Action", None)
        form.pop("Version", None)
        answer = house.call(keys[caller], name, service, **form)
        assert answer.status < 500 or answer.status == unserved, (answer.text, form)
        assert "Traceback" not in answer.text
        if answer.text:
            ElementTree.fromstring(answer.text)

    check()
    assert not caplog.records
