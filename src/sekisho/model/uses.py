"""When something was last used, and for what."""

from typing import NamedTuple


class Use(NamedTuple):
    """The latest call of one operation by one subject.

    subject: an access key id, or the unique id of a user or role; of the root user the account.
    at: epoch seconds. region: of the signature's scope.
    """

    subject: str
    service: str
    action: str
    account: str
    at: int
    region: str
