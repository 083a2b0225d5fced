"""Questions about decisions, signed like every call and asked of the one engine."""

import itertools
from typing import NamedTuple

from sekisho.access.context import Ambient, ContextValue
from sekisho.access.decide import Ask
from sekisho.access.denial import denial
from sekisho.app.signin.answers import Json, Refused, invalid, is_unicode, with_told
from sekisho.app.signin.trail import explain_request, list_events
from sekisho.gate.audit import Entry
from sekisho.gate.authenticate import Authentic, authenticate
from sekisho.gate.authority import Authority
from sekisho.gate.pipeline import ambient, desk_for
from sekisho.model.arn import parse_arn
from sekisho.model.faults import Fault
from sekisho.model.principal import Caller
from sekisho.model.records import Role, User
from sekisho.policy.words import say
from sekisho.services import Call, Desk
from sekisho.services.iam.simulate import principal_of
from sekisho.services.iam.sources import find_entity, source_target
from sekisho.services.operation import ask_for
from sekisho.wire.http import HttpRequest

SERVICE = "sekisho"
LOOK_UP = "cloudtrail:LookupEvents"
SIMULATE = "iam:SimulatePrincipalPolicy"
FOREIGN = say(
    "The resource is another account's: its policies must allow it too, and they are not"
    " shown to you."
)
MOST_KEYS = 50


class SignedRoute(NamedTuple):
    """What verification wants to know of the way that a signed question goes."""

    operation: str
    service: str = SERVICE
    model: None = None
    fault: Fault | None = None


class Asked(NamedTuple):
    """A signed question, verified."""

    caller: Caller
    around: Ambient
    account: str


def verified(request: HttpRequest, operation: str, authority: Authority, entry: Entry) -> Asked:
    """Raises Fault where the signature does not hold."""
    authority.access.evidence.refresh()
    authentic: Authentic = authenticate(request, SignedRoute(operation), authority)  # type: ignore[arg-type]
    entry.called_by(authentic.caller)
    around = ambient(request, authentic, entry)
    return Asked(authentic.caller, around, authentic.caller.principal.account)


def permit(authority: Authority, asked: Asked, ask: Ask, entry: Entry) -> None:
    """Raises AccessDenied in the engine's sentence."""
    ruling = authority.access.decide(asked.caller, asked.around, ask)
    entry.decided([ruling])
    if not ruling.decision.allowed:
        raise denial(asked.caller, ruling)


def check_policy(_authority: Authority, asked: Asked, form: Json, _entry: Entry) -> Json:
    """What there is to say about a text; needs no permission."""
    # What AWS declares of all its services takes memory; few servers are asked for it.
    from sekisho.app.signin.checking import findings  # noqa: PLC0415

    return {"findings": findings(form["document"], form["type"], asked.account)}


def events(authority: Authority, asked: Asked, form: Json, entry: Entry) -> Json:
    permit(authority, asked, Ask(LOOK_UP, "*", asked.account), entry)
    return list_events(authority.audit.directory, asked.account, form)


def explain(authority: Authority, asked: Asked, form: Json, entry: Entry) -> Json:
    permit(authority, asked, Ask(LOOK_UP, "*", asked.account), entry)
    return explain_request(authority.audit.directory, asked.account, form["requestId"])


def ask(authority: Authority, asked: Asked, form: Json, entry: Entry) -> Json:
    """What the engine answers to a principal of this account, and why."""
    call = Call(asked.caller, {"PolicySourceArn": form["principalArn"]}, asked.around)
    with authority.directory.reading() as tx:
        desk = desk_for(tx, authority)
        permit(authority, asked, ask_for(call, SIMULATE, source_target(call, desk)), entry)
        entity = find_entity(call, desk, form["principalArn"])
        if not isinstance(entity, User | Role):
            raise Refused(404, "NotFound", say("There is no such user or role in this account."))
        question, is_foreign = question_of(desk, asked.account, form)
    question = question._replace(asker=principal_of(call, entity))
    ruling = authority.access.decide(asked.caller, asked.around, question)
    lines = [*ruling.explained().lines(), *([FOREIGN] if is_foreign else [])]
    answer = {
        "effect": "allowed" if ruling.decision.allowed else "denied",
        "kind": ruling.decision.kind.value,
        "lines": lines,
        "missing": [],
    }
    return with_told(answer, "lines")


def question_of(desk: Desk, account: str, form: Json) -> tuple[Ask, bool]:
    """The ask, with the resource's own policy if it is here; whether it is another account's."""
    resource, action = form["resourceArn"], form["action"]
    if ":" not in action.strip(":"):
        raise invalid("action", say("An action is service:Name, as s3:GetObject."))
    policy, is_trust, owner = None, False, account
    if resource != "*":
        try:
            arn = parse_arn(resource)
        except ValueError:
            raise invalid("resourceArn", say("Give an ARN, or *.")) from None
        owner = arn.account or account
        if arn.service == "s3" and not arn.account:
            held = desk.access.evidence.bucket(arn.resource.partition("/")[0])
            if held is not None:
                owner, policy = held.bucket.account, held.policy
        elif arn.service == "iam" and arn.resource.startswith("role/") and owner == account:
            name = arn.resource.rpartition("/")[2]
            role = desk.access.evidence.role(account, name)
            is_trust = role is not None and role.arn == resource and action.startswith("sts:")
            policy = role.trust if role is not None and is_trust else None
    if owner != account:
        return Ask(action, resource, account, context_of(form)), True
    return Ask(action, resource, account, context_of(form), policy, trust=is_trust), False


def context_of(form: Json) -> dict[str, ContextValue]:
    given = form.get("context", {})
    found: dict[str, ContextValue] = {}
    for key, value in itertools.islice(given.items(), MOST_KEYS + 1):
        values = value if isinstance(value, list) else [value]
        is_text = is_unicode(key) and all(
            isinstance(one, str) and len(one) <= 2048 and is_unicode(one) for one in values
        )
        if len(found) == MOST_KEYS or len(key) > 256 or not is_text or len(values) > MOST_KEYS:
            raise invalid(
                "context", say("context holds at most 50 keys with texts or lists of texts.")
            )
        found[key.lower()] = tuple(values) if isinstance(value, list) else value
    return found
