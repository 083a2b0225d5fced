"""The bytes of small objects, which are rows: one commit, one sync, names them and keeps them."""

from sqlalchemy import bindparam, delete, insert, select, update

from sekisho.directory.prepared import Prepared
from sekisho.directory.schema import contents
from sekisho.directory.store import Transaction

GET = Prepared(select(contents.c.content).where(contents.c.blob == bindparam("of_blob")))
ADD = Prepared(insert(contents))
REPLACE = Prepared(
    update(contents)
    .where(contents.c.blob == bindparam("of_blob"))
    .values(blob=bindparam("blob"), content=bindparam("content"))
)
REMOVE = Prepared(delete(contents).where(contents.c.blob == bindparam("of_blob")))


def put_content(tx: Transaction, old: str | None, blob: str, content: bytes | None) -> None:
    """Keep these bytes, if there are any, in the place of old ones, if there are any."""
    if content is None:
        if old is not None:
            remove_content(tx, old)
    elif old is None:
        tx.run(ADD, {"blob": blob, "content": content})
    else:
        tx.run(REPLACE, {"of_blob": old, "blob": blob, "content": content})


def get_content(tx: Transaction, blob: str) -> bytes:
    """What a row that this transaction sees names."""
    content: bytes = tx.run(GET, {"of_blob": blob})[0][0]
    return content


def remove_content(tx: Transaction, blob: str) -> None:
    tx.run(REMOVE, {"of_blob": blob})
