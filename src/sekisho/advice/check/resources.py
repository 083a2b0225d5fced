"""Rules on Resource: what the actions of a statement are done on (PE-43…PE-48)."""

import re
from collections.abc import Iterator

from sekisho.advice.check.advice import Mend, Remark
from sekisho.advice.check.draft import Budget, Draft, Entry, Part
from sekisho.advice.check.names import known_actions, likely, named_actions
from sekisho.advice.check.overlap import can_meet, opened
from sekisho.catalog.authorization import Action, ResourceType, service_authorization
from sekisho.policy.resources import PARTS
from sekisho.policy.words import say, together

# Services that hold actions without resources against "*" itself (PE-48); others have been seen
# to hold them against an ARN that is not documented.
STRICT = frozenset({"ec2", "s3", "sts"})
_KIND = re.compile(r"[a-z][a-z-]+(?=[/:])")
BUCKET = "arn:*:s3:::*"
# A service whose ARNs are taken under its old name and under its new one.
RENAMED = (":codestar-connections:", ":codeconnections:")


def check_resources(draft: Draft) -> Iterator[Remark]:
    """Resources that no action is done on, and actions that none of the resources is for."""
    for part in draft.parts():
        for entry in part.entries("Resource", "NotResource"):
            yield from _check_form(draft, entry)
        entries = part.entries("Resource")
        if not entries or any(entry.text.strip("*") == "" for entry in entries):
            continue
        if all(entry.text.startswith("arn:") for entry in entries):
            yield from _check_reach(draft, part, entries)


def _check_form(draft: Draft, entry: Entry) -> Iterator[Remark]:
    text = entry.text
    if text.strip("*") == "" and text:
        return
    if not text.startswith("arn:"):
        said = say('"{}" is neither "*" nor an ARN, so that it is no resource', text)
        yield Remark("MalformedResource", entry.steps, said)
    elif text.count(":") < PARTS - 1:
        whole = ":".join((text, *["*"] * (PARTS - 1 - text.count(":"))))
        said = say(
            '"{}" has fewer than six parts; what is missing counts as "*", or as a fault', text
        )
        yield Remark("ShortArn", entry.steps, said, draft.value(entry.steps, whole))


def _check_reach(draft: Draft, part: Part, entries: tuple[Entry, ...]) -> Iterator[Remark]:
    actions = known_actions(part, draft.budget)
    if actions is None:
        return
    types = {id(each.type): each.type for action in actions for each in action.resources}
    # What actions that know only "*" are held against differs; they may be done on any.
    loose = {action.service for action in actions if not action.resources}
    reached = set[int]()
    for entry in entries:
        meeting = {key for key, kind in types.items() if reaches(entry.text, kind, draft.budget)}
        reached |= meeting
        if not (meeting or draft.budget.is_spent or _service_of(entry.text) in loose):
            yield _idle_resource(draft, entry, actions)
    if not (reached or loose):
        return  # what is wrong was told of the resources
    wide = {_service_of(entry.text) for entry in entries if _is_wide(entry.text)}
    for entry in part.entries("Action"):
        meant = named_actions(entry.text, draft.budget)
        if meant and not draft.budget.is_spent:
            yield from _check_action(entry, meant, reached, wide)


def _check_action(
    entry: Entry, meant: tuple[Action, ...], reached: set[int], wide: set[str]
) -> Iterator[Remark]:
    """Whether any of the actions that an entry means is done on what Resource lists."""
    forms = {id(each.type): each.type.arn for action in meant for each in action.resources}
    if not forms.keys().isdisjoint(reached):
        return
    if all(action.resources for action in meant):
        shown = together("{} or {}", sorted(set(forms.values()))[:3])
        said = say("{} is done on {}, of which Resource lists none", entry.text, shown)
        yield Remark("ActionWithoutResource", entry.steps, said)
    elif not forms and meant[0].service not in wide:
        said = say('{} is done on no resource of its own: Resource has to list "*"', entry.text)
        code = "ActionNeedsStar" if meant[0].service in STRICT else "ActionMayNeedStar"
        yield Remark(code, entry.steps, said)


def _service_of(resource: str) -> str:
    return "".join(resource.split(":", PARTS - 1)[2:3])


def _is_wide(resource: str) -> bool:
    """Whether the last part of an ARN may be anything at its beginning."""
    parts = resource.split(":", PARTS - 1)
    return len(parts) < PARTS or parts[-1].startswith("*")


def reaches(resource: str, kind: ResourceType, budget: Budget) -> bool:
    """Whether an entry of Resource may match a resource of this type; yes where it is not told."""
    if not budget.take(len(resource) + len(kind.arn)):
        return True
    if kind.arn == BUCKET and resource.count(":") >= PARTS - 1:
        # The names of buckets hold no slash, whereas most placeholders stand for whole paths.
        name = opened(resource.split(":", PARTS - 1)[-1])
        return "/" not in name and can_meet(resource, BUCKET)
    return can_meet(resource.replace(*RENAMED), kind.arn.replace(*RENAMED))


def _idle_resource(draft: Draft, entry: Entry, actions: tuple[Action, ...]) -> Remark:
    prefixes = sorted({action.service for action in actions})
    known = any(
        reaches(entry.text, kind, draft.budget)
        for prefix in prefixes
        if (service := service_authorization(prefix))
        for kind in service.resources.values()
    )
    if known:
        said = say("none of the statement's actions is done on {}", entry.text)
        mend = _other_form(draft, entry, actions)
        return Remark("ResourceWithoutAction", entry.steps, said, mend)
    said = say(
        "{} know no resource of the form {}", together("{} and {}", prefixes[:3]), entry.text
    )
    if len(prefixes) == 1:
        said = say("{} knows no resource of the form {}", prefixes[0], entry.text)
    meant = _likely_form(draft, entry, actions)
    if not meant:
        return Remark("UnknownResourceType", entry.steps, said)
    mend = draft.value(entry.steps, meant)
    return Remark(
        "UnknownResourceType", entry.steps, say('{}; did you mean "{}"?', said, meant), mend
    )


def _likely_form(draft: Draft, entry: Entry, actions: tuple[Action, ...]) -> str:
    """The same ARN with another kind of resource, one of the actions'; empty if none is near."""
    *head, tail = entry.text.split(":", PARTS - 1)
    kind = _KIND.match(tail)
    if kind is None or len(head) < PARTS - 1:
        return ""
    forms = {each.type.arn.split(":", PARTS - 1)[-1] for act in actions for each in act.resources}
    kinds = [found.group() for form in sorted(forms) if (found := _KIND.match(form))]
    near = likely(kind.group(), kinds, draft.budget)
    meant = ":".join((*head, near + tail[kind.end() :]))
    types = (each.type for action in actions for each in action.resources)
    fits = near and any(reaches(meant, each, draft.budget) for each in types)
    return meant if fits else ""


def _other_form(draft: Draft, entry: Entry, actions: tuple[Action, ...]) -> Mend | None:
    """A bucket for its objects, or objects for their bucket, where the actions fit that."""
    bucket, slash, _ = entry.text.partition("/")
    if not entry.text.startswith("arn:aws:s3:::"):
        return None
    other = bucket if slash else f"{bucket}/*"
    done = (each.type for action in actions for each in action.resources)
    fits = any(reaches(other, kind, draft.budget) for kind in done)
    return draft.value(entry.steps, other) if fits else None
