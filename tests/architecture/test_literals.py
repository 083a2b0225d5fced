"""Every literal of the fact sheets is in a test that cites its number.

The sheets are not in the repository; modules beside this one have their words. A test has a
literal if the text is in it, in its parameters, or in what it uses of its module; it cites a number
in its own text or in its module's docstring, ranges such as W-144…W-146 included.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import sekisho
from architecture.literals_of_organizations import CONSOLE, ORGANIZATIONS
from architecture.literals_of_policies import POLICIES
from architecture.literals_of_s3 import S3
from architecture.literals_of_the_wire import NOT_HERE, WIRE

LITERALS = {**WIRE, **POLICIES, **S3, **ORGANIZATIONS, **CONSOLE}
TESTS = Path(__file__).parent.parent
CITED = re.compile(r"(W|PE)-(\d+)(?:(?:…|\.\.\.?)(?:W-|PE-)?(\d+))?")
Proof = tuple[frozenset[str], str]  # the numbers that a test cites, and all its texts in lines


def numbers(text: str) -> Iterator[str]:
    for kind, first, last in CITED.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield f"{kind}-{number}"


def spoken(node: ast.AST) -> str:
    """The texts in a piece of code, a line each; what is put into them is ``{}``."""
    return "\n".join(text for each in ast.walk(node) if (text := text_of(each)) is not None)


def text_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "{}" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = text_of(node.left), text_of(node.right)
        return None if left is None and right is None else (left or "{}") + (right or "{}")
    return None


def used(node: ast.AST, parts: dict[str, ast.stmt], seen: set[str]) -> Iterator[ast.AST]:
    """A piece of code, and what it uses of its module, directly or not."""
    yield node
    for each in ast.walk(node):
        if isinstance(each, ast.Name | ast.arg):
            name = each.id if isinstance(each, ast.Name) else each.arg
            if name in parts and name not in seen:
                seen.add(name)
                yield from used(parts[name], parts, seen)


def named(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        for each in ast.walk(statement):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                yield each.id


@cache
def proofs() -> list[Proof]:
    return [proof for path in sorted(TESTS.rglob("*.py")) for proof in proofs_in(path)]


def proofs_in(path: Path) -> Iterator[Proof]:
    text = path.read_text()
    module, lines = ast.parse(text), text.splitlines()
    parts = {name: part for part in module.body for name in named(part)}
    general = set(numbers(ast.get_docstring(module) or ""))
    for test in module.body:
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            pieces = list(used(test, parts, {test.name}))
            own = "\n".join(
                line for piece in pieces for line in lines[first_line(piece) - 1 : last_line(piece)]
            )
            yield frozenset(general | set(numbers(own))), "\n".join(map(spoken, pieces))


def first_line(node: ast.AST) -> int:
    decorators = getattr(node, "decorator_list", [])
    line: int = min([node.lineno, *(one.lineno for one in decorators)])  # type: ignore[attr-defined]
    return line - 1 if line > 1 else line  # a comment above may cite


def last_line(node: ast.AST) -> int:
    line: int = node.end_lineno  # type: ignore[attr-defined]
    return line


def found_in(literal: str) -> re.Pattern[str]:
    """What a literal looks like in a test: ``…`` is whatever was put in."""
    return re.compile(".*".join(map(re.escape, literal.split("…"))))


@pytest.mark.parametrize("number", LITERALS)
def test_every_literal_is_in_a_test_that_cites_it(number: str) -> None:
    texts = [told for cited, told in proofs() if number in cited]
    missing = [
        literal
        for literal in LITERALS[number]
        if not any(found_in(literal).search(text) for text in texts)
    ]
    assert missing == [], f"{number}: {len(texts)} tests cite it"


@pytest.mark.parametrize("literal", NOT_HERE)
def test_what_cannot_happen_here_is_said_nowhere(literal: str) -> None:
    source = Path(sekisho.__file__).parent
    saying = [path for path in source.rglob("*.py") if literal in path.read_text()]
    assert saying == []
