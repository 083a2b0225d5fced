"""What is answered under /console, /switchrole and /federation, whichever part it goes to."""

import hmac
import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from sekisho.access.context import Ambient
from sekisho.app.console.pages import page
from sekisho.app.signin import explaining
from sekisho.app.signin.answers import (
    LONGEST_BODY,
    LONGEST_DOCUMENT_BODY,
    Field,
    Json,
    Refused,
    json_response,
    nothing_more,
    read_body,
)
from sekisho.app.signin.changing import change_password
from sekisho.app.signin.federation import federate
from sekisho.app.signin.passwords import FailedSignIn, sign_in
from sekisho.app.signin.sessions import (
    SignedIn,
    check_csrf,
    credentials,
    end,
    set_cookie,
    shown,
    whoever,
)
from sekisho.app.signin.switching import switch_role
from sekisho.directory.queries import users
from sekisho.directory.store import Busy
from sekisho.gate.audit import LONGEST_TEXT, Entry
from sekisho.gate.authority import Authority
from sekisho.model.faults import Fault
from sekisho.model.identifiers import new_request_id
from sekisho.policy.words import say
from sekisho.wire.hosts import bucket_of_host
from sekisho.wire.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

API = "/console/api/"
LONGEST_FEDERATION = 64 * 1024
CODE = r"[0-9]{6}"
NAMES = {
    "account": Field(needed=True, most=63),
    "user": Field(most=64),
    "password": Field(needed=True, most=128),
    "mfaCode": Field(pattern=CODE),
}
ROLE = {"account": Field(needed=True, most=63), "roleName": Field(needed=True, most=64)}
TIME = Field(pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}Z")

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "sign-in": NAMES,
    "change-password": {
        **NAMES,
        "user": Field(needed=True, most=64),
        "newPassword": Field(needed=True, most=128),
    },
    "credentials": {},
    "switch-role": ROLE,
    "exit-role": ROLE,
    "sign-out": {},
    "check-policy": {
        "type": Field(
            needed=True,
            one_of=(
                "identity",
                "managed",
                "boundary",
                "session",
                "trust",
                "bucket",
                "scp",
                "rcp",
            ),
        ),
        "document": Field(needed=True, least=0, most=131_072),
    },
    "events": {
        "from": TIME,
        "to": TIME,
        "principal": Field(most=2048),
        "action": Field(most=256),
        "outcome": Field(one_of=("allowed", "denied")),
        "limit": Field(int, most=200),
        "next": Field(most=256),
    },
    "explain": {"requestId": Field(needed=True, most=64)},
    "ask": {
        "principalArn": Field(needed=True, most=2048),
        "action": Field(needed=True, most=256),
        "resourceArn": Field(needed=True, most=2048),
        "context": Field(dict),
    },
}
SIGNED: Mapping[str, Callable[[Authority, explaining.Asked, Json, Entry], Json]] = {
    "events": explaining.events,
    "explain": explaining.explain,
    "ask": explaining.ask,
    "check-policy": explaining.check_policy,
}


def is_for_console(request: HttpRequest) -> bool:
    """Whether this is the console's, and not a call of S3 for a bucket of such a name.

    No bucket can have these names; a signed request that is no explanation goes to S3 all the same.
    """
    path = request.raw_path
    if not path.startswith(("/console", "/switchrole", "/federation")):
        return False
    if bucket_of_host(request) is not None:
        return False
    if "authorization" in request.headers:
        return path.startswith(API) and path[len(API) :] in SIGNED
    if "X-Amz-Signature=" in request.query or "AWSAccessKeyId=" in request.query:
        return False
    return path in ("/console", "/switchrole", "/federation") or path.startswith("/console/")


def longest_body(request: HttpRequest) -> int:
    if request.raw_path == f"{API}check-policy":
        return LONGEST_DOCUMENT_BODY
    return LONGEST_BODY


def open_door(request: HttpRequest, authority: Authority) -> HttpResponse:
    """Answer one request of the console; its body has been received. Raises nothing."""
    path = request.raw_path
    entry = Entry(authority.audit, new_request_id(), authority.clock(), request.client)
    try:
        if path.startswith(API):
            return answer(request, path[len(API) :], authority, entry)
        if path == "/federation":
            body = request.body.read_all(LONGEST_FEDERATION)
            return recorded(entry, lambda: federate(request, body, authority, entry), "federation")
        if request.method not in ("GET", "HEAD"):
            raise Refused(405, "MethodNotAllowed", "Pages are read with GET.")
        if path == "/switchrole":
            query = f"?{request.query}" if request.query else ""
            return HttpResponse(302, [("Location", f"/console/switch-role{query}")])
        return page(request)
    except Refused as refused:
        return refused.response()
    except Fault as fault:
        more = {"requestId": entry.request_id}
        return Refused(fault.status, fault.code, fault.message, more).response()
    except Busy:
        return Refused(503, "ServiceUnavailable", say("The store is busy. Try again.")).response()
    except Exception:
        log.exception("console request %s failed", entry.request_id)
        more = {"requestId": entry.request_id}
        said = say("An internal failure was logged under this request id.")
        return Refused(500, "InternalFailure", said, more).response()


def answer(request: HttpRequest, name: str, authority: Authority, entry: Entry) -> HttpResponse:
    """Answer one path of the description."""
    if name == "session":
        if request.method != "GET":
            raise Refused(405, "MethodNotAllowed", "The session is read with GET.")
        authority.access.evidence.refresh()
        return json_response(200, shown(authority, whoever(request, authority)))
    if name not in FIELDS:
        raise Refused(404, "NotFound", "There is no such path.")
    if request.method != "POST":
        raise Refused(405, "MethodNotAllowed", "Use POST.")
    refuse_foreign(request)
    form = read_body(request, FIELDS[name], longest_body(request))
    authority.access.evidence.refresh()
    if name in SIGNED:
        return recorded(entry, lambda: signed(request, name, form, authority, entry), name)
    if name in ("sign-in", "change-password"):
        return recorded(entry, lambda: signing_in(request, name, form, authority, entry), name)
    signed_in = whoever(request, authority) if name != "sign-out" else leaving(request, authority)
    if signed_in is not None:
        check_csrf(request, signed_in)
    if name == "sign-out":
        end(request, authority)
        return nothing_more(set_cookie(request, "", 0))
    assert signed_in is not None
    if name == "credentials":
        return json_response(200, credentials(authority, signed_in))
    if name == "exit-role":
        return recorded(entry, lambda: left(form, signed_in, entry), name)
    around = surroundings(request, entry)
    return recorded(
        entry,
        lambda: json_response(200, switch_role(authority, signed_in, form, around, entry)),
        name,
    )


def recorded(entry: Entry, act: Callable[[], HttpResponse], name: str) -> HttpResponse:
    """Do something and put it on the audit trail, however it ends; texts being checked are not."""
    status = 500
    try:
        response = act()
        status = response.status
    except (Refused, Fault) as refused:
        status = refused.status
        if not isinstance(refused, Refused) or refused.code != "SwitchRoleFailed":
            entry.refused(refused.code, refused.message)
        raise
    finally:
        if name != "check-policy":
            entry.end(status)
    return response


def signed(
    request: HttpRequest, name: str, form: Json, authority: Authority, entry: Entry
) -> HttpResponse:
    operation = "".join(word.capitalize() for word in name.split("-"))
    entry.named(f"sekisho:{operation}", request.headers.get("user-agent", ""))
    asked = explaining.verified(request, operation, authority, entry)
    return json_response(200, SIGNED[name](authority, asked, form, entry))


def signing_in(
    request: HttpRequest, name: str, form: Json, authority: Authority, entry: Entry
) -> HttpResponse:
    entry.named("signin:ConsoleLogin", request.headers.get("user-agent", ""))
    try:
        if name == "sign-in":
            signed_in, cookie = sign_in(authority, form, request.client)
        else:
            around = surroundings(request, entry)
            signed_in, cookie = change_password(authority, form, around, entry)
    except FailedSignIn as failed:
        candidate = failed.candidate
        if candidate.account:
            name_of = user_name(authority, candidate.account, candidate.user_id)
            entry.signed_in(candidate.account, name_of, "mfaCode" in form, "Failure")
        raise
    entry.called_by(signed_in.caller)
    has_mfa = signed_in.grant.session.mfa_at is not None
    entry.signed_in(signed_in.record.account, signed_in.name, has_mfa, "Success")
    seconds = signed_in.record.expires - signed_in.record.begun
    return json_response(200, shown(authority, signed_in), set_cookie(request, cookie, seconds))


def user_name(authority: Authority, account: str, user_id: str) -> str:
    with authority.directory.reading() as tx:
        user = users.get_user_by_id(tx, account, user_id)
    return "root" if user is None else user.name


def leaving(request: HttpRequest, authority: Authority) -> SignedIn | None:
    """Who signs out; None if they had been out already."""
    try:
        return whoever(request, authority)
    except Refused:
        return None


def left(form: Json, signed_in: SignedIn, entry: Entry) -> HttpResponse:
    """Note that a role was left (W-324)."""
    entry.named("signin:ExitRole", f"{form['account']} {form['roleName']}")
    entry.called_by(signed_in.caller)
    return nothing_more()


def surroundings(request: HttpRequest, entry: Entry) -> Ambient:
    return Ambient(
        entry.now,
        entry.request_id,
        request.client,
        request.secure,
        request.headers.get("user-agent", "")[:LONGEST_TEXT],
        request.headers.get("referer", "")[:LONGEST_TEXT],
    )


def refuse_foreign(request: HttpRequest) -> None:
    """Raises Refused where a page of another origin asks."""
    origin: Any = request.headers.get("origin")
    if origin is None:
        return
    host = request.headers.get("host", "")
    try:
        found = urlsplit(origin).netloc
    except ValueError:
        found = ""
    if not hmac.compare_digest(found.encode(), host.encode()):
        raise Refused(403, "ForeignOrigin", "This is for pages of this server alone.")
