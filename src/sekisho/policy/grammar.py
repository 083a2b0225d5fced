"""The grammar that all policy types share (PE-1…PE-14), and the reading of a text into a Policy.

    policy     = { Version?, Id?, Statement: statement | [statement, …] }
    statement  = { Sid?, Effect, (Principal | NotPrincipal)?, Action | NotAction,
                   (Resource | NotResource)?, Condition? }
    principal  = "*" | { AWS | Service | Federated | CanonicalUser: string | [string, …] }
    condition  = { operator: { key: value | [value, …] } }    value = string | number | boolean

Which of the optional elements a place forbids or asks for is the business of `refusals`.
Reading never stops at the first fault, except where the text is not JSON; the first hundred are
told.
"""

from collections.abc import Mapping

from sekisho.policy.document import (
    VERSION_2008,
    VERSION_2012,
    Clause,
    Effect,
    Finding,
    InvalidPolicy,
    NamedPrincipal,
    Policy,
    Statement,
)
from sekisho.policy.operators import is_operator
from sekisho.policy.plain import PRINCIPAL_KEYS, read_plainly
from sekisho.policy.syntax import BadJson, Node, Number, decoded, place, read_json
from sekisho.policy.words import say, shortened

DOCUMENT_KEYS = ("Version", "Id", "Statement")
STATEMENT_KEYS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
MOST_FINDINGS = 100
_PAIRS = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))


def parse_policy(text: str | bytes) -> Policy:
    """Read a policy of any type; bytes are UTF-8.

    Raises InvalidPolicy with the findings, 100 at most; never anything else, whatever the text
    (PE-2: at most 131,072 characters; nested at most 32 deep).
    """
    try:
        text = decoded(text)
        plain = read_plainly(text)
        if plain is not None:
            return plain
        root = read_json(text)
    except BadJson as fault:
        if isinstance(text, bytes):
            text = text.decode(errors="replace")
        line, column = place(text, fault.offset)
        raise InvalidPolicy((Finding("", fault.code, fault.message, line, column),)) from None
    policy, findings = survey(text, root)
    if findings:
        raise InvalidPolicy(findings)
    return policy


def survey(text: str, root: Node) -> tuple[Policy, tuple[Finding, ...]]:
    """What can be read of a document, and all that is wrong with it, in the order of the text.

    root: the document, read from this text. Where there are findings the policy is incomplete.
    """
    grammar = _Grammar(text)
    policy = grammar.document(root)
    return policy, tuple(sorted(grammar.findings, key=lambda found: (found.line, found.column)))


class _Grammar:
    """Turns nodes into values; what it cannot turn it finds, and leaves out."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.findings: list[Finding] = []

    def document(self, root: Node) -> Policy:
        members = self._members("", root, DOCUMENT_KEYS)
        version = VERSION_2008
        if "Version" in members:
            word = members["Version"].value
            if word not in (VERSION_2008, VERSION_2012):
                said = say("Version is 2012-10-17 or 2008-10-17")
                self._found("Version", "InvalidVersion", said, members["Version"])
            version = str(word)
        policy_id = self._text_of("Id", members["Id"]) if "Id" in members else ""
        return Policy(version, policy_id, self._statements(root, members))

    def _statements(self, root: Node, members: Mapping[str, Node]) -> tuple[Statement, ...]:
        if "Statement" not in members:
            if isinstance(root.value, dict):
                self._found("", "MissingStatement", say("Statement is missing"), root)
            return ()
        node = members["Statement"]
        if isinstance(node.value, dict):
            return (self._statement("Statement", 0, node),)
        if not isinstance(node.value, tuple):
            self._wrong("Statement", say("an object or an array of objects"), node)
            return ()
        if not node.value:
            self._found("Statement", "EmptyStatement", say("Statement is empty"), node)
        return tuple(
            self._statement(f"Statement[{index}]", index, item)
            for index, item in enumerate(node.value)
        )

    def _statement(self, path: str, index: int, node: Node) -> Statement:
        members = self._members(path, node, STATEMENT_KEYS)
        for element, opposite in _PAIRS:
            if element in members and opposite in members:
                said = say("{} and {} exclude each other", element, opposite)
                self._found_key(f"{path}.{opposite}", "Conflict", said, members[opposite])
        if isinstance(node.value, dict) and not ("Action" in members or "NotAction" in members):
            self._found(path, "MissingAction", say("Action or NotAction is missing"), node)
        sid = self._text_of(f"{path}.Sid", members["Sid"]) if "Sid" in members else ""
        return Statement(
            index,
            self._effect(path, node, members),
            sid,
            self._principals(f"{path}.Principal", members.get("Principal")),
            self._principals(f"{path}.NotPrincipal", members.get("NotPrincipal")),
            self._listed(path, "Action", members),
            self._listed(path, "NotAction", members),
            self._listed(path, "Resource", members),
            self._listed(path, "NotResource", members),
            self._conditions(f"{path}.Condition", members.get("Condition")),
        )

    def _effect(self, path: str, node: Node, members: Mapping[str, Node]) -> Effect:
        if "Effect" not in members:
            if isinstance(node.value, dict):
                self._found(path, "MissingEffect", say("Effect is missing"), node)
            return Effect.DENY
        word = self._text_of(f"{path}.Effect", members["Effect"])
        for effect in Effect:
            if word == effect.value:
                return effect
        if isinstance(members["Effect"].value, str):
            code = "EffectCase" if word.lower() in ("allow", "deny") else "InvalidEffect"
            self._found(f"{path}.Effect", code, say("Effect is Allow or Deny"), members["Effect"])
        return Effect.DENY

    def _principals(self, path: str, node: Node | None) -> tuple[NamedPrincipal, ...] | None:
        if node is None:
            return None
        if node.value == "*":
            return (NamedPrincipal("AWS", "*"),)
        if not isinstance(node.value, dict):
            self._wrong(path, say('"*" or an object'), node)
            return ()
        named = []
        for key, listed in self._members(path, node, PRINCIPAL_KEYS).items():
            values = self._strings(f"{path}.{key}", listed)
            named += [NamedPrincipal(key, value) for value in values]
        return tuple(named)

    def _listed(
        self, path: str, element: str, members: Mapping[str, Node]
    ) -> tuple[str, ...] | None:
        """A string or an array of strings; PE-13: an empty array is a fault."""
        node = members.get(element)
        if node is None:
            return None
        if node.value == ():
            code = "EmptyAction" if element.endswith("Action") else "EmptyResource"
            self._found(f"{path}.{element}", code, say("{} is empty", element), node)
        return self._strings(f"{path}.{element}", node)

    def _conditions(self, path: str, node: Node | None) -> tuple[Clause, ...]:
        """PE-13: an empty block has no effect, even under an operator that does not exist."""
        if node is None:
            return ()
        clauses = []
        for operator, block in self._members(path, node).items():
            here = f"{path}.{shortened(operator)}"
            keys = self._members(here, block)
            if keys and not is_operator(operator):
                said = say('there is no condition operator "{}"', shortened(operator))
                meant = operator.replace("Equal", "Equals", 1)
                if is_operator(meant):  # as nearly everybody gets it wrong
                    said = say('{}; did you mean "{}"?', said, meant)
                self._found_key(here, "UnknownOperator", said, block)
            seen: set[str] = set()
            for key, listed in keys.items():
                name = shortened(key)
                if key.lower() in seen:
                    said = say('the key "{}" stands here twice in different case', name)
                    self._found_key(f"{here}.{name}", "DuplicateKey", said, listed)
                seen.add(key.lower())
                clauses.append(Clause(operator, key, self._values(f"{here}.{name}", listed)))
        return tuple(clauses)

    def _values(self, path: str, node: Node) -> tuple[str, ...]:
        items = node.value if isinstance(node.value, tuple) else (node,)
        values = []
        for item in items:
            if isinstance(item.value, bool):
                values.append("true" if item.value else "false")
            elif isinstance(item.value, Number):
                values.append(item.value.text)
            elif isinstance(item.value, str):
                values.append(item.value)
            else:
                self._wrong(path, say("a string, a number, a boolean or an array of these"), item)
        return tuple(values)

    def _strings(self, path: str, node: Node) -> tuple[str, ...]:
        items = node.value if isinstance(node.value, tuple) else (node,)
        values = []
        for item in items:
            if isinstance(item.value, str):
                values.append(item.value)
            else:
                self._wrong(path, say("a string or an array of strings"), item)
        return tuple(values)

    def _text_of(self, path: str, node: Node) -> str:
        if isinstance(node.value, str):
            return node.value
        self._wrong(path, say("a string"), node)
        return ""

    def _members(
        self, path: str, node: Node, known: tuple[str, ...] | None = None
    ) -> dict[str, Node]:
        if not isinstance(node.value, dict):
            self._wrong(path, say("an object"), node)
            return {}
        if known is None:
            return node.value
        for key, member in node.value.items():
            if key not in known:
                name = shortened(key)
                here = f"{path}.{name}" if path else name
                said = say('there is no element "{}" here', name)
                self._found_key(here, "UnknownElement", said, member)
        return {key: member for key, member in node.value.items() if key in known}

    def _wrong(self, path: str, wanted: str, node: Node) -> None:
        self._found(path, "WrongType", say("{} is wanted here", wanted), node)

    def _found(self, path: str, code: str, message: str, node: Node) -> None:
        self._found_at(path, code, message, node.start)

    def _found_key(self, path: str, code: str, message: str, node: Node) -> None:
        """A fault of a member's name, not of its value."""
        self._found_at(path, code, message, node.key)

    def _found_at(self, path: str, code: str, message: str, offset: int) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(path, code, message, *place(self._text, offset)))
