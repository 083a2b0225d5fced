"""The same answer with the whole story: what each layer said, and how near each statement came.

It asks every statement that covers the action, in order and without the search that decisions use,
and concludes for itself; that it always concludes as `decide` does is a theorem of the tests.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from sekisho.model.principal import PrincipalKind
from sekisho.policy.compile import CompiledPolicySet
from sekisho.policy.course import NOT_ALLOWED, ROOT_ALLOWED
from sekisho.policy.decision import Decision, Kind
from sekisho.policy.evidence import Evidence, has_own_side, resource_layer
from sekisho.policy.hints.resources import S3
from sekisho.policy.index import CompiledStatement
from sekisho.policy.near_miss import action_miss, misses, striking_words
from sekisho.policy.principals import Grant
from sekisho.policy.question import Layer, Question
from sekisho.policy.remedies import MOST_REMEDIES, remedies
from sekisho.policy.stories import LayerStory, StatementStory, ref_data
from sekisho.policy.telling import headline, layer_lines, reason, remedy_lines
from sekisho.policy.words import printable, say, shortened

MOST_STATEMENTS = 100
MOST_SEARCHED = 2_000  # actions of a set, for one that is nearly the action
LONGEST_ARN = 2048


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision and its reasons.

    layers: in the order in which denials are told (PE-143). remedies: what would have to change for
    a denied request to be allowed, and on whose side; all of it is needed.
    """

    question: Question
    decision: Decision
    layers: tuple[LayerStory, ...]
    remedies: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The story in plain words: the outcome, its reason, layer by layer, what to change.

        Details are set in by two spaces; no entry holds a line break.
        """
        lines = [headline(self.question, self.decision), reason(self.decision, self.layers)]
        for story in self.layers:
            lines += layer_lines(story, self.question)
        lines += remedy_lines(self.remedies)
        return [printable(line) for line in lines]

    def as_data(self) -> dict[str, object]:
        """The story as JSON can carry it; the names are kept from release to release.

        decision: ``allowed``, ``explicitDeny`` or ``implicitDeny`` (PE-144). layer: the one that
        decided. statements: those that did, each with policy, owner, index (from 0), sid.
        principal, action, resource; owner: the resource's account. layers: each with layer, title,
        verdict (``allows``, ``denies``, ``does not allow``), absent, statements, left_out: how many
        more cover the action. A layer's statement has also effect, applies and miss, which is null
        if it applies, else element, operator, key, wanted, seen, words. remedies: in words, as the
        attribute. lines: as `lines` has them.
        """
        decision, question = self.decision, self.question
        return {
            "decision": decision.kind.value,
            "allowed": decision.allowed,
            "layer": decision.layer.value,
            "statements": [ref_data(ref) for ref in decision.statements],
            "principal": printable(question.principal.arn or question.principal.name),
            "action": shortened(question.action),
            "resource": shortened(question.resource, LONGEST_ARN),
            "owner": question.owner,
            "layers": [story.as_data(MOST_STATEMENTS) for story in self.layers],
            "remedies": [printable(text) for text in self.remedies],
            "lines": self.lines(),
        }


def explain(question: Question, evidence: Evidence, *, near: bool = True) -> Explanation:
    """Answer a question as `decide` does, and say why.

    near: whether Allow statements that nearly cover the action are looked for, which takes longer
    than all else, and is in vain where no words are told.
    """
    stories = tuple(_tell(question, evidence, near))
    decision = _conclude(question, evidence, stories)
    told = remedies(question, stories, evidence.requires_resource_allow)
    return Explanation(question, decision, stories, () if decision.allowed else told)


def _tell(question: Question, evidence: Evidence, near: bool) -> Iterator[LayerStory]:
    def story(layer: Layer, title: str) -> LayerStory:
        policies = _policies(evidence, layer)
        told = _stories(question, evidence, policies, near)
        empty = policies is None or policies.layer is None
        return LayerStory(layer, title, told, empty, absent=policies is None)

    own_side = has_own_side(question)
    arn = question.principal.policy_arn
    if own_side:
        yield story(Layer.IDENTITY, say("identity policies of {}", arn))
    yield story(resource_layer(question, evidence), _resource_title(question, evidence))
    if own_side and evidence.boundary is not None:
        yield story(Layer.BOUNDARY, say("permissions boundary of {}", arn))
    if own_side and (
        evidence.session is not None or question.principal.kind is PrincipalKind.FEDERATED_USER
    ):
        title = say("session policy of {}", question.principal.arn)
        yield story(Layer.SESSION, title)
    for layer, levels in ((Layer.SCP, evidence.scps), (Layer.RCP, evidence.rcps)):
        for index, level in enumerate(levels if own_side or layer is Layer.RCP else ()):
            title = (
                say("service control policies at level {} of {}", index + 1, len(levels))
                if layer is Layer.SCP
                else say("resource control policies at level {} of {}", index + 1, len(levels))
            )
            told = _stories(question, evidence, level, near)
            yield LayerStory(layer, title, told, level.layer is None)
    if evidence.endpoint is not None:
        yield story(Layer.ENDPOINT, say("VPC endpoint policy"))


def _resource_title(question: Question, evidence: Evidence) -> str:
    policies = evidence.resource
    owner = question.resource
    if question.context.get("aws:resourceaccount", question.owner) != question.owner:
        return say(
            "ACL of {}", shortened(owner)
        )  # of an object in a bucket of another account's (PE-137)
    if policies is not None and policies.statements:
        owner = policies.statements[0].source.owner
    elif owner.startswith(S3):
        owner = owner.partition("/")[0]  # objects have the policy of their bucket
    if resource_layer(question, evidence) is Layer.TRUST:
        return say("trust policy of role {}", shortened(owner))
    return (
        say("resource policy") if owner == "*" else say("resource policy of {}", shortened(owner))
    )


def _policies(evidence: Evidence, layer: Layer) -> CompiledPolicySet | None:
    return {
        Layer.IDENTITY: evidence.identity,
        Layer.BOUNDARY: evidence.boundary,
        Layer.SESSION: evidence.session,
        Layer.ENDPOINT: evidence.endpoint,
    }.get(layer, evidence.resource)


def _stories(
    question: Question, evidence: Evidence, policies: CompiledPolicySet | None, near: bool
) -> tuple[StatementStory, ...]:
    if policies is None:
        return ()
    bounded = evidence.boundary is not None
    told = [
        _statement_story(question, statement, bounded)
        for statement in policies.covering(question.action)
    ]
    if near and not any(one.allows for one in told):
        told += _near_stories(question, policies)
    return tuple(told)


def _near_stories(question: Question, policies: CompiledPolicySet) -> Iterator[StatementStory]:
    """Where no Allow covers the action: those that nearly do."""
    left = MOST_SEARCHED
    for statement in policies.statements:
        meant = statement.rule.statement
        left -= len(meant.actions or meant.not_actions or ())
        if left < 0:
            return
        miss = action_miss(question, statement) if statement.rule.allows else None
        if miss is not None:
            grant = statement.rule.grant(question.principal, question.sponsor)
            further = tuple(islice(misses(question, statement, grant), MOST_REMEDIES))
            yield StatementStory(statement.ref, True, Grant.NONE, miss, further=further)


def _statement_story(
    question: Question, statement: CompiledStatement, bounded: bool
) -> StatementStory:
    principal, sponsor, rule = question.principal, question.sponsor, statement.rule
    if rule.allows:
        grant = rule.grant(principal, sponsor)
    else:
        grant = Grant.DIRECT if rule.strikes(principal, sponsor, bounded) else Grant.NONE
    missed = misses(question, statement, grant)
    miss = next(missed, None)
    further = tuple(islice(missed, MOST_REMEDIES)) if miss is not None and miss.near else ()
    strikes = miss is None and not rule.allows
    because = tuple(striking_words(question, statement, bounded)) if strikes else ()
    return StatementStory(
        statement.ref,
        rule.allows,
        grant if miss is None else Grant.NONE,
        miss,
        because,
        bool(rule.conditions),
        further,
    )


def _conclude(question: Question, evidence: Evidence, stories: tuple[LayerStory, ...]) -> Decision:
    for story in stories:
        if story.denying:
            return Decision(False, Kind.EXPLICIT_DENY, story.layer, story.denying[:1])
    for layer in (Layer.RCP, Layer.SCP, Layer.ENDPOINT):
        if any(not story.allowing for story in stories if story.layer is layer):
            return NOT_ALLOWED[layer]
    told = {story.layer: story.allowing for story in stories}
    layer = resource_layer(question, evidence)
    resource = told[layer][:1]
    granted = Decision(True, Kind.ALLOW, layer, tuple(one.ref for one in resource))
    if not has_own_side(question):
        return granted if resource else NOT_ALLOWED[layer]
    within = question.principal.account == question.owner
    if within and resource and resource[0].grant is Grant.DIRECT:
        return granted
    if within and resource and resource[0].grant is Grant.LIMITED:
        return _limiting(told) or granted
    if not resource and (evidence.requires_resource_allow or not within):
        return NOT_ALLOWED[layer]
    own = _own_side(question, told)
    if within or not own.allowed:
        return own
    return Decision(True, Kind.ALLOW, layer, own.statements + granted.statements)


def _own_side(question: Question, told: Mapping[Layer, tuple[StatementStory, ...]]) -> Decision:
    if question.principal.kind is PrincipalKind.ROOT:
        return ROOT_ALLOWED
    if not told[Layer.IDENTITY]:
        return NOT_ALLOWED[Layer.IDENTITY]
    allowed = Decision(True, Kind.ALLOW, Layer.IDENTITY, (told[Layer.IDENTITY][0].ref,))
    return _limiting(told) or allowed


def _limiting(told: Mapping[Layer, tuple[StatementStory, ...]]) -> Decision | None:
    for layer in (Layer.BOUNDARY, Layer.SESSION):
        if layer in told and not told[layer]:
            return NOT_ALLOWED[layer]
    return None
