"""The canonical layout. That it keeps the meaning is a theorem in check/test_theorems."""

import pytest

from sekisho.advice.layout import lay_out
from sekisho.policy.syntax import BadJson

WRITTEN = """{"Statement":{"Resource":["*"],"Note":[],"Condition":{"Bool":{"b:c":true,
"a:b":"\\u0061"}},
"Action":["s3:Put*","s3:Get*"],"Principal":{"Service":"x","AWS":[]},"Effect":"Allow","Sid":""},
"More":{},"Version":"2012-10-17"}"""

LAID_OUT = """{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "",
    "Effect": "Allow",
    "Principal": {
      "Service": "x",
      "AWS": []
    },
    "Action": [
      "s3:Put*",
      "s3:Get*"
    ],
    "Resource": [
      "*"
    ],
    "Condition": {
      "Bool": {
        "b:c": true,
        "a:b": "\\u0061"
      }
    },
    "Note": []
  },
  "More": {}
}
"""


def test_elements_have_an_order_and_all_else_keeps_its_own() -> None:
    """Nothing is joined, dropped or spelled otherwise, and what is not known stays."""
    assert lay_out(WRITTEN) == LAID_OUT
    assert lay_out(LAID_OUT) == LAID_OUT


def test_statements_keep_their_order() -> None:
    text = lay_out('{"Statement":[{"Sid":"b"},{"Sid":"a","Sid2":1.50e1},3,[]]}')
    assert text.index('"b"') < text.index('"a"') < text.index("1.50e1") < text.index("3,")


@pytest.mark.parametrize(
    ("text", "laid"),
    [
        (" 1.0 ", "1.0\n"),
        ("[]", "[]\n"),
        ('[{"Sid":1,"Effect":2}]', '[\n  {\n    "Sid": 1,\n    "Effect": 2\n  }\n]\n'),
        ('{"Statement":null}', '{\n  "Statement": null\n}\n'),
        ('{"é\\n":"é"}', '{\n  "é\\n": "é"\n}\n'),
    ],
)
def test_json_that_is_no_policy_keeps_its_order(text: str, laid: str) -> None:
    assert lay_out(text) == laid


@pytest.mark.parametrize("text", ["", "{", '{"a":1,"a":2}', "[" * 40 + "]" * 40])
def test_what_cannot_be_laid_out(text: str) -> None:
    with pytest.raises(BadJson):
        lay_out(text)
