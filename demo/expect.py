"""What AWS would answer: expectations that an answer is held against."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from demo.cli import Answer

Wanted = str | re.Pattern[str] | Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Expectation:
    """wanted: in words. differs: what was seen instead; None if the answer is as wanted."""

    wanted: str
    differs: Callable[[Answer], str | None]


def complaint(answer: Answer) -> str:
    return answer.error or f"exit {answer.exit}, nothing on stderr"


def succeeds() -> Expectation:
    return Expectation("success", lambda answer: None if answer.exit == 0 else complaint(answer))


def shows(values: Mapping[str, Wanted]) -> Expectation:
    """Success, with these values at these dotted paths of the JSON answer."""

    def differs(answer: Answer) -> str | None:
        if answer.exit != 0:
            return complaint(answer)
        for path, wanted in values.items():
            found = answer.look(path)
            if not agrees(found, wanted):
                return f"{path} = {found!r}"
        return None

    said = ", ".join(f"{path} = {in_words(wanted)}" for path, wanted in values.items())
    return Expectation(said, differs)


def agrees(found: Any, wanted: Wanted) -> bool:
    if isinstance(wanted, re.Pattern):
        return isinstance(found, str) and wanted.fullmatch(found) is not None
    if callable(wanted):
        return wanted(found)
    return bool(found == wanted)


def in_words(wanted: Wanted) -> str:
    if isinstance(wanted, re.Pattern):
        return wanted.pattern
    if callable(wanted):
        return wanted.__doc__ or wanted.__name__
    return wanted


def prints(text: str) -> Expectation:
    """Success, with this text somewhere on stdout."""

    def differs(answer: Answer) -> str | None:
        if answer.exit != 0:
            return complaint(answer)
        return None if text in answer.stdout else f"stdout {answer.stdout.strip()!r}"

    return Expectation(f"success, printing {text!r}", differs)


def complains(line: str) -> Expectation:
    """Failure, with exactly this line on stderr, to the last space."""

    def differs(answer: Answer) -> str | None:
        if answer.exit == 0:
            return "it succeeded"
        return None if answer.error == line else complaint(answer)

    return Expectation(line, differs)


def refused(code: str, operation: str, message: str, lead: str = "") -> Expectation:
    """A refusal by the service, as the CLI tells it. lead: what `aws s3 cp` prints before it."""
    told = f"An error occurred ({code}) when calling the {operation} operation: {message}"
    return complains(lead + told)


def denied(who: str, action: str, resource: str, reason: str = "") -> Expectation:
    """AccessDenied in the sentence of IAM and STS (W-144); reason: its last clause."""
    operation = "AssumeRole" if action in _ASSUMING else action.partition(":")[2]
    return refused("AccessDenied", operation, not_authorized(who, action, resource, reason))


_ASSUMING = {"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"}


def not_authorized(who: str, action: str, resource: str, reason: str = "") -> str:
    return f"User: {who} is not authorized to perform: {action} on resource: {resource}{reason}"


def nothing_allows(action: str, kind: str = "identity-based policy") -> str:
    """The clause of an implicit denial (W-145)."""
    return f" because no {kind} allows the {action} action"


def explicitly(kind: str = "an identity-based policy") -> str:
    """The clause of an explicit denial (W-146)."""
    return f" with an explicit deny in {kind}"


def replied(status: int, code: str, message: str | re.Pattern[str]) -> Expectation:
    """A refusal to a request that was signed by hand: HTTP status, code and message."""

    def differs(answer: Answer) -> str | None:
        head, _, said = answer.error.partition(": ")
        if head == f"{status} {code}" and agrees(said, message):
            return None
        return complaint(answer) if answer.exit else "it was accepted"

    return Expectation(f"{status} {code}: {in_words(message)}", differs)
