"""Uploads in parts that are under way."""

from typing import Any

from sqlalchemy import Row, delete, insert, select

from sekisho.directory.queries.objects import beyond, written_key
from sekisho.directory.queries.parts import forget_parts
from sekisho.directory.schema import uploads
from sekisho.directory.store import Transaction
from sekisho.model.records import MultipartUpload


def add_upload(tx: Transaction, upload: MultipartUpload) -> None:
    tx.connection.execute(insert(uploads).values(written(upload)))


def get_upload(tx: Transaction, bucket: str, key: str, upload_id: str) -> MultipartUpload | None:
    wanted = select(uploads).where(
        uploads.c.id == upload_id, uploads.c.bucket == bucket, uploads.c.key == written_key(key)
    )
    row = tx.connection.execute(wanted).first()
    return None if row is None else record(row)


def remove_upload(tx: Transaction, upload: MultipartUpload) -> None:
    """Remove an upload, of which an object was made; its parts are that object's."""
    tx.connection.execute(delete(uploads).where(uploads.c.id == upload.id))


def abandon_upload(tx: Transaction, upload: MultipartUpload) -> list[str]:
    """Remove an upload with its parts; the blobs that are no longer named."""
    remove_upload(tx, upload)
    return forget_parts(tx, upload.id)


def list_uploads(
    tx: Transaction, bucket: str, prefix: str, after: tuple[str, str | None] | None, limit: int
) -> list[MultipartUpload]:
    """By key, of one key the earliest first.

    after: they come strictly after this key, or after the upload of it that has this id.
    """
    wanted = select(uploads).where(uploads.c.bucket == bucket)
    start, end = written_key(prefix), beyond(written_key(prefix))
    if start:
        wanted = wanted.where(uploads.c.key >= start)
    if end is not None:
        wanted = wanted.where(uploads.c.key < end)
    if after is not None:
        key, upload_id = written_key(after[0]), after[1]
        if upload_id is None:
            wanted = wanted.where(uploads.c.key > key)
        else:
            wanted = wanted.where(
                uploads.c.key >= key, (uploads.c.key > key) | (uploads.c.id > upload_id)
            )
    ordered = wanted.order_by(uploads.c.key, uploads.c.id).limit(limit)
    return [record(row) for row in tx.connection.execute(ordered)]


def record(row: Row[Any]) -> MultipartUpload:
    return MultipartUpload(
        id=row.id,
        bucket=row.bucket,
        key=row.key.decode("utf-8", "surrogatepass"),
        account=row.account,
        initiator=row.initiator,
        created=row.created,
        headers=row.headers,
        algorithm=row.algorithm,
        checksum_type=row.checksum_type,
        tags=row.tags,
        lock=row.lock,
        acl=tuple(row.acl),
    )


def written(upload: MultipartUpload) -> dict[str, Any]:
    return {
        "id": upload.id,
        "bucket": upload.bucket,
        "key": written_key(upload.key),
        "account": upload.account,
        "initiator": upload.initiator,
        "created": upload.created,
        "headers": dict(upload.headers),
        "algorithm": upload.algorithm,
        "checksum_type": upload.checksum_type,
        "tags": dict(upload.tags),
        "lock": dict(upload.lock),
        "acl": list(upload.acl),
    }
