"""The AWS JSON protocol, as far as it takes to refuse a call in words its clients read (W-14)."""

import json
from dataclasses import dataclass
from typing import Any

from sekisho.catalog import OperationModel
from sekisho.model.faults import Fault
from sekisho.wire.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class JsonRoute:
    """A refusing route: no service of this protocol is offered here."""

    service: str
    fault: Fault | None
    operation: str = ""
    model: OperationModel | None = None

    def parse(self, request: HttpRequest) -> dict[str, Any]:
        del request
        raise self.fault or _unknown()

    def render(self, output: dict[str, Any], request_id: str) -> HttpResponse:
        raise NotImplementedError("a refusing route has nothing to render")

    def render_fault(self, fault: Fault, request_id: str) -> HttpResponse:
        content: dict[str, str] = {"__type": fault.code}
        if fault.message:
            content["message"] = fault.message
        body = json.dumps(content).encode()
        headers = [
            ("x-amzn-RequestId", request_id),
            ("Content-Type", "application/x-amz-json-1.1"),
        ]
        return HttpResponse(fault.status, headers, body, len(body))


def refuse_json(service: str) -> JsonRoute:
    return JsonRoute(service, _unknown())


def _unknown() -> Fault:
    return Fault("UnknownOperationException", 400)
