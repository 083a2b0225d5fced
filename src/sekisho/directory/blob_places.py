"""Where a store keeps its blobs: in its own folder, or at the URL that was chosen at its start."""

import os
from pathlib import Path

from sekisho.directory.blob_contract import Blobs
from sekisho.directory.blobs import BlobStore
from sekisho.directory.errors import StoreError
from sekisho.directory.folder import BLOBS, sync_folder

CHOSEN = "blobs.url"


def choose_place(path: Path, url: str) -> None:
    """Keep the blobs of a store at a URL, for good. path: the data directory.

    Raises StoreError for a store that keeps them elsewhere.
    """
    from sekisho.directory.remote_blobs import check_url  # noqa: PLC0415 - few need it

    check_url(url)
    chosen = chosen_place(path)
    if chosen == url:
        return
    has_some = any((path / BLOBS).glob("??/*"))
    if chosen or has_some:
        raise StoreError(
            f"The store keeps its blobs in {chosen or path / BLOBS}: they would not be found at"
            f" {url}."
        )
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path / f"{CHOSEN}.new"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(url)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path / CHOSEN)
    sync_folder(path)


def chosen_place(path: Path) -> str:
    """The URL of a store's blobs; empty if they are in its folder."""
    try:
        return (path / CHOSEN).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def open_blobs(path: Path) -> Blobs:
    """Raises StoreError."""
    url = chosen_place(path)
    if not url:
        return BlobStore(path / BLOBS)
    from sekisho.directory.remote_blobs import RemoteBlobs  # noqa: PLC0415 - few need it

    return RemoteBlobs(url)
