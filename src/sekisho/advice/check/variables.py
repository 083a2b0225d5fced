"""Rules on policy variables (PE-50, PE-53…PE-59, PE-234)."""

import re
from collections.abc import Iterator

from sekisho.advice.check.advice import Mend, Remark
from sekisho.advice.check.draft import Draft, Part
from sekisho.advice.check.names import is_claim, known_key, likely
from sekisho.advice.check.operators import Operator
from sekisho.catalog.authorization import global_keys
from sekisho.policy.document import VERSION_2012
from sekisho.policy.places import Steps, node_at
from sekisho.policy.resources import PARTS
from sekisho.policy.variables import Variable, read_template
from sekisho.policy.words import say

MOST_VARIABLES = 50
TAKING = ("String", "Arn")

_ESCAPES = re.compile(r"\$\{[*?$]\}")


def check_variables(draft: Draft) -> Iterator[Remark]:
    """Variables that are not replaced, and those that never have a value."""
    for part in draft.parts():
        for steps, text, family in _texts(draft, part):
            if "${" not in text:
                continue
            if not draft.policy.has_variables:
                said = say(
                    '"{}" is taken letter by letter: variables need "{}"', text, VERSION_2012
                )
                yield Remark("VariableInOldVersion", steps, said, _newer(draft))
            elif family is not None and family not in TAKING:
                said = say(
                    '{} conditions take no variables: "{}" is read as it stands', family, text
                )
                yield Remark("VariableNotReplaced", steps, said)
            else:
                yield from _check_text(draft, steps, text, is_resource=family is None)


def _texts(draft: Draft, part: Part) -> Iterator[tuple[Steps, str, str | None]]:
    """What may hold variables; with the family of the operator, None for resources."""
    for entry in part.entries("Resource", "NotResource"):
        yield entry.steps, entry.text, None
    for test in part.tests():
        listed = node_at(draft.root, test.steps).value
        for index, value in enumerate(test.clause.values):
            steps = (*test.steps, index) if isinstance(listed, tuple) else test.steps
            yield steps, value, Operator.read(test.clause.operator).family


def _newer(draft: Draft) -> Mend | None:
    """Another Version; where there is none, one at the beginning."""
    members = draft.root.value
    assert isinstance(members, dict)
    if "Version" in members:
        return draft.value(("Version",), VERSION_2012)
    start = draft.root.start + 1
    return Mend(start, start, f'"Version": "{VERSION_2012}", ')


def _check_text(draft: Draft, steps: Steps, text: str, is_resource: bool) -> Iterator[Remark]:
    if is_resource:
        parts = text.split(":", PARTS - 1)
        if "${" in ":".join(parts[:-1]) or len(parts) < PARTS:
            said = say(
                '"{}" has a variable before the sixth part of the ARN, where there are none', text
            )
            yield Remark("VariableNotReplaced", steps, said)
            return
        text = parts[-1]
    variables = [
        each
        for each in read_template(text, wildcards=False, variables=True)
        if isinstance(each, Variable)
    ]
    if text.count("${") > len(variables) + len(_ESCAPES.findall(text)):
        said = say('"{}" holds a "${{" that begins no variable and is taken as it stands', text)
        yield Remark("MalformedVariable", steps, said)
    for variable in variables[:MOST_VARIABLES]:
        yield from _check_variable(draft, steps, variable)


def _check_variable(draft: Draft, steps: Steps, variable: Variable) -> Iterator[Remark]:
    key = known_key(variable.key)
    if key is None and not is_claim(variable.key):
        near = likely(variable.key, global_keys(), draft.budget)
        said = say("the catalog knows no key {} for a variable", variable.key)
        mend = None
        if near:
            said = say("{}; did you mean {}?", said, global_keys()[near].name)
            mend = _renamed(draft, steps, variable.key, global_keys()[near].name)
        yield Remark("UnknownVariable", steps, said, mend)
    elif key is not None and key.several:
        said = say("{} may have several values, and is never put in for a variable", key.name)
        yield Remark("VariableNotReplaced", steps, said)


def _renamed(draft: Draft, steps: Steps, wrong: str, right: str) -> Mend | None:
    """Another key in the variables of that key."""
    text = node_at(draft.root, steps).value
    if not isinstance(text, str) or "*" in right:
        return None
    beginning = re.compile(r"\$\{" + re.escape(wrong) + r"(?=[,}])", re.IGNORECASE)
    return draft.value(steps, beginning.sub(lambda _: f"${{{right}", text))
