"""The same answer with the whole story: what each layer said, and how near each statement came.

It asks every statement that covers the action, in order and without the search that decisions use,
and concludes for itself; that it always concludes as `decide` does is a theorem of the tests.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sekisho.model.principal import PrincipalKind
from sekisho.policy.compile import CompiledPolicySet
from sekisho.policy.course import NOT_ALLOWED, ROOT_ALLOWED
from sekisho.policy.decision import Decision, Kind, StatementRef
from sekisho.policy.evidence import Evidence, has_own_side, resource_layer
from sekisho.policy.index import CompiledStatement
from sekisho.policy.near_miss import first_failure
from sekisho.policy.principals import Grant
from sekisho.policy.question import Layer, Question
from sekisho.policy.words import printable

MOST_TOLD = 5


class Verdict(enum.Enum):
    ALLOWS = "allows"
    DENIES = "denies"
    SILENT = "does not allow"


@dataclass(frozen=True, slots=True)
class StatementStory:
    """How one statement that covers the action met the question.

    grant: how strongly it names the principal; NONE if it does not apply. failure: the first
    element that did not match, in words; empty if all matched.
    """

    ref: StatementRef
    allows: bool
    grant: Grant
    failure: str

    @property
    def applies(self) -> bool:
        return not self.failure


@dataclass(frozen=True, slots=True)
class LayerStory:
    """What one set of policies said.

    title: which policies these are, in words. absent: whether there are none at all.
    """

    layer: Layer
    title: str
    statements: tuple[StatementStory, ...]
    absent: bool = False

    @property
    def denying(self) -> tuple[StatementRef, ...]:
        return tuple(one.ref for one in self.statements if one.applies and not one.allows)

    @property
    def allowing(self) -> tuple[StatementStory, ...]:
        """The Allow statements that apply, the strongest first, else in their order."""
        found = [one for one in self.statements if one.applies and one.allows]
        return tuple(sorted(found, key=lambda one: -one.grant))

    @property
    def verdict(self) -> Verdict:
        if self.denying:
            return Verdict.DENIES
        return Verdict.ALLOWS if self.allowing else Verdict.SILENT


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision and its reasons. layers: in the order in which denials are told (PE-143)."""

    question: Question
    decision: Decision
    layers: tuple[LayerStory, ...]

    def lines(self) -> list[str]:
        """The story in plain words, the outcome first; no entry holds a line break."""
        asked = f"{self.question.action} on {self.question.resource}"
        who = self.question.principal.arn or "an anonymous caller"
        lines = [f"{_OUTCOMES[self.decision.kind]}: {who} asks for {asked}"]
        for story in self.layers:
            lines += layer_lines(story, asked, self.question)
        return [printable(line) for line in lines]

    def as_data(self) -> dict[str, object]:
        """The story as JSON can carry it."""
        decision = self.decision
        return {
            "decision": decision.kind.value,
            "allowed": decision.allowed,
            "layer": decision.layer.value,
            "statements": [_ref_data(ref) for ref in decision.statements],
            "principal": self.question.principal.arn,
            "action": self.question.action,
            "resource": self.question.resource,
            "layers": [
                {
                    "layer": story.layer.value,
                    "title": story.title,
                    "verdict": story.verdict.value,
                    "statements": [
                        {
                            **_ref_data(one.ref),
                            "effect": "Allow" if one.allows else "Deny",
                            "applies": one.applies,
                            "failure": one.failure,
                        }
                        for one in story.statements
                    ],
                }
                for story in self.layers
            ],
            "lines": self.lines(),
        }


_OUTCOMES = {
    Kind.ALLOW: "allowed",
    Kind.EXPLICIT_DENY: "denied explicitly",
    Kind.IMPLICIT_DENY: "denied, as nothing allows it",
}


def explain(question: Question, evidence: Evidence) -> Explanation:
    """Answer a question as `decide` does, and say why."""
    stories = tuple(_tell(question, evidence))
    return Explanation(question, _conclude(question, evidence, stories), stories)


def _tell(question: Question, evidence: Evidence) -> Iterator[LayerStory]:
    own_side = has_own_side(question)
    arn = question.principal.policy_arn
    if own_side:
        yield _story(question, evidence, Layer.IDENTITY, f"identity policies of {arn}")
    yield _story(
        question, evidence, resource_layer(question, evidence), _resource_title(question, evidence)
    )
    if own_side and evidence.boundary is not None:
        yield _story(question, evidence, Layer.BOUNDARY, f"permissions boundary of {arn}")
    if own_side and (
        evidence.session is not None or question.principal.kind is PrincipalKind.FEDERATED_USER
    ):
        title = f"session policy of {question.principal.arn}"
        yield _story(question, evidence, Layer.SESSION, title)
    for layer, levels in ((Layer.SCP, evidence.scps), (Layer.RCP, evidence.rcps)):
        for index, level in enumerate(levels if own_side or layer is Layer.RCP else ()):
            words = "service" if layer is Layer.SCP else "resource"
            title = f"{words} control policies at level {index + 1} of {len(levels)}"
            yield LayerStory(layer, title, _stories(question, evidence, level))
    if evidence.endpoint is not None:
        yield _story(question, evidence, Layer.ENDPOINT, "VPC endpoint policy")


def _resource_title(question: Question, evidence: Evidence) -> str:
    policies = evidence.resource
    owner = question.resource
    if policies is not None and policies.statements:
        owner = policies.statements[0].source.owner
    if resource_layer(question, evidence) is Layer.TRUST:
        return f"trust policy of role {owner}"
    return f"resource policy of {owner}"


def _story(question: Question, evidence: Evidence, layer: Layer, title: str) -> LayerStory:
    policies = {
        Layer.IDENTITY: evidence.identity,
        Layer.BOUNDARY: evidence.boundary,
        Layer.SESSION: evidence.session,
        Layer.ENDPOINT: evidence.endpoint,
    }.get(layer, evidence.resource)
    return LayerStory(layer, title, _stories(question, evidence, policies), policies is None)


def _stories(
    question: Question, evidence: Evidence, policies: CompiledPolicySet | None
) -> tuple[StatementStory, ...]:
    if policies is None:
        return ()
    bounded = evidence.boundary is not None
    return tuple(
        _statement_story(question, statement, bounded)
        for statement in policies.covering(question.action)
    )


def _statement_story(
    question: Question, statement: CompiledStatement, bounded: bool
) -> StatementStory:
    principal, sponsor, rule = question.principal, question.sponsor, statement.rule
    if rule.allows:
        grant = rule.grant(principal, sponsor)
    else:
        grant = Grant.DIRECT if rule.strikes(principal, sponsor, bounded) else Grant.NONE
    failure = first_failure(question, rule, grant)
    return StatementStory(statement.ref, rule.allows, Grant.NONE if failure else grant, failure)


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


def layer_lines(story: LayerStory, asked: str, question: Question) -> list[str]:
    """What one layer said, in words."""
    if story.verdict is Verdict.DENIES:
        lines = [f"{story.title}: {_name(ref)} denies {asked}" for ref in story.denying[:MOST_TOLD]]
        return lines + _more(story, len(story.denying), "deny it")
    if story.verdict is Verdict.ALLOWS:
        best = story.allowing[0]
        line = f"{story.title}: {_name(best.ref)} allows {asked}"
        if best.grant is Grant.ACCOUNT:
            line += (
                f" to account {question.principal.account} as a whole,"
                " so an identity policy must allow it too"
            )
        return [line]
    if story.layer is Layer.IDENTITY and question.principal.kind is PrincipalKind.ROOT:
        return [f"{story.title}: the root user needs none in its own account"]
    if story.layer is Layer.RESOURCE and story.absent:
        return [f"{story.title}: there is none"]
    if story.layer is Layer.SESSION and story.absent:
        return [f"{story.title}: none was passed, so that nothing is allowed"]
    lines = [f"{story.title}: no statement allows {asked}"]
    missed = [one for one in story.statements if one.allows]
    for one in missed[:MOST_TOLD]:
        lines.append(f"{story.title}: {_name(one.ref)} {one.failure}")
    return lines + _more(story, len(missed), "came near")


def _more(story: LayerStory, found: int, what: str) -> list[str]:
    return (
        [f"{story.title}: {found - MOST_TOLD} more statements {what}"] if found > MOST_TOLD else []
    )


def _name(ref: StatementRef) -> str:
    sid = f' "{ref.sid}"' if ref.sid else ""
    return f"statement {ref.index}{sid} of {ref.source.name}"


def _ref_data(ref: StatementRef) -> dict[str, object]:
    source = ref.source
    return {
        "layer": source.layer.value,
        "policy": source.name,
        "owner": source.owner,
        "index": ref.index,
        "sid": ref.sid,
    }
