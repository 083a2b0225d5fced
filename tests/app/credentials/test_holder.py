"""Credentials are renewed before they end."""

import pytest

from sekisho.app.credentials.assume import Temporary
from sekisho.app.credentials.holder import Holder
from sekisho.app.credentials.profiles import CredentialsError, Keys

START = 1_000_000


class Issuer:
    """An STS that gives a new key each time, or refuses."""

    def __init__(self, seconds: int) -> None:
        self.now, self.seconds, self.asked, self.refuses = START, seconds, 0, False
        self.holder = Holder(self.issue, lambda: self.now)

    def issue(self) -> Temporary:
        self.asked += 1
        if self.refuses:
            raise CredentialsError("no")
        return Temporary(Keys(f"ASIA{self.asked}", "s", "t"), self.now, self.now + self.seconds)


@pytest.mark.parametrize(("seconds", "kept"), [(3_600, 2_640), (43_200, 42_240), (900, 450)])
def test_they_are_kept_until_their_end_is_near(seconds: int, kept: int) -> None:
    """W-260: SDKs ask for new ones fifteen minutes before the end; these are new before that."""
    issuer = Issuer(seconds)
    first = issuer.holder.credentials()
    issuer.now += kept - 1
    assert issuer.holder.credentials() is first
    issuer.now += 1
    second = issuer.holder.credentials()
    assert (second.keys.access_key_id, issuer.asked) == ("ASIA2", 2)


def test_the_old_ones_serve_while_no_new_ones_can_be_had() -> None:
    issuer = Issuer(3_600)
    first = issuer.holder.credentials()
    issuer.refuses = True
    issuer.now += 3_599
    assert issuer.holder.credentials() is first
    issuer.now += 1
    with pytest.raises(CredentialsError):
        issuer.holder.credentials()
    issuer.refuses = False
    assert issuer.holder.credentials() is not first


def test_none_at_all_is_an_error() -> None:
    issuer = Issuer(3_600)
    issuer.refuses = True
    with pytest.raises(CredentialsError):
        issuer.holder.credentials()
