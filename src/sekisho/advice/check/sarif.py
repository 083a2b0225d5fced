"""Advice in SARIF 2.1.0, which code hosts and editors show beside the lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sekisho.advice.check.advice import Advice, Mend, Severity
from sekisho.advice.check.codes import CODES
from sekisho.policy.syntax import place

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {
    Severity.ERROR: "error",
    Severity.SECURITY: "warning",
    Severity.WARNING: "warning",
    Severity.SUGGESTION: "note",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was looked at: how it was named, what it holds, and what there is to say.

    part: which of the file's policies this is; its text is then not the file's. Else empty.
    """

    name: str
    text: str
    advice: Sequence[Advice]
    part: str = ""


def as_sarif(checked: Iterable[Checked], version: str) -> dict[str, Any]:
    """One run over these files. version: of the program."""
    rules = [
        {
            "id": code.name,
            "shortDescription": {"text": code.means},
            "fullDescription": {"text": code.why},
            "defaultConfiguration": {"level": LEVELS[code.severity]},
            "properties": {"tags": _tags(code.noun, code.severity)},
        }
        for code in CODES.values()
    ]
    driver = {"name": "sekisho policy check", "version": version, "rules": rules}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(file, each) for file in checked for each in file.advice],
            }
        ],
    }


def _tags(noun: str, severity: Severity) -> list[str]:
    return [noun, "security"] if severity is Severity.SECURITY else [noun]


def _result(file: Checked, advice: Advice) -> dict[str, Any]:
    artifact = {"uri": "stdin" if file.name == "-" else quote(file.name)}
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if not file.part:
        physical["region"] = _region(file.text, advice.start, advice.end)
    logical = ": ".join(filter(None, (file.part, advice.path or "document")))
    result: dict[str, Any] = {
        "ruleId": advice.code,
        "ruleIndex": list(CODES).index(advice.code),
        "level": LEVELS[advice.severity],
        "message": {"text": f"{advice.message}. {advice.why}"},
        "locations": [
            {
                "physicalLocation": physical,
                "logicalLocations": [{"fullyQualifiedName": logical}],
            }
        ],
    }
    if advice.mend is not None and not file.part:
        result["fixes"] = [_fix(file.text, artifact, advice.mend)]
    return result


def _region(text: str, start: int, end: int) -> dict[str, int]:
    line, column = place(text, start)
    last_line, last_column = place(text, end)
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": last_line,
        "endColumn": last_column,
    }


def _fix(text: str, artifact: dict[str, str], mend: Mend) -> dict[str, Any]:
    replacement = {
        "deletedRegion": _region(text, mend.start, mend.end),
        "insertedContent": {"text": mend.text},
    }
    return {"artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}]}
