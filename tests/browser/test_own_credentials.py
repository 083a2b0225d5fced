"""Looking after one's own credentials: an MFA device, a key, a password (W-208, W-247)."""

import base64
import re
import time

from playwright.sync_api import expect

from browser.conftest import Opens
from browser.house import PASSWORD, House
from browser.visitor import Visitor
from sekisho.services.totp import code_at, step_at

SECRET = re.compile("^[A-Z2-7]{64}$")


def test_an_mfa_device_is_enrolled_and_asked_for_at_the_next_sign_in(
    opens: Opens, house: House
) -> None:
    visitor, person = opens(), house.admin(house.source)
    visitor.signs_in(person, "/console/credentials").clicks("Assign MFA device").clicks("Next")
    dialog = visitor.page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name="QR code of the secret key")).to_be_visible()
    seed = base64.b32decode(dialog.get_by_text(SECRET).inner_text())
    visitor.types("MFA code 1", "000000").types("MFA code 2", "000000").clicks("Add MFA")
    visitor.sees("Authentication code for device is not valid.")
    step = step_at(time.time())
    visitor.types("MFA code 1", code_at(seed, step - 1)).types("MFA code 2", code_at(seed, step))
    visitor.clicks("Add MFA")
    serial = f"arn:aws:iam::{house.source}:mfa/{person.name}"
    expect(visitor.control(f"Deactivate {serial}")).to_be_visible()

    other = opens()
    other.goes("/console").fills_in(person).clicks("Sign in").sees("MFA code")


def test_giving_up_leaves_no_device_behind(visitor: Visitor, house: House) -> None:
    visitor.signs_in(house.admin(house.source), "/console/credentials")
    for _ in range(2):
        visitor.clicks("Assign MFA device").clicks("Next").sees("MFA code 1").clicks("Cancel")
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)


def test_a_changed_password_is_the_one_that_counts(opens: Opens, house: House) -> None:
    visitor, person = opens(), house.admin(house.source)
    visitor.signs_in(person, "/console/credentials").clicks("Change password")
    visitor.types("Current password", PASSWORD).types("New password", "Better-Horse-8")
    visitor.types("New password once more", "Worse-Horse-8")
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Change password").click()
    visitor.sees("The new passwords differ.")
    visitor.types("New password once more", "Better-Horse-8")
    dialog.get_by_role("button", name="Change password").click()
    visitor.sees("Your password was changed.")
    other = opens()
    other.goes("/console").fills_in(person, "Better-Horse-8").clicks("Sign in")
    expect(other.page.get_by_role("button", name=person.name)).to_be_visible()


def test_a_secret_is_shown_once(visitor: Visitor, house: House) -> None:
    person = house.admin(house.source)
    visitor.signs_in(person, "/console/credentials").clicks("Create access key")
    visitor.sees("The secret access key is shown this once.")
    with visitor.page.expect_download() as download:
        visitor.clicks("Download .csv")
    assert download.value.suggested_filename == f"{person.name}_accessKeys.csv"
    title, keys = download.value.path().read_text().splitlines()
    assert title == "Access key ID,Secret access key"
    key, _, secret = keys.partition(",")
    visitor.clicks("Done").sees(key).sees_not(secret)
