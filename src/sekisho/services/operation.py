"""What an operation is: a name of the service model, what it asks leave for, and what it does.

A new operation is one decorated function in one file::

    @operation("iam:CreateRole", resource=new_role_arn, writes=True)
    def create_role(call: Call, desk: Desk) -> Output:
        ...

The name must be one of the model's, else importing fails. `resource` names the one resource in
the caller's own account that the action of the same name is asked for; `asks` says it in full where
that is not enough. The gate decides every ask before it runs the operation, and once more inside
the transaction of one that writes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from sekisho.access.context import Ambient, ContextValue
from sekisho.access.decide import Access, Ask, Ruling
from sekisho.catalog import service_model
from sekisho.directory.store import Directory, Transaction
from sekisho.model.principal import Caller, nothing
from sekisho.services.outside import ALONE, Outside

Output = dict[str, Any]


class Upload(Protocol):
    """The body of a request that is streamed (S3), verified as it passes."""

    def chunks(self) -> Iterator[bytes]:
        """The decoded bytes; raises a Fault at the end if they are not what was signed."""
        ...

    @property
    def length(self) -> int | None:
        """The decoded length in bytes that the request declares."""
        ...

    @property
    def trailers(self) -> Mapping[str, str]:
        """Trailing headers, complete once chunks() is exhausted."""
        ...

    @property
    def announced(self) -> frozenset[str]:
        """The names of the trailing headers that are to come, in lower case."""
        ...


class Call(NamedTuple):
    """One call: who, with what, amid what.

    input: by the model's member names, validated against the model. upload: None unless streamed.
    staged: what the operation's `stage` returned.
    """

    caller: Caller
    input: Mapping[str, Any]
    ambient: Ambient
    upload: Upload | None = None
    staged: Any = None

    @property
    def account(self) -> str:
        return self.caller.principal.account

    @property
    def now(self) -> int:
        """Whole epoch seconds, as records keep them."""
        return int(self.ambient.now)


def forget(_ruling: Ruling) -> None:
    """For desks at which nobody writes down what is decided."""


class Desk(NamedTuple):
    """What an operation works with: its transaction, the directory, the room that decides.

    outside: what the operator tells of the world outside. noted: hears of decisions that an
    operation makes on its way, for the audit trail. agrees: whether what is in memory is known to
    be what the transaction saw when it began.
    """

    tx: Transaction
    directory: Directory
    access: Access
    outside: Outside = ALONE
    noted: Callable[[Ruling], None] = forget
    agrees: bool = False

    def may(self, call: Call, ask: Ask) -> bool:
        """Whether the caller is allowed something beside what the operation asked for (PE-142)."""
        return self.access.decide(call.caller, call.ambient, ask).decision.allowed


@dataclass(frozen=True, slots=True)
class Target:
    """A resource in the caller's own account. shown: as a denial names it, if otherwise."""

    arn: str
    context: Mapping[str, ContextValue] = field(default_factory=nothing)
    shown: str | None = None


Run = Callable[[Call, Desk], Output]
Asks = Callable[[Call, Desk], Sequence[Ask]]
FindTarget = Callable[[Call, Desk], str | Target]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. name: ``service:Operation``.

    stage: run between the first decision and the transaction, outside of it (uploads, and what
    takes long); what it returns must have ``discard()``, which is called if the transaction does
    not commit.
    waits: whether the call may wait for a disk or a lock, so that the server gives it a thread. One
    that finds out late, when nothing has happened yet, says so by `Evidence.take_time`.
    shares: whether the server may write several small calls in one transaction, on the event loop:
    one waits for nothing but the commit, and is brief.
    """

    name: str
    asks: Asks
    run: Run
    writes: bool = False
    stage: Callable[[Call, Desk], Any] | None = None
    waits: bool = True
    shares: bool = False


OPERATIONS: dict[str, Operation] = {}


def nothing_asked(call: Call, desk: Desk) -> Sequence[Ask]:
    """For the few operations that need no permission; their users are a reviewed list."""
    return ()


def everything(call: Call, desk: Desk) -> str:
    """For actions without resource types: only ``*`` matches (PE-48)."""
    return "*"


def operation(
    name: str,
    *,
    resource: FindTarget | None = None,
    asks: Asks | None = None,
    writes: bool = False,
    stage: Callable[[Call, Desk], Any] | None = None,
    waits: bool = True,
    shares: bool = False,
) -> Callable[[Run], Run]:
    """Register a function as an operation of a service model.

    Exactly one of `resource` and `asks` must be given. Raises LookupError for a name that the
    model does not have, ValueError for one that is registered already.
    """
    service, _, bare = name.partition(":")
    if bare not in service_model(service).operations:
        raise LookupError(f"the {service} model has no operation {bare}")
    if name in OPERATIONS:
        raise ValueError(f"{name} is registered twice")
    if (resource is None) == (asks is None):
        raise ValueError(f"{name} must give either resource or asks")
    asking = asks if asks is not None else asks_for(name, resource)  # type: ignore[arg-type]

    def register(run: Run) -> Run:
        OPERATIONS[name] = Operation(name, asking, run, writes, stage, waits, shares)
        return run

    return register


def asks_for(action: str, resource: FindTarget) -> Asks:
    """The one ask of an action on a resource of the caller's own account."""

    def asks(call: Call, desk: Desk) -> Sequence[Ask]:
        return (ask_for(call, action, resource(call, desk)),)

    return asks


def ask_for(call: Call, action: str, target: str | Target) -> Ask:
    if isinstance(target, str):
        return Ask(action, target, call.account)
    return Ask(action, target.arn, call.account, target.context, shown=target.shown)
