"""Which actions a statement covers (PE-37…PE-40)."""

from collections.abc import Iterable

from sekisho.policy.document import Statement
from sekisho.policy.patterns import Test, Tokens, Wild, compile_pattern, everything, read_pattern
from sekisho.policy.question import Layer


def services(layer: Layer, statement: Statement) -> Iterable[str] | None:
    """The services, in lower case, of which it may cover actions; None if it may be any."""
    listed = _listed(layer, statement)
    if listed is None or statement.actions is None:
        return None
    found = {pattern.lower().partition(":")[0] for pattern in listed}
    return None if "*" in found else found


def compile_actions(layer: Layer, statement: Statement) -> Test:
    """A test of lower-case actions; without any listed, of all (PE-15)."""
    listed = _listed(layer, statement)
    if listed is None:
        return everything
    test = _any_action(listed)
    return test if statement.actions is not None else lambda action: not test(action)


def _listed(layer: Layer, statement: Statement) -> tuple[str, ...] | None:
    """Those of Action or else NotAction, which may not be in an RCP (PE-15)."""
    if statement.actions is not None:
        return statement.actions
    return None if layer is Layer.RCP else statement.not_actions


def _any_action(patterns: Iterable[str]) -> Test:
    exact: set[str] = set()
    starts: list[str] = []
    tests: list[Test] = []
    for written in patterns:
        if written == "*":
            return everything
        pattern = written.lower()
        vendor, colon, name = pattern.partition(":")
        if not (colon and name) or written.split() != [written]:
            continue  # PE-39
        wild = "?" in name or "*" in name[:-1] or vendor == "*"
        if wild:
            head: Tokens = (Wild.RUN, ":") if vendor == "*" else (f"{vendor}:",)
            tests.append(compile_pattern((*head, *read_pattern(name))))
        elif name.endswith("*"):
            starts.append(pattern[:-1])
        else:
            exact.add(pattern)
    begins = tuple(starts)
    if tests:
        tests += [exact.__contains__, lambda action: action.startswith(begins)]
        return lambda action: any(test(action) for test in tests)
    if begins:
        return lambda action: action.startswith(begins) or action in exact
    return exact.__contains__
