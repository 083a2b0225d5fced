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
from sekisho.policy.words import say, shortened

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
            way = say("{}: remove or narrow {}", _side(question, story), statement_name(one.ref))
            if one.conditional:
                way = say("{}; or the caller: make one of its conditions fail", way)
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
        if nearest is None:
            yield say("{}: {}", side, _addition(question, story))
            continue
        for miss in nearest.misses:
            yield _mending(question, side, nearest.ref, miss)


def _mending(question: Question, side: str, ref: StatementRef, miss: Miss) -> str:
    name = statement_name(ref)
    if miss.way:
        return say("{}: {} {}", side, miss.way, name)
    if miss.element == "Condition":
        condition = say("the condition on {}", shortened(miss.key))
        return say("the caller: meet {} of {}; or {}: change it", condition, name, side)
    return say("{}: {}", side, _amendment(question, name, miss))


def _side(question: Question, story: LayerStory) -> str:
    """Who can change the policies of this layer."""
    own, other = say("account {}", question.principal.account), say("account {}", question.owner)
    match story.layer:
        case Layer.RESOURCE | Layer.TRUST:
            return other
        case Layer.SCP:
            return say("organization of {}", own)
        case Layer.RCP:
            return say("organization of {}", other)
        case Layer.ENDPOINT:
            return say("owner of the VPC endpoint")
        case Layer.SESSION:
            return say("whoever makes the session")
    return own


def _nearest(story: LayerStory) -> StatementStory | None:
    """The Allow that came nearest, if any looks as if it were meant for this.

    One that lacks more than conditions and one element is not, as widening several would let in
    what nobody asked about.
    """
    near = [
        one for one in story.statements if one.allows and one.miss and one.miss.near and _few(one)
    ]
    return max(near, key=_nearness, default=None)


def _few(one: StatementStory) -> bool:
    return sum(miss.element != "Condition" for miss in one.misses) <= 1


def _nearness(one: StatementStory) -> tuple[int, int]:
    element = "" if one.miss is None else one.miss.element
    place = NEARNESS.index(element) if element in NEARNESS else len(NEARNESS)
    return place, -len(one.misses)


def _amendment(question: Question, name: str, miss: Miss) -> str:
    action, resource = shortened(question.action), shortened(question.resource)
    match miss.element:
        case "Resource":
            return say("add {} to Resource of {}", resource, name)
        case "Action":
            return say("add {} to Action of {}", action, name)
        case "NotAction":
            return say("let another statement allow {}; {} leaves it out", action, name)
        case "NotResource" | "NotPrincipal":
            what = say("{} on {}", action, resource)
            return say("let another statement allow {}; {} leaves it out", what, name)
    return say("add {} to Principal of {}", _name_of(question.principal), name)


def _addition(question: Question, story: LayerStory) -> str:
    action, layer = shortened(question.action), story.layer
    what = action if layer is Layer.TRUST else say("{} on {}", action, shortened(question.resource))
    if layer is Layer.TRUST and story.empty:
        role, name = shortened(question.resource), _name_of(question.principal)
        return say(
            "make the role {} and allow {} to {} in its trust policy; or the caller: name a role"
            " that exists, with its account, path and name as they are",
            role,
            what,
            name,
        )
    if layer is Layer.SESSION and story.absent:
        return say("pass a session policy that allows {}", what)
    if layer in NAMED:
        return say("allow {} to {} in the {}", what, _name_of(question.principal), story.title)
    return say("allow {} in the {}", what, story.title)


def _name_of(principal: Principal) -> str:
    """As a Principal element names them; a session by its role."""
    if principal.kind is PrincipalKind.ANONYMOUS:
        return say("everyone")
    return shortened(principal.policy_arn or principal.name)
