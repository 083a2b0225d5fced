"""Forms with a file: read however their bytes arrive, and bounded."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.model.faults import Fault
from sekisho.wire.multipart_form import LARGEST_FIELDS, boundary_of, read_form

BOUNDARY = b"----x"


def field(name: str, value: str) -> bytes:
    return (
        (f'------x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n')
        .encode()
        .replace(b"------x", b"--" + BOUNDARY)
    )


def posted(fields: dict[str, str], file: bytes, filename: str = "f.txt") -> bytes:
    head = b"".join(field(name, value) for name, value in fields.items())
    return (
        head
        + b"--"
        + BOUNDARY
        + f'\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'.encode()
        + b"Content-Type: text/plain\r\n\r\n"
        + file
        + b"\r\n--"
        + BOUNDARY
        + b"--\r\n"
    )


def cut(body: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


@given(
    st.binary(max_size=300) | st.just(b"\r\n----x\r\n--" * 9 + b"\r\n--" + BOUNDARY[:-1]),
    st.integers(1, 80),
    st.dictionaries(
        st.text("abc", min_size=1), st.text(st.characters(codec="utf-8", exclude_characters="\r\n"))
    ),
)
def test_a_form_is_the_same_however_it_arrives(
    file: bytes, size: int, fields: dict[str, str]
) -> None:
    form = read_form(cut(posted(fields, file), size), BOUNDARY)
    assert form.fields == fields
    assert form.filename == "f.txt"
    assert b"".join(form.file) == file


def test_a_large_file_flows() -> None:
    file = bytes(range(256)) * 8192
    form = read_form(cut(posted({}, file), 65536), BOUNDARY)
    pieces = list(form.file)
    assert b"".join(pieces) == file
    assert max(map(len, pieces)) < 512 * 1024


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "IncompleteBody"),
        (posted({"a": "b"}, b"x")[:60], "IncompleteBody"),
        (field("a", "b") + b"--" + BOUNDARY + b"--\r\n", "InvalidArgument"),
        (b"--" + BOUNDARY + b"--\r\n", "InvalidArgument"),
        (posted({"a": "x" * (LARGEST_FIELDS + 1)}, b""), "MaxPostPreDataLengthExceeded"),
        (b"x" * 9000, "MaxPostPreDataLengthExceeded"),
        (field("a", "b") + posted({"A": "b"}, b""), "MalformedPOSTRequest"),
        (field("a", "b").replace(b"name=", b"nome="), "MalformedPOSTRequest"),
        (field("a", "b").replace(b"\r\nb", b"\r\n\xff") + posted({}, b""), "MalformedPOSTRequest"),
    ],
)
def test_forms_that_are_none(body: bytes, code: str) -> None:
    with pytest.raises(Fault) as caught:
        read_form(cut(body, 7), BOUNDARY)
    assert caught.value.code == code


def test_a_file_that_is_cut_off() -> None:
    body = posted({}, b"content")[:-12]
    form = read_form(cut(body, 7), BOUNDARY)
    with pytest.raises(Fault) as caught:
        list(form.file)
    assert caught.value.code == "IncompleteBody"


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/form-data; boundary=abc", b"abc"),
        ('Multipart/Form-Data; charset=x; boundary="a b"', b"a b"),
        ('multipart/form-data; boundary="abc"', b"abc"),
        ("multipart/form-data", None),
        ("multipart/mixed; boundary=abc", None),
        ("application/x-www-form-urlencoded", None),
    ],
)
def test_boundaries(content_type: str, boundary: bytes | None) -> None:
    assert boundary_of(content_type) == boundary
