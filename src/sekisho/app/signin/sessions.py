"""A browser's session: a row that its cookie names, and a sealed grant that says who it is.

The cookie holds 256 random bits, of which the store has the hash. Signing out removes the row, for
every copy of the cookie. A session ends with its user, with the password that it rests on, and
after twelve hours (W-247).
"""

import hashlib
import hmac
import secrets
from typing import NamedTuple

from sekisho.app.signin.answers import Json, Refused, moment
from sekisho.directory.queries import console, passwords, settings
from sekisho.directory.store import Transaction
from sekisho.gate.authenticate import caller_of
from sekisho.gate.authority import Authority
from sekisho.model.console import ConsoleSession
from sekisho.model.credentials import fingerprint
from sekisho.model.principal import Caller, PrincipalKind, Session
from sekisho.policy.words import say
from sekisho.services.sts.tokens import Grant, InvalidToken, issue, seal, unseal
from sekisho.wire.http import HttpRequest

COOKIE = "sekisho-console"
LONGEST_SESSION = 12 * 3600
CREDENTIALS_SECONDS = 15 * 60
PURPOSE = b"sekisho console session 1"
_KINDS = {
    PrincipalKind.USER: "user",
    PrincipalKind.ROOT: "root",
    PrincipalKind.ROLE_SESSION: "role",
    PrincipalKind.FEDERATED_USER: "federated",
}


class SignedIn(NamedTuple):
    """Who a request's cookie says is there, looked up anew for each request."""

    record: ConsoleSession
    grant: Grant
    caller: Caller

    @property
    def name(self) -> str:
        """What switched sessions are called (PE-224), and what people are shown."""
        principal = self.caller.principal
        if principal.kind is PrincipalKind.ROOT:
            return "root"
        return principal.session_name or principal.name


def begin(
    authority: Authority, grant: Grant, now: int, password: str = "", issuer: str = ""
) -> tuple[SignedIn, str]:
    """A new session, and what its cookie holds.

    grant: its session's end is the end of the browser's. password: its hash, if it was
    a password that was shown.
    """
    value = secrets.token_urlsafe(32)
    record = ConsoleSession(
        hashed=hashed(value),
        account=grant.account,
        begun=now,
        expires=grant.session.expires,
        password=fingerprint(password) if password else "",
        issuer=issuer,
        csrf=secrets.token_urlsafe(32),
        token=seal(authority.directory.ring(), grant, purpose=PURPOSE),
    )
    caller = caller_of(grant, authority.access)
    if caller is None:
        raise not_signed_in()
    with authority.directory.writing() as tx:
        console.add_session(tx, record)
    return SignedIn(record, grant, caller), value


def whoever(request: HttpRequest, authority: Authority) -> SignedIn:
    """Raises Refused (401) where the cookie is of no session, or of one that has ended."""
    value = cookie_of(request)
    if not value:
        raise not_signed_in()
    now = authority.clock()
    with authority.directory.reading() as tx:
        record = console.get_session(tx, hashed(value))
        if record is None or record.expires <= now:
            raise not_signed_in()
        try:
            grant = unseal(authority.directory.ring(), record.token, PURPOSE)
        except InvalidToken:
            raise not_signed_in() from None
        if record.password and record.password != fingerprint(password_of(tx, grant)):
            raise not_signed_in()
    caller = caller_of(grant, authority.access)
    if caller is None:
        raise not_signed_in()
    return SignedIn(record, grant, caller)


def password_of(tx: Transaction, grant: Grant) -> str:
    """The hash of the present password of a user or of a root user; empty if there is none."""
    if grant.kind is PrincipalKind.ROOT:
        root = console.get_root_password(tx, grant.account)
        return "" if root is None else root.hashed
    profile = passwords.get_login_profile(tx, grant.unique_id)
    return "" if profile is None else profile.hashed


def check_csrf(request: HttpRequest, signed_in: SignedIn) -> None:
    given = request.headers.get("x-sekisho-csrf", "")
    if not hmac.compare_digest(given.encode(), signed_in.record.csrf.encode()):
        raise Refused(403, "InvalidCsrfToken", "The header X-Sekisho-Csrf is missing or wrong.")


def end(request: HttpRequest, authority: Authority) -> None:
    with authority.directory.writing() as tx:
        console.remove_session(tx, hashed(cookie_of(request)))


def shown(authority: Authority, signed_in: SignedIn) -> Json:
    """A session as the console is told of it."""
    record, principal = signed_in.record, signed_in.caller.principal
    with authority.directory.reading() as tx:
        alias = settings.get_settings(tx, record.account).alias
    body: Json = {
        "account": record.account,
        "arn": principal.arn,
        "kind": _KINDS[principal.kind],
        "name": signed_in.name,
        "mfa": signed_in.grant.session.mfa_at is not None,
        "expires": moment(record.expires),
        "csrf": record.csrf,
    }
    if alias:
        body["alias"] = alias
    if record.issuer:
        body["issuer"] = record.issuer
    return body


def credentials(authority: Authority, signed_in: SignedIn) -> Json:
    """Temporary credentials of whoever signed in.

    They count as issued when the session began, so that a policy on aws:TokenIssueTime that shuts
    out older sessions shuts out this one, however often it asks. A user's end with the password.
    """
    grant, now = signed_in.grant, int(authority.clock())
    expires = min(now + CREDENTIALS_SECONDS, signed_in.record.expires)
    session: Session = grant.session._replace(expires=expires)
    if grant.kind is PrincipalKind.USER:
        session = session._replace(password=signed_in.record.password)
    made = issue(
        authority.directory.ring(),
        grant.kind,
        grant.account,
        grant.unique_id,
        grant.session_name,
        session,
    )
    return shown_credentials(made.as_output()["Credentials"])


def shown_credentials(output: Json) -> Json:
    """The Credentials of an STS output, as the console's description has them."""
    return {
        "accessKeyId": output["AccessKeyId"],
        "secretAccessKey": output["SecretAccessKey"],
        "sessionToken": output["SessionToken"],
        "expiration": moment(output["Expiration"]),
    }


def cookie_of(request: HttpRequest) -> str:
    for part in request.headers.get("cookie", "")[:8192].replace(",", ";").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value[:128]
    return ""


def set_cookie(request: HttpRequest, value: str, seconds: int) -> tuple[str, str]:
    """seconds: how long it is good for; 0 takes it back."""
    secure = "; Secure" if request.secure else ""
    attributes = f"Path=/console; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"
    return ("Set-Cookie", f"{COOKIE}={value}; {attributes}")


def hashed(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()


def not_signed_in() -> Refused:
    return Refused(401, "NotSignedIn", say("Nobody is signed in here, or the session has ended."))
