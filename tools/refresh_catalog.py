"""Make src/sekisho/catalog/data from the service models that botocore ships.

    python -m tools.refresh_catalog [--check]

Documentation texts, examples and client-side settings are dropped; what a server needs is kept.
The result depends on botocore's version alone. ``--check`` writes nothing and exits 1 if the data
in the tree is not what this program makes.
"""

import argparse
import datetime
import hashlib
import json
import re
import sys
from importlib import metadata, resources
from typing import Any

from botocore.loaders import Loader
from tools.provenance import DATA, keep_section

SERVICES = ("iam", "organizations", "s3", "sts")
S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

# Root elements of S3 answers, which the models do not tell (S3 API Reference, "Response Syntax").
S3_ROOTS = {
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CreateSession": "CreateSessionResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycle": "LifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotification": "NotificationConfiguration",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy",
    "GetObjectAttributes": "GetObjectAttributesResponse",
    "GetObjectTagging": "Tagging",
    "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
    "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
    "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListParts": "ListPartsResult",
}
# Statuses of success that the models do not tell.
S3_STATUSES = {"PutBucketPolicy": 204}
# The one shape that contains itself, and how deep its values really are: resources of resources.
NESTED = ("HandshakeResource", "Resources")
# S3 gives an object's Expires header back as it was put, be it a date or not.
S3_TEXTS = {"Expires"}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="compare, write nothing")
    check = arguments.parse_args().check
    made = {f"{service}.json": compact(service) for service in SERVICES}
    if check:
        stale = [name for name, text in made.items() if (DATA / name).read_text("utf-8") != text]
        for name in stale:
            print(f"{name} is not what botocore's model makes")
        return 1 if stale else 0
    DATA.mkdir(exist_ok=True)
    for name, text in made.items():
        (DATA / name).write_text(text, "utf-8")
    keep_section(provenance(made))
    return 0


def compact(service: str) -> str:
    """The compact model as JSON: one line an operation and one line a shape."""
    model = Loader().load_service_model(service, "service-2")
    about = model["metadata"]
    unroll(model["shapes"])
    head = {
        "protocol": about["protocol"],
        "version": about["apiVersion"],
        "namespace": about.get("xmlNamespace", S3_NAMESPACE if service == "s3" else ""),
        "signing_name": about.get("signingName", about["endpointPrefix"]),
    }
    operations = {name: operation(service, raw, model) for name, raw in model["operations"].items()}
    reached = reachable(operations, model["shapes"])
    shapes = {name: shape(service, model["shapes"][name]) for name in sorted(reached)}
    if service == "s3":
        shapes["ExpiresText"] = {"kind": "string"}
    lines = [f"{quoted(name)}: {quoted(value)}," for name, value in head.items()]
    return "{{\n{}\n{},\n{}\n}}\n".format(
        "\n".join(lines), section("operations", operations), section("shapes", shapes)
    )


def unroll(shapes: dict[str, Any]) -> None:
    """Let the innermost of the resources that contain each other contain none."""
    outer, part = NESTED
    if outer not in shapes:
        return
    inner = {name: raw for name, raw in shapes[outer]["members"].items() if name != part}
    shapes[f"Inner{outer}"] = {**shapes[outer], "members": inner}
    items = shapes[shapes[outer]["members"][part]["shape"]]
    shapes[f"Inner{outer}s"] = {**items, "member": {"shape": f"Inner{outer}"}}
    members = {**shapes[outer]["members"], part: {"shape": f"Inner{outer}s"}}
    shapes[outer] = {**shapes[outer], "members": members}


def operation(service: str, raw: dict[str, Any], model: dict[str, Any]) -> dict[str, Any]:
    http = raw["http"]
    kept: dict[str, Any] = {}
    if service == "s3":
        kept |= {"method": http["method"], "uri": http["requestUri"]}
        status = S3_STATUSES.get(raw["name"], http.get("responseCode"))
        kept |= {"status": status} if status else {}
        kept |= {"root": output_root(raw, model)} if output_root(raw, model) else {}
        kept |= {"input_root": input_root(raw, model)} if input_root(raw, model) else {}
    kept |= {name: raw[name]["shape"] for name in ("input", "output") if name in raw}
    if "resultWrapper" in raw.get("output", {}):
        kept["wrapper"] = raw["output"]["resultWrapper"]
    if raw.get("authtype") == "none":
        kept["unsigned"] = True
    if raw.get("httpChecksum", {}).get("requestChecksumRequired"):
        kept["checksum"] = True
    if raw.get("deprecated"):
        kept["deprecated"] = True
    return kept


def output_root(raw: dict[str, Any], model: dict[str, Any]) -> str:
    """The root element of the answer: of the payload if there is one, else of the output."""
    if "output" not in raw:
        return ""
    name = raw["output"]["shape"]
    payload = payload_of(name, model)
    if payload:
        kind = model["shapes"][payload["shape"]]["type"]
        is_xml = kind == "structure" and not model["shapes"][payload["shape"]].get("eventstream")
        return str(payload.get("locationName", payload["shape"])) if is_xml else ""
    in_body = [m for m in model["shapes"][name].get("members", {}).values() if "location" not in m]
    return S3_ROOTS.get(raw["name"], name) if in_body else ""


def input_root(raw: dict[str, Any], model: dict[str, Any]) -> str:
    if "input" not in raw:
        return ""
    payload = payload_of(raw["input"]["shape"], model)
    if payload:
        is_xml = model["shapes"][payload["shape"]]["type"] == "structure"
        return str(payload.get("locationName", payload["shape"])) if is_xml else ""
    return str(raw["input"].get("locationName", ""))


def payload_of(name: str, model: dict[str, Any]) -> dict[str, Any] | None:
    outer = model["shapes"][name]
    return outer["members"][outer["payload"]] if "payload" in outer else None


def shape(service: str, raw: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"kind": {"character": "string"}.get(raw["type"], raw["type"])}
    if raw.get("members"):
        kept["members"] = [
            [part, *member(service, part, value)] for part, value in raw["members"].items()
        ]
    kept |= {
        part: member(service, part, raw[part]) for part in ("member", "key", "value") if part in raw
    }
    copied = {
        "required": "required",
        "payload": "payload",
        "flattened": "flattened",
        "min": "min",
        "max": "max",
        "pattern": "pattern",
        "enum": "enum",
        "sensitive": "sensitive",
        "timestampFormat": "timestamp",
        "eventstream": "stream",
    }
    return kept | {
        ours: raw[theirs] for theirs, ours in copied.items() if raw.get(theirs) not in (None, [])
    }


def member(service: str, name: str, raw: dict[str, Any]) -> list[Any]:
    traits: dict[str, Any] = {}
    if raw.get("locationName", name) != name:
        traits["as"] = raw["locationName"]
    if "location" in raw:
        traits["in"] = raw["location"]
    if raw.get("xmlAttribute"):
        traits["attribute"] = True
    if "xmlNamespace" in raw and "prefix" in raw["xmlNamespace"]:
        traits["namespace"] = [raw["xmlNamespace"]["prefix"], raw["xmlNamespace"]["uri"]]
    if raw.get("streaming"):
        traits["streaming"] = True
    if raw.get("flattened"):
        traits["flattened"] = True
    is_text = service == "s3" and name in S3_TEXTS and raw.get("location") == "header"
    target = "ExpiresText" if is_text else raw["shape"]
    return [target, traits] if traits else [target]


def reachable(operations: dict[str, dict[str, Any]], shapes: dict[str, Any]) -> set[str]:
    """Names of the shapes that some operation uses. Raises ValueError if one contains itself."""
    found: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"{name} contains itself")
        found.add(name)
        raw = shapes[name]
        parts = [*raw.get("members", {}).values()]
        parts += [raw[part] for part in ("member", "key", "value") if part in raw]
        for part in parts:
            visit(part["shape"], (*above, name))

    for kept in operations.values():
        for part in ("input", "output"):
            if part in kept:
                visit(kept[part], ())
    return found


def section(name: str, rows: dict[str, Any]) -> str:
    lines = ",\n".join(f"{quoted(key)}: {quoted(value)}" for key, value in rows.items())
    return f"{quoted(name)}: {{\n{lines}\n}}"


def quoted(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def provenance(made: dict[str, str]) -> str:
    rows = []
    for name, text in made.items():
        source = source_bytes(name.removesuffix(".json"))
        rows.append(
            f"| `{name}` | {hashlib.sha256(source).hexdigest()} "
            f"| {hashlib.sha256(text.encode()).hexdigest()} |"
        )
    return (
        "# Where the service models come from\n\n"
        f"Source: botocore {metadata.version('botocore')} (`botocore/data/<service>/<version>/"
        "service-2.json`, as installed), by Amazon.com, Inc. or its affiliates.\n"
        "Licence: Apache License 2.0.\n"
        f"Made: {datetime.datetime.now(datetime.UTC).date().isoformat()}, by\n\n"
        "    python -m tools.refresh_catalog\n\n"
        "Changes: documentation, examples, exceptions and client-side settings dropped; traits\n"
        "renamed; names of the root elements of S3 answers and the textual form of the Expires\n"
        "header added, and one status of success; the shape that contains itself written out two\n"
        "levels deep (all in `tools/refresh_catalog.py`).\n\n"
        "| file | sha256 of the source | sha256 of the file |\n|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def source_bytes(service: str) -> bytes:
    """The model file that botocore read: the newest version, packed or not."""
    folder = resources.files("botocore") / "data" / service
    version = max(entry.name for entry in folder.iterdir() if re.match(r"\d{4}-", entry.name))
    plain = folder / version / "service-2.json"
    packed = folder / version / "service-2.json.gz"
    return plain.read_bytes() if plain.is_file() else packed.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
