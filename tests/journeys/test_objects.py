"""What people do with objects: large ones, trees, copies, versions; boto3 and the aws CLI."""

import hashlib
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from demo.cli import PROGRAMS

from journeys.servers import Started, started
from journeys.world import Keys, client, root_key, sekisho

ACCOUNT, BUCKET = "111122223333", "bucket-of-objects"
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Store:
    """A server with one account and one bucket."""

    server: Started
    keys: Keys
    folder: Path

    @property
    def s3(self) -> Any:
        return client(self.server.endpoint, "s3", self.keys)

    def aws(self, *words: str) -> str:
        """What the aws CLI prints."""
        done = subprocess.run(
            [str(PROGRAMS / "aws"), "--endpoint-url", self.server.endpoint, *words],
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.folder,
            env={
                **os.environ,
                "AWS_ACCESS_KEY_ID": self.keys.access_key_id,
                "AWS_SECRET_ACCESS_KEY": self.keys.secret,
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            },
        )
        return done.stdout


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("objects")
    with started(folder / "data") as server:
        sekisho(server.data, "account", "create", "store", "--id", ACCOUNT)
        opened = Store(server, root_key(server.data, ACCOUNT), folder)
        opened.s3.create_bucket(Bucket=BUCKET)
        yield opened
        assert server.log.read_text() == "", "the server complained"


def pattern(size: int) -> bytes:
    """Bytes that show when they are out of order."""
    return b"".join(number.to_bytes(8) for number in range(size // 8))


def test_a_large_file_goes_up_and_down_in_parts(store: Store) -> None:
    """W-288, W-291…W-293, W-295: as the aws CLI sends it (W-285, W-299)."""
    content = pattern(20 * MIB)
    (store.folder / "large").write_bytes(content)
    store.aws("s3", "cp", "large", f"s3://{BUCKET}/large")
    head = store.s3.head_object(Bucket=BUCKET, Key="large")
    assert head["ETag"].endswith('-3"')
    store.aws("s3", "cp", f"s3://{BUCKET}/large", "back")
    assert (store.folder / "back").read_bytes() == content
    store.aws("s3", "cp", f"s3://{BUCKET}/large", f"s3://{BUCKET}/copy")
    store.aws("s3", "mv", f"s3://{BUCKET}/copy", "moved")
    assert (store.folder / "moved").read_bytes() == content
    assert "copy" not in store.aws("s3", "ls", f"s3://{BUCKET}")


def test_a_tree_is_synchronised_both_ways(store: Store) -> None:
    """W-290, W-294, W-296."""
    tree = store.folder / "tree"
    for name in ("a", "b/c d", "b/ü+%", "b/e/f"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(name)
        os.utime(tree / name, (1_700_000_000, 1_700_000_000))  # S3 knows whole seconds only
    store.aws("s3", "sync", "tree", f"s3://{BUCKET}/tree")
    assert store.aws("s3", "sync", "tree", f"s3://{BUCKET}/tree") == ""
    store.aws("s3", "sync", f"s3://{BUCKET}/tree", "again")
    again = store.folder / "again"
    for path in tree.rglob("*"):
        if path.is_file():
            assert (again / path.relative_to(tree)).read_bytes() == path.read_bytes()
    (tree / "a").unlink()
    store.aws("s3", "sync", "--delete", "tree", f"s3://{BUCKET}/tree")
    keys = [
        entry["Key"]
        for entry in store.s3.list_objects_v2(Bucket=BUCKET, Prefix="tree/")["Contents"]
    ]
    assert keys == ["tree/b/c d", "tree/b/e/f", "tree/b/ü+%"]
    store.aws("s3", "rm", "--recursive", f"s3://{BUCKET}/tree")


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_transfers_with_every_checksum(store: Store, algorithm: str) -> None:
    """W-31, W-268, W-308: over plain HTTP; boto3 checks what it gets back."""
    content = pattern(11 * MIB)
    path = store.folder / "transfer"
    path.write_bytes(content)
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
    extra = {"ChecksumAlgorithm": algorithm}
    store.s3.upload_file(str(path), BUCKET, algorithm, ExtraArgs=extra, Config=config)
    store.s3.download_file(BUCKET, algorithm, str(path), Config=config)
    assert path.read_bytes() == content
    source = {"Bucket": BUCKET, "Key": algorithm}
    store.s3.copy(source, BUCKET, f"{algorithm}-copy", Config=config)
    got = store.s3.get_object(Bucket=BUCKET, Key=f"{algorithm}-copy", ChecksumMode="ENABLED")
    assert hashlib.sha256(got["Body"].read()).digest() == hashlib.sha256(content).digest()


def test_a_bucket_goes_with_all_that_is_in_it(store: Store) -> None:
    """W-287, W-289, W-297, W-298: by a presigned URL an object of it was read before."""
    store.s3.create_bucket(Bucket="short-lived")
    store.s3.put_object(Bucket="short-lived", Key="a/b", Body=b"x")
    url = store.aws("s3", "presign", "s3://short-lived/a/b").strip()
    with urllib.request.urlopen(url, timeout=20) as answer:
        assert answer.read() == b"x"
    assert store.aws("s3", "ls", "--recursive", "s3://short-lived").split()[-1] == "a/b"
    store.aws("s3", "rb", "--force", "s3://short-lived")
    assert "short-lived" not in store.aws("s3", "ls")


def test_many_are_deleted_at_once(store: Store) -> None:
    """W-300, W-310."""
    names = [f"many/{number}" for number in range(30)]
    for name in names:
        store.s3.put_object(Bucket=BUCKET, Key=name, Body=b"x")
    deletion = {"Objects": [{"Key": name} for name in names]}
    deleted = store.s3.delete_objects(Bucket=BUCKET, Delete=deletion)["Deleted"]
    assert sorted(entry["Key"] for entry in deleted) == sorted(names)
    assert "Contents" not in store.s3.list_objects_v2(Bucket=BUCKET, Prefix="many/")
