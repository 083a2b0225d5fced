"""Rules on Action and NotAction."""

import re
from collections.abc import Iterator

from sekisho.advice.check.advice import Remark
from sekisho.advice.check.draft import Draft, Entry
from sekisho.advice.check.names import has_wildcard, likely, likely_service, named_actions
from sekisho.catalog.authorization import service_authorization
from sekisho.policy.words import say

_HEAD = re.compile(r"[A-Za-z]{3,}")


def check_actions(draft: Draft) -> Iterator[Remark]:
    """Names and patterns that mean no action (PE-37…PE-39)."""
    for part in draft.parts():
        for entry in part.entries("Action", "NotAction"):
            yield from _check(draft, entry)


def _check(draft: Draft, entry: Entry) -> Iterator[Remark]:
    text = entry.text
    prefix, colon, name = text.partition(":")
    if not colon:
        return
    if "${" in text:
        said = say(
            '"{}" holds a variable; there are none in actions, so that it means no action', text
        )
        yield Remark("VariableInAction", entry.steps, said)
    elif has_wildcard(prefix):
        return
    elif service_authorization(prefix) is None:
        yield _unknown_service(draft, entry, prefix, name)
    elif not _is_reached(draft, prefix):
        said = say("resource control policies do not reach {}", prefix)
        yield Remark("ServiceNotReached", entry.steps, said)
    elif has_wildcard(name):
        if named_actions(text, draft.budget) == ():
            yield _idle_pattern(draft, entry, prefix, name)
    elif not named_actions(text, draft.budget):
        yield _unknown_action(draft, entry, prefix, name)


def _is_reached(draft: Draft, prefix: str) -> bool:
    """Whether policies of this kind apply to a service at all (PE-134)."""
    service = service_authorization(prefix)
    return draft.kind.name != "rcp" or service is None or service.has_resource_control


def _unknown_service(draft: Draft, entry: Entry, prefix: str, name: str) -> Remark:
    near = likely_service(prefix, draft.budget)
    said = say('the catalog knows no service "{}"', prefix)
    if not near:
        return Remark("UnknownService", entry.steps, said)
    mend = draft.value(entry.steps, f"{near}:{name}")
    return Remark("UnknownService", entry.steps, say('{}; did you mean "{}"?', said, near), mend)


def _unknown_action(draft: Draft, entry: Entry, prefix: str, name: str) -> Remark:
    said = say('the catalog knows no action "{}" of {}', name, prefix)
    service = service_authorization(prefix)
    near = likely(name.lower(), service.actions, draft.budget) if service else ""
    if service is None or not near:
        return Remark("UnknownAction", entry.steps, said)
    meant = service.actions[near].name
    mend = draft.value(entry.steps, f"{prefix}:{meant}")
    return Remark("UnknownAction", entry.steps, say('{}; did you mean "{}"?', said, meant), mend)


def _idle_pattern(draft: Draft, entry: Entry, prefix: str, name: str) -> Remark:
    """What stands before the wildcard may be misspelled."""
    said = say('no action of {} is matched by "{}"', prefix, entry.text)
    head = _HEAD.match(name)
    service = service_authorization(prefix)
    if service is not None and head is not None:
        lengths = range(head.end() - 1, head.end() + 2)
        heads = {
            action.name[:length].lower(): action.name[:length]
            for action in service.actions.values()
            for length in lengths
        }
        near = likely(head.group().lower(), heads, draft.budget)
        meant = f"{prefix}:{heads.get(near)}{name[head.end() :]}"
        if near and named_actions(meant, draft.budget):
            mend = draft.value(entry.steps, meant)
            return Remark(
                "ActionMatchesNothing",
                entry.steps,
                say('{}; did you mean "{}"?', said, meant),
                mend,
            )
    return Remark("ActionMatchesNothing", entry.steps, said)
