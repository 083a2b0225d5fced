"""A bounded part of what is held in memory, by account. When it is full it is emptied, it alone."""

from typing import Any, NamedTuple

# Entries of one entity, filed under what the feed calls it. What a session brings of its own, and
# accounts, are filed under the account and fall with it.
OF_ENTITIES = ("user", "role", "role id", "key", "membership", "bucket")

Key = tuple[str, ...]


class Entry(NamedTuple):
    """value: None if there is no such thing. is_heavy: whether asking it takes long."""

    value: Any
    weight: int
    is_heavy: bool


class Shelf:
    """most: what the entries may weigh together; one that is heavier alone is taken all the same.

    entries: to be read by whoever wants to.
    """

    def __init__(self, most: int) -> None:
        self.entries: dict[str, dict[Key, Entry]] = {}
        self.weight = 0
        self._most = most

    def put(self, account: str, key: Key, entry: Entry) -> bool:
        """Keep an entry; whether all others had to go for it."""
        is_full = self.weight + entry.weight > self._most
        if is_full:
            self.clear()
        entries = self.entries.setdefault(account, {})
        known = entries.get(key)
        entries[key] = entry
        self.weight += entry.weight - (0 if known is None else known.weight)
        return is_full

    def drop(self, account: str, entity: str) -> bool:
        """Drop what is of an entity, or all of an account if none is named; whether that is any."""
        if not entity:
            dropped = list(self.entries.pop(account, {}).values())
        else:
            entries = self.entries.get(account, {})
            keys = [(kind, entity) for kind in OF_ENTITIES if (kind, entity) in entries]
            dropped = [entries.pop(key) for key in keys]
        self.weight -= sum(entry.weight for entry in dropped)
        return bool(dropped)

    def clear(self) -> None:
        self.entries = {}
        self.weight = 0
