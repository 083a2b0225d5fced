"""May they? An ask becomes a question, meets its evidence and comes back as a ruling."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any, NamedTuple

from sekisho.access.context import (
    Ambient,
    ContextValue,
    principal_context,
    principal_tags,
    request_context,
    session_context,
)
from sekisho.access.evidence import EvidenceStore
from sekisho.access.held import Grants
from sekisho.directory.store import Directory, Transaction
from sekisho.model.principal import Caller, Principal, PrincipalKind, nothing
from sekisho.policy import (
    CompiledPolicySet,
    Decision,
    Evidence,
    Explanation,
    Layer,
    Question,
    Source,
    compile_set,
    decide,
    explain,
    parse_policy,
    rcps_for,
    scps_for,
)
from sekisho.policy.telling import MOST_TOLD, layer_lines

NO_POLICIES = compile_set(())
NO_GRANTS = Grants(NO_POLICIES, None)
# What the root user may, as far as a session policy can be measured against it.
EVERYTHING = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
EVERY_GRANT = Grants(
    compile_set([(Source(Layer.IDENTITY, "root user", ""), parse_policy(EVERYTHING))]), None
)


class Ask(NamedTuple):
    """One thing that an operation wants to know before it runs.

    action: ``service:Action`` (PE-42). resource: an ARN, or ``*`` (PE-48). owner: the account that
    owns the resource (PE-106). context: condition keys of this operation, in lower case.
    policy: the resource's own policy, None if it has none.
    trust: whether `policy` is a role's trust policy, whose Allow is always needed (PE-108).
    shown: the resource as a denial names it, where that is not `resource`; empty: not named.
    asker: who asks in place of the caller, where the operation itself has verified them: an
        identity for whom a provider vouches (PE-117).
    """

    action: str
    resource: str
    owner: str
    context: Mapping[str, ContextValue] = nothing()
    policy: CompiledPolicySet | None = None
    trust: bool = False
    shown: str | None = None
    asker: Principal | None = None


class Ruling(NamedTuple):
    """A decision with all that it rested on, so that it can be told and explained."""

    ask: Ask
    question: Question
    evidence: Evidence
    decision: Decision

    def explained(self) -> Explanation:
        return explain(self.question, self.evidence)


def story(told: Explanation) -> list[dict[str, Any]]:
    """What each layer said, as `LayerStory.as_data` has it, and in plain words as ``lines``.

    The layers are in the order denials are told in. Of each the first few statements are told.
    """
    return [
        {**layer.as_data(MOST_TOLD), "lines": layer_lines(layer, told.question)}
        for layer in told.layers
    ]


class Access:
    """Decides asks on the evidence of one directory."""

    def __init__(self, directory: Directory) -> None:
        self.evidence = EvidenceStore(directory)

    def within(self, tx: Transaction) -> "Access":
        """The same for a transaction, which is decided by what shares its commit as well."""
        if not tx.unsettled:
            return self
        inside = copy(self)
        inside.evidence = self.evidence.within(tx)
        return inside

    def decide_each(
        self, caller: Caller, ambient: Ambient, asks: Iterable[Ask], before: Sequence[Ruling] = ()
    ) -> Iterator[Ruling]:
        """Decide asks as they are taken. before: what was decided of the same, one by one."""
        for place, ask in enumerate(asks):
            known = before[place] if place < len(before) else None
            yield self.decide(caller, ambient, ask, known)

    def decide(
        self, caller: Caller, ambient: Ambient, ask: Ask, before: Ruling | None = None
    ) -> Ruling:
        """before: an earlier ruling, which stands if question and evidence are still the same."""
        if ask.asker is not None:
            caller = caller._replace(principal=ask.asker, session=None, sponsor=None)
        brought, grants = self._own_side(caller)
        context = request_context(ambient, ask.action, brought)
        if caller.session is not None:
            context |= session_context(caller.session, ambient.now, caller.principal.kind)
        home = self.evidence.membership(caller.principal.account)
        if home is not None:
            context |= home.keys_of_principal()
        there = None
        if ask.owner:
            context["aws:resourceaccount"] = ask.owner
            there = self.evidence.membership(ask.owner)
            if there is not None:
                context |= there.keys_of_resource()
        if ask.context:
            context |= ask.context
        question = Question(
            caller.principal, ask.action, ask.resource, ask.owner, context, caller.sponsor
        )
        evidence = self.evidence.unite(
            grants,
            ask.policy,
            self._session_policies(caller),
            is_trust=ask.trust,
            scps=() if home is None else scps_for(caller.principal, home.rails),
            rcps=() if there is None else rcps_for(question, there.rails),
        )
        if before is not None and before.question == question and before.evidence == evidence:
            return Ruling(ask, question, evidence, before.decision)
        return Ruling(ask, question, evidence, decide(question, evidence))

    def _session_policies(self, caller: Caller) -> CompiledPolicySet | None:
        session, principal = caller.session, caller.principal
        if session is None or not session.is_limited:
            return None
        return self.evidence.session_policies(
            principal.account, principal.arn, session.policy, session.policy_arns
        )

    def _own_side(self, caller: Caller) -> tuple[Mapping[str, ContextValue], Grants]:
        """The condition keys and policies of the principal itself; one who is gone has neither."""
        principal, tags, grants = caller.principal, nothing(), NO_GRANTS
        if principal.kind is PrincipalKind.USER:
            user = self.evidence.user(principal.account, principal.unique_id)
            if user is not None:
                if caller.session is None:
                    return user.context, user.grants
                tags, grants = user.user.tags, user.grants
        elif principal.kind is PrincipalKind.ROLE_SESSION:
            role = self.evidence.role_by_id(principal.account, principal.unique_id)
            if role is not None:
                tags, grants = role.role.tags, role.grants
        elif caller.sponsor is not None:
            tags, grants = self._of_sponsor(caller.sponsor)
        context = principal_context(principal)
        context.update(principal_tags(tags, caller.session))
        return context, grants

    def _of_sponsor(self, sponsor: Principal) -> tuple[Mapping[str, str], Grants]:
        """Tags and policies of whoever called GetFederationToken (PE-93, W-113, W-152)."""
        if sponsor.kind is PrincipalKind.ROOT:
            return nothing(), EVERY_GRANT
        user = self.evidence.user(sponsor.account, sponsor.unique_id)
        return (nothing(), NO_GRANTS) if user is None else (user.user.tags, user.grants)
