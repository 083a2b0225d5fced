"""Codes given in a call: taken once, and guessed at in vain (W-137, PE-201 #20)."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo.policies import allow

from gate.gatehouse import Gatehouse
from sekisho.access.context import Ambient
from sekisho.directory.sqlite import open_directory
from sekisho.model.faults import AccessDenied
from sekisho.model.principal import Caller
from sekisho.services import Call, Desk
from sekisho.services.sts.mfa import LONGEST_WAIT, WRONG_CODE, given_factor
from sekisho.services.totp import code_at, step_at
from services.iam.office import NOW, Office


class Bearer:
    """A user with a device."""

    def __init__(self, path: Path) -> None:
        self.directory = open_directory(path)
        self.office = Office(self.directory)
        made = self.office.do("CreateVirtualMFADevice", VirtualMFADeviceName="phone")
        self.serial: str = made["VirtualMFADevice"]["SerialNumber"]
        self.seed = base64.b32decode(made["VirtualMFADevice"]["Base32StringSeed"])
        self.caller: Caller = self.office.new_user("bearer")
        step = step_at(NOW)
        self.office.do(
            "EnableMFADevice",
            UserName="bearer",
            SerialNumber=self.serial,
            AuthenticationCode1=code_at(self.seed, step - 2),
            AuthenticationCode2=code_at(self.seed, step - 1),
        )

    def gives(self, code: str, now: float) -> bool:
        """Whether a code is taken, by a process that has seen nothing of the others."""
        given = {"SerialNumber": self.serial, "TokenCode": code}
        call = Call(self.caller, given, Ambient(now, "request", "127.0.0.1", secure=True))
        with self.directory.reading() as tx:
            desk = Desk(tx, self.directory, self.office.access)
            try:
                factor = given_factor(call, desk)
                assert factor is not None
                factor.use(desk)
            except AccessDenied as fault:
                assert fault.message == WRONG_CODE
                return False
        return True

    def right(self, now: float) -> str:
        return code_at(self.seed, step_at(now))

    def wrong(self, now: float) -> str:
        return f"{(int(self.right(now)) + 500_000) % 1_000_000:06d}"


@pytest.fixture
def bearer(tmp_path: Path) -> Iterator[Bearer]:
    made = Bearer(tmp_path)
    yield made
    made.directory.close()


def test_with_mfa_a_users_session_may_call_iam(gatehouse: Gatehouse) -> None:
    """W-110, PE-209: and assume roles; without it IAM does not know it."""
    house = gatehouse
    una = house.new_user("una", json.dumps(allow("*", "*")))
    made = house.done(house.call(house.home, "CreateVirtualMFADevice", VirtualMFADeviceName="p"))
    serial = made.value("SerialNumber")
    seed = base64.b32decode(base64.b64decode(made.value("Base32StringSeed")))
    step = step_at(house.authority.clock())
    codes = {f"AuthenticationCode{n}": code_at(seed, step - 2 + n) for n in (1, 2)}
    form = {"UserName": "una", "SerialNumber": serial, **codes}
    house.done(house.call(house.home, "EnableMFADevice", **form))
    factor = {"SerialNumber": serial, "TokenCode": code_at(seed, step + 1)}
    session = house.session(una, "GetSessionToken", **factor)
    assert house.call(session, "ListUsers").status == 200
    plain = house.call(house.session(una, "GetSessionToken"), "ListUsers")
    assert plain.refusal[:2] == (403, "InvalidClientTokenId")


def test_a_code_is_good_once(bearer: Bearer) -> None:
    assert bearer.gives(bearer.right(NOW), NOW)
    assert not bearer.gives(bearer.right(NOW), NOW)


def test_after_five_wrong_codes_the_right_one_is_refused_unseen(bearer: Bearer) -> None:
    for _ in range(5):
        assert not bearer.gives(bearer.wrong(NOW), NOW)
    assert not bearer.gives(bearer.right(NOW + 29), NOW + 29)
    assert bearer.gives(bearer.right(NOW + 30), NOW + 30)


def test_the_wait_doubles_with_each_wrong_code_up_to_an_hour(bearer: Bearer) -> None:
    now = NOW
    for wait in (0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, LONGEST_WAIT, LONGEST_WAIT):
        assert not bearer.gives(bearer.wrong(now), now)
        if wait:
            assert not bearer.gives(bearer.right(now + wait - 1), now + wait - 1), wait
        now += wait
    assert bearer.gives(bearer.right(now), now)


def test_a_right_code_forgives_the_wrong_ones(bearer: Bearer) -> None:
    for now in (NOW, NOW + 60, NOW + 120):
        for _ in range(4):
            assert not bearer.gives(bearer.wrong(now), now)
        assert bearer.gives(bearer.right(now), now)


def test_the_count_outlives_the_process(bearer: Bearer, tmp_path: Path) -> None:
    for _ in range(5):
        bearer.gives(bearer.wrong(NOW), NOW)
    bearer.directory.close()
    bearer.directory = open_directory(tmp_path)
    assert not bearer.gives(bearer.right(NOW), NOW)
