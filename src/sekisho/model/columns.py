"""Structures given member by member instead of one by one, as long lists are written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


class Columns:
    """A list of structures, each with one member at least.

    cells: member -> what it is for each of them, None where it is left out; all are as long.
    """

    __slots__ = ("cells",)

    def __init__(self, cells: Mapping[str, Sequence[Any]]) -> None:
        self.cells = cells

    def __len__(self) -> int:
        return len(next(iter(self.cells.values())))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The structures, without what is left out."""
        for row in zip(*self.cells.values(), strict=True):
            pairs = zip(self.cells, row, strict=True)
            yield {name: cell for name, cell in pairs if cell is not None}
