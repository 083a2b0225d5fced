"""The way of a request through the house, from bytes to bytes.

Every answer is on the audit trail before it leaves. What goes wrong inside is told to the caller as
an internal failure and to the operator in full.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

from sekisho.access.context import GLOBAL_REGION, Ambient, ContextValue
from sekisho.access.decide import Ruling
from sekisho.access.denial import denial
from sekisho.access.evidence import WouldWait
from sekisho.directory.store import Begin, Busy, Duplicate, Moved, Transaction
from sekisho.gate.audit import LONGEST_TEXT, Entry
from sekisho.gate.authenticate import Authentic, authenticate
from sekisho.gate.authority import Authority
from sekisho.gate.cors import bucket_of, is_preflight, let_pages_see, preflight
from sekisho.model.faults import Fault
from sekisho.model.identifiers import new_request_id
from sekisho.model.principal import PrincipalKind
from sekisho.model.uses import Use
from sekisho.services import OPERATIONS, Call, Desk, Operation, Output, Upload
from sekisho.services.sts.messages import encoded_message
from sekisho.services.sts.standing import refuse_standing
from sekisho.services.unserved import not_served
from sekisho.wire.chunks import open_body
from sekisho.wire.http import HttpRequest, HttpResponse
from sekisho.wire.post_route import PostRoute
from sekisho.wire.query import QueryRoute
from sekisho.wire.route import Route, find_route
from sekisho.wire.sigv4 import Claim, Form

log = logging.getLogger(__name__)

AUTH_TYPES = {
    Form.HEADER: "REST-HEADER",
    Form.QUERY: "REST-QUERY-STRING",
    Form.QUERY_V2: "REST-QUERY-STRING",
    Form.POST: "POST",
    Form.POST_V2: "POST",
}
VERSION_2 = frozenset({Form.QUERY_V2, Form.POST_V2})


class Draft(NamedTuple):
    """A write that was let in and staged, and waits for a transaction.

    rulings: by which it was let in.
    """

    operation: Operation
    call: Call
    entry: Entry
    rulings: Sequence[Ruling]


Outcome = Output | Exception
"""What came of a draft."""


def handle(request: HttpRequest, authority: Authority, route: Route | None = None) -> HttpResponse:
    """Answer one request.

    route: find_route(request), if the caller has it. Raises nothing but WouldWait, and that only on
    a thread that is never to be held up; nothing has happened then, so it may be asked again.
    """
    if route is None:
        route = find_route(request)
    begun = begin(request, authority, route)
    if isinstance(begun, HttpResponse):
        return begun
    return finish(begun, write_together([begun], authority)[0], request, authority, route)


def begin(
    request: HttpRequest, authority: Authority, route: Route, *, decides: bool = True
) -> HttpResponse | Draft:
    """Answer what writes nothing, or is refused; make a draft of all else. Raises as `handle`.

    decides: whether a draft for which nothing is staged is decided before its transaction, too.
    """
    now = authority.clock()
    entry = Entry(authority.audit, new_request_id(), now, request.client)
    entry.named(f"{route.service}:{route.operation}", request.headers.get("user-agent", ""))
    try:
        if is_preflight(request, route):
            response = preflight(request, route, authority)
        else:
            found = answer(request, route, authority, entry, decides=decides)
            if isinstance(found, Draft):
                return found
            response = route.render(found, entry.request_id)
    except WouldWait:
        raise
    except Moved:
        raise WouldWait from None
    except Exception as error:
        response = refusal(error, route, entry)
    return sent_off(response, request, authority, route, entry)


def finish(
    draft: Draft, outcome: Outcome, request: HttpRequest, authority: Authority, route: Route
) -> HttpResponse:
    """The answer to a draft, once it is known what came of it."""
    entry = draft.entry
    try:
        output = certain(outcome)
        entry.gave(output)
        response = route.render(output, entry.request_id)
    except Exception as error:
        response = refusal(error, route, entry)
    return sent_off(response, request, authority, route, entry)


def sent_off(
    response: HttpResponse, request: HttpRequest, authority: Authority, route: Route, entry: Entry
) -> HttpResponse:
    """An answer with all that belongs to its head, put on record."""
    if "origin" in request.headers:
        let_pages_see(request, route, response, authority)
    if route.service == "s3":
        if response.status >= 400:
            tell_region(response, route, authority)
        if "authorization" not in request.headers:
            keep_apart(response)
    entry.end(response.status)
    return response


def answer(
    request: HttpRequest, route: Route, authority: Authority, entry: Entry, *, decides: bool
) -> Output | Draft:
    """Authenticate, then validate, then authorise, then run or draft (PE-204)."""
    if route.fault is not None:
        raise route.fault
    authority.access.evidence.refresh()
    authentic = authenticate(request, route, authority)
    if authentic.claim is not None or route.service == "s3":
        entry.called_by(authentic.caller)
    operation = OPERATIONS.get(f"{route.service}:{route.operation}")
    if operation is None:
        raise not_served(f"{route.service}:{route.operation}")
    call = Call(
        authentic.caller,
        route.parse(request),
        ambient(request, authentic, entry),
        uploaded(request, route, authentic),
    )
    note_use(call, route, authority)
    if route.service == "sts":
        refuse_standing(operation.name, call.caller)
    if operation.writes and operation.stage is None and not decides:
        return Draft(operation, call, entry, ())
    return run_or_draft(operation, call, authority, entry)


def perform(operation: Operation, call: Call, authority: Authority, entry: Entry) -> Output:
    """Authorise and run an operation for a caller who is known. Raises Fault."""
    begun = run_or_draft(operation, call, authority, entry)
    if not isinstance(begun, Draft):
        return begun
    output = certain(write_together([begun], authority)[0])
    entry.gave(output)
    return output


def run_or_draft(
    operation: Operation, call: Call, authority: Authority, entry: Entry
) -> Output | Draft:
    """Authorise an operation, then run it if it writes nothing, else stage what is uploaded."""
    with reading(authority) as tx:
        desk = desk_for(tx, authority)
        rulings = permit(operation, call, desk, entry)
        if not operation.writes:
            output = operation.run(call, desk)
            entry.gave(output)
            return output
    if operation.stage is not None:
        with reading(authority) as tx:
            call = call._replace(staged=operation.stage(call, desk_for(tx, authority)))
    return Draft(operation, call, entry, rulings)


def reading(authority: Authority) -> AbstractContextManager[Transaction]:
    """A transaction that reads; who is not to be held up asks again what others have seen."""
    if authority.access.evidence.must_hurry():
        return authority.directory.recalling()
    return authority.directory.reading()


def write_together(drafts: Sequence[Draft], authority: Authority) -> list[Outcome]:
    """Decide each draft again and run it, one after the other, and keep all with one commit.

    Who fails is undone alone; if the commit fails, that is what came of everyone.
    """
    outcomes: list[Outcome] = []
    try:
        with authority.directory.writing_together() as begin_part:
            authority.access.evidence.refresh()
            for draft in drafts:
                outcomes.append(written(draft, begin_part, authority))
    except Exception as error:
        outcomes = [error] * len(drafts)
    return settled(drafts, outcomes)


def settled(drafts: Sequence[Draft], outcomes: list[Outcome]) -> list[Outcome]:
    """What came of drafts for good: what was staged by those who failed is discarded."""
    for draft, outcome in zip(drafts, outcomes, strict=True):
        if isinstance(outcome, Exception) and draft.call.staged is not None:
            draft.call.staged.discard()
    return outcomes


def written(draft: Draft, begin_part: Begin, authority: Authority) -> Outcome:
    """Decide a draft again and run it in a transaction.

    Between the first decision and the transaction a policy may have changed; no check goes stale.
    Where nothing has changed the first rulings stand, since all who write wait for the transaction,
    and a tenant's policies may take long to evaluate.
    """
    operation, call, entry, before = draft
    try:
        with begin_part() as tx:
            desk = desk_for(tx, authority)._replace(
                access=authority.access.within(tx), noted=entry.also_decided, agrees=True
            )
            permit(operation, call, desk, entry, before)
            return operation.run(call, desk)
    except Exception as error:
        return error


def certain(outcome: Outcome) -> Output:
    """The output, if there is one. Raises what there is instead."""
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def permit(
    operation: Operation, call: Call, desk: Desk, entry: Entry, before: Sequence[Ruling] = ()
) -> list[Ruling]:
    """Decide every ask of an operation; raises AccessDenied at the first that is denied."""
    rulings: list[Ruling] = []
    asks = operation.asks(call, desk)
    for ruling in desk.access.decide_each(call.caller, call.ambient, asks, before):
        rulings.append(ruling)
        if not ruling.decision.allowed:
            entry.decided(rulings)
            is_signed = call.caller.principal.kind is not PrincipalKind.ANONYMOUS
            if is_signed and ruling.ask.asker is None:
                entry.encoded(encoded_message(desk.directory.ring(), ruling))
            raise denial(call.caller, ruling)
    entry.decided(rulings)
    if rulings and rulings[0].ask.asker is not None:
        entry.vouched_for(rulings[0].ask.asker, rulings[0].ask.owner)
    return rulings


def note_use(call: Call, route: Route, authority: Authority) -> None:
    """Remember that the caller, and its long-term key, asked for this, whatever comes of it."""
    caller, note = call.caller, authority.directory.uses.note
    if not caller.access_key_id:
        return
    principal, now, region = caller.principal, call.now, call.ambient.region
    subjects = [principal.unique_id]
    if caller.session is None:
        subjects.append(caller.access_key_id)
    for subject in subjects:
        note(Use(subject, route.service, route.operation, principal.account, now, region))


def may_wait(route: Route) -> bool:
    """Whether answering may wait for a disk or a lock, and so wants a thread of its own.

    An MFA code is written down when it is used, whatever the operation.
    """
    operation = OPERATIONS.get(f"{route.service}:{route.operation}")
    if operation is None or route.fault is not None:
        return False
    return operation.waits or (isinstance(route, QueryRoute) and "TokenCode" in route.form)


def may_share(request: HttpRequest, route: Route) -> bool:
    """Whether a small request may be let in on the event loop and written together with others."""
    operation = OPERATIONS.get(f"{route.service}:{route.operation}")
    # What a page of another origin may see is looked up once the answer is there.
    return operation is not None and operation.shares and "origin" not in request.headers


def uploaded(request: HttpRequest, route: Route, authentic: Authentic) -> Upload | None:
    """The body of a streamed request, which is verified while it is read."""
    if isinstance(route, QueryRoute) or route.model is None or not route.model.streaming_input:
        return None
    if isinstance(route, PostRoute):
        return route.body(request)
    return open_body(request, authentic.claim, authentic.secret)


def desk_for(tx: Transaction, authority: Authority) -> Desk:
    return Desk(tx, authority.directory, authority.access, authority.outside)


def ambient(request: HttpRequest, authentic: Authentic, entry: Entry) -> Ambient:
    claim, get = authentic.claim, request.headers.get
    return Ambient(
        entry.now,
        entry.request_id,
        request.client,
        request.secure,
        get("user-agent", "")[:LONGEST_TEXT],
        get("referer", "")[:LONGEST_TEXT],
        GLOBAL_REGION if claim is None else claim.scope.region or GLOBAL_REGION,
        signing_of(request, claim, entry.now),
    )


def is_s3(claim: Claim) -> bool:
    return claim.form is Form.QUERY_V2 or claim.scope.service == "s3"


def signing_of(request: HttpRequest, claim: Claim | None, now: float) -> Mapping[str, ContextValue]:
    """The keys by which bucket policies tell connections and signatures apart (PE-191).

    The age of a signature is in milliseconds.
    """
    signing: dict[str, ContextValue] = {"s3:tlsversion": request.tls} if request.tls else {}
    if claim is None or not is_s3(claim):
        return signing
    signing["s3:authtype"] = AUTH_TYPES[claim.form]
    if claim.form in VERSION_2:
        signing["s3:signatureversion"] = "AWS"
    else:
        signing["s3:signatureversion"] = "AWS4-HMAC-SHA256"
        signing["s3:signatureage"] = str(max(0, round((now - claim.time) * 1000)))
    if claim.payload_hash:
        signing["s3:x-amz-content-sha256"] = claim.payload_hash
    return signing


def tell_region(response: HttpResponse, route: Route, authority: Authority) -> None:
    """Say of a refusal where its bucket is (W-12): some SDKs find that out by being refused.

    It is not waited for: the answer may be that of a write which has been done.
    """
    try:
        bucket = bucket_of(route, authority)
    except (Busy, WouldWait):
        return
    if bucket is not None:
        response.headers.append(("x-amz-bucket-region", bucket.region))


def keep_apart(response: HttpResponse) -> None:
    """Let what a browser opens by a link be a page of no origin.

    Anybody may put a page into a bucket, and the console has the origin that buckets have.
    """
    response.headers.append(("Content-Security-Policy", "sandbox allow-scripts"))
    response.headers.append(("X-Content-Type-Options", "nosniff"))


def refusal(error: Exception, route: Route, entry: Entry) -> HttpResponse:
    """What is answered where something was raised, put on record."""
    fault = error if isinstance(error, Fault) else fault_for(error, route.service, entry)
    entry.refused(fault.code, fault.message)
    return route.render_fault(fault, entry.request_id)


def fault_for(error: Exception, service: str, entry: Entry) -> Fault:
    """Operations look for another before they make one, so only a flaw ends in Duplicate."""
    if isinstance(error, Busy):
        code = "SlowDown" if service == "s3" else "ServiceUnavailable"
        return Fault(code, 503, "The store is busy. Please try again.")
    if isinstance(error, Duplicate):
        message = "Another request has made the same. Look again."
        return Fault("ConcurrentModification", 409, message)
    log.error("request %s failed", entry.request_id, exc_info=error)
    code = "InternalError" if service == "s3" else "InternalFailure"
    return Fault(code, 500, "An internal failure was logged under this request id.")
