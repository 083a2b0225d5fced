"""XML: text made safe to write, and documents from strangers read within bounds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from defusedxml.ElementTree import DefusedXMLParser

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
DEEPEST = 32
MOST_ELEMENTS = 50_000

_FORBIDDEN = re.compile(r"[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


class MalformedDocument(ValueError):
    """Text that is no XML, or more of it than a request may bring."""


def escape(text: str) -> str:
    """The text as element content; characters that XML 1.0 cannot hold become U+FFFD."""
    if text.isprintable() and "&" not in text and "<" not in text and ">" not in text:
        return text
    return _FORBIDDEN.sub(lambda found: _ESCAPES.get(found[0], "\ufffd"), text)


def escape_all(texts: Sequence[str]) -> Sequence[str]:
    """Each text escaped; mostly none needs it, which is seen at once."""
    together = "".join(texts)
    return texts if escape(together) is together else [escape(text) for text in texts]


def escape_attribute(text: str) -> str:
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


@dataclass(slots=True)
class Element:
    """An element: its local name, its attributes by local name, its text and its children."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list["Element"] = field(default_factory=list)


class _Builder:
    """Gathers elements from the parser's events and refuses what is too deep or too much."""

    def __init__(self) -> None:
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0
        self.root: Element | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise MalformedDocument("too deep or too long")
        kept = {_local(name): value for name, value in attributes.items()}
        element = Element(_local(tag), kept)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)
        self._texts.append([])

    def end(self, _tag: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def data(self, text: str) -> None:
        self._texts[-1].append(text)

    def close(self) -> None:
        """The parser asks for this at the end of the document."""


def parse_xml(document: bytes) -> Element:
    """Read a document; its caller bounds the size.

    Entities, external references and document type declarations are refused, as are more than 32
    levels and 50,000 elements. Raises MalformedDocument, and nothing else.
    """
    builder = _Builder()
    try:
        parser = DefusedXMLParser(target=builder, forbid_dtd=True)
        parser.feed(document)
        parser.close()
    except (SyntaxError, ValueError, LookupError) as error:
        raise MalformedDocument("not well-formed") from error
    if builder.root is None:
        raise MalformedDocument("empty")
    return builder.root


def _local(name: str) -> str:
    return name.rpartition("}")[2]
