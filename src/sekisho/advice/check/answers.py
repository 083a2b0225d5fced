"""The policies in an answer of AWS, as its CLI prints it: of one role, or of a whole account.

Nobody edits such an answer, so that places in it help nobody: each document is laid out anew.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

DEEPEST = 12  # how far down answers hold policies; GetAccountAuthorizationDetails: 5
NAMES = ("UserName", "GroupName", "RoleName", "PolicyName", "VersionId", "Arn")
# By the member that holds it: its kind, and what it is called. Policy: what it is, is guessed.
DOCUMENTS = {
    "AssumeRolePolicyDocument": ("trust", "trust policy"),
    "PolicyDocument": ("identity", "policy"),
    "Document": ("managed", "policy"),
    "Policy": ("", "policy"),
    "Content": ("", "policy"),
}
OF_ORGANIZATIONS = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}
AWS_MANAGED = ":iam::aws:"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A policy in an answer.

    title: whose it is, such as ``role Reader: trust policy``. kind: a name of `KINDS`; empty if
    the answer does not tell. account: whose role or policy it is, 12 digits; empty likewise.
    """

    title: str
    kind: str
    text: str
    account: str


def enclosed(text: str) -> tuple[Enclosed, ...] | None:
    """The policies in an answer, in its order; None if the text is none that holds any.

    Versions that are not in force and AWS's own policies are left out of lists: what they say is
    not up to the account.
    """
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict) or "Statement" in answer:
        return None
    found = list(_documents(answer, {}, 1))
    return tuple(each for each in found if each is not None) if found else None


def _documents(value: Any, names: Mapping[str, str], depth: int) -> Iterator[Enclosed | None]:
    """Every document; None in place of one that is left out."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _documents(each, names, depth + 1)
    if not isinstance(value, dict):
        return
    names = {**names, **{name: value[name] for name in NAMES if isinstance(value.get(name), str)}}
    for key, inner in value.items():
        document = document_of(inner) if key in DOCUMENTS else None
        if document is None:
            yield from _documents(inner, names, depth + 1)
        elif AWS_MANAGED in names.get("Arn", "") or _is_past(value, names):
            yield None
        else:
            yield _enclosed(key, document, value, names)


def document_of(value: Any) -> dict[str, Any] | None:
    """A policy, given as an object, as JSON, or as JSON for a URL, which is how IAM sends it."""
    if isinstance(value, str):
        try:
            value = json.loads(value if value.lstrip().startswith("{") else unquote(value))
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) and "Statement" in value else None


def _is_past(version: Mapping[str, Any], names: Mapping[str, str]) -> bool:
    """Whether this is a version in a list, beside the one that is in force."""
    return version.get("IsDefaultVersion") is False and "Arn" in names


def _enclosed(
    key: str, document: dict[str, Any], holder: Mapping[str, Any], names: Mapping[str, str]
) -> Enclosed:
    kind, called = DOCUMENTS[key]
    summary = holder.get("PolicySummary")  # of Organizations
    if isinstance(summary, dict):
        kind = OF_ORGANIZATIONS.get(str(summary.get("Type")), "")
        names = {**names, "PolicyName": str(summary.get("Name", ""))}
    if kind != "trust":
        words = (called, names.get("PolicyName", ""), names.get("VersionId", ""))
        called = " ".join(filter(None, words))
    owners = [
        f"{name.removesuffix('Name').lower()} {names[name]}" for name in NAMES[:3] if name in names
    ]
    account = names.get("Arn", "").split(":")[4:5]
    return Enclosed(
        ": ".join([*owners, called]), kind, json.dumps(document, indent=2), "".join(account)
    )
