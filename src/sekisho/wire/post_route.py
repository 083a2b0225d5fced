"""The way of a posted form: a PutObject whose headers, key and signature are fields (W-93)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from sekisho.catalog import OperationModel, service_model
from sekisho.model.faults import Fault
from sekisho.wire.chunks import DecodedBody
from sekisho.wire.http import Headers, HttpRequest, HttpResponse
from sekisho.wire.multipart_form import MultipartForm, boundary_of, malformed, read_form
from sekisho.wire.post_policy import PostPolicy
from sekisho.wire.rest_input import compile_binder, malformed_xml
from sekisho.wire.rest_xml import LONGEST_KEY, ObjectRoute
from sekisho.wire.xml import DECLARATION, MalformedDocument, escape, parse_xml

OPERATION = "PutObject"
FILENAME = "${filename}"

_STATUSES = {"200": 200, "201": 201}
_PLAIN = frozenset(
    {
        "cache-control",
        "content-type",
        "content-disposition",
        "content-encoding",
        "content-language",
        "expires",
    }
)
_SIGNING = re.compile(r"x-amz-(?:signature|credential|algorithm|date|security-token)")


class PostRoute:
    """A route to PutObject; see `route.Route`. bucket: that the form is posted to.

    `open` reads the form up to its file; what is signed of it is its policy.
    """

    service = "s3"
    operation = OPERATION
    fault: Fault | None = None

    def __init__(self, bucket: str) -> None:
        self.bucket = bucket
        self.bound: Mapping[str, str] = {"Bucket": bucket}
        self.model: OperationModel = service_model("s3").operations[OPERATION]
        self.policy: PostPolicy | None = None
        self._form: MultipartForm | None = None
        self._faults = ObjectRoute("s3", OPERATION, self.model, None, "POST", self.bound)

    def open(self, request: HttpRequest) -> MultipartForm:
        """Raises Fault: MalformedPOSTRequest and what the body raises."""
        if self._form is None:
            boundary = boundary_of(request.headers.get("content-type", ""))
            if boundary is None:
                raise malformed()
            form = read_form(request.body.chunks(), boundary)
            fields = dict(form.fields)
            if "key" in fields:
                fields["key"] = fields["key"].replace(FILENAME, base_name(form.filename))
            self._form = MultipartForm(fields, form.filename, form.file)
        return self._form

    def body(self, request: HttpRequest) -> DecodedBody:
        """The file, held to the size that the policy lets pass."""
        form = self.open(request)
        pieces = form.file if self.policy is None else bounded(form.file, self.policy)
        return DecodedBody(pieces, 0, {})  # its end tells how long it is

    def parse(self, request: HttpRequest) -> dict[str, Any]:
        fields = self.open(request).fields
        key = fields.get("key", "")
        if not key:
            message = (
                "Bucket POST must contain a field named 'key'.  If it is specified, please check"
                " the order of the fields."
            )
            details = {"ArgumentName": "key", "ArgumentValue": ""}
            raise Fault("InvalidArgument", 400, message, details)
        if len(key.encode()) > LONGEST_KEY:
            details = {"Size": str(len(key.encode())), "MaxSizeAllowed": str(LONGEST_KEY)}
            raise Fault("KeyTooLongError", 400, "Your key is too long", details)
        headers = Headers(header_fields(fields))
        posted = HttpRequest("PUT", request.raw_path, "", headers)
        return compile_binder(self.model)(posted, {"Bucket": self.bucket, "Key": key})

    def render(self, output: dict[str, Any], request_id: str) -> HttpResponse:
        """204, or what success_action_redirect and success_action_status ask for."""
        response = self._faults.render(output, request_id)
        fields = self._form.fields if self._form is not None else {}
        key, etag = fields.get("key", ""), output["ETag"]
        location = f"/{quote(self.bucket)}/{quote(key)}"
        asked = fields.get("success_action_redirect", fields.get("redirect", ""))
        if urlsplit(asked).scheme in ("http", "https"):
            query = urlencode({"bucket": self.bucket, "key": key, "etag": etag})
            joint = "&" if urlsplit(asked).query else "?"
            response.status = 303
            target = "".join(letter for letter in asked if "!" <= letter <= "~")
            response.headers.append(("Location", f"{target}{joint}{query}"))
            return response
        response.status = _STATUSES.get(fields.get("success_action_status", ""), 204)
        response.headers.append(("Location", location))
        if response.status == 201:
            elements = {"Location": location, "Bucket": self.bucket, "Key": key, "ETag": etag}
            inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in elements.items())
            response.body = f"{DECLARATION}<PostResponse>{inner}</PostResponse>".encode()
            response.length = len(response.body)
            response.headers.append(("Content-Type", "application/xml"))
        return response

    def render_fault(self, fault: Fault, request_id: str) -> HttpResponse:
        return self._faults.render_fault(fault, request_id)


def base_name(filename: str) -> str:
    """The name of a file without the folders that some browsers put before it."""
    return re.split(r"[/\\]", filename)[-1]


def header_fields(fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The fields that a PutObject would have as headers."""
    for name, value in fields.items():
        if name == "acl":
            yield "x-amz-acl", value
        elif name == "tagging":
            yield "x-amz-tagging", tagging_header(value)
        elif name in _PLAIN or (name.startswith("x-amz-") and not _SIGNING.fullmatch(name)):
            yield name, value


def tagging_header(document: str) -> str:
    """A Tagging document as the header has it. Raises Fault (MalformedXML)."""
    try:
        root = parse_xml(document.encode())
    except MalformedDocument:
        raise malformed_xml() from None
    pairs = []
    for tag in (each for tag_set in root.children for each in tag_set.children):
        texts = {child.name: child.text for child in tag.children}
        if root.name != "Tagging" or not {"Key", "Value"} <= texts.keys():
            raise malformed_xml()
        pairs.append((texts["Key"], texts["Value"]))
    return urlencode(pairs)


def bounded(pieces: Iterator[bytes], policy: PostPolicy) -> Iterator[bytes]:
    """The pieces, if they are as long together as a policy wants. Raises Fault."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if policy.largest is not None and size > policy.largest:
            raise Fault(
                "EntityTooLarge",
                400,
                "Your proposed upload exceeds the maximum allowed size",
                {"ProposedSize": str(size), "MaxSizeAllowed": str(policy.largest)},
            )
        yield piece
    if policy.smallest is not None and size < policy.smallest:
        raise Fault(
            "EntityTooSmall",
            400,
            "Your proposed upload is smaller than the minimum allowed size",
            {"ProposedSize": str(size), "MinSizeAllowed": str(policy.smallest)},
        )
