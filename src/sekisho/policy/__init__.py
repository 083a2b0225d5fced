"""The policy language and its decisions; pure, and usable alone.

text --parse_policy--> Policy --compile_set--> CompiledPolicySet --decide--> Decision
"""

from sekisho.policy.binding import bindable, named_principals, shown
from sekisho.policy.compile import (
    CompiledPolicySet,
    compile_set,
    compile_texts,
    denials,
    unite,
)
from sekisho.policy.decision import Decision, Kind, StatementRef
from sekisho.policy.document import (
    Clause,
    Effect,
    Finding,
    InvalidPolicy,
    NamedPrincipal,
    Policy,
    PolicyType,
    Statement,
    measured_size,
)
from sekisho.policy.evaluate import decide
from sekisho.policy.evidence import Evidence
from sekisho.policy.explain import Explanation, explain
from sekisho.policy.grammar import parse_policy
from sekisho.policy.guard_rails import Rails, rcps_for, scps_for
from sekisho.policy.key_types import Key, KeyType, find_key
from sekisho.policy.keys import context_keys
from sekisho.policy.near_miss import Miss
from sekisho.policy.permissions import assume_role_actions, needs_permission
from sekisho.policy.principals import Grant
from sekisho.policy.public import is_public
from sekisho.policy.question import Layer, Question, Source
from sekisho.policy.quotas import QUOTAS, exceeds_quota, size_as
from sekisho.policy.refusals import refusal
from sekisho.policy.spans import Span, statement_spans
from sekisho.policy.stories import LayerStory, StatementStory, Verdict
from sekisho.policy.variables import Context, ContextValue

__all__ = [
    "QUOTAS",
    "Clause",
    "CompiledPolicySet",
    "Context",
    "ContextValue",
    "Decision",
    "Effect",
    "Evidence",
    "Explanation",
    "Finding",
    "Grant",
    "InvalidPolicy",
    "Key",
    "KeyType",
    "Kind",
    "Layer",
    "LayerStory",
    "Miss",
    "NamedPrincipal",
    "Policy",
    "PolicyType",
    "Question",
    "Rails",
    "Source",
    "Span",
    "Statement",
    "StatementRef",
    "StatementStory",
    "Verdict",
    "assume_role_actions",
    "bindable",
    "compile_set",
    "compile_texts",
    "context_keys",
    "decide",
    "denials",
    "exceeds_quota",
    "explain",
    "find_key",
    "is_public",
    "measured_size",
    "named_principals",
    "needs_permission",
    "parse_policy",
    "rcps_for",
    "refusal",
    "scps_for",
    "shown",
    "size_as",
    "statement_spans",
    "unite",
]
