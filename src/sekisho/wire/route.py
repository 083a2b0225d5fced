"""Which way a request goes: service, protocol and operation, found before anything is believed.

One endpoint serves all services (W-4). A call in the Query protocol tells its service by Version
or else by the service its signature names; a JSON call by X-Amz-Target; all else is S3.
"""

import re
from collections.abc import Collection
from typing import Any, Protocol

from sekisho.catalog import OperationModel
from sekisho.model.faults import Fault
from sekisho.wire.claim import split_usual
from sekisho.wire.form import Tree
from sekisho.wire.hosts import ENDPOINT_HOSTS
from sekisho.wire.http import HttpRequest, HttpResponse
from sekisho.wire.json_rpc import find_json_route
from sekisho.wire.multipart_form import boundary_of
from sekisho.wire.post_route import PostRoute
from sekisho.wire.query import (
    SERVICE_OF_VERSION,
    find_query_route,
    is_form,
    read_parameters,
    refuse,
)
from sekisho.wire.rest_xml import find_object_route
from sekisho.wire.uri import split_query

_QUERY_SERVICES = frozenset({"iam", "sts"})
_SCOPE = re.compile(
    r"Credential=[^/,\s]{0,256}/[^/,\s]{0,32}/[^/,\s]{0,64}/([a-z0-9-]{1,64})/", re.ASCII
)


class Route(Protocol):
    """The way to an operation, or to a refusal.

    service: iam, organizations, sts or s3, or the name of one that is not offered. operation: its
    name; empty where there is none. fault: what a refusing route refuses with, None for all others.
    """

    @property
    def service(self) -> str: ...
    @property
    def operation(self) -> str: ...
    @property
    def model(self) -> OperationModel | None: ...
    @property
    def fault(self) -> Fault | None: ...

    def parse(self, request: HttpRequest) -> dict[str, Any]:
        """The input, keyed by the model's member names. Raises Fault."""

    def render(self, output: dict[str, Any], request_id: str) -> HttpResponse:
        """The answer of a success. Times are epoch seconds, blobs bytes."""

    def render_fault(self, fault: Fault, request_id: str) -> HttpResponse:
        """The answer of a refusal in the service's own form."""


def find_route(request: HttpRequest, hosts: Collection[str] = ENDPOINT_HOSTS) -> Route:
    """The route of a request; never raises: what is unknown gets a refusing route.

    hosts: names of this endpoint, before which a bucket's name may stand (W-314).
    A form is read whole (W-15 bounds it); the body of a request to S3 is left alone.
    """
    named = _signed_service(request)
    if request.headers.get("x-amz-target") is not None and named != "s3":
        return find_json_route(request, named)
    if not _may_be_query(request, named):
        return find_post_route(request, hosts) or find_object_route(request, hosts)
    try:
        form = read_parameters(request)
    except Fault as fault:
        return refuse(named if named in _QUERY_SERVICES else "sts", fault)
    service = _query_service(form, named)
    if service is None:
        return find_object_route(request, hosts)
    return find_query_route(request, service, form)


def find_post_route(request: HttpRequest, hosts: Collection[str]) -> PostRoute | None:
    """The route of a form with a file, which is posted to a bucket (W-93); None for all else."""
    if request.method != "POST" or request.query:
        return None
    if boundary_of(request.headers.get("content-type", "")) is None:
        return None
    found = find_object_route(request, hosts)
    if found.bound.get("Key") or not found.bound.get("Bucket"):
        return None
    return PostRoute(found.bound["Bucket"])


def is_streamed(request: HttpRequest) -> bool:
    """Whether the body is left alone by find_route, and so may be read as it arrives."""
    if request.method == "POST" and request.raw_path == "/" and is_form(request.headers):
        return False
    return "x-amz-target" not in request.headers and not _may_be_query(
        request, _signed_service(request)
    )


def _may_be_query(request: HttpRequest, named: str) -> bool:
    """Whether this can be a Query call: signed for such a service, a form, or with an Action."""
    if named in _QUERY_SERVICES:
        return True
    if request.raw_path != "/":
        return False
    if request.method == "POST":
        return is_form(request.headers) or "Action=" in request.query
    return named != "s3" and "Action=" in request.query


def _query_service(form: Tree, named: str) -> str | None:
    """The service of a Query call; None if it is none.

    The Version goes before the scope, so that a call signed for the wrong service is told so in
    the words of the right one (W-53).
    """
    if "Action" in form or named in _QUERY_SERVICES:
        version = form.get("Version")
        by_version = SERVICE_OF_VERSION.get(version) if isinstance(version, str) else None
        return by_version or (named if named in _QUERY_SERVICES else "sts")
    return None


def _signed_service(request: HttpRequest) -> str:
    """The service that the signature's scope names; empty if there is none to read."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        usual = split_usual(authorization)
        if usual is not None:
            return usual[0].scope.service
        found = _SCOPE.search(authorization[:8192])
        return found[1] if found else ""
    if "X-Amz-Credential=" in request.query:
        try:
            for name, value in split_query(request.query):
                if name == "X-Amz-Credential":
                    parts = value.split("/")
                    return parts[3] if len(parts) == 5 else ""
        except ValueError:
            return ""
    return ""
