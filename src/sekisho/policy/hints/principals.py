"""Why a Principal element does not name a caller whom it seems to name."""

from sekisho.model.identifiers import is_unique_id
from sekisho.model.principal import Principal, PrincipalKind
from sekisho.policy.hints import CASE_ONLY, NO_HINT, Hint
from sekisho.policy.patterns import compile_pattern, read_pattern
from sekisho.policy.words import say, shortened


def principal_hint(principal: Principal, listed: tuple[str, ...]) -> Hint:
    own = {principal.arn, principal.role_arn} - {""}
    if principal.kind is PrincipalKind.ANONYMOUS:
        words = say('; the request is not signed, and only "*" means such callers')
        return Hint(words, near=False)
    if own & set(listed):
        return Hint(
            say(
                ", who was made anew since the policy was saved; saving the policy again names the"
                " new one"
            ),
            say("save again the policy that has"),
        )
    if {name.lower() for name in own} & {value.lower() for value in listed}:
        return Hint(CASE_ONLY)
    wild = [value for value in listed if "*" in value and value != "*"]
    if wild:
        near = any(compile_pattern(read_pattern(value))(name) for value in wild for name in own)
        return Hint(say("; a wildcard inside a principal matches nobody"), near=near)
    orphans = [value for value in listed if is_unique_id(value)]
    if orphans:
        return Hint(
            say("; {} is what is left of a user or role that was deleted", shortened(orphans[0])),
            say(
                "if its namesake is meant, put {} in its place in", shortened(principal.policy_arn)
            ),
            near=any(value[:4] == principal.unique_id[:4] for value in orphans),
        )
    return _other_name(principal, listed) or NO_HINT


def _other_name(principal: Principal, listed: tuple[str, ...]) -> Hint | None:
    """Another session of the same role, or the same name under another path (PE-52)."""
    arn = principal.policy_arn
    sessions = f"{principal.arn.rpartition('/')[0]}/"
    for value in listed:
        if principal.role_arn and value.startswith(sessions):
            return Hint(say("; that is another session of the same role"))
        if value.split(":")[:5] == arn.split(":")[:5] and _name(value) == _name(arn):
            return Hint(say("; the caller's path differs: {}", shortened(arn)))
    if principal.role_arn:
        return Hint(say(", a session of {}", shortened(arn)), near=False)
    return None


def _name(arn: str) -> tuple[str, str]:
    kind, _, rest = arn.rpartition(":")[2].partition("/")
    return kind, rest.rpartition("/")[2]
