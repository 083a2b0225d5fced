"""The bytes that a Range means."""

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from sekisho.model.faults import Fault
from sekisho.services.s3.ranges import Span, wanted_span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, 10)),
        ("bytes=3-5", (3, 3)),
        ("bytes=3-99999999999", (3, 7)),
        ("bytes=-3", (7, 3)),
        ("bytes=-99", (0, 10)),
        ("bytes=9-", (9, 1)),
        ("bytes=5-3", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=٣-", None),
        ("bytes=" + "9" * 30 + "-", None),
    ],
)
def test_ranges(text: str, span: tuple[int, int] | None) -> None:
    """RFC 9110, 14.2: what is no range is not looked at; S3 takes one range."""
    found = wanted_span({"Range": text}, 10)
    assert found == (None if span is None else Span(*span))


@pytest.mark.parametrize(
    ("text", "size"), [("bytes=10-", 10), ("bytes=10-12", 10), ("bytes=-0", 10), ("bytes=0-", 0)]
)
def test_ranges_without_a_byte(text: str, size: int) -> None:
    with pytest.raises(Fault) as caught:
        wanted_span({"Range": text}, size)
    assert (caught.value.code, caught.value.status) == ("InvalidRange", 416)
    assert caught.value.message == "The requested range is not satisfiable"
    assert caught.value.details == {"RangeRequested": text, "ActualObjectSize": str(size)}


@generated(
    size=st.integers(0, 20),
    first=st.integers(0, 25) | st.none(),
    last=st.integers(0, 25) | st.none(),
)
def test_a_span_lies_in_the_object(size: int, first: int | None, last: int | None) -> None:
    text = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    whole = list(range(size))
    expected = whole[-last:] if first is None and last else whole[first:][: _count(first, last)]
    try:
        span = wanted_span({"Range": text}, size)
    except Fault:
        assert (first is None and not last) or not expected
        return
    if span is not None:
        assert span.length > 0
        assert whole[span.start : span.start + span.length] == expected
        assert span.told(size) == f"bytes {expected[0]}-{expected[-1]}/{size}"


def _count(first: int | None, last: int | None) -> int | None:
    return None if last is None else last + 1 - (first or 0)
