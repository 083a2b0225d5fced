"""A policy as a value: what grammar reads and everything else works on."""

import enum
from dataclasses import dataclass

VERSION_2012 = "2012-10-17"
VERSION_2008 = "2008-10-17"
WHITE_SPACE = " \t\n\r"


class Effect(enum.Enum):
    ALLOW = "Allow"
    DENY = "Deny"


class PolicyType(enum.Enum):
    """Where a policy is to be saved; each place has its own rules (PE-15).

    IDENTITY: an inline policy, or any whose place is not known. A permissions boundary is a managed
    policy; the three differ in their quotas only (PE-61).
    """

    IDENTITY = "identity-based policy"
    MANAGED = "managed policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    TRUST = "role trust policy"
    BUCKET = "bucket policy"
    SCP = "service control policy"
    RCP = "resource control policy"
    ENDPOINT = "VPC endpoint policy"


@dataclass(frozen=True, slots=True)
class NamedPrincipal:
    """One entry of a Principal element (PE-20).

    key: ``AWS``, ``Service``, ``Federated`` or ``CanonicalUser``; the bare ``"*"`` has ``AWS``.
    """

    key: str
    value: str

    @property
    def is_everyone(self) -> bool:
        return self.key == "AWS" and self.value == "*"


@dataclass(frozen=True, slots=True)
class Clause:
    """One key under one operator of a Condition, all as written; the values are alternatives."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. Of each pair at most one side is not None; an absent element is None.

    index: its place in the document, from 0. sid: empty if there is none.
    """

    index: int
    effect: Effect
    sid: str = ""
    principals: tuple[NamedPrincipal, ...] | None = None
    not_principals: tuple[NamedPrincipal, ...] | None = None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    conditions: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole document. version: ``2008-10-17`` where the text names none (PE-9)."""

    version: str
    id: str
    statements: tuple[Statement, ...]

    @property
    def has_variables(self) -> bool:
        """Whether ``${…}`` is a variable here; in 2008 documents it is plain text (PE-9)."""
        return self.version == VERSION_2012


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a document.

    path: such as ``Statement[2].Condition.StringEquals``; empty for the document itself.
    code: a word for programs; message: a sentence for people. line, column: from 1.
    """

    path: str
    code: str
    message: str
    line: int
    column: int

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{self.line}:{self.column}: {where}{self.message}"


class InvalidPolicy(Exception):
    """The text is not a policy; its faults in the order of the text, 1-100."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings


def measured_size(text: str) -> int:
    """Characters without white space, as IAM measures its policies (PE-60)."""
    return len(text) - sum(map(text.count, WHITE_SPACE))
