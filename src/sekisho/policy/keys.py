"""The condition keys that policies look at, in conditions and in variables."""

from collections.abc import Iterable, Iterator

from sekisho.policy.document import Policy, Statement
from sekisho.policy.variables import Variable, read_template


def context_keys(policy: Policy, statements: Iterable[Statement] | None = None) -> tuple[str, ...]:
    """Each once, ignoring case, in the spelling and the order in which they first come.

    statements: of this policy; all of them if None. Variables are in lower case.
    """
    found: dict[str, str] = {}
    for statement in policy.statements if statements is None else statements:
        for key in _keys(statement, policy.has_variables):
            found.setdefault(key.lower(), key)
    return tuple(found.values())


def _keys(statement: Statement, has_variables: bool) -> Iterator[str]:
    for clause in statement.conditions:
        yield clause.key
    if not has_variables:
        return
    texts = [*(statement.resources or ()), *(statement.not_resources or ())]
    for clause in statement.conditions:
        texts += clause.values
    for text in texts:
        for part in read_template(text, wildcards=False, variables=True):
            if isinstance(part, Variable):
                yield part.key
