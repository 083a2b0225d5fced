"""ARNs: six parts, split at the first five colons (PE-43, PE-52, W-116)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.model.arn import LONGEST_ARN, Arn, iam_arn, object_arn, parse_arn, session_arn

PART = st.text(st.characters(codec="ascii", exclude_characters=":", categories=["L", "N"]))
FILLED = PART.filter(bool)


@given(FILLED, FILLED, PART, PART, st.text(min_size=1, max_size=200))
def test_parsing_gives_back_what_was_written(
    partition: str, service: str, region: str, account: str, resource: str
) -> None:
    arn = Arn(partition, service, region, account, resource)
    if len(str(arn)) <= LONGEST_ARN:
        assert parse_arn(str(arn)) == arn


@pytest.mark.parametrize(
    "text",
    [
        "",
        "arn",
        "arn:aws:iam::1",
        "urn:aws:iam::1:user/a",
        "arn::iam::1:user/a",
        "arn:aws:::1:x",
        "arn:aws:iam::1:",
        "arn:aws:s3:::" + "k" * LONGEST_ARN,
    ],
)
def test_what_is_no_arn_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ARN"):
        parse_arn(text)


def test_an_entity_keeps_its_path_and_a_session_drops_it() -> None:
    role = iam_arn("123456789012", "role", "/team/", "App")
    assert role == "arn:aws:iam::123456789012:role/team/App"
    session = session_arn("123456789012", "App", "s")
    assert session == "arn:aws:sts::123456789012:assumed-role/App/s"


def test_a_key_keeps_its_slashes_and_colons() -> None:
    assert parse_arn(object_arn("b", "a//b:c")).resource == "b/a//b:c"
