"""Every policy that bears on a question, and how what it asks about is decided once plotted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sekisho.policy.compile import CompiledPolicySet
from sekisho.policy.decision import Decision
from sekisho.policy.index import CompiledStatement
from sekisho.policy.question import Layer, Question, Standing
from sekisho.policy.resources import Reach

Search = Callable[[Question], Decision]
# How questions of one matter are decided: a trial, as in Rule; what is decided if it succeeds; and
# the course that is taken if it fails. At its end the trial always succeeds, and where there is no
# decision then, a Search stands in the last place, which makes one. All in one tuple, as the time
# that a decision takes is mostly spent on waiting for one thing after another to be fetched.
Course = tuple[str | None, str, frozenset[str] | None, Reach | None, Decision | None, Any]


@cache
def always(decision: Decision) -> Course:
    """The course that ends so whatever is asked; for the few decisions that name no statement."""
    return (None, "", None, None, decision, None)


def searching(search: Search) -> Course:
    """The course that consists of a search."""
    return (None, "", None, None, None, search)


def tried_first(statements: Iterable[CompiledStatement], course: Course) -> Course:
    """The course on which these are tried one by one before another is taken."""
    for one in reversed(list(statements)):
        course = (*one.rule.trial, one.decides, course)
    return course


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every policy that bears on a question.

    identity: policies of the user and its groups, or of the role; empty for the root user.
    resource: the resource's own policy, None if it has none.
    boundary, session: None where none is set or passed; a GetFederationToken session without a
    session policy may do nothing (PE-93).
    scps, rcps: one set for each level from the organization's root to the account; empty where
    they do not apply (PE-88, PE-89, PE-130…PE-135).
    requires_resource_allow: for role trust policies and KMS keys, whose own policy must allow in
    the same account too, even the root user (PE-108, PE-123).
    endpoint: policy of the VPC endpoint that the request came through, else None (PE-129).
    courses: how questions of each matter are decided, as far as that was found out; bounded.
    """

    identity: CompiledPolicySet
    resource: CompiledPolicySet | None = None
    boundary: CompiledPolicySet | None = None
    session: CompiledPolicySet | None = None
    scps: tuple[CompiledPolicySet, ...] = ()
    rcps: tuple[CompiledPolicySet, ...] = ()
    requires_resource_allow: bool = False
    endpoint: CompiledPolicySet | None = None
    courses: dict[str, Course] = field(init=False, repr=False, compare=False, default_factory=dict)


def has_own_side(question: Question) -> bool:
    """Whether the principal has an account's policies of its own (Standing.OUTSIDE has none)."""
    return question.standing is not Standing.OUTSIDE


def resource_layer(question: Question, evidence: Evidence) -> Layer:
    """Which layer the resource's policy is, also where there is none or an empty one."""
    if evidence.resource is not None and evidence.resource.layer is not None:
        return evidence.resource.layer
    trust = evidence.requires_resource_allow and question.action.lower().startswith("sts:")
    return Layer.TRUST if trust else Layer.RESOURCE
