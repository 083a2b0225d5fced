"""Objects in and out: large files in parts, downloads and links as presigned requests, folders."""

from pathlib import Path

import pytest
from playwright.sync_api import Request, expect

from browser.house import House
from browser.visitor import Visitor

PART = 8 * 1024 * 1024
LARGE = bytes(range(256)) * (PART // 128) + b"end"  # two parts and three bytes


@pytest.fixture
def bucket(house: House) -> str:
    return house.bucket(house.source)


def test_a_large_file_goes_up_in_parts_and_comes_down_whole(
    house: House, visitor: Visitor, bucket: str, tmp_path: Path
) -> None:
    page, parts = visitor.page, []

    def note(request: Request) -> None:
        if "partNumber=" in request.url and request.method == "PUT":
            parts.append(request.url)

    page.on("request", note)
    visitor.signs_in(house.admin(house.source), f"/console/buckets/detail/{bucket}")
    large = tmp_path / "large.bin"
    large.write_bytes(LARGE)
    page.locator("input[type=file]").set_input_files(large)
    visitor.sees("done").clicks("large.bin", "link").sees_title("large.bin").sees("16 MiB")
    assert len(parts) == 3
    with page.expect_download() as downloading:
        visitor.clicks("Download")
    assert Path(downloading.value.path()).read_bytes() == LARGE
    visitor.clicks("Make a link").sees("X-Amz-Signature=")
    link = page.get_by_text("X-Amz-Signature=").first.inner_text()
    assert page.request.get(link).body() == LARGE


def test_folders_are_made_entered_and_forget_what_was_sought(
    house: House, visitor: Visitor, bucket: str
) -> None:
    visitor.signs_in(house.admin(house.source), f"/console/buckets/detail/{bucket}")
    visitor.clicks("Create folder").types("Folder name", "march").clicks("Create")
    visitor.sees_title(bucket).clicks(bucket, "link")
    visitor.types("Find: Objects", "mar").sees("1 found").clicks("march/", "link")
    expect(visitor.page.get_by_label("Find: Objects")).to_have_value("")
    visitor.page.locator("input[type=file]").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"all is well"}
    )
    visitor.sees("done").clicks("a.txt", "link").sees_title("march/a.txt").sees("text/plain")


def test_a_key_that_no_browser_can_ask_for_is_deleted_from_the_list(
    house: House, visitor: Visitor
) -> None:
    bucket = house.bucket(house.source, **{"../x": b"1"})
    visitor.signs_in(house.admin(house.source), f"/console/buckets/detail/{bucket}")
    visitor.clicks("../", "link").page.get_by_role("checkbox", name="../x").check()
    visitor.clicks("Delete")
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("../x")
    dialog.get_by_role("button", name="Delete").click()
    visitor.sees("../x was deleted.")
    left = house.client("s3", house.source).list_objects_v2(Bucket=bucket)
    assert left["KeyCount"] == 0
