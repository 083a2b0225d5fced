"""Choosing another password where the present one may be used for nothing else.

It is iam:ChangePassword, asked for as the user whom the present password proves.
"""

from sekisho.access.context import Ambient
from sekisho.app.signin.answers import Json, Refused
from sekisho.app.signin.passwords import (
    Candidate,
    Proven,
    admit,
    find,
    grant_for,
    prove,
    refuse_stale,
)
from sekisho.app.signin.sessions import SignedIn, not_signed_in
from sekisho.gate.audit import Entry
from sekisho.gate.authenticate import caller_of
from sekisho.gate.authority import Authority
from sekisho.gate.pipeline import perform
from sekisho.model.faults import Fault
from sekisho.policy.words import say
from sekisho.services import OPERATIONS, Call


def change_password(
    authority: Authority, form: Json, around: Ambient, entry: Entry
) -> tuple[SignedIn, str]:
    """Set another password for whoever the present one proves, and sign in. Raises Refused."""
    proven = prove(authority, form, around.source_ip)
    refuse_unless_due(proven.candidate, int(authority.clock()))
    caller = caller_of(grant_for(proven, int(authority.clock())), authority.access)
    if caller is None:
        raise not_signed_in()
    passwords = {"OldPassword": form["password"], "NewPassword": form["newPassword"]}
    call = Call(caller, passwords, around)
    try:
        perform(OPERATIONS["iam:ChangePassword"], call, authority, entry)
    except Fault as fault:
        raise Refused(fault.status, fault.code, fault.message) from None
    with authority.directory.reading() as tx:
        candidate = find(tx, form["account"], form["user"])
    return admit(authority, Proven(candidate, proven.serial, proven.step))


def refuse_unless_due(candidate: Candidate, now: int) -> None:
    """Whoever may sign in changes the password inside."""
    try:
        refuse_stale(candidate, now)
    except Refused as refused:
        if refused.code == "PasswordChangeRequired":
            return
        raise
    raise Refused(403, "AccessDenied", say("Sign in first: the password need not be changed."))
