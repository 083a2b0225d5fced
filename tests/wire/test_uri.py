"""Percent-encoding, which signatures and documents in answers rest on."""

from urllib.parse import quote, unquote

from hypothesis import given
from hypothesis import strategies as st

from sekisho.wire.uri import encode, split_query

TEXTS = st.one_of(
    st.text(), st.text(st.characters(max_codepoint=127)), st.text(' "{}[]:,/*%\n\t\x00é')
)


@given(TEXTS)
def test_encoding_is_that_of_the_standard_library(text: str) -> None:
    """W-20, W-160"""
    assert encode(text) == quote(text, safe="-_.~", errors="replace")


@given(
    st.lists(
        st.sampled_from(["%", "2", "3", "A", "F", "%3A", "%2F", "%25", "%3a", "%C3", "a", "\xe9"])
    )
)
def test_parameters_are_decoded_once(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert split_query(f"name={text}") == [("name", unquote(text))]
