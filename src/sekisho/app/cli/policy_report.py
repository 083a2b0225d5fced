"""What `sekisho policy check` prints: as a compiler does for people, as JSON for programs."""

from collections.abc import Iterator
from typing import Any

import click

from sekisho.advice.check import Advice, Kind, Severity
from sekisho.advice.check.sarif import Checked
from sekisho.policy.words import printable

WIDEST = 100
COLOURS = {
    Severity.ERROR: "red",
    Severity.SECURITY: "magenta",
    Severity.WARNING: "yellow",
    Severity.SUGGESTION: "cyan",
}


def lines_of(file: Checked) -> Iterator[str]:
    """The advice on a file, each with its line and a caret; colours are left out by click where
    they do not belong.
    """
    name = shown_part(file)
    for each in file.advice:
        label = click.style(
            f"{each.severity.value}[{each.code}]", COLOURS[each.severity], bold=True
        )
        place = click.style(f"{name}:{each.line}:{each.column}:", bold=True)
        yield f"{place} {label}: {printable(each.message)}"
        yield from _excerpt(file.text, each)
        if each.path:
            yield f"      = at {printable(each.path)}"
        yield f"      = why: {each.why}"
        if each.mend is not None:
            yield f"      = instead: {printable(_mended(file.text, each))}"
        yield ""


def shown_part(file: Checked) -> str:
    """A file's name, and which of its policies is meant, without what would move the cursor."""
    name = "<stdin>" if file.name == "-" else file.name
    return printable(f"{name} ({file.part})" if file.part else name)


def _excerpt(text: str, advice: Advice) -> Iterator[str]:
    """The line, or a window of it around the place, and what is meant underlined."""
    first = advice.start - (advice.column - 1)
    end = text.find("\n", first)
    line = text[first : end if end >= 0 else len(text)].rstrip("\r")
    at = min(advice.column - 1, len(line))
    length = max(1, min(advice.end - advice.start, len(line) - at))
    left = max(0, at - WIDEST // 3) if len(line) > WIDEST else 0
    shown = line[left : left + WIDEST]
    length = max(1, min(length, len(shown) - (at - left)))
    # Letters that would move the cursor take several columns, so they are counted as shown.
    before, under = printable(shown[: at - left].replace("\t", " ")), shown[at - left :][:length]
    caret = click.style("^" * max(1, len(printable(under))), COLOURS[advice.severity], bold=True)
    number = str(advice.line)
    yield f"{number:>4} | {printable(shown.replace(chr(9), ' '))}"
    yield f"     | {' ' * len(before)}{caret}"


def _mended(text: str, advice: Advice) -> str:
    """The mend as one line of what it makes."""
    mend = advice.mend
    assert mend is not None
    if not mend.text:
        gone = " ".join(text[mend.start : mend.end].strip(", \t\r\n").split())
        return f"leave out {gone[:WIDEST]}"
    return mend.text if mend.end > mend.start else f"add {mend.text.strip(', ')}"


def as_data(file: Checked, kind: Kind, guessed: bool) -> dict[str, Any]:
    """A file as JSON; offsets count characters. part: which of its policies, if it holds many."""
    return {
        "file": file.name,
        "part": file.part,
        "type": kind.name,
        "guessed": guessed,
        "findings": [_finding(each) for each in file.advice],
    }


def _finding(advice: Advice) -> dict[str, Any]:
    mend = advice.mend
    return {
        "code": advice.code,
        "severity": advice.severity.value,
        "path": advice.path,
        "line": advice.line,
        "column": advice.column,
        "message": advice.message,
        "why": advice.why,
        "mend": mend and {"start": mend.start, "end": mend.end, "text": mend.text},
    }
