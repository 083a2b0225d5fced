"""An explanation in words, for whoever has to mend a policy tonight: short lines, no repetition."""

from sekisho.model.principal import Principal, PrincipalKind
from sekisho.policy.decision import Decision, Kind
from sekisho.policy.principals import Grant
from sekisho.policy.question import Layer, Question
from sekisho.policy.stories import LayerStory, StatementStory, Verdict, statement_name
from sekisho.policy.words import say, shortened, together

MOST_TOLD = 5
SCARCE = {
    Layer.RESOURCE: say("there is none"),
    Layer.SESSION: say("none was passed, so that nothing is allowed"),
    # A role is never without one, so that whoever mistypes an ARN meets this.
    Layer.TRUST: say("there is no such role, or its trust policy has no statements"),
}


ACTIONS = frozenset({"Action", "NotAction"})


def headline(question: Question, decision: Decision) -> str:
    outcome = say("allowed") if decision.allowed else say("denied")
    return say(
        "{}: {} asks for {} on {}",
        outcome,
        _who(question.principal),
        shortened(question.action),
        shortened(question.resource),
    )


def _who(principal: Principal) -> str:
    if principal.kind is PrincipalKind.FEDERATED_IDENTITY:
        return say(
            "{} (vouched for by {})", shortened(principal.unique_id), shortened(principal.name)
        )
    return shortened(principal.arn or principal.name or say("an anonymous caller"))


def reason(decision: Decision, layers: tuple[LayerStory, ...]) -> str:
    """In one line, what a denial is owed to, or who granted."""
    if decision.kind is Kind.EXPLICIT_DENY:
        deny = decision.statements[0]
        return say(
            "reason: {}, {} {}, denies it; no Allow outweighs a Deny",
            statement_name(deny),
            _article(decision.layer),
            say(decision.layer.word),
        )
    if decision.kind is Kind.ALLOW:
        granted = together("{} and {}", map(statement_name, decision.statements))
        return say("reason: {}", granted or say("the root user needs no policy in its own account"))
    silent = [
        each.title
        for each in layers
        if each.layer is decision.layer and each.verdict is Verdict.SILENT
    ]
    return say("reason: no Allow in the {}", silent[0] if silent else say(decision.layer.word))


def _article(layer: Layer) -> str:
    return "an" if layer is Layer.IDENTITY else "a"


def remedy_lines(remedies: tuple[str, ...]) -> list[str]:
    """What would have to change, set in by two spaces; empty where nothing has to."""
    if not remedies:
        return []
    title = (
        say("to allow it:") if len(remedies) == 1 else say("to allow it, all of these are needed:")
    )
    return [title, *(say("  {}", text) for text in remedies)]


def layer_lines(story: LayerStory, question: Question) -> list[str]:
    """What one layer said; after it, set in by two spaces, the statements that it rests on."""
    if story.verdict is Verdict.DENIES:
        first = story.striking[0].ref
        lines: list[str] = [say("{}: {} denies it", story.title, statement_name(first))]
        for one in story.striking[:MOST_TOLD]:
            if one.ref is not first:
                lines.append(say("  {} denies it too", statement_name(one.ref)))
            lines += [say("  {}", text) for text in one.because]
        return lines + _more(len(story.striking), say("deny it"))
    if story.verdict is Verdict.ALLOWS:
        return [say("{}: {}", story.title, _allows(story.allowing[0], question))]
    return _silent_lines(story, question)


def _allows(best: StatementStory, question: Question) -> str:
    name = statement_name(best.ref)
    if best.grant is not Grant.ACCOUNT:
        return say("{} allows it", name)
    return say(
        "{} allows it to account {} as a whole, so an identity policy must allow it too",
        name,
        question.principal.account,
    )


def _silent_lines(story: LayerStory, question: Question) -> list[str]:
    if story.layer is Layer.IDENTITY and question.principal.kind is PrincipalKind.ROOT:
        return [say("{}: the root user needs none in its own account", story.title)]
    if story.absent or story.empty:
        scarce = SCARCE.get(story.layer, say("there are no statements"))
        return [say("{}: {}", story.title, scarce)]
    missed = [one for one in story.statements if one.allows]
    covering = [one for one in missed if one.miss is None or one.miss.element not in ACTIONS]
    said = (
        say("no statement allows it")
        if covering
        else say("no Allow covers {}", shortened(question.action))
    )
    lines: list[str] = [say("{}: {}", story.title, said)]
    for one in missed[:MOST_TOLD]:
        words = "" if one.miss is None else one.miss.words
        lines.append(say("  {} {}", statement_name(one.ref), words))
    return lines + _more(len(missed), say("came near"))


def _more(found: int, what: str) -> list[str]:
    return [say("  {} more statements {}", found - MOST_TOLD, what)] if found > MOST_TOLD else []
