"""Choosing another password where the present one may be used for nothing else."""

from dataclasses import replace

from sekisho.app.signin.answers import Json, Refused
from sekisho.app.signin.passwords import Candidate, Proven, admit, prove, refuse_stale, renewed
from sekisho.app.signin.sessions import SignedIn
from sekisho.directory.queries import passwords
from sekisho.gate.authority import Authority
from sekisho.model.credentials import LoginProfile
from sekisho.model.faults import Fault
from sekisho.services.iam.login_profiles import changed
from sekisho.services.iam.passwords import Hashed, check_password, hash_password, was_used


def change_password(authority: Authority, form: Json, address: str) -> tuple[SignedIn, str]:
    """Set another password for whoever the present one proves, and sign in. Raises Refused."""
    proven = prove(authority, form, address)
    candidate = proven.candidate
    profile = candidate.profile
    if profile is None:
        raise Refused(403, "AccessDenied", "Only IAM Users can change their own password")
    refuse_unless_due(candidate, int(authority.clock()))
    try:
        hashed = checked(candidate, profile, form["newPassword"])
        kept = keep(authority, candidate, profile, hashed)
    except Fault as fault:
        raise Refused(fault.status, fault.code, fault.message) from None
    return admit(authority, Proven(renewed(candidate, kept), proven.serial, proven.step))


def refuse_unless_due(candidate: Candidate, now: int) -> None:
    """Who may sign in as they are changes the password inside, where policies are asked."""
    try:
        refuse_stale(candidate, now)
    except Refused as refused:
        if refused.code == "PasswordChangeRequired":
            return
        raise
    raise Refused(403, "AccessDenied", "Sign in first: the password need not be changed.")


def checked(candidate: Candidate, profile: LoginProfile, password: str) -> Hashed:
    """The new password, hashed. Raises PasswordPolicyViolation."""
    policy = candidate.settings.password_policy
    check_password(password, policy, (candidate.settings.alias,))
    used = was_used(password, profile, policy)
    return Hashed(hash_password(password), used, against=profile.hashed)


def keep(
    authority: Authority, candidate: Candidate, profile: LoginProfile, hashed: Hashed
) -> LoginProfile:
    """Write the new password down, unless another has been set meanwhile."""
    new = replace(changed(profile, hashed, int(authority.clock())), reset=False)
    with authority.directory.writing() as tx:
        now = passwords.get_login_profile(tx, candidate.user_id)
        if now is None or now.hashed != hashed.against:
            said = "The password was changed by another request."
            raise Fault("EntityTemporarilyUnmodifiable", 409, said)
        passwords.update_login_profile(tx, new)
    return new
