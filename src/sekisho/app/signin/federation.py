"""/federation: sign-in links made from temporary credentials (W-251, W-252).

A sign-in token is the sealed grant of the session to be, good for 15 minutes; the grant's access
key id is where the time of its making stands.
"""

import hmac
import json
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from sekisho.app.signin.answers import ALWAYS, Json
from sekisho.app.signin.sessions import LONGEST_SESSION, begin, set_cookie
from sekisho.gate.audit import Entry
from sekisho.gate.authenticate import caller_of
from sekisho.gate.authority import Authority
from sekisho.model.principal import Caller, PrincipalKind
from sekisho.services.sts.tokens import Grant, InvalidToken, seal, unseal
from sekisho.wire.http import HttpRequest, HttpResponse

PURPOSE = b"sekisho sign-in token 1"
GOOD_SECONDS = 15 * 60
SHORTEST_SESSION = 900
LONGEST_ADDRESS = 2048
MOST_PARAMETERS = 16
CONSOLE = "/console/"
EVENTS = {"getSigninToken": "signin:GetSigninToken", "login": "signin:ConsoleLogin"}


class Unfit(Exception):
    """What was asked for cannot be; told in plain text, as AWS's endpoint does."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Offer(NamedTuple):
    """What a sign-in token stands for: a session to begin, and until when it may."""

    grant: Grant
    until: int


def federate(request: HttpRequest, body: bytes, authority: Authority, entry: Entry) -> HttpResponse:
    """Answer one request of the endpoint, by GET or by a form; entry learns who it was (W-323)."""
    agent = request.headers.get("user-agent", "")
    entry.named("signin:", agent)
    try:
        given = parameters(request, body)
        action = given.get("Action", "")
        if action not in EVENTS:
            raise Unfit(400, "Action must be getSigninToken or login.")
        entry.named(EVENTS[action], agent)
        if action == "login":
            return login(request, given, authority, entry)
        return signin_token(given, authority, entry)
    except Unfit as unfit:
        entry.refused("AccessDenied" if unfit.status == 403 else "InvalidRequest", unfit.message)
        text = unfit.message.encode()
        kind = ("Content-Type", "text/plain; charset=utf-8")
        return HttpResponse(unfit.status, [kind, *ALWAYS], text, len(text))


def parameters(request: HttpRequest, body: bytes) -> dict[str, str]:
    text = request.query
    if request.method == "POST":
        text = "&".join(filter(None, (text, body.decode("utf-8", "replace"))))
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise Unfit(400, "There are too many parameters.") from None
    return dict(reversed(pairs))  # the first of a name counts


def signin_token(given: dict[str, str], authority: Authority, entry: Entry) -> HttpResponse:
    """A token for the holder of temporary credentials of a role or of a federated user."""
    now = int(authority.clock())
    grant, caller = verified(given.get("Session", ""), authority, now)
    entry.called_by(caller)
    end = session_end(given.get("SessionDuration"), grant, now)
    session = grant.session._replace(expires=end, is_console=True)
    offered = grant._replace(access_key_id=str(now + GOOD_SECONDS), session=session, secret="")
    body = {"SigninToken": seal(authority.directory.ring(), offered, purpose=PURPOSE)}
    data = json.dumps(body).encode()
    return HttpResponse(200, [("Content-Type", "application/json"), *ALWAYS], data, len(data))


def verified(text: str, authority: Authority, now: int) -> tuple[Grant, Caller]:
    """The grant whose three parts a Session parameter shows, and whose it is."""
    session = read_session(text)
    bad = Unfit(403, "The credentials in Session are not valid.")
    try:
        grant = unseal(authority.directory.ring(), session["sessionToken"])
    except InvalidToken:
        raise bad from None
    fits = hmac.compare_digest(grant.secret.encode(), session["sessionKey"].encode())
    if not fits or grant.access_key_id != session["sessionId"] or grant.session.expires <= now:
        raise bad
    is_fit = grant.kind in (PrincipalKind.ROLE_SESSION, PrincipalKind.FEDERATED_USER)
    if grant.session.is_console or not is_fit:
        raise Unfit(
            400,
            "Session must hold credentials of AssumeRole, AssumeRoleWithSAML,"
            " AssumeRoleWithWebIdentity or GetFederationToken.",
        )
    authority.access.evidence.refresh()
    caller = caller_of(grant, authority.access)
    if caller is None:
        raise bad
    return grant, caller


def read_session(text: str) -> dict[str, str]:
    names = ("sessionId", "sessionKey", "sessionToken")
    try:
        read: Json = json.loads(text)
        found = {name: read[name] for name in names}
    except (ValueError, KeyError, TypeError, RecursionError):
        found = {}
    if not found or not all(isinstance(value, str) for value in found.values()):
        raise Unfit(400, f"Session must be JSON with {', '.join(names)}.")
    return found


def session_end(duration: str | None, grant: Grant, now: int) -> int:
    """When the browser's session ends: with the credentials, if nothing else was asked for."""
    if duration is None:
        return min(grant.session.expires, now + LONGEST_SESSION)
    if grant.kind is not PrincipalKind.ROLE_SESSION:
        raise Unfit(400, "SessionDuration goes with credentials of AssumeRole… alone.")
    is_number = duration.isascii() and duration.isdecimal() and len(duration) <= 5
    if not is_number or not SHORTEST_SESSION <= int(duration) <= LONGEST_SESSION:
        raise Unfit(400, f"SessionDuration must be {SHORTEST_SESSION} to {LONGEST_SESSION}.")
    end = now + int(duration)
    if grant.session.is_chained and end > grant.session.expires:
        raise Unfit(400, "SessionDuration must not outlast credentials of a chained role.")
    return end


def login(
    request: HttpRequest, given: dict[str, str], authority: Authority, entry: Entry
) -> HttpResponse:
    """Sign the browser in and send it on."""
    now = int(authority.clock())
    place = destination(request, given.get("Destination", CONSOLE))
    issuer = given.get("Issuer", "")
    if urlsplit(issuer).scheme not in ("http", "https") or len(issuer) > LONGEST_ADDRESS:
        issuer = ""
    grant = offered(given.get("SigninToken", ""), authority, now)
    authority.access.evidence.refresh()
    caller = caller_of(grant, authority.access)
    if caller is None:
        raise Unfit(403, "The SigninToken is not valid any more.")
    entry.called_by(caller)
    has_mfa = grant.session.mfa_at is not None
    entry.signed_in(grant.account, grant.session_name, has_mfa, "Success")
    _, cookie = begin(authority, grant, now, issuer=issuer)
    headers = [
        ("Location", place),
        ("Cache-Control", "no-store"),
        set_cookie(request, cookie, grant.session.expires - now),
    ]
    return HttpResponse(302, headers)


def offered(token: str, authority: Authority, now: int) -> Grant:
    try:
        grant = unseal(authority.directory.ring(), token, PURPOSE)
    except InvalidToken:
        raise Unfit(403, "The SigninToken is not valid.") from None
    if int(grant.access_key_id) <= now or grant.session.expires <= now:
        raise Unfit(403, "The SigninToken has expired; it is good for 15 minutes.")
    return grant._replace(access_key_id="")


def destination(request: HttpRequest, address: str) -> str:
    """Where to go after signing in: a page of this console, given in full or as a path."""
    unfit = Unfit(400, "Destination must be a page of this server's console.")
    if len(address) > LONGEST_ADDRESS or not address.isascii() or not address.isprintable():
        raise unfit
    try:
        parts = urlsplit(address)
    except ValueError:
        raise unfit from None
    host = request.headers.get("host", "")
    scheme = "https" if request.secure else "http"
    if (parts.scheme or parts.netloc) and (parts.scheme, parts.netloc) != (scheme, host):
        raise unfit
    is_page = parts.path in ("/console", "/switchrole") or parts.path.startswith(CONSOLE)
    if not is_page or "\\" in address or " " in address:
        raise unfit
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.path}{query}"
