"""Which resources a statement reaches (PE-43…PE-52).

A pattern is ``*`` or an ARN. The first five parts of an ARN are compared one by one, so that a
wildcard there never crosses a colon; the sixth, which may hold colons and slashes, is one text
(PE-44). Case matters everywhere (PE-43). Policy variables are known in the sixth part only (PE-50).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sekisho.policy.patterns import (
    Test,
    Token,
    Tokens,
    Wild,
    compile_pattern,
    everything,
    nothing_at_all,
    read_pattern,
)
from sekisho.policy.variables import (
    Context,
    Template,
    fixed_tokens,
    is_fixed,
    read_template,
    resolve,
)

Reach = Callable[[str, Context], bool]
PARTS = 6


@dataclass(frozen=True, slots=True)
class ResourcePattern:
    """A pattern that was read.

    head: the first five parts of an ARN; empty for ``*``. tail: the sixth part.
    """

    head: tuple[str, ...]
    tail: Template

    @property
    def is_everything(self) -> bool:
        return not self.head

    @property
    def fixed_head(self) -> str | None:
        """The first five parts with their colons, if no wildcard is among them."""
        head = ":".join(self.head) + ":"
        return None if "*" in head or "?" in head else head

    @property
    def has_variables(self) -> bool:
        return not is_fixed(self.tail)

    def has_values(self, context: Context) -> bool:
        """Whether every variable of the pattern has a value."""
        return resolve(self.tail, context) is not None

    @property
    def prefix(self) -> str:
        """The text with which every resource that it reaches begins."""
        if self.is_everything:
            return ""
        head = self.fixed_head
        if head is None:
            return _before_wildcard(":".join(self.head))
        first = self.tail[0] if self.tail else ""
        return head + (first if isinstance(first, str) else "")

    @property
    def beginning(self) -> str | None:
        """The text before its one wildcard, a ``*`` at its end; None for any other pattern."""
        match self.tail:
            case (Wild.RUN,) | (str(), Wild.RUN) if self.fixed_head is not None:
                return self.prefix
        return None


def read_resource(text: str, *, variables: bool, complete: bool) -> ResourcePattern | None:
    """Read a Resource value; None if it reaches nothing.

    complete: whether missing parts of an ARN stand for ``*`` (PE-45).
    """
    if text.strip("*") == "" and text:
        return ResourcePattern((), (Wild.RUN,))
    parts = text.split(":", PARTS - 1)
    if parts[0] != "arn" or (len(parts) < PARTS and not complete):
        return None
    parts += ["*"] * (PARTS - len(parts))
    tail = read_template(parts[-1], wildcards=True, variables=variables)
    return ResourcePattern(tuple(parts[:-1]), tail)


def compile_resources(patterns: Iterable[ResourcePattern]) -> Reach:
    """A test of resources against any of these; ``*`` asked for is reached by ``*`` alone (PE-48).

    Patterns that end in their only wildcard are tried together, as most patterns do.
    """
    beginnings: list[str] = []
    others: list[Reach] = []
    for pattern in patterns:
        if pattern.is_everything:
            return lambda _resource, _context: True
        beginning = pattern.beginning
        if beginning is None:
            others.append(_compile_resource(pattern))
        else:
            beginnings.append(beginning)
    starts = tuple(beginnings)
    if not others:
        return lambda resource, _context: resource.startswith(starts)
    if not starts and len(others) == 1:
        return others[0]

    def reach(resource: str, context: Context) -> bool:
        if resource.startswith(starts):
            return True
        for other in others:  # noqa: SIM110 - a generator costs more than the loop
            if other(resource, context):
                return True
        return False

    return reach


def _compile_resource(pattern: ResourcePattern) -> Reach:
    head, tail = pattern.fixed_head, pattern.tail
    if head is not None and is_fixed(tail):
        whole = compile_pattern((head, *fixed_tokens(tail)))
        return lambda resource, _context: whole(resource)
    tests = [read_pattern(part) for part in pattern.head]
    if is_fixed(tail):
        parts = compile_parts(tests, fixed_tokens(tail))
        return lambda resource, _context: parts(resource)

    def reach(resource: str, context: Context) -> bool:
        if head is not None and not resource.startswith(head):
            return False
        tokens = resolve(tail, context)
        return tokens is not None and compile_parts(tests, tokens)(resource)

    return reach


def _before_wildcard(text: str) -> str:
    return text.partition("*")[0].partition("?")[0]


def compile_parts(head: Iterable[Tokens], tail: Tokens) -> Test:
    """A test of ARNs, part by part."""
    tests = [
        (index, test)
        for index, test in enumerate(map(compile_pattern, (*head, tail)))
        if test is not everything
    ]

    def matches(text: str) -> bool:
        parts = text.split(":", PARTS - 1)
        return len(parts) == PARTS and all(test(parts[index]) for index, test in tests)

    return matches


def compile_arn(tokens: Tokens) -> Test:
    """A test for the Arn operators (PE-165); a bare ``*`` matches every ARN."""
    if tokens == (Wild.RUN,):
        return compile_parts([tokens] * (PARTS - 1), tokens)
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if isinstance(token, Wild):
            parts[-1].append(token)
            continue
        pieces = token.split(":", PARTS - len(parts))
        parts[-1].append(pieces[0])
        parts += [[piece] for piece in pieces[1:]]
    if len(parts) != PARTS:
        return nothing_at_all
    return compile_parts([tuple(part) for part in parts[:-1]], tuple(parts[-1]))
