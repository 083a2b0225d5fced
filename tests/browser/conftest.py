"""Debian's Chromium before a live server of two accounts, watched in every request it makes."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import sekisho
from browser.house import House
from browser.visitor import Visitor
from browser.watching import Watch
from journeys.world import World, inhabited

BUNDLE = Path(sekisho.__file__).parent / "app/console/bundle/index.html"
# The resolver knows no names at all: a request to a foreign host fails even where it is not seen.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
LONGEST_WAIT = 15_000  # milliseconds for what a page should show


class Opens(Protocol):
    """Opens a window of its own. options: of Playwright's new_context."""

    def __call__(self, at: World | None = None, **options: Any) -> Visitor: ...


def need(what: object, reason: str) -> None:
    """Skip for want of something; in CI that is a failure."""
    if what:
        return
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


# Of the module, since other tests may not find Playwright's event loop under way.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    need(program, "there is no chromium (Debian: apt-get install chromium)")
    need(BUNDLE.exists(), "the console is not built (make console)")
    expect.set_options(timeout=LONGEST_WAIT)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=FLAGS)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with inhabited(tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture(scope="session")
def house(world: World) -> House:
    return House(world)


@pytest.fixture
def opens(browser: Browser, world: World) -> Iterator[Opens]:
    """Windows, each with cookies and storage of its own; none may have asked a foreign host."""
    watches: list[tuple[str, Watch]] = []
    pages: list[Page] = []

    def open_window(at: World | None = None, **options: Any) -> Visitor:
        endpoint = (at or world).server.endpoint
        context = browser.new_context(base_url=endpoint, **{"locale": "en-US", **options})
        context.set_default_timeout(LONGEST_WAIT)
        watch = Watch()
        watch.over(context)
        watches.append((endpoint, watch))
        pages.append(context.new_page())
        return Visitor(pages[-1], watch)

    yield open_window
    for page in pages:
        page.context.close()
    for endpoint, watch in watches:
        assert watch.foreign(endpoint) == []
        assert watch.complaints == []


@pytest.fixture
def visitor(opens: Opens) -> Visitor:
    return opens()
