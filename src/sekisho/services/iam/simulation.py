"""A simulation: many questions put to the one engine, with the policies at hand (W-214, W-215).

Nothing is asked of anybody; the condition keys of the simulated principal are put in, whatever the
input says of others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sekisho.access.context import ContextValue
from sekisho.access.held import Text
from sekisho.model.arn import parse_arn
from sekisho.model.identifiers import is_account_id
from sekisho.model.principal import Principal, nothing
from sekisho.policy import (
    CompiledPolicySet,
    Evidence,
    Explanation,
    Kind,
    Layer,
    LayerStory,
    Question,
    Source,
    Span,
    Statement,
    StatementRef,
    Verdict,
    compile_set,
    context_keys,
    explain,
    parse_policy,
    statement_spans,
)
from sekisho.services.operation import Output

IDENTITY_TYPE, RESOURCE_TYPE = "IAM Policy", "Resource Policy"
_TYPES = {Layer.RESOURCE: RESOURCE_TYPE, Layer.TRUST: RESOURCE_TYPE}
ASSUMING = "sts:assumerole"  # and the actions that begin so
FULL = 20  # values, which take as long to look at as a statement does


def listed(statement: Statement) -> int:
    """How many actions, resources and values of conditions a statement has."""
    return (
        len(statement.actions or statement.not_actions or ())
        + len(statement.resources or statement.not_resources or ())
        + sum(len(clause.values) for clause in statement.conditions)
    )


@dataclass(frozen=True, slots=True)
class Scene:
    """What is simulated.

    principal: who asks. texts, limits, resource: the policies; limits and resource may be empty.
    organization: the service control policies, one set a level, the root's first.
    context: condition keys in lower case. owner: of resources whose ARN names no account.
    """

    principal: Principal
    texts: Sequence[Text]
    limits: Sequence[Text] = ()
    resource: Sequence[Text] = ()
    organization: Sequence[Sequence[Text]] = ()
    context: Mapping[str, ContextValue] = field(default_factory=nothing)
    owner: str = ""


class Simulation:
    """The policies of a scene, compiled once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._evidence = Evidence(
            identity=compiled(scene.texts),
            resource=compiled(scene.resource) if scene.resource else None,
            boundary=compiled(scene.limits) if scene.limits else None,
            scps=tuple(map(compiled, scene.organization)),
        )
        trust = [(replace(source, layer=Layer.TRUST), text) for source, text in scene.resource]
        self._trusting = self._evidence
        if trust:
            self._trusting = replace(
                self._evidence, resource=compiled(trust), requires_resource_allow=True
            )
        levels = [text for level in scene.organization for text in level]
        everything = (*scene.texts, *scene.limits, *scene.resource, *trust, *levels)
        self._policies = [(source, parse_policy(text)) for source, text in everything]
        self._texts = dict(everything)
        self._spans: dict[Source, tuple[Span, ...]] = {}

    @property
    def statements(self) -> int:
        """How many there are in all policies; one that lists many values counts as several."""
        return sum(
            1 + listed(one) // FULL for _, policy in self._policies for one in policy.statements
        )

    def result(self, action: str, resources: Sequence[str]) -> Output:
        """The EvaluationResult of one action; resources: empty where none were given."""
        answers = [self._explain(action, resource) for resource in resources or ("*",)]
        missing = self._missing(action)
        shown: Output = {
            "EvalActionName": action,
            "EvalResourceName": resources[0] if len(resources) == 1 else "*",
            "EvalDecision": worst(answer.decision.kind for answer in answers).value,
            "MatchedStatements": self._matched(answers[0]) if len(answers) == 1 else [],
            "MissingContextValues": missing,
            "OrganizationsDecisionDetail": {
                "AllowedByOrganizations": all(map(is_within_organization, answers))
            },
            "EvalDecisionDetails": self._details(answers[0]) if len(answers) == 1 else {},
        }
        if self._scene.limits:
            shown["PermissionsBoundaryDecisionDetail"] = {
                "AllowedByPermissionsBoundary": all(map(is_within_boundary, answers))
            }
        if resources:
            shown["ResourceSpecificResults"] = [
                self._specific(answer, missing) for answer in answers
            ]
        return shown

    def _specific(self, answer: Explanation, missing: list[str]) -> Output:
        shown: Output = {
            "EvalResourceName": answer.question.resource,
            "EvalResourceDecision": answer.decision.kind.value,
            "MatchedStatements": self._matched(answer),
            "MissingContextValues": missing,
            "EvalDecisionDetails": self._details(answer),
        }
        if self._scene.limits:
            shown["PermissionsBoundaryDecisionDetail"] = {
                "AllowedByPermissionsBoundary": is_within_boundary(answer)
            }
        return shown

    def _explain(self, action: str, resource: str) -> Explanation:
        """The answer for one resource.

        What a trust policy that is not given would say of assuming a role nobody can tell: as in
        AWS, the principal's own side is all that is looked at then, another account's role or not.
        """
        scene, is_assuming = self._scene, action.lower().startswith(ASSUMING)
        owner = account_of(resource) or scene.owner or scene.principal.account
        context = {"aws:resourceaccount": owner, **scene.context}
        if is_assuming and not scene.resource:
            owner = scene.principal.account
        question = Question(scene.principal, action, resource, owner, context)
        evidence = self._trusting if is_assuming else self._evidence
        return explain(question, evidence, near=False)

    def _matched(self, answer: Explanation) -> list[Output]:
        """The statements that determine the answer: every Deny, else every Allow, that applies."""
        if answer.decision.kind is Kind.EXPLICIT_DENY:
            refs = [ref for story in answer.layers for ref in story.denying]
        elif answer.decision.kind is Kind.ALLOW:
            refs = [one.ref for story in answer.layers for one in story.allowing]
        else:
            refs = []
        told = (Layer.IDENTITY, Layer.BOUNDARY, Layer.RESOURCE, Layer.TRUST)
        return [self._shown(ref) for ref in refs if ref.source.layer in told]

    def _shown(self, ref: StatementRef) -> Output:
        source = ref.source
        if source not in self._spans:
            self._spans[source] = statement_spans(self._texts[source])
        start, end = self._spans[source][ref.index]
        return {
            "SourcePolicyId": policy_id(source),
            "SourcePolicyType": _TYPES.get(source.layer, IDENTITY_TYPE),
            "StartPosition": {"Line": start[0], "Column": start[1]},
            "EndPosition": {"Line": end[0], "Column": end[1]},
        }

    def _details(self, answer: Explanation) -> dict[str, str]:
        """What each side said, where the resource is another account's."""
        question = answer.question
        if question.principal.account == question.owner:
            return {}
        sides = {Layer.IDENTITY: IDENTITY_TYPE, **_TYPES}
        return {
            sides[story.layer]: said(story).value for story in answer.layers if story.layer in sides
        }

    def _missing(self, action: str) -> list[str]:
        """The keys that statements about the action look at and that have no value."""
        covering = {
            statement.ref for policies in self._sets() for statement in policies.covering(action)
        }
        known, found = set(self._scene.context), dict[str, str]()
        for source, policy in self._policies:
            wanted = [
                statement
                for statement in policy.statements
                if StatementRef(source, statement.index, statement.sid) in covering
            ]
            for key in context_keys(policy, wanted):
                if key.lower() not in known:
                    found.setdefault(key.lower(), key)
        return list(found.values())

    def _sets(self) -> Iterable[CompiledPolicySet]:
        evidence = self._evidence
        yield evidence.identity
        yield from evidence.scps
        for policies in (evidence.resource, self._trusting.resource, evidence.boundary):
            if policies is not None:
                yield policies


def compiled(texts: Iterable[Text]) -> CompiledPolicySet:
    return compile_set([(source, parse_policy(text)) for source, text in texts])


def account_of(resource: str) -> str:
    """The account in an ARN; empty if there is none."""
    try:
        account = parse_arn(resource).account
    except ValueError:
        return ""
    return account if is_account_id(account) else ""


def policy_id(source: Source) -> str:
    """The name of a managed policy; of an inline one also whose it is; of a given one its place."""
    if source.name.startswith("arn:"):
        return source.name.rpartition("/")[2]
    if source.owner:
        kind, _, name = parse_arn(source.owner).resource.partition("/")
        return f"{kind}_{name.rpartition('/')[2]}_{source.name}"
    return source.name


def worst(kinds: Iterable[Kind]) -> Kind:
    """Allowed only where every resource is."""
    found = set(kinds)
    for kind in (Kind.EXPLICIT_DENY, Kind.IMPLICIT_DENY):
        if kind in found:
            return kind
    return Kind.ALLOW


def said(story: LayerStory) -> Kind:
    if story.verdict is Verdict.DENIES:
        return Kind.EXPLICIT_DENY
    return Kind.ALLOW if story.verdict is Verdict.ALLOWS else Kind.IMPLICIT_DENY


def is_within_boundary(answer: Explanation) -> bool:
    return all(
        story.verdict is Verdict.ALLOWS for story in answer.layers if story.layer is Layer.BOUNDARY
    )


def is_within_organization(answer: Explanation) -> bool:
    return all(
        story.verdict is Verdict.ALLOWS for story in answer.layers if story.layer is Layer.SCP
    )
