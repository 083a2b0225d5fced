"""A bucket's policy: its findings, the difference before it is saved, and its draft."""

import json

from playwright.sync_api import expect

from browser.house import House
from browser.test_policies import confirm, document
from browser.visitor import Visitor

RESTORED = "Your text from before was kept"


def open_to(principal: str, bucket: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def test_it_is_written_compared_kept_and_deleted(visitor: Visitor, house: House) -> None:
    page, bucket = visitor.page, house.bucket(house.source)
    person = house.admin(house.source)
    mine = open_to(f"arn:aws:iam::{house.destination}:root", bucket)
    visitor.signs_in(person, f"/console/buckets/detail/{bucket}")
    visitor.clicks("Bucket policy", "tab").clicks("Edit")
    document(page).fill(mine)
    visitor.clicks("Save changes").sees(f'"arn:aws:iam::{house.destination}:root"')

    visitor.clicks("Edit")
    expect(document(page)).to_have_value(mine)
    expect(visitor.control("Review the change")).to_be_disabled()
    document(page).fill(open_to("*", bucket))
    visitor.sees("this lets everybody in, anonymous callers too: no condition limits whom")
    page.context.clear_cookies()
    page.reload()
    visitor.is_asked_to_sign_in().fills_in(person).clicks("Sign in")
    visitor.clicks("Bucket policy", "tab").clicks("Edit").sees(RESTORED)
    expect(document(page)).to_have_value(open_to("*", bucket))
    visitor.clicks("Review the change")
    changes = page.get_by_role("region", name="What changes")
    expect(changes.locator(".removed")).to_contain_text(f"{house.destination}:root")
    expect(changes.locator(".added")).to_contain_text('"AWS": "*"')
    visitor.clicks("Save changes").sees("because public policies are prevented")
    visitor.clicks("Back to the editor")
    document(page).fill(mine.replace("GetObject", "GetObject*"))
    visitor.clicks("Review the change").clicks("Save changes")
    expect(visitor.control("Edit")).to_be_visible()  # the text alone is there before it is saved
    visitor.sees("s3:GetObject*")
    held = house.client("s3", house.source).get_bucket_policy(Bucket=bucket)["Policy"]
    assert json.loads(held) == json.loads(mine.replace("GetObject", "GetObject*"))

    visitor.clicks("Edit")
    expect(visitor.control("Review the change")).to_be_disabled()
    visitor.sees_not(RESTORED).clicks("Cancel").clicks("Delete")
    confirm(visitor, "Bucket policy")
    visitor.sees("This bucket has no policy.")
