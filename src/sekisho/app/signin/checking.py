"""What there is to say about a policy that is being written, as the console's editor shows it."""

from sekisho.advice.check import KINDS, Severity, check
from sekisho.advice.check.advice import Advice
from sekisho.app.signin.answers import Json, with_told
from sekisho.policy.syntax import place
from sekisho.policy.words import say

SEVERITIES = {Severity.SECURITY: "security"}


def findings(text: str, kind: str, account: str) -> list[Json]:
    """kind: of policy, as the description has it. account: the reader's own."""
    return [finding(text, advice) for advice in check(text, KINDS[kind], account)]


def finding(text: str, advice: Advice) -> Json:
    end_line, end_column = place(text, max(advice.start, advice.end))
    shown: Json = {
        "code": advice.code,
        "severity": SEVERITIES.get(advice.severity, advice.severity.value),
        "message": advice.message,
        "why": say(advice.why),
        "line": advice.line,
        "column": advice.column,
        "endLine": end_line,
        "endColumn": end_column,
        "path": advice.path,
    }
    if advice.mend is not None:
        shown["instead"] = advice.mend.apply(text)
    return with_told(shown, "message", "why")
