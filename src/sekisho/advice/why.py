"""Why a request was answered as it was, in plain words, from its line of the audit trail.

What is told is what was so when the request was decided; policies may have changed since.
"""

from collections.abc import Iterable, Mapping
from typing import Any

CALLERS_LAYERS = frozenset(
    {
        "identity-based policy",
        "permissions boundary",
        "session policy",
        "service control policy",
        "VPC endpoint policy",
    }
)

MOST_OTHERS = 20

Line = Mapping[str, Any]


def tell(line: Line) -> list[str]:
    """A line of the audit trail as lines that a person reads."""
    return [inert(text) for text in story_of(line)]


def story_of(line: Line) -> list[str]:
    told = [headline(line)]
    if "error" in line:
        error = line["error"]
        told.append(
            f"answered {line.get('status')} {error['code']}: {error['message']}".rstrip(": ")
        )
    else:
        told.append(f"answered {line.get('status')}")
    decisions = line.get("decisions")
    if decisions is None:
        told.append(undecided(line))
        return told
    if not decisions:
        told.append("No permission is needed for this, so no policy was asked.")
    for decision in decisions:
        told += ["", *tell_decision(decision, line["caller"])]
    return told


def inert(text: str) -> str:
    """A line without characters that would move a terminal's cursor; clients chose some of them."""
    return "".join([letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text])


def headline(line: Line) -> str:
    caller = line.get("caller")
    who = (caller["arn"] or "an anonymous caller") if caller else "an unidentified caller"
    return (
        f"{line.get('time')}  {line.get('operation')} by {who} from {line.get('source_ip')}"
        f"  (request {line.get('request_id')})"
    )


def undecided(line: Line) -> str:
    if "caller" not in line:
        return (
            "It was refused before any policy was asked: the caller was not authenticated, or the"
            " request could not be read."
        )
    return "The caller was authenticated; it was refused before any policy was asked."


def tell_decision(decision: Line, caller: Line) -> list[str]:
    """One decision, the caller's side and the resource's side apart."""
    asked = f"{decision['action']} on {decision['resource']}"
    outcome = {
        "allowed": "allowed",
        "explicitDeny": "denied explicitly",
        "implicitDeny": "denied, since something that is needed does not allow it",
    }[decision["decision"]]
    told = [f"{asked}: {outcome}", *others(decision)]
    own, other = caller["account"], decision["owner"]
    if "story" in decision:
        layers = [(story["layer"], story["lines"]) for story in decision["story"]]
    else:
        layers = [(ref["layer"], [allowing(ref)]) for ref in decision["statements"]]
    if not layers:
        told.append(f"  The root user of {own} needs no policy in its own account.")
    told += side(f"The caller's side (account {own})", layers, callers=True)
    told += side(f"The resource's side (account {other})", layers, callers=False)
    if own != other and "story" in decision:
        told.append("  These are two accounts: both sides must allow it.")
    remedies = decision.get("remedies", ())
    if remedies:
        told += ["  To allow it:", *(f"    {remedy}" for remedy in remedies)]
    return told


def others(decision: Line) -> list[str]:
    """The resources of which the same was decided."""
    also: list[str] = decision.get("also", [])
    left = max(0, len(also) - MOST_OTHERS) + decision.get("more", 0)
    shown = [f"  so also {resource}" for resource in also[:MOST_OTHERS]]
    return [*shown, f"  … and {left} more"] if left else shown


def allowing(ref: Line) -> str:
    sid = f' "{ref["sid"]}"' if ref["sid"] else ""
    return f"statement {ref['statement']}{sid} of {ref['policy']} of {ref['of']} allows it"


def side(title: str, layers: Iterable[tuple[str, list[str]]], callers: bool) -> list[str]:
    lines = [
        f"    {text}"
        for layer, texts in layers
        if (layer in CALLERS_LAYERS) is callers
        for text in texts
    ]
    return [f"  {title}:", *lines] if lines else []
