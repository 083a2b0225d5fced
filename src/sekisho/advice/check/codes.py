"""The codes of advice: how grave each is, what it means and why it matters."""

from collections.abc import Mapping
from types import MappingProxyType

from sekisho.advice.check.advice import Code, Severity
from sekisho.advice.check.dangers import DANGERS

E, W, N = Severity.ERROR, Severity.WARNING, Severity.SUGGESTION


_READING = "AWS refuses the document; nothing of it takes effect."
_READ = (
    ("InvalidJson", "The text is not JSON."),
    ("DuplicateKey", "A key stands twice in one object."),
    ("TooLong", "The text is longer than any policy may be."),
    ("TooDeep", "The text is nested deeper than any policy may be."),
    ("InvalidVersion", "Version is neither 2012-10-17 nor 2008-10-17."),
    ("MissingStatement", "Statement is missing."),
    ("EmptyStatement", "Statement is empty."),
    ("MissingAction", "Action or NotAction is missing."),
    ("EmptyAction", "Action or NotAction is empty."),
    ("EmptyResource", "Resource or NotResource is empty."),
    ("MissingEffect", "Effect is missing."),
    ("InvalidEffect", "Effect is neither Allow nor Deny."),
    ("EffectCase", "Effect is in the wrong case."),
    ("Conflict", "Two elements exclude each other."),
    ("UnknownElement", "There is no such element."),
    ("UnknownOperator", "There is no such condition operator."),
    ("WrongType", "A value is of the wrong JSON type."),
)

_RULES = (
    Code("Refused", "document", E, "AWS refuses to save this, in the words given.", _READING),
    Code("OverQuota", "document", E, "Longer than its kind may be.", _READING),
    Code(
        "OverUsualQuota",
        "document",
        W,
        "Longer than the usual quota.",
        "It can be saved in some places or accounts only.",
    ),
    Code(
        "OldVersion",
        "document",
        N,
        "Version is missing or 2008-10-17.",
        "Variables are taken letter by letter in old versions; later additions surprise.",
    ),
    Code(
        "Unfinished",
        "document",
        N,
        "The document is too large to be compared to the end.",
        "What was not looked at may hold more than is told here.",
    ),
    Code(
        "UnknownService",
        "action",
        W,
        "No service has this prefix.",
        "The entry has no effect: an Allow grants nothing, a Deny denies nothing.",
    ),
    Code(
        "UnknownAction",
        "action",
        W,
        "The service has no action of this name.",
        "The entry has no effect: an Allow grants nothing, a Deny denies nothing.",
    ),
    Code(
        "ActionMatchesNothing",
        "action",
        W,
        "The pattern matches no action.",
        "The entry has no effect until AWS adds an action that it matches.",
    ),
    Code(
        "ServiceNotReached",
        "action",
        W,
        "An action of a service that resource control policies do not reach.",
        "The entry has no effect: nothing is denied by it.",
    ),
    Code(
        "VariableInAction",
        "action",
        E,
        "A variable in an action.",
        "Variables are not replaced in actions; the entry means nothing.",
    ),
    Code(
        "MalformedResource",
        "resource",
        E,
        'Neither an ARN nor "*".',
        "It matches no resource.",
    ),
    Code(
        "ShortArn",
        "resource",
        N,
        "An ARN with parts left out.",
        'Identity policies read the missing parts as "*"; elsewhere it is refused or matches'
        " nothing.",
    ),
    Code(
        "UnknownResourceType",
        "resource",
        W,
        "The services have no resource of this form.",
        "The entry matches nothing, so that the statement does less than it seems to.",
    ),
    Code(
        "ResourceWithoutAction",
        "resource",
        W,
        "No action of the statement is done on it.",
        "The entry has no effect here; perhaps an action, or the other form of the ARN, is"
        " missing.",
    ),
    Code(
        "ActionWithoutResource",
        "resource",
        W,
        "No resource of the statement is one of the action's.",
        "The action is neither allowed nor denied by this statement.",
    ),
    Code(
        "ActionNeedsStar",
        "resource",
        W,
        "The action is done on no resource of its own.",
        'Only "*" in Resource reaches it; beside ARNs it is neither allowed nor denied.',
    ),
    Code(
        "ActionMayNeedStar",
        "resource",
        N,
        "By the catalog, the action has no resource of its own.",
        'Only "*" in Resource reaches it for certain.',
    ),
    Code(
        "UnknownConditionKey",
        "condition",
        W,
        "There is no such condition key.",
        "Requests never have it: the condition never holds, or always if it is negated.",
    ),
    Code(
        "KeyNeverSupplied",
        "condition",
        W,
        "No action of the statement has this key.",
        "An Allow never grants, and a Deny never strikes or strikes always.",
    ),
    Code(
        "SetOperatorMissing",
        "condition",
        W,
        "A key with several values without a set operator.",
        "The condition does not match what has several values; say ForAnyValue: or ForAllValues:.",
    ),
    Code(
        "SetOperatorNeedless",
        "condition",
        N,
        "ForAllValues on a key with one value.",
        "Its only effect is that requests without the key pass.",
    ),
    Code(
        "OperatorCannotMatch",
        "condition",
        W,
        "The operator cannot compare the key's type.",
        "The condition never holds, or always if it is negated.",
    ),
    Code(
        "OperatorComparesSpelling",
        "condition",
        N,
        "A String operator on a typed key.",
        "Equal values that are spelled otherwise do not match.",
    ),
    Code(
        "ValueNeverMatches",
        "condition",
        E,
        "The operator cannot read the value.",
        "No request matches it.",
    ),
    Code(
        "LiteralWildcard",
        "condition",
        W,
        "A wildcard where none is known.",
        'StringEquals compares letter by letter; "*" matches an asterisk alone.',
    ),
    Code(
        "EmptyValues",
        "condition",
        W,
        "A key without a value.",
        "The condition never holds, or always if it is negated.",
    ),
    Code(
        "EmptyCondition",
        "condition",
        N,
        "A block without a key.",
        "It limits nothing, though it looks as if it did.",
    ),
    Code(
        "Contradiction",
        "condition",
        W,
        "Conditions that never hold together.",
        "All conditions of a statement must hold, so that this one has no effect.",
    ),
    Code(
        "VariableInOldVersion",
        "variable",
        W,
        "A variable in a document of version 2008-10-17.",
        'Without "Version": "2012-10-17" it is plain text, and matches nobody\'s.',
    ),
    Code(
        "MalformedVariable",
        "variable",
        W,
        'A "${" that begins no variable.',
        "It is plain text.",
    ),
    Code(
        "VariableNotReplaced",
        "variable",
        W,
        "A variable where none is replaced.",
        "It is plain text there, or never has a value.",
    ),
    Code(
        "UnknownVariable",
        "variable",
        W,
        "A variable of no known key.",
        "It never has a value, so that what holds it matches nothing.",
    ),
    Code(
        "RedundantEntry",
        "statement",
        N,
        "An entry that another one covers.",
        "It can be left out; whoever narrows the other one may not see that this one stays.",
    ),
    Code(
        "ShadowedAllow",
        "statement",
        W,
        "An Allow wholly under an unconditional Deny.",
        "A Deny always wins: the statement grants nothing.",
    ),
    Code(
        "ImpliedStatement",
        "statement",
        N,
        "A statement that another one implies.",
        "It can be left out; taking it away later changes nothing, which may surprise.",
    ),
)

CODES: Mapping[str, Code] = MappingProxyType(
    {name: Code(name, "reading", E, means, _READING) for name, means in _READ}
    | {code.name: code for code in (*_RULES, *DANGERS)}
)
