"""What would have to change for a request to be allowed, and on whose side.

Everything that stands in its way is named at once, so that nobody mends one policy to be refused by
the next. Nothing here says that it *should* be allowed.
"""

from collections.abc import Iterable, Iterator

from sekisho.model.principal import Principal, PrincipalKind
from sekisho.policy.decision import StatementRef
from sekisho.policy.evidence import has_own_side
from sekisho.policy.near_miss import Miss
from sekisho.policy.principals import Grant
from sekisho.policy.question import Layer, Question
from sekisho.policy.stories import LayerStory, StatementStory, statement_name
from sekisho.policy.words import shortened

MOST_REMEDIES = 10
RAILS = (Layer.RCP, Layer.SCP, Layer.ENDPOINT)
LIMITS = (Layer.BOUNDARY, Layer.SESSION)
NAMED = (Layer.RESOURCE, Layer.TRUST)  # whose Allow names the caller
# How near a statement came, by the element that failed.
NEARNESS = ("Action", "NotAction", "Principal", "NotPrincipal", "Resource", "NotResource")


def remedies(
    question: Question, layers: tuple[LayerStory, ...], requires_resource_allow: bool
) -> tuple[str, ...]:
    """One for each thing in the way, such as ``account 1…: …``; at most 10, none if allowed."""
    lines = [
        *_against_denies(question, layers),
        *_for_allows(question, wanting(question, layers, requires_resource_allow)),
    ]
    return tuple(lines[:MOST_REMEDIES])


def _against_denies(question: Question, layers: Iterable[LayerStory]) -> Iterator[str]:
    for story in layers:
        for one in story.striking:
            way = f"{_side(question, story)}: remove or narrow {statement_name(one.ref)}"
            if one.conditional:
                way += "; or the caller: make one of its conditions fail"
            yield way


def wanting(
    question: Question, layers: tuple[LayerStory, ...], requires_resource_allow: bool
) -> Iterator[LayerStory]:
    """The layers whose Allow is needed and missing: each of them, and no other (PE-143)."""
    yield from (story for story in layers if story.layer in RAILS and not story.allowing)
    (theirs,) = (story for story in layers if story.layer in (Layer.RESOURCE, Layer.TRUST))
    granted = theirs.allowing[0].grant if theirs.allowing else Grant.NONE
    within = question.principal.account == question.owner
    if not has_own_side(question):
        if granted is Grant.NONE:
            yield theirs
        return
    if within and granted is Grant.DIRECT:
        return
    own = [story for story in layers if story.layer is Layer.IDENTITY and not story.allowing]
    is_root = question.principal.kind is PrincipalKind.ROOT
    if not is_root and not (within and granted is Grant.LIMITED):
        yield from own
    if granted is Grant.NONE and (requires_resource_allow or not within):
        yield theirs
    if not is_root:
        yield from (story for story in layers if story.layer in LIMITS and not story.allowing)


def _for_allows(question: Question, silent: Iterable[LayerStory]) -> Iterator[str]:
    for story in silent:
        side, nearest = _side(question, story), _nearest(story)
        if nearest is None or nearest.miss is None:
            yield f"{side}: {_addition(question, story)}"
        elif nearest.miss.way:
            yield f"{side}: {nearest.miss.way} {statement_name(nearest.ref)}"
        elif nearest.miss.element == "Condition":
            condition = f"the condition on {shortened(nearest.miss.key)}"
            name = statement_name(nearest.ref)
            yield f"the caller: meet {condition} of {name}; or {side}: change it"
        else:
            yield f"{side}: {_amendment(question, nearest.ref, nearest.miss)}"


def _side(question: Question, story: LayerStory) -> str:
    """Who can change the policies of this layer."""
    own, other = f"account {question.principal.account}", f"account {question.owner}"
    match story.layer:
        case Layer.RESOURCE | Layer.TRUST:
            return other
        case Layer.SCP:
            return f"organization of {own}"
        case Layer.RCP:
            return f"organization of {other}"
        case Layer.ENDPOINT:
            return "owner of the VPC endpoint"
        case Layer.SESSION:
            return "whoever makes the session"
    return own


def _nearest(story: LayerStory) -> StatementStory | None:
    """The Allow that came nearest, if any looks as if it were meant for this."""
    near = [one for one in story.statements if one.allows and one.miss and one.miss.near]
    return max(near, key=_nearness, default=None)


def _nearness(one: StatementStory) -> int:
    element = "" if one.miss is None else one.miss.element
    return NEARNESS.index(element) if element in NEARNESS else len(NEARNESS)


def _amendment(question: Question, ref: StatementRef, miss: Miss) -> str:
    name, resource = statement_name(ref), shortened(question.resource)
    match miss.element:
        case "Resource":
            return f"add {resource} to Resource of {name}"
        case "NotResource":
            return f"take {resource} out of NotResource of {name}"
        case "Action":
            return f"add {shortened(question.action)} to Action of {name}"
        case "NotAction":
            return f"let another statement allow {shortened(question.action)}; {name} leaves it out"
        case "NotPrincipal":
            return f"take {_name_of(question.principal)} out of NotPrincipal of {name}"
    return f"add {_name_of(question.principal)} to Principal of {name}"


def _addition(question: Question, story: LayerStory) -> str:
    action, layer = shortened(question.action), story.layer
    what = action if layer is Layer.TRUST else f"{action} on {shortened(question.resource)}"
    if layer is Layer.SESSION and story.absent:
        return f"pass a session policy that allows {what}"
    whom = f" to {_name_of(question.principal)}" if layer in NAMED else ""
    return f"allow {what}{whom} in the {story.title}"


def _name_of(principal: Principal) -> str:
    """As a Principal element names them; a session by its role."""
    if principal.kind is PrincipalKind.ANONYMOUS:
        return "everyone"
    return shortened(principal.policy_arn or principal.name)
