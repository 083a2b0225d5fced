"""Signing in with a password; equal answers and equal work for whoever is not known."""

from dataclasses import dataclass

from sekisho.app.signin.answers import Json, Refused
from sekisho.app.signin.attempts import (
    begin_attempt,
    forgive,
    subject_of_address,
    subject_of_user,
)
from sekisho.app.signin.sessions import LONGEST_SESSION, SignedIn, begin
from sekisho.directory.queries import accounts, console, devices, passwords, settings, users
from sekisho.directory.store import Transaction
from sekisho.gate.authority import Authority
from sekisho.model.credentials import LoginProfile
from sekisho.model.identifiers import is_account_id
from sekisho.model.principal import PrincipalKind, Session
from sekisho.model.records import MfaDevice
from sekisho.model.settings import AccountSettings
from sekisho.model.uses import Use
from sekisho.policy.words import say
from sekisho.services.iam.passwords import is_password
from sekisho.services.sts.mfa import count_wrong_code
from sekisho.services.sts.tokens import Grant
from sekisho.services.totp import codes_match

# Of a password that nobody has; checking it takes as long as any other.
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$ZEQOeIDIOnvn0UVXvhKIVQ"
    "$IBWMtdINTCEAQrsUngW8Gc1NyQvr5UMpTCfvjwnorDY"
)
DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom a form names, if there is such a one with a password.

    user_id: of a user; the account id for root. hashed: NOBODYS where there is none.
    """

    kind: PrincipalKind
    account: str
    user_id: str
    hashed: str
    profile: LoginProfile | None
    settings: AccountSettings
    devices: tuple[MfaDevice, ...] = ()


NOBODY = Candidate(PrincipalKind.USER, "", "", NOBODYS, None, AccountSettings(""))


class FailedSignIn(Refused):
    """One answer for every cause. candidate: for the audit trail alone."""

    def __init__(self, candidate: Candidate) -> None:
        super().__init__(
            401,
            "AuthenticationFailed",
            say("Your authentication information is incorrect. Please try again."),
        )
        self.candidate = candidate


@dataclass(frozen=True, slots=True)
class Proven:
    """A candidate who has shown the right password and, where one is enrolled, the right code."""

    candidate: Candidate
    serial: str = ""
    step: int = 0


def sign_in(authority: Authority, form: Json, address: str) -> tuple[SignedIn, str]:
    """A session for whoever a form proves to be, and what its cookie holds. Raises Refused."""
    proven = prove(authority, form, address)
    refuse_stale(proven.candidate, int(authority.clock()))
    return admit(authority, proven)


def prove(authority: Authority, form: Json, address: str) -> Proven:
    """Check the password, then the code. Every attempt counts until the password is right."""
    now = int(authority.clock())
    by_user = subject_of_user(spelled_plainly(form["account"]), form.get("user", ""))
    by_address = subject_of_address(address)
    begin_attempt(authority.directory, by_user, by_address, now)
    with authority.directory.reading() as tx:
        candidate = find(tx, form["account"], form.get("user"))
    if not is_password(form["password"], candidate.hashed) or candidate is NOBODY:
        raise FailedSignIn(candidate)
    forgive(authority.directory, by_user, by_address)
    if not candidate.devices:
        return Proven(candidate)
    return check_code(authority, candidate, form.get("mfaCode", ""))


def find(tx: Transaction, named: str, user_name: str | None) -> Candidate:
    """The user of an account, or its root user where no user is named; NOBODY if there is none."""
    account = account_named(tx, named)
    if account is None or accounts.get_account(tx, account) is None:
        return NOBODY
    decided = settings.get_settings(tx, account)
    if user_name is None:
        root = console.get_root_password(tx, account)
        if root is None:
            return NOBODY
        enrolled = tuple(devices.list_devices_of(tx, account, account))
        return Candidate(
            PrincipalKind.ROOT,
            account,
            account,
            root.hashed,
            None,
            decided,
            enrolled,
        )
    user = users.get_user(tx, account, user_name)
    profile = None if user is None else passwords.get_login_profile(tx, user.unique_id)
    if user is None or profile is None:
        return NOBODY
    enrolled = tuple(devices.list_devices_of(tx, account, user.unique_id))
    return Candidate(
        PrincipalKind.USER,
        account,
        user.unique_id,
        profile.hashed,
        profile,
        decided,
        enrolled,
    )


def account_named(tx: Transaction, named: str) -> str | None:
    """The id that an id or an alias stands for; None for an alias that nobody has."""
    plain = spelled_plainly(named)
    return plain if is_account_id(plain) else settings.find_alias(tx, plain)


def spelled_plainly(named: str) -> str:
    """An account's id without hyphens, an alias in lower case: the same however it was typed."""
    text = named.strip()
    digits = text.replace("-", "")
    return digits if is_account_id(digits) else text.lower()


def check_code(authority: Authority, candidate: Candidate, code: str) -> Proven:
    """Raises Refused without a code, and for one of none of the devices. Wrong ones are counted."""
    if not code:
        raise Refused(401, "MfaRequired", say("Give the code of your MFA device."))
    now = authority.clock()
    open_to_guesses = [device for device in candidate.devices if now >= device.refused_until]
    for device in open_to_guesses:
        step = codes_match(device.seed, code, now, device.last_step)
        if step is not None:
            return Proven(candidate, device.serial, step)
    for device in open_to_guesses:
        count_wrong_code(authority.directory, device.serial, int(now))
    raise FailedSignIn(candidate)


def refuse_stale(candidate: Candidate, now: int) -> None:
    """Raises Refused where the password may only be used to choose another, or not even that."""
    profile, policy = candidate.profile, candidate.settings.password_policy
    if profile is None:
        return
    is_old = bool(policy and policy.max_age and now >= profile.changed + policy.max_age * DAY)
    if is_old and policy is not None and policy.hard_expiry:
        raise Refused(
            403,
            "PasswordExpired",
            say("Your password has expired. Ask your administrator to set another."),
        )
    if is_old or profile.reset:
        raise Refused(403, "PasswordChangeRequired", say("Choose another password to sign in."))


def admit(authority: Authority, proven: Proven) -> tuple[SignedIn, str]:
    """Begin the session; the code is used up (W-137)."""
    candidate, now = proven.candidate, int(authority.clock())
    if proven.serial:
        with authority.directory.writing() as tx:
            if not devices.advance_device(tx, proven.serial, proven.step):
                raise FailedSignIn(candidate)
    begun = begin(authority, grant_for(proven, now), now, candidate.hashed)
    note_sign_in(authority, candidate, now)
    return begun


def grant_for(proven: Proven, now: int) -> Grant:
    """What the session of one who has proven who they are is about."""
    candidate = proven.candidate
    return Grant(
        access_key_id="",
        kind=candidate.kind,
        account=candidate.account,
        unique_id=candidate.user_id,
        session_name="",
        session=Session(
            issued=now,
            expires=now + LONGEST_SESSION,
            mfa_at=now if proven.serial else None,
            is_console=True,
        ),
        secret="",
    )


def note_sign_in(authority: Authority, candidate: Candidate, now: int) -> None:
    use = Use(candidate.user_id, "signin", "ConsoleLogin", candidate.account, now, "us-east-1")
    authority.directory.uses.note(use)
