"""What the checks of all kinds share: reading, and the sentences IAM and S3 have in common."""

import re
from collections.abc import Iterable, Mapping

from sekisho.policy.document import VERSION_2008, VERSION_2012, NamedPrincipal, Statement
from sekisho.policy.grammar import DOCUMENT_KEYS, STATEMENT_KEYS
from sekisho.policy.syntax import BadJson, Node, read_json

INVALID_JSON = "This policy contains invalid Json"
INVALID_VERSION = "The policy must contain a valid version string"
EMPTY_STATEMENT = "Could not parse the policy: Statement is empty!"
ALLOW_NOT_PRINCIPAL = "Allow with NotPrincipal is not allowed."

# An AWS principal as a document may write it (PE-21); a wildcard is never part of one (PE-24).
_AWS_PRINCIPAL = re.compile(
    r"\*|[0-9]{12}|(?:AIDA|AROA)[A-Z0-9]{12,124}"
    r"|arn:aws:iam::[0-9]{12}:(?:root|(?:user|role)/[^*?\s]+)"
    r"|arn:aws:sts::[0-9]{12}:(?:assumed-role/[^/*?\s]+/[^/*?\s]+|federated-user/[^/*?\s]+)",
    re.ASCII,
)


class Refused(Exception):
    """AWS would not save this. sentence: what it would say."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_root(text: str, otherwise: str) -> Node:
    """The text as JSON; Refused in the words given if it is none."""
    try:
        return read_json(text)
    except BadJson:
        raise Refused(otherwise) from None


def read_document(root: Node) -> Mapping[str, Node]:
    """The top-level elements, after the checks that trust and bucket policies share."""
    if not isinstance(root.value, dict):
        raise Refused(INVALID_JSON)
    refuse_unknown(root.value, DOCUMENT_KEYS)
    version = root.value.get("Version")
    if version is not None and version.value not in (VERSION_2008, VERSION_2012):
        raise Refused(INVALID_VERSION)
    return root.value


def read_statements(node: Node, syntax: str) -> list[Mapping[str, Node]]:
    """The elements of each statement; there is at least one."""
    items = node.value if isinstance(node.value, tuple) else (node,)
    if not items or node.value == {}:
        raise Refused(EMPTY_STATEMENT)
    statements: list[Mapping[str, Node]] = []
    for item in items:
        if not isinstance(item.value, dict):
            raise Refused(syntax)
        refuse_unknown(item.value, STATEMENT_KEYS)
        statements.append(item.value)
    return statements


def refuse_unknown(members: Iterable[str], known: Iterable[str]) -> None:
    """The first element that AWS does not know, in the order of the text."""
    for key in members:
        if key not in known:
            raise Refused(f"Unknown field {key}")


def check_effect(statement: Mapping[str, Node], syntax: str) -> None:
    if "Effect" not in statement:
        raise Refused("Missing required field Effect")
    word = statement["Effect"].value
    if not isinstance(word, str):
        raise Refused(syntax)
    if word not in ("Allow", "Deny"):
        raise Refused(f"Invalid effect: {word}")


def is_aws_principal(named: NamedPrincipal) -> bool:
    return _AWS_PRINCIPAL.fullmatch(named.value) is not None


def has_repeated_sid(statements: Iterable[Statement]) -> bool:
    """Whether two statements have the same Sid; an empty one does not count (PE-12)."""
    sids = [statement.sid for statement in statements if statement.sid]
    return len(set(sids)) < len(sids)
