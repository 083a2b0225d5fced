"""What every store of blobs promises: bytes under opaque ids, written once, whole or not there."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol


class StagedBlob(Protocol):
    """A blob that is being written; nobody can see it before `finish`."""

    @property
    def id(self) -> str: ...

    @property
    def size(self) -> int:
        """Bytes written so far."""

    def write(self, piece: bytes) -> None: ...

    def finish(self) -> None:
        """Once this has returned, the bytes are there whatever fails."""

    def discard(self) -> None:
        """Remove it, finished or not; may be called twice."""


class BlobReader(Protocol):
    """A blob opened for reading; it stays readable for a while even if it is removed."""

    def pieces(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Bytes from `start`, at most `length` of them, in pieces; closes at the end."""
        ...

    def close(self) -> None: ...


class BlobHold(Protocol):
    """Keeps blobs in their place until it is let go, or its process ends."""

    def let_go(self) -> None: ...


class Blobs(Protocol):
    """A store of blobs."""

    def stage(self) -> StagedBlob: ...

    def open(self, blob: str) -> BlobReader:
        """Raises FileNotFoundError."""
        ...

    def hold(self, blob: str) -> BlobHold:
        """Keep the blobs that go together with this one, the first of them. FileNotFoundError."""
        ...

    def remove(self, blob: str) -> None:
        """Remove a blob that nobody else knows of; done as well if it is not there."""

    def remove_all(self, blobs: Sequence[str]) -> None:
        """Remove blobs that go together, once nobody reads them; what is left is an orphan."""

    def sweep(self, is_named: Callable[[str], bool]) -> int:
        """Remove old blobs that no row names; how many there were."""
        ...
