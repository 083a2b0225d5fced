"""AWS managed policies: what AWS gives every account, with all versions.

Nothing is read before the first of them is asked for. Then the index, some 175 KB of lines, stays
in memory as it is; one policy is found in it and read from the pack alone. The form of both is told
in tools/refresh_managed_policies.py. What is here is trusted data of this package.
"""

import functools
import json
import lzma
import zlib
from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from sekisho.model.arn import AWS_OWNED, AWS_POLICY, is_aws_policy
from sekisho.model.records import ManagedPolicy, PolicyVersion

# Linked-service policies, which AWS attaches to roles of its own (W-220).
SERVICE_PATH = "/aws-service-role/"


def aws_policy(arn: str) -> ManagedPolicy | None:
    """The AWS managed policy of exactly this ARN."""
    line = _line(arn)
    return None if line is None else _record(line)


@functools.lru_cache(maxsize=1)
def aws_policies() -> Sequence[ManagedPolicy]:
    """All of them, in the order in which AWS made them."""
    return tuple(_record(json.loads(line)) for line in _index().splitlines() if line)


@functools.lru_cache(maxsize=32)
def aws_default_text(arn: str) -> str | None:
    """The document in force of an AWS managed policy; None if there is no such policy."""
    line = _line(arn)
    if line is None:
        return None
    text: str = _newest(line)[1]
    return text


def aws_version(arn: str, version: str) -> PolicyVersion | None:
    line = _line(arn)
    made = dict(aws_versions(arn))
    if line is None or version not in made:
        return None
    _, text = _newest(line) if version == line[4] else (None, _older(line)[version])
    return PolicyVersion(arn, version, text, made[version])


def aws_versions(arn: str) -> Sequence[tuple[str, int]]:
    """Versions and when they were made, the newest first; none if there is no such policy."""
    line = _line(arn)
    return () if line is None else [(version, made) for version, made in _newest(line)[0]]


def _line(arn: str) -> list[Any] | None:
    """[path and name, id, created, updated, default version, offset, length, older length]"""
    if not is_aws_policy(arn):
        return None
    head = json.dumps([arn.removeprefix(AWS_POLICY)])[:-1].encode() + b","
    start = _index().find(b"\n" + head) + 1
    if start == 0:
        return None
    line: list[Any] = json.loads(_index()[start : _index().index(b"\n", start)])
    return line


def _record(line: list[Any]) -> ManagedPolicy:
    path, _, name = line[0].rpartition("/")
    return ManagedPolicy(
        account=AWS_OWNED,
        name=name,
        path=path + "/",
        unique_id=line[1],
        created=line[2],
        updated=line[3],
        default_version=line[4],
        latest=int(line[4][1:]),
    )


def _newest(line: list[Any]) -> list[Any]:
    found: list[Any] = json.loads(zlib.decompress(_block(line[5], line[6])))
    return found


def _older(line: list[Any]) -> dict[str, str]:
    found: dict[str, str] = json.loads(lzma.decompress(_block(line[5] + line[6], line[7])))
    return found


@functools.cache
def _index() -> bytes:
    return b"\n" + _data("managed_policies.jsonl").read_bytes()


def _block(offset: int, length: int) -> bytes:
    with _data("managed_policies.bin").open("rb") as pack:
        pack.seek(offset)
        return pack.read(length)


def _data(name: str) -> Traversable:
    return resources.files(__package__).joinpath(f"data/{name}")
