"""Policies as people are told to write them: there is nothing to say about them."""

import json
from pathlib import Path
from typing import Any

import pytest

from advice.check.table import A
from sekisho.advice.check import KINDS, check

IN_ORDER = json.loads((Path(__file__).parent / "in_order.json").read_text())


@pytest.mark.parametrize("given", IN_ORDER, ids=[given["about"] for given in IN_ORDER])
def test_nothing_is_said(given: Any) -> None:
    text = json.dumps(given["document"], indent=2)
    assert check(text, KINDS[given["type"]], A) == ()
