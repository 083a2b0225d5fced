"""Strategies that make values of a shape, within what the model demands."""

from typing import Any

from hypothesis import strategies as st

from sekisho.catalog import Member, Shape
from sekisho.wire.constraints import compile_check, compile_pattern

UNIONS = {"PolicyIdentifier", "ObjectEncryption"}
"""Structures of which clients set one member alone."""

# Texts of many forms; of each shape those are taken that it allows.
SAMPLES = (
    "a",
    "ab",
    "Abc-9",
    "alice",
    "alice+x=y,z.@-_",
    "tag key: é 語",
    "x" * 16,
    "x" * 64,
    "123456",
    "123456789012",
    "AKIAIOSFODNN7EXAMPLE",
    "/",
    "/division/team/",
    "/aws",
    "v1",
    "v12",
    "arn:aws:iam::123456789012:role/team/reader",
    "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "arn:aws:s3:::bucket",
    "arn:aws:kms:eu-west-1:123456789012:key/aa-bb",
    "o-0123456789",
    "o-0123456789/r-0123456",
    "p-0123456789",
    "https://example.com/path?x=1",
    "http://example.com/",
    '{"Version":"2012-10-17","Statement":[]}',
    "<a & b> \"quoted\" 'text'",
    "bucket/key",
    "q" * 36,
    "q" * 40,
    "0" * 1000,
)


def texts(shape: Shape) -> st.SearchStrategy[str]:
    if shape.name == "ExpiresText":  # text here, a time to botocore
        return st.just("Fri, 31 Jan 2025 09:00:00 GMT")
    if shape.enum:
        return st.sampled_from(shape.enum)
    check = compile_check(shape, shows_values=True)
    allowed = [text for text in SAMPLES if check is None or not check(text)]
    if not allowed:
        pattern = compile_pattern(shape.pattern)
        made = st.from_regex(pattern, fullmatch=True)
        return made.filter(lambda text: not (check and check(text)))
    return st.sampled_from(allowed)


def values(
    shape: Shape, *, free_text: st.SearchStrategy[str] | None = None, least: int = 0
) -> st.SearchStrategy[Any]:
    """Values of the shape; if `free_text` is given, texts without an enum are drawn from it.

    least: items in every list. Inner structures are not empty: in a query string nothing would
    tell that they are there.
    """

    def of(member: Member) -> st.SearchStrategy[Any]:
        inner = values(member.shape, free_text=free_text, least=least)
        is_full = member.shape.kind == "structure" and member.shape.members
        return inner.filter(bool) if is_full else inner

    if shape.kind == "structure":
        required = {n: of(m) for n, m in shape.members.items() if n in shape.required}
        optional = {n: of(m) for n, m in shape.members.items() if n not in shape.required}
        if shape.name in UNIONS:
            single = [st.fixed_dictionaries({name: part}) for name, part in optional.items()]
            made: st.SearchStrategy[dict[str, Any]] = st.one_of(*single)
            return made
        return st.fixed_dictionaries(required, optional=optional)
    if shape.kind == "list":
        assert shape.member is not None
        fewest = max(least, shape.min or 0)
        return st.lists(of(shape.member), min_size=fewest, max_size=max(2, fewest))
    if shape.kind == "map":
        assert shape.key is not None
        assert shape.value is not None
        return st.dictionaries(of(shape.key), of(shape.value), min_size=least, max_size=2)
    if shape.kind == "string":
        fixed = free_text is None or shape.enum or shape.name == "ExpiresText"
        return texts(shape) if fixed or free_text is None else free_text
    if shape.kind in ("integer", "long"):
        return st.integers(shape.min or 0, 2**31 - 1 if shape.max is None else shape.max)
    if shape.kind == "boolean":
        return st.booleans()
    if shape.kind == "timestamp":
        return st.integers(0, 4_000_000_000)
    assert shape.kind == "blob", shape.kind
    return st.binary(max_size=20)
