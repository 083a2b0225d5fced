"""Switching roles: AssumeRole as whoever signed in, with reasons where it is refused.

The one engine decides, and the call is on the audit trail like any other. A switch starts from the
identity that signed in, never from a role switched to before (PE-219). What the caller's own
policies say is always told; what the role's say only to who may read the role.
"""

from typing import NamedTuple

from sekisho.access.context import Ambient
from sekisho.access.decide import NO_POLICIES, Ask, Ruling, story
from sekisho.advice.why import CALLERS_LAYERS
from sekisho.app.signin.answers import Json, Refused, moment, with_told
from sekisho.app.signin.passwords import account_named
from sekisho.app.signin.sessions import SignedIn, shown_credentials
from sekisho.directory.queries import settings
from sekisho.gate.audit import Entry
from sekisho.gate.authority import Authority
from sekisho.gate.pipeline import desk_for, perform
from sekisho.model.arn import iam_arn
from sekisho.model.faults import Fault
from sekisho.model.principal import PrincipalKind
from sekisho.policy.words import say
from sekisho.services import OPERATIONS, Call, Desk
from sekisho.services.iam.targets import boundary_of
from sekisho.services.sts.assume_role import CHAINED_SECONDS, is_chained
from sekisho.services.sts.roles import DEFAULT_SECONDS, find_role
from sekisho.services.sts.standing import refuse_standing

SENTENCE = say(
    "Invalid information in one or more fields. Check your information or contact your"
    " administrator."
)
ASSUME_ROLE = "sts:AssumeRole"
ROOT_MAY_NOT = say("Roles may not be assumed by root accounts. Sign in as an IAM user.")
NO_ACCOUNT = say("There is no account of this id or alias, so no policy was asked.")
OWN_HALF_FITS = say(
    "Your own policies allow it. The rest is the other account's: the role must exist"
    " there, by exactly this name and path, and its trust policy must let you in."
)


class Reasons(NamedTuple):
    """own: what the caller's side says; other: what the role's does, None if it is not shown."""

    own: list[str]
    other: list[str] | None


def switch_role(
    authority: Authority, signed_in: SignedIn, form: Json, around: Ambient, entry: Entry
) -> Json:
    """The role's credentials, for the role's longest or for what is left of the session (W-247).

    Raises Refused (403, SwitchRoleFailed) in AWS's one sentence (PE-199), with the reasons.
    """
    caller = signed_in.caller
    entry.named(ASSUME_ROLE, around.user_agent)
    entry.called_by(caller)
    if caller.principal.kind is PrincipalKind.ROOT:
        raise refused(Reasons([ROOT_MAY_NOT], None))
    try:
        refuse_standing(ASSUME_ROLE, caller)
    except Fault as fault:
        entry.refused(fault.code, fault.message)
        raise refused(Reasons([fault.message], None)) from None
    with authority.directory.reading() as tx:
        account = account_named(tx, form["account"])
    if account is None:
        raise refused(Reasons([NO_ACCOUNT], None))
    path, _, name = form["roleName"].lstrip("/").rpartition("/")
    role_arn = iam_arn(account, "role", f"/{path}/" if path else "/", name)
    call = Call(
        caller,
        {
            "RoleArn": role_arn,
            "RoleSessionName": signed_in.name,
            "DurationSeconds": seconds_for(authority, signed_in, role_arn),
        },
        around,
    )
    try:
        output = perform(OPERATIONS[ASSUME_ROLE], call, authority, entry)
    except Fault as fault:
        entry.refused(fault.code, fault.message)
        raise refused(reasons(authority, call, fault)) from None
    with authority.directory.reading() as tx:
        alias = settings.get_settings(tx, account).alias
    return {
        "accountId": account,
        **({"alias": alias} if alias else {}),
        "roleArn": role_arn,
        "arn": output["AssumedRoleUser"]["Arn"],
        "sessionName": signed_in.name,
        "credentials": shown_credentials(output["Credentials"]),
        "expires": moment(output["Credentials"]["Expiration"]),
    }


def seconds_for(authority: Authority, signed_in: SignedIn, role_arn: str) -> int:
    with authority.directory.reading() as tx:
        role = find_role(desk_for(tx, authority), role_arn)
    longest = DEFAULT_SECONDS if role is None else role.role.max_session or DEFAULT_SECONDS
    if is_chained(signed_in.caller):
        longest = min(longest, CHAINED_SECONDS)
    return max(1, min(longest, signed_in.record.expires - int(authority.clock())))


def reasons(authority: Authority, call: Call, fault: Fault) -> Reasons:
    """Both halves of a refusal, as far as the caller may see them."""
    with authority.directory.reading() as tx:
        desk = desk_for(tx, authority)
        try:
            asks = OPERATIONS[ASSUME_ROLE].asks(call, desk)
        except Fault as other:
            return Reasons([other.message], None)
        rulings = [desk.access.decide(call.caller, call.ambient, ask) for ask in asks]
        denied = next((one for one in rulings if not one.decision.allowed), None)
        if denied is None:
            return Reasons([fault.message], None)
        if not may_read(call, desk, denied.ask):
            return Reasons(own_half(unseen(call, desk, denied.ask)), None)
        if find_role(desk, call.input["RoleArn"]) is None:
            return Reasons(lines_of(denied, own=True), [say("There is no such role.")])
        return Reasons(lines_of(denied, own=True), lines_of(denied, own=False))


def may_read(call: Call, desk: Desk, ask: Ask) -> bool:
    role = find_role(desk, ask.resource)
    context = {key: value for key, value in ask.context.items() if "resourcetag/" in key}
    context |= {} if role is None else boundary_of(role.role)
    return desk.may(call, Ask("iam:GetRole", ask.resource, ask.owner, context))


def unseen(call: Call, desk: Desk, ask: Ask) -> Ruling:
    """The same question as if there were no such role: its tags must not show in the reasons."""
    context = {key: value for key, value in ask.context.items() if "resourcetag/" not in key}
    blind = ask._replace(policy=NO_POLICIES, context=context)
    return desk.access.decide(call.caller, call.ambient, blind)


def own_half(ruling: Ruling) -> list[str]:
    lines = lines_of(ruling, own=True)
    layers = [each for each in story(ruling.explained()) if each["layer"] in CALLERS_LAYERS]
    fits = all(each["verdict"] == "allows" or each["absent"] for each in layers)
    return [*lines, OWN_HALF_FITS] if fits else lines


def lines_of(ruling: Ruling, *, own: bool) -> list[str]:
    return [
        line
        for each in story(ruling.explained())
        if (each["layer"] in CALLERS_LAYERS) is own
        for line in each["lines"]
    ]


def refused(found: Reasons) -> Refused:
    halves = {"own": found.own, "other": found.other}
    more = {"reasons": with_told(halves, "own", "other")}
    return Refused(403, "SwitchRoleFailed", SENTENCE, more)
