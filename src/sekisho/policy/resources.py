"""Which resources a statement reaches (PE-43…PE-52).

A pattern is ``*`` or an ARN. The first five parts of an ARN are compared one by one, so that a
wildcard there never crosses a colon; the sixth, which may hold colons and slashes, is one text
(PE-44). Case matters everywhere (PE-43). Policy variables are known in the sixth part only (PE-50).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sekisho.policy.patterns import (
    LooseTest,
    Test,
    Token,
    Tokens,
    Wild,
    compile_pattern,
    compile_rest,
    everything,
    nothing_at_all,
    read_pattern,
    simplify,
)
from sekisho.policy.variables import (
    Context,
    Template,
    fixed_tokens,
    has_values,
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
        return has_values(self.tail, context)

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

    @property
    def text(self) -> str | None:
        """The one text that it reaches; None if it has a wildcard or a variable."""
        head = self.fixed_head
        literals = [token for token in self.tail if isinstance(token, str)]
        if head is None or len(literals) < len(self.tail):
            return None
        return head + "".join(literals)


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


def everywhere(_resource: str, _context: Context) -> bool:
    return True


def only_beginnings(patterns: Iterable[ResourcePattern]) -> tuple[str, ...] | None:
    """The beginnings that alone decide what these reach, without such as begin with another.

    None if there are patterns of another kind.
    """
    found: list[str] = []
    for pattern in patterns:
        beginning = "" if pattern.is_everything else pattern.beginning
        if beginning is None:
            return None
        found.append(beginning)
    starts: list[str] = []
    for text in sorted(found):  # whatever begins a text stands before it
        if not (starts and text.startswith(starts[-1])):
            starts.append(text)
    return tuple(starts)


def compile_resources(patterns: Iterable[ResourcePattern]) -> Reach:
    """A test of resources against any of these; ``*`` asked for is reached by ``*`` alone (PE-48).

    Patterns that end in their only wildcard are tried together, and so are those without any, as
    most patterns are of these kinds.
    """
    patterns = tuple(patterns)
    if any(pattern.is_everything for pattern in patterns):
        return everywhere
    begins = only_beginnings(patterns)
    if begins is not None:
        return _one_of(frozenset(), begins)
    starts = tuple(one.beginning for one in patterns if one.beginning is not None)
    texts = frozenset(one.text for one in patterns if one.text is not None)
    looser = [one for one in patterns if one.beginning is one.text is None]
    if not looser:
        return _one_of(texts, starts)
    if len(patterns) == 1:
        return _compile_resource(looser[0])
    others = [(one.prefix, compile_near(one)) for one in looser]

    def reach(resource: str, context: Context) -> bool:
        if resource in texts or resource.startswith(starts):
            return True
        for prefix, reaches in others:
            if resource.startswith(prefix) and reaches(resource, context):
                return True
        return False

    return reach


def compile_near(pattern: ResourcePattern) -> Reach:
    """As `compile_resources`, for resources that are known to begin with the pattern's prefix."""
    head, tail = pattern.fixed_head, pattern.tail
    if head is not None and is_fixed(tail):
        simple = simplify((head, *fixed_tokens(tail)))
        if len(simple) > 1 and simple[0] == pattern.prefix and Wild.ONE not in simple:
            return compile_rest(simple)
    if head is None and is_fixed(tail):
        return compile_parts(map(read_pattern, pattern.head), fixed_tokens(tail), begun=True)
    return compile_resources([pattern])


def _compile_resource(pattern: ResourcePattern) -> Reach:
    head, tail = pattern.fixed_head, pattern.tail
    if head is not None and is_fixed(tail):
        whole = compile_pattern((head, *fixed_tokens(tail)))
        return lambda resource, _context: whole(resource)
    tests = [read_pattern(part) for part in pattern.head]
    if is_fixed(tail):
        return compile_parts(tests, fixed_tokens(tail))

    def reach(resource: str, context: Context) -> bool:
        if head is not None and not resource.startswith(head):
            return False
        tokens = resolve(tail, context, len(resource))
        return tokens is not None and compile_parts(tests, tokens)(resource)

    return reach


def _one_of(texts: frozenset[str], starts: tuple[str, ...]) -> Reach:
    if len(starts) == 1:
        (begins,) = starts
        return lambda resource, _context: (
            resource.removeprefix(begins) != resource or resource in texts
        )
    if starts:
        return lambda resource, _context: resource.startswith(starts) or resource in texts
    if len(texts) == 1:
        (only,) = texts
        return lambda resource, _context: resource == only
    return lambda resource, _context: resource in texts


def _before_wildcard(text: str) -> str:
    return text.partition("*")[0].partition("?")[0]


def is_text(tokens: Tokens) -> bool:
    """Whether it is literal; nothing at all is, too."""
    return all(isinstance(token, str) for token in tokens)


def compile_parts(head: Iterable[Tokens], tail: Tokens, *, begun: bool = False) -> LooseTest:
    """A test of ARNs, part by part.

    begun: whether they are known to begin with the text before the first wildcard in the head.
    """
    patterns = (*head, tail)
    if all(part == (Wild.RUN,) or is_text(part) for part in patterns[:-1]):
        begin, rest = _from_colon_to_colon(patterns)
        if begun:
            return rest
        return lambda text, _context=None, /: text.startswith(begin) and rest(text)
    tests = [
        (index, test)
        for index, test in enumerate(map(compile_pattern, patterns))
        if test is not everything
    ]

    def matches(text: str, _context: object = None, /) -> bool:
        parts = text.split(":", PARTS - 1)
        if len(parts) != PARTS:
            return False
        for index, test in tests:  # noqa: SIM110 - a generator costs more than the loop
            if not test(parts[index]):
                return False
        return True

    return matches


def _from_colon_to_colon(patterns: tuple[Tokens, ...]) -> tuple[str, LooseTest]:
    """Where only whole parts of the first five are wild: the text before the first of these, and
    a test of what begins so, which looks for the texts between them one by one."""
    texts = [""]
    for part in patterns[:-1]:
        if part == (Wild.RUN,):
            texts.append(":")
        else:
            texts[-1] += "".join(map(str, part)) + ":"
    last = patterns[-1]
    if len(last) == 2 and isinstance(last[0], str) and last[1] is Wild.RUN:
        texts[-1] += last[0]
        last = last[1:]
    begin, pieces = texts[0], [(text, len(text)) for text in texts[1:]]
    tail, start = compile_pattern(last), len(begin)
    anything = tail is everything
    if anything and len(pieces) == 1 and pieces[0][1] > 1:
        only = pieces[0][0].removeprefix(":")

        def follows(text: str, _context: object = None, /) -> bool:
            after = text[start:].partition(":")[2]
            return after.removeprefix(only) != after

        return begin, follows

    def matches(text: str, _context: object = None, /) -> bool:
        here = start
        for piece, length in pieces:
            here = text.find(":", here)
            if here < 0 or not text.startswith(piece, here):
                return False
            here += length
        return anything or tail(text[here:])

    return begin, matches


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
