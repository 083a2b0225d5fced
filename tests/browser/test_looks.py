"""Every page as everybody meets it: in light and dark, narrow and wide, read aloud, in Japanese."""

from typing import Any

import pytest

from browser.axe import ENGINE, serious_findings
from browser.conftest import Opens, need
from browser.house import House
from browser.pages import addresses
from browser.visitor import Visitor

NARROW = {"width": 480, "height": 800}
WIDE = {"width": 1280, "height": 900}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="session")
def pages(house: House) -> list[str]:
    return addresses(house)


@pytest.mark.parametrize(
    "look",
    [
        {"color_scheme": "light", "viewport": WIDE, "locale": "en-US"},
        {"color_scheme": "dark", "viewport": NARROW, "locale": "ja-JP"},
    ],
    ids=["light, wide, English", "dark, narrow, Japanese"],
)
def test_every_page_can_be_read_by_everybody(
    house: House, opens: Opens, pages: list[str], look: dict[str, Any]
) -> None:
    """Nothing serious by axe-core, and no page is wider than its window."""
    need(ENGINE.exists(), "there is no axe-core (make console)")
    visitor = opens(**look).goes("/console").settles()
    found = {"sign-in": findings(visitor)}
    visitor.signs_in_quietly(house.admin(house.source))
    for path in pages:
        found[path] = findings(visitor.goes(f"/console/{path}").settles())
    assert {path: faults for path, faults in found.items() if faults} == {}


def findings(visitor: Visitor) -> list[str]:
    wider = visitor.page.evaluate(OVERFLOW)
    return serious_findings(visitor.page) + ([f"{wider} pixels too wide"] if wider > 0 else [])
