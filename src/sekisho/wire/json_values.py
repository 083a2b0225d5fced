"""Values of a model's shapes in JSON, read and checked, and written (W-1, W-14, W-221).

Inputs are read along their shape, so that nothing nests deeper than it does; members that it does
not know are passed over. What a value is not is told by the first fault alone, as Organizations
tells it: one exception with a reason.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from sekisho.catalog import Shape
from sekisho.model.faults import Fault
from sekisho.wire.constraints import LONGEST_MATCHED, compile_pattern

Reader = Callable[[Any], Any]
Writer = Callable[[Any], Any]

REASONS = {
    "INPUT_REQUIRED": "You must include a value for all required parameters.",
    "INVALID_ENUM": "You specified an invalid value.",
    "INVALID_PATTERN": "You provided a value that does not match the required pattern.",
    "MAX_LENGTH_EXCEEDED": "You provided a string parameter that is longer than allowed.",
    "MAX_VALUE_EXCEEDED": "You provided a numeric parameter that has a larger value than allowed.",
    "MIN_LENGTH_EXCEEDED": "You provided a string parameter that is shorter than allowed.",
    "MIN_VALUE_EXCEEDED": "You provided a numeric parameter that has a smaller value than allowed.",
}
_BOUNDS = {"integer": 1 << 31, "long": 1 << 63}


def invalid_input(reason: str) -> Fault:
    return Fault("InvalidInputException", 400, REASONS[reason], {"Reason": reason})


def not_serial() -> Fault:
    """Of what is no JSON, or a value of another kind than the model's."""
    return Fault("SerializationException", 400)


def compile_reader(shape: Shape | None) -> Reader:
    """A function from parsed JSON to the input, keyed by member names; null is as absent.

    It raises Fault: InvalidInputException, SerializationException.
    """
    if shape is None:
        return lambda _: {}
    if shape.kind == "structure":
        return _structure_reader(shape)
    if shape.kind == "list":
        return _list_reader(shape)
    if shape.kind == "map":
        raise LookupError(f"{shape.name}: no input of a JSON service has maps")
    return _scalar_reader(shape)


def _structure_reader(shape: Shape) -> Reader:
    readers = {
        member.wire_name: (name, compile_reader(member.shape))
        for name, member in shape.members.items()
    }
    required = sorted(shape.required)

    def read(node: Any) -> dict[str, Any]:
        if type(node) is not dict:
            raise not_serial()
        found = {
            name: reader(node[sent])
            for sent, (name, reader) in readers.items()
            if node.get(sent) is not None
        }
        if any(name not in found for name in required):
            raise invalid_input("INPUT_REQUIRED")
        return found

    return read


def _list_reader(shape: Shape) -> Reader:
    assert shape.member is not None
    reader = compile_reader(shape.member.shape)

    def read(node: Any) -> list[Any]:
        if type(node) is not list:
            raise not_serial()
        _check_length(len(node), shape)
        return [reader(item) for item in node]

    return read


def _scalar_reader(shape: Shape) -> Reader:
    if shape.kind == "string":
        return _text_reader(shape)
    if shape.kind in _BOUNDS:
        return _number_reader(shape, _BOUNDS[shape.kind])
    return {"boolean": _read_boolean, "blob": _read_blob, "timestamp": _read_time}[shape.kind]


def _text_reader(shape: Shape) -> Reader:
    allowed = frozenset(shape.enum)
    match = compile_pattern(shape.pattern).fullmatch if shape.pattern else None

    def read(node: Any) -> str:
        if type(node) is not str:
            raise not_serial()
        if allowed and node not in allowed:
            raise invalid_input("INVALID_ENUM")
        _check_length(len(node), shape)
        if match is not None and len(node) <= LONGEST_MATCHED and not match(node):
            raise invalid_input("INVALID_PATTERN")
        return node

    return read


def _check_length(length: int, shape: Shape) -> None:
    if shape.max is not None and length > shape.max:
        raise invalid_input("MAX_LENGTH_EXCEEDED")
    if shape.min is not None and length < shape.min:
        raise invalid_input("MIN_LENGTH_EXCEEDED")


def _number_reader(shape: Shape, bound: int) -> Reader:
    def read(node: Any) -> int:
        if type(node) is not int or not -bound <= node < bound:
            raise not_serial()
        if shape.max is not None and node > shape.max:
            raise invalid_input("MAX_VALUE_EXCEEDED")
        if shape.min is not None and node < shape.min:
            raise invalid_input("MIN_VALUE_EXCEEDED")
        return node

    return read


def _read_boolean(node: Any) -> bool:
    if type(node) is not bool:
        raise not_serial()
    return node


def _read_time(node: Any) -> int:
    if type(node) not in (int, float) or not 0 <= node < 1 << 40:
        raise not_serial()
    return int(node)


def _read_blob(node: Any) -> bytes:
    if type(node) is not str:
        raise not_serial()
    try:
        return base64.b64decode(node, validate=True)
    except (binascii.Error, ValueError) as error:
        raise not_serial() from error


def compile_writer(shape: Shape) -> Writer:
    """A function from an output to what JSON can hold: None is left out, bytes are base64, times
    epoch seconds. A name that the model does not know raises KeyError."""
    if shape.kind == "structure":
        return _structure_writer(shape)
    if shape.kind == "list":
        assert shape.member is not None
        write_item = compile_writer(shape.member.shape)
        return lambda value: [write_item(item) for item in value]
    if shape.kind == "blob":
        return lambda value: base64.b64encode(value).decode("ascii")
    return lambda value: value


def _structure_writer(shape: Shape) -> Writer:
    writers = {
        name: (member.wire_name, compile_writer(member.shape))
        for name, member in shape.members.items()
    }

    def write(value: Any) -> dict[str, Any]:
        written = {}
        for name, item in value.items():
            if item is not None:
                sent, writer = writers[name]
                written[sent] = writer(item)
        return written

    return write
