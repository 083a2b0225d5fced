"""An explanation in words, for whoever has to mend a policy tonight: short lines, no repetition."""

from sekisho.model.principal import Principal, PrincipalKind
from sekisho.policy.decision import Decision, Kind
from sekisho.policy.principals import Grant
from sekisho.policy.question import Layer, Question
from sekisho.policy.stories import LayerStory, StatementStory, Verdict, statement_name
from sekisho.policy.words import shortened

MOST_TOLD = 5
SCARCE = {
    Layer.RESOURCE: "there is none",
    Layer.SESSION: "none was passed, so that nothing is allowed",
}


ACTIONS = frozenset({"Action", "NotAction"})


def headline(question: Question, decision: Decision) -> str:
    outcome = "allowed" if decision.allowed else "denied"
    return (
        f"{outcome}: {_who(question.principal)} asks for {shortened(question.action)}"
        f" on {shortened(question.resource)}"
    )


def _who(principal: Principal) -> str:
    if principal.kind is PrincipalKind.FEDERATED_IDENTITY:
        return f"{shortened(principal.unique_id)} (vouched for by {shortened(principal.name)})"
    return shortened(principal.arn or principal.name or "an anonymous caller")


def reason(decision: Decision, layers: tuple[LayerStory, ...]) -> str:
    """In one line, what a denial is owed to, or who granted."""
    if decision.kind is Kind.EXPLICIT_DENY:
        deny = decision.statements[0]
        return (
            f"reason: {statement_name(deny)}, {_article(decision.layer)} {decision.layer.value},"
            " denies it; no Allow outweighs a Deny"
        )
    if decision.kind is Kind.ALLOW:
        granted = " and ".join(map(statement_name, decision.statements))
        return f"reason: {granted or 'the root user needs no policy in its own account'}"
    silent = [
        each.title
        for each in layers
        if each.layer is decision.layer and each.verdict is Verdict.SILENT
    ]
    return f"reason: no Allow in the {silent[0] if silent else decision.layer.value}"


def _article(layer: Layer) -> str:
    return "an" if layer is Layer.IDENTITY else "a"


def remedy_lines(remedies: tuple[str, ...]) -> list[str]:
    """What would have to change, set in by two spaces; empty where nothing has to."""
    if not remedies:
        return []
    title = "to allow it:" if len(remedies) == 1 else "to allow it, all of these are needed:"
    return [title, *(f"  {text}" for text in remedies)]


def layer_lines(story: LayerStory, question: Question) -> list[str]:
    """What one layer said; after it, set in by two spaces, the statements that it rests on."""
    if story.verdict is Verdict.DENIES:
        first = story.striking[0].ref
        lines = [f"{story.title}: {statement_name(first)} denies it"]
        for one in story.striking[:MOST_TOLD]:
            if one.ref is not first:
                lines.append(f"  {statement_name(one.ref)} denies it too")
            lines += [f"  {text}" for text in one.because]
        return lines + _more(len(story.striking), "deny it")
    if story.verdict is Verdict.ALLOWS:
        return [f"{story.title}: {_allows(story.allowing[0], question)}"]
    return _silent_lines(story, question)


def _allows(best: StatementStory, question: Question) -> str:
    told = f"{statement_name(best.ref)} allows it"
    if best.grant is Grant.ACCOUNT:
        told += (
            f" to account {question.principal.account} as a whole,"
            " so an identity policy must allow it too"
        )
    return told


def _silent_lines(story: LayerStory, question: Question) -> list[str]:
    if story.layer is Layer.IDENTITY and question.principal.kind is PrincipalKind.ROOT:
        return [f"{story.title}: the root user needs none in its own account"]
    if story.absent or story.empty:
        return [f"{story.title}: {SCARCE.get(story.layer, 'there are no statements')}"]
    missed = [one for one in story.statements if one.allows]
    covering = [one for one in missed if one.miss is None or one.miss.element not in ACTIONS]
    said = "no statement allows it" if covering else f"no Allow covers {shortened(question.action)}"
    lines = [f"{story.title}: {said}"]
    for one in missed[:MOST_TOLD]:
        words = "" if one.miss is None else one.miss.words
        lines.append(f"  {statement_name(one.ref)} {words}")
    return lines + _more(len(missed), "came near")


def _more(found: int, what: str) -> list[str]:
    return [f"  {found - MOST_TOLD} more statements {what}"] if found > MOST_TOLD else []
