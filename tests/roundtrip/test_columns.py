"""Long lists are written by columns; what comes out is what is written of each entry by itself."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roundtrip.values import values
from sekisho.catalog import Shape, service_model
from sekisho.model.columns import Columns
from sekisho.wire.shapes import QUERY, REST, Layout, compile_element, compile_member, compile_text
from sekisho.wire.uri import encode, encode_all
from sekisho.wire.xml import escape, escape_all

FEW = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TEXT = st.one_of(st.text(), st.text(' "{}[]:,/*%<&>\n\t\x00é\ud800', max_size=8))


def shapes_within(shape: Shape) -> Iterator[Shape]:
    """The shape and all that it is made of."""
    yield shape
    within = [*shape.members.values(), shape.member, shape.key, shape.value]
    for member in within:
        if member is not None:
            yield from shapes_within(member.shape)


def written_shapes() -> dict[str, tuple[Shape, Layout]]:
    """Everything that answers of the three services hold, by service and name."""
    found = {}
    for service, layout in (("iam", QUERY), ("sts", QUERY), ("s3", REST)):
        for operation in service_model(service).operations.values():
            for shape in shapes_within(operation.output) if operation.output else ():
                if not (shape.stream or shape.payload):
                    found[f"{service}:{shape.name}"] = (shape, layout)
    return found


WRITTEN = written_shapes()


def with_gaps(shape: Shape) -> st.SearchStrategy[Any]:
    """Values of a shape, of which some members are None."""
    made = values(shape, free_text=TEXT)
    if not shape.members:
        return made
    gaps = st.sets(st.sampled_from(sorted(shape.members)), max_size=2)
    return st.builds(lambda value, names: {**value, **dict.fromkeys(names)}, made, gaps)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_column_is_what_is_written_one_by_one(name: str) -> None:
    shape, layout = WRITTEN[name]
    writer = compile_element("Name", shape, layout, 1)

    @FEW
    @given(st.lists(with_gaps(shape), max_size=6))
    def check(column: list[Any]) -> None:
        assert list(writer.many(column)) == [writer.one(value) for value in column]

    check()


@st.composite
def tables(draw: st.DrawFn, shape: Shape) -> Columns:
    """Structures of a shape by member; of each member but the first some are left out."""
    count = draw(st.integers(1, 40))
    within = st.sampled_from(sorted(shape.members))
    names = draw(st.lists(within, min_size=1, max_size=3, unique=True))
    cells: dict[str, list[Any]] = {}
    for name in names:
        cell = values(shape.members[name].shape, free_text=TEXT)
        some = st.one_of(st.none(), cell) if cells else cell
        few = draw(st.lists(some, min_size=1, max_size=3))
        cells[name] = [few[place % len(few)] for place in range(count)]
    return Columns(cells)


@pytest.mark.parametrize(
    ("name", "listed"), [("iam:ListRoles", "Roles"), ("s3:ListObjectsV2", "Contents")]
)
def test_structures_by_member_are_written_as_one_by_one(name: str, listed: str) -> None:
    service, _, operation = name.partition(":")
    output = service_model(service).operations[operation].output
    assert output is not None
    layout = QUERY if service == "iam" else REST
    member = output.members[listed]
    assert member.shape.member is not None
    writer = compile_member(member, layout, 2)
    entry = compile_element(
        listed if member.shape.flattened else "member", member.shape.member.shape, layout, 3
    )

    @FEW
    @given(tables(member.shape.member.shape))
    def check(table: Columns) -> None:
        assert writer.one(table) == writer.one(list(table))
        assert len(table) == len(list(table))
        assert list(entry.many(table)) == [entry.one(row) for row in table]

    check()


@pytest.mark.parametrize("flattened", [False, True])
def test_a_list_of_any_length_is_its_entries_in_turn(flattened: bool) -> None:
    shape, _ = WRITTEN["iam:roleListType"]
    assert shape.member is not None
    name = "Roles" if flattened else "member"
    entry = compile_element(name, shape.member.shape, QUERY, 1 if flattened else 2)
    whole = compile_element("Roles", shape, QUERY, 1, flattened=flattened)
    roles = [{"RoleName": f"r{number}", "Tags": [{"Key": "k"}]} for number in range(40)]
    for length in range(1, 41):
        inside = "".join(entry.one(role) for role in roles[:length])
        wanted = inside if flattened else f"  <Roles>\n{inside}  </Roles>\n"
        assert whole.one(roles[:length]) == wanted
    assert whole.one([]) == ("" if flattened else "  <Roles/>\n")


@given(st.lists(TEXT))
def test_texts_are_made_safe_together_as_one_by_one(texts: Sequence[str]) -> None:
    """W-160, for documents and for what stands beside them."""
    assert list(escape_all(texts)) == [escape(text) for text in texts]
    assert encode_all(texts) == [encode(text) for text in texts]


def test_a_document_is_encoded_in_a_column_too() -> None:
    """W-160"""
    shape, _ = WRITTEN["iam:policyDocumentType"]
    assert compile_text(shape, QUERY).many(["{}", "{ }"]) == ["%7B%7D", "%7B%20%7D"]
