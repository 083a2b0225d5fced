"""How the directory refuses."""


class StoreError(Exception):
    """The store cannot be used; the text says why and what to do."""


class Busy(Exception):
    """Somebody else has been writing for too long; try again."""


class Moved(Exception):
    """The store has changed since what is remembered of it was seen; ask again, and wait."""


class Duplicate(Exception):
    """A name that must be unique is taken."""
