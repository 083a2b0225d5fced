"""What every side is asked, in this order."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.crowd import hire
from bench.load import Shot
from bench.servers import Server
from bench.setup import Traveller

Cell = tuple[str, int]  # what is done, and over how many connections
CONNECTIONS = (1, 16)
WHO_AM_I, ASSUME = "GetCallerIdentity", "AssumeRole"
COME_AND_GO = "CreateUser, DeleteUser"
ROLES = "ListRoles of 1,000"
DETAILS = "GetAccountAuthorizationDetails of 2,000"
CELLS: tuple[Cell, ...] = (
    *((name, count) for name in (WHO_AM_I, ASSUME, COME_AND_GO) for count in CONNECTIONS),
    (ROLES, 1),
    (DETAILS, 1),
)


@dataclass(frozen=True, slots=True)
class Load:
    """Shots for one cell. dealt, per: as of `bench.load.Job`."""

    cell: Cell
    shots: tuple[Shot, ...]
    dealt: bool = False
    per: int = 1


def course(server: Server, traveller: Traveller) -> Iterator[Load]:
    """The loads for all CELLS. The crowd comes only where it is asked for."""
    for count in CONNECTIONS:
        yield Load((WHO_AM_I, count), traveller.who_am_i())
    for count in CONNECTIONS:
        yield Load((ASSUME, count), traveller.assume())
    clerk = hire(server)
    for count in CONNECTIONS:
        yield Load((COME_AND_GO, count), clerk.comings_and_goings(f"of-{count}"), dealt=True, per=2)
    clerk.gather()
    for name, shots in ((ROLES, clerk.roles()), (DETAILS, clerk.details())):
        yield Load((name, 1), shots, per=len(shots))
