"""Programs that keep data in S3, with the credentials of a role of another account."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from demo.policies import allow, trust

from journeys.crossing import MAY_ASSUME, Crossing
from journeys.traveller import LONGEST_RUN, ONE_WAY
from journeys.world import Keys, World

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Keeper:
    """Someone with a session in a role that may do everything with one bucket, and nothing else.

    tree: a folder of files, of which one is uploaded in parts.
    """

    endpoint: str
    keys: Keys
    bucket: str
    folder: Path

    @property
    def tree(self) -> Path:
        return self.folder / "tree"

    def run(self, *words: str, **settings: str) -> str:
        """What a program prints; it must succeed."""
        done = subprocess.run(
            words,
            check=False,
            capture_output=True,
            text=True,
            timeout=LONGEST_RUN,
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "AWS_ACCESS_KEY_ID": self.keys.access_key_id,
                "AWS_SECRET_ACCESS_KEY": self.keys.secret,
                "AWS_SESSION_TOKEN": self.keys.token or "",
                "AWS_DEFAULT_REGION": "us-east-1",
                **settings,
            },
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def keeper(world: World, crossing: Crossing, tmp_path: Path) -> Keeper:
    bucket = crossing.there.bucket()
    may = allow("s3:*", [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"])
    role = crossing.there.role(trust(crossing.here.account), may)
    _, keys = crossing.here.user(MAY_ASSUME)
    kept = Keeper(world.server.endpoint, crossing.cross(keys, role), bucket, tmp_path)
    for number in range(40):
        path = kept.tree / f"d{number % 3}" / f"f {number}+ü"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes([number]) * number * 1000)
    (kept.tree / "large").write_bytes(os.urandom(MIB) * 11)
    return kept


def program(name: str) -> str:
    """A program of the system's; the test is skipped where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@ONE_WAY
def test_rclone_syncs_and_finds_nothing_to_mend(keeper: Keeper) -> None:
    rclone = program("rclone")
    settings = {
        "RCLONE_CONFIG": os.devnull,
        "RCLONE_S3_PROVIDER": "Other",
        "RCLONE_S3_ENV_AUTH": "true",
        "RCLONE_S3_ENDPOINT": keeper.endpoint,
        "RCLONE_S3_UPLOAD_CUTOFF": "5Mi",
    }
    there = f":s3:{keeper.bucket}/tree"
    keeper.run(rclone, "sync", "tree", there, **settings)
    said = keeper.run(rclone, "check", "tree", there, **settings)
    assert "0 differences found" in said
    assert "41 matching files" in said
    keeper.run(rclone, "check", "--download", "tree", there, **settings)
    (keeper.tree / "large").unlink()
    keeper.run(rclone, "sync", "tree", there, **settings)
    keeper.run(rclone, "copy", there, "back", **settings)
    assert contents(keeper.folder / "back") == contents(keeper.tree)


@ONE_WAY
def test_restic_restores_what_it_backed_up(keeper: Keeper) -> None:
    restic = program("restic")
    settings = {
        "RESTIC_REPOSITORY": f"s3:{keeper.endpoint}/{keeper.bucket}/backup",
        "RESTIC_PASSWORD": "secret",
        "RESTIC_CACHE_DIR": str(keeper.folder / "cache"),
    }
    keeper.run(restic, "init", **settings)
    keeper.run(restic, "backup", "tree", **settings)
    before = contents(keeper.tree)
    (keeper.tree / "large").unlink()
    keeper.run(restic, "backup", "tree", **settings)
    assert "no errors were found" in keeper.run(restic, "check", "--read-data", **settings)
    first = keeper.run(restic, "snapshots", "--compact", **settings).splitlines()[2].split()[0]
    keeper.run(restic, "restore", first, "--target", "restored", **settings)
    assert contents(keeper.folder / "restored" / "tree") == before
    keeper.run(restic, "forget", "--keep-last", "1", "--prune", **settings)
    assert "no errors were found" in keeper.run(restic, "check", **settings)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
