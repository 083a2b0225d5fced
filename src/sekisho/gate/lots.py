"""`pipeline.write_together` in steps, for the event loop: what waits is done by a thread.

On the loop nothing is loaded and nothing is asked that takes long: a draft of which that is wanted
comes to WouldWait, and is for a thread.
"""

from collections.abc import Sequence

from sekisho.directory.store import Lot
from sekisho.gate.authority import Authority
from sekisho.gate.pipeline import (
    Draft,
    Outcome,
    desk_for,
    permit,
    settled,
    write_together,
    written,
)


def open_lot(authority: Authority, *, at_once: bool = False) -> Lot:
    """A lot, and evidence no older than what is read in it.

    at_once: raise Busy rather than wait for the turn.
    """
    lot = authority.directory.open_lot(at_once=at_once)
    try:
        authority.access.evidence.refresh()
    except BaseException:
        lot.commit()
        raise
    return lot


def write_in(lot: Lot, drafts: Sequence[Draft], authority: Authority) -> list[Outcome]:
    """Decide and run drafts, one after the other. What came of them counts once the lot is kept."""
    try:
        return [written(draft, lot.begin, authority) for draft in drafts]
    except BaseException:
        lot.commit()
        raise


def keep(lot: Lot, drafts: Sequence[Draft], outcomes: list[Outcome]) -> list[Outcome]:
    """Commit a lot; what came of the drafts in it."""
    try:
        lot.commit()
    except Exception as error:
        outcomes = [error] * len(drafts)
    return settled(drafts, outcomes)


def decide_and_write(draft: Draft, authority: Authority) -> Outcome:
    """Write one draft that was not decided yet, and may take long to be."""
    operation, call, entry, _ = draft
    try:
        with authority.directory.reading() as tx:
            rulings = permit(operation, call, desk_for(tx, authority), entry)
    except Exception as error:
        return settled([draft], [error])[0]
    return write_together([draft._replace(rulings=rulings)], authority)[0]
