"""Why a request was answered as it was, in plain words, from its line of the audit trail.

What is told is what was so when the request was decided; policies may have changed since.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sekisho.access import report
from sekisho.policy.words import folded, printable, say

# Words, as the trail has them.
CALLERS_LAYERS = frozenset(layer.word for layer in report.CALLERS_LAYERS)

MOST_OTHERS = 20

Line = Mapping[str, Any]


def tell(line: Line) -> list[str]:
    """A line of the audit trail as lines that a person reads."""
    return [printable(text) for text in story_of(line)]


def story_of(line: Line) -> list[str]:
    told = [headline(line)]
    if "error" in line:
        error = line["error"]
        told.append(say("answered {}", answered(line.get("status"), error)))
    else:
        told.append(say("answered {}", line.get("status")))
    decisions = line.get("decisions")
    if decisions is None:
        told.append(undecided(line))
        return told
    if not decisions:
        told.append(say("No permission is needed for this, so no policy was asked."))
    for decision in decisions:
        told += ["", *tell_decision(decision, line["caller"])]
    return told


def headline(line: Line) -> str:
    caller = line.get("caller")
    who = (caller["arn"] or say("an anonymous caller")) if caller else say("an unidentified caller")
    return say(
        "{}  {} by {} from {}  (request {})",
        line.get("time"),
        line.get("operation"),
        who,
        line.get("source_ip"),
        line.get("request_id"),
    )


def answered(status: object, error: Line) -> str:
    """An error in one line; AWS's words, and so the same in every language."""
    return f"{status} {error['code']}: {error['message']}".rstrip(": ")


def undecided(line: Line) -> str:
    if "caller" not in line:
        return say(
            "It was refused before any policy was asked: the caller was not authenticated, or the"
            " request could not be read."
        )
    return say("The caller was authenticated; it was refused before any policy was asked.")


def tell_decision(decision: Line, caller: Line) -> list[str]:
    """One decision, the caller's side and the resource's side apart."""
    asked = say("{} on {}", decision["action"], decision["resource"])
    outcome = {
        "allowed": say("allowed"),
        "explicitDeny": say("denied explicitly"),
        "implicitDeny": say("denied, since something that is needed does not allow it"),
    }[decision["decision"]]
    told = [say("{}: {}", asked, outcome), *others(decision)]
    own, other = caller["account"], decision["owner"]
    if "story" in decision:
        layers = [
            (story["layer"], lines)
            for story, lines in zip(decision["story"], stories(decision), strict=True)
        ]
    else:
        layers = [(ref["layer"], [allowing(ref)]) for ref in decision["statements"]]
    if not layers:
        told.append(say("  The root user of {} needs no policy in its own account.", own))
    told += side(say("The caller's side (account {})", own), layers, callers=True)
    told += side(say("The resource's side (account {})", other), layers, callers=False)
    if own != other and "story" in decision:
        told.append(say("  These are two accounts: both sides must allow it."))
    remedies = remedies_of(decision)
    if remedies:
        told += [say("  To allow it:"), *(say("    {}", remedy) for remedy in remedies)]
    return told


def stories(decision: Line) -> list[list[str]]:
    """The lines of each layer of a denial."""
    plain = [story["lines"] for story in decision["story"]]
    return [list(map(folded, lines)) for lines in decision.get("told", {}).get("story", plain)]


def remedies_of(decision: Line) -> list[str]:
    plain = decision.get("remedies", [])
    return list(map(folded, decision.get("told", {}).get("remedies", plain)))


def others(decision: Line) -> list[str]:
    """The resources of which the same was decided."""
    also: list[str] = decision.get("also", [])
    left = max(0, len(also) - MOST_OTHERS) + decision.get("more", 0)
    shown: list[str] = [say("  so also {}", resource) for resource in also[:MOST_OTHERS]]
    return [*shown, say("  … and {} more", left)] if left else shown


def allowing(ref: Line) -> str:
    policy = say("{} of {}", ref["policy"], ref["of"])
    return say("{} allows it", statement(ref, policy))


def statement(ref: Line, policy: str) -> str:
    if ref["sid"]:
        return say('statement {} "{}" of {}', ref["statement"], ref["sid"], policy)
    return say("statement {} of {}", ref["statement"], policy)


def side(title: str, layers: Iterable[tuple[str, list[str]]], callers: bool) -> list[str]:
    lines: list[str] = [
        say("    {}", text)
        for layer, texts in layers
        if (layer in CALLERS_LAYERS) is callers
        for text in texts
    ]
    return [say("  {}:", title), *lines] if lines else []
