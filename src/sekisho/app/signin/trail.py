"""An account's part of the audit trail, and the stories in it, each half only for whose it is.

Of a request across accounts the caller's account sees what its own side said; the resource's
account sees those alone that were let in (PE-200).
"""

import base64
import binascii
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from sekisho.advice.why import CALLERS_LAYERS, answered, headline, statement, stories, tell
from sekisho.app.signin.answers import Json, Refused, invalid, with_told
from sekisho.gate.audit import KEPT, Mark, Marks, lines_about, lines_below, top
from sekisho.policy.words import Said, printable, say

MOST_EVENTS = 200
FEWEST_EVENTS = 50
MOST_LOOKED_AT = 10_000
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
KEYS_OF_TAGS = ("resourcetag", "buckettag", "existingobjecttag")
HIDDEN = say("a condition on the resource's tags, which are not shown to you")
ROOT_NEEDS_NONE = say("the root user needs no policy in its own account")

_MARKS = re.compile("".join(rf"{re.escape(name)}:\d{{1,20}}:\d{{1,20}};" for name in sorted(KEPT)))

Line = dict[str, Any]


def list_events(directory: Path, account: str, form: Json) -> Json:
    """A page of events, newest first; short, or empty, where a filter is met seldom."""
    limit = form.get("limit", FEWEST_EVENTS)
    marks = dict(read_marks(form["next"]) if form.get("next") else top(directory))
    found: list[Json] = []
    lines = lines_below(directory, account.encode(), marks)
    for line, name, mark in islice(lines, MOST_LOOKED_AT):
        marks[name] = mark
        event = event_of(line, account)
        if event is None or not is_wanted(event, form):
            continue
        found.append(event)
        if len(found) == limit:
            break
    if next(lines, None) is None:
        return {"events": found}
    return {"events": found, "next": write_marks(marks)}


def explain_request(directory: Path, account: str, request_id: str) -> Json:
    """The story of one request. Raises Refused (404) if the account may not know of it."""
    needle = b'"request_id":' + orjson.dumps(request_id)
    for line in islice(lines_about(directory, needle), MOST_LOOKED_AT):
        if line.get("request_id") == request_id and event_of(line, account) is not None:
            return explained(line, account)
    raise Refused(404, "NotFound", say("No request of this id is on this account's audit trail."))


def explained(line: Line, account: str) -> Json:
    is_own = caller_account(line) == account
    decisions = line.get("decisions") or []
    own = list(sides(decisions, own=True, account=account)) if is_own else []
    is_here = all(decision.get("owner") == account for decision in decisions)
    other = list(sides(decisions, own=False, account=account)) if is_here else None
    if is_own and decisions and not own and not other:
        own = [ROOT_NEEDS_NONE]
    whole = is_own and is_here
    lines = (
        tell(line) if whole else [printable(headline(line)) if is_own else "", *own, *(other or [])]
    )
    answer = {
        "summary": summary(line),
        "lines": [text for text in lines if text],
        "own": own or ([] if decisions else [undecided(line)]),
        "other": other,
    }
    return with_told(answer, "summary", "lines", "own", "other")


def sides(decisions: list[Line], *, own: bool, account: str) -> Iterator[str]:
    for decision in decisions:
        is_foreign = decision.get("owner") != account
        told = stories(decision) if "story" in decision else []
        for story, lines in zip(decision.get("story", ()), told, strict=True):
            if (story["layer"] in CALLERS_LAYERS) is own:
                for text in lines:
                    yield printable(masked(text) if is_foreign else text)
        for ref in () if "story" in decision else decision.get("statements", ()):
            if (ref["layer"] in CALLERS_LAYERS) is own:
                yield printable(say("{} allows it", statement(ref, ref["policy"])))


def masked(text: str) -> str:
    """A line without the tags that a foreign resource has."""
    if not any(key in text.lower() for key in KEYS_OF_TAGS):
        return text
    head, found, _ = text.partition("condition ")
    if not found:
        return text
    match text:
        case Said(pattern="  {} {}", values=(name, Said(pattern="{}, but {}", values=(covers, _)))):
            return say("  {} {}", name, say("{}, but {}", covers, HIDDEN))
    return say("  {}", HIDDEN) if head == "  " else f"{head}{HIDDEN}"


def summary(line: Line) -> str:
    error = line.get("error")
    answer = answered(line.get("status"), error) if error else line.get("status")
    return printable(say("{} was answered {}", line.get("operation"), answer))


def undecided(line: Line) -> str:
    if line.get("error"):
        return say("It was refused before any policy was asked.")
    return say("No permission is needed for this, so no policy was asked.")


def caller_account(line: Line) -> str:
    caller = line.get("caller") or {}
    return str(caller.get("account", ""))


def event_of(line: Line, account: str) -> Json | None:
    """An event as the account may see it; None for one that is not its business."""
    own = caller_account(line) == account or line.get("account") == account
    decisions = line.get("decisions") or []
    status = line.get("status", 0)
    let_in = isinstance(status, int) and status < 400
    is_resource = let_in and any(decision.get("owner") == account for decision in decisions)
    if "request_id" not in line or not (own or is_resource):
        return None
    caller, error = line.get("caller") or {}, line.get("error") or {}
    event: Json = {
        "requestId": line["request_id"],
        "time": line.get("time", ""),
        "operation": line.get("operation", ""),
        "status": status,
        "outcome": outcome(status, str(error.get("code", ""))),
        "account": caller_account(line),
        "principal": caller.get("arn", ""),
        "sourceIp": line.get("source_ip", "") if own else "",
        "resources": [str(decision.get("resource", "")) for decision in decisions],
    }
    if own:
        event["accessKeyId"] = caller.get("access_key_id", "")
        event["userAgent"] = line.get("user_agent", "")
    if error:
        event["errorCode"], event["errorMessage"] = error.get("code", ""), error.get("message", "")
    if "sign_in" in line:
        event["signIn"] = line["sign_in"]
    return event


def outcome(status: object, code: str) -> str:
    if isinstance(status, int) and status < 400:
        return "allowed"
    return "denied" if code in DENIED or status in (401, 403) else "failed"


def is_wanted(event: Json, form: Json) -> bool:
    if "from" in form and event["time"] < form["from"]:
        return False
    if "to" in form and event["time"] > form["to"]:
        return False
    if form.get("principal", "").lower() not in event["principal"].lower():
        return False
    if form.get("action", "").lower() not in event["operation"].lower():
        return False
    return "outcome" not in form or event["outcome"] == form["outcome"]


def write_marks(marks: Marks) -> str:
    text = "".join(f"{name}:{mark.inode}:{mark.offset};" for name, mark in sorted(marks.items()))
    return base64.urlsafe_b64encode(text.encode()).decode()


def read_marks(text: str) -> Marks:
    """Where the page before ended: a place in the files, and no secret. Raises Refused (400)."""
    try:
        written = base64.b64decode(text, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        written = ""
    if _MARKS.fullmatch(written) is None:
        raise invalid("next", say("next is no marker of a page."))
    parts = (each.split(":") for each in written.split(";") if each)
    return {name: Mark(int(inode), int(offset)) for name, inode, offset in parts}
