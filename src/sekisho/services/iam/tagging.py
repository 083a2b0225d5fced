"""Tag…, Untag… and List…Tags, which are the same for everything that has tags (W-164, PE-169)."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from sekisho.directory.store import Transaction
from sekisho.model.credentials import ServerCertificate
from sekisho.model.providers import OidcProvider, SamlProvider
from sekisho.model.records import InstanceProfile, ManagedPolicy, MfaDevice, Role, User
from sekisho.services.iam.tags import exact, listed_tags, new_tags, with_tags, without_tags
from sekisho.services.operation import Asks, Call, Desk, FindTarget, Output, asks_for, operation

Tagged = TypeVar(
    "Tagged",
    User,
    Role,
    ManagedPolicy,
    InstanceProfile,
    MfaDevice,
    OidcProvider,
    SamlProvider,
    ServerCertificate,
)


def serve_tags(
    kind: str,
    find: Callable[[Call, Desk], Tagged],
    save: Callable[[Transaction, Tagged], None],
    target: FindTarget,
    changing: Callable[[str], Asks] | None = None,
    same: Callable[[str], str] = exact,
) -> None:
    """Register the three operations of a kind, such as ``SAMLProvider``.

    find: what the input names; raises NoSuchEntity. save: writes it with other tags. target: the
    resource that is asked for; changing: how an action that changes it asks, if otherwise.
    same: how keys are compared; a key that is set again takes the new spelling.
    Tag… raises InvalidInput, LimitExceeded over 50; a key that is not there is no fault in Untag….
    """

    def tag(call: Call, desk: Desk) -> Output:
        tagged = find(call, desk)
        tags = with_tags(tagged.tags, new_tags(call), f"TagsPer{kind}", same)
        save(desk.tx, replace(tagged, tags=tags))
        return {}

    def untag(call: Call, desk: Desk) -> Output:
        tagged = find(call, desk)
        tags = without_tags(tagged.tags, call.input["TagKeys"], same)
        save(desk.tx, replace(tagged, tags=tags))
        return {}

    def list_tags(call: Call, desk: Desk) -> Output:
        return listed_tags(call, find(call, desk).tags)

    for name, run in ((f"iam:Tag{kind}", tag), (f"iam:Untag{kind}", untag)):
        asks = asks_for(name, target) if changing is None else changing(name)
        operation(name, asks=asks, writes=True)(run)
    operation(f"iam:List{kind}Tags", resource=target)(list_tags)
