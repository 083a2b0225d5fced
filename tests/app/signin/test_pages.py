"""The bundle as it is served, and what is not the console's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.signin.browser import Browser, Town
from sekisho.app.console import pages
from sekisho.app.signin.door import is_for_console
from sekisho.wire.http import Headers, HttpRequest


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "bundle"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Sekisho</title>")
    (folder / "assets" / "main-1.js").write_text("let x = 1;" * 100)
    (tmp_path / "secret").write_text("s")
    monkeypatch.setattr(pages, "BUNDLE", folder)
    pages.bundle.cache_clear()
    yield
    pages.bundle.cache_clear()


@pytest.mark.usefixtures("built")
def test_every_address_shows_the_page(browser: Browser) -> None:
    for path in ("/console", "/console/", "/console/users/detail/a", "/console/switch-role?a=b"):
        response = browser.send("GET", path)
        assert (response.status, response.body) == (200, b"<!doctype html><title>Sekisho</title>")
        assert browser.header("Cache-Control") == "no-cache"
        policy = browser.header("Content-Security-Policy")
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
    assert browser.send("HEAD", "/console").body == b""
    assert browser.send("POST", "/console").status == 405


@pytest.mark.usefixtures("built")
def test_pieces_are_kept_for_ever_and_packed(browser: Browser) -> None:
    plain = browser.send("GET", "/console/assets/main-1.js")
    assert browser.header("Content-Type") == "text/javascript; charset=utf-8"
    assert "immutable" in browser.header("Cache-Control")
    packed = browser.send("GET", "/console/assets/main-1.js", headers={"accept-encoding": "gzip"})
    assert browser.header("Content-Encoding") == "gzip"
    assert packed.length is not None
    assert plain.length is not None
    assert packed.length < plain.length


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "path", ["../../secret", "%2e%2e/%2e%2e/secret", "..%2f..%2fsecret", "//secret", "none.js", ""]
)
def test_nothing_else_is_served(browser: Browser, path: str) -> None:
    assert browser.send("GET", f"/console/assets/{path}").status == 404


def test_without_a_bundle_it_is_said_how_to_build_one(
    town: Town, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "BUNDLE", tmp_path / "none")
    pages.bundle.cache_clear()
    response = browser.send("GET", "/console")
    pages.bundle.cache_clear()
    assert isinstance(response.body, bytes)
    assert b"make console" in response.body


SIGNED = {"authorization": "AWS4-HMAC-SHA256 Credential=…"}
OTHERS = [
    ("/", "", {}),
    ("/consoles", "", {}),
    ("/bucket/console", "", {}),
    ("/console/x", "", SIGNED),
    ("/console/api/sign-in", "", SIGNED),
    ("/console/x", "X-Amz-Signature=1", {}),
    ("/federation/x", "", {}),
    ("/console", "", {"host": "bucket.localhost:4566"}),
]


@pytest.mark.parametrize(("path", "query", "fields"), OTHERS)
def test_what_is_not_the_consoles_goes_to_the_wire(
    path: str, query: str, fields: dict[str, str]
) -> None:
    headers = Headers({"host": "localhost:4566", **fields}.items())
    assert not is_for_console(HttpRequest("GET", path, query, headers))


@pytest.mark.parametrize("name", ["console", "federation", "switchrole"])
def test_no_bucket_can_have_the_consoles_names(town: Town, name: str) -> None:
    status, code, _ = town.store(town.home, "PUT", f"/{name}").refusal
    assert (status, code) == (409, "BucketAlreadyExists")


def test_pages_in_buckets_are_of_no_origin(town: Town) -> None:
    """Else a page that somebody put there could call the console in the name of its reader."""
    from sekisho.gate.pipeline import handle

    headers = Headers({"host": "localhost:4566"}.items())
    response = handle(HttpRequest("GET", "/bucket/page.html", "", headers), town.authority)
    found = dict(response.headers)
    assert found["Content-Security-Policy"] == "sandbox allow-scripts"
    assert found["X-Content-Type-Options"] == "nosniff"
