"""Where statements stand (W-214), and which keys policies look at."""

import pytest

from sekisho.policy import Span, context_keys, parse_policy, statement_spans

ONE = '{"Effect":"Allow","Action":"a:b","Resource":"*"}'


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        (f'{{"Statement":{ONE}}}', [Span((1, 14), (1, 14 + len(ONE)))]),
        (f'{{"Statement":\n {ONE}}}', [Span((1, 14), (2, 2 + len(ONE)))]),
        (f'{{"Statement":[ {ONE}]}}', [Span((1, 15), (1, 16 + len(ONE)))]),
        (
            f'{{"Statement":[{ONE},\n{ONE}]}}',
            [Span((1, 15), (1, 15 + len(ONE))), Span((1, 15 + len(ONE)), (2, 1 + len(ONE)))],
        ),
    ],
)
def test_a_statement_begins_where_the_sign_before_it_ends(text: str, spans: list[Span]) -> None:
    assert list(statement_spans(text)) == spans


def test_variables_are_none_in_old_documents() -> None:
    """PE-9"""
    statement = '{"Effect":"Allow","Action":"a:b","Resource":"arn:aws:s3:::${aws:userid}"}'
    for version, keys in (("2012-10-17", ("aws:userid",)), ("2008-10-17", ())):
        policy = parse_policy(f'{{"Version":"{version}","Statement":{statement}}}')
        assert context_keys(policy) == keys
