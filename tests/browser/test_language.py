"""English and Japanese: the browser's at first, then whatever was chosen."""

import re

from playwright.sync_api import expect

from browser.conftest import Opens
from browser.house import House


def test_a_japanese_browser_is_spoken_to_in_japanese(house: House, opens: Opens) -> None:
    visitor = opens(locale="ja-JP").goes("/console").sees_title("Sekisho にサインイン")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "ja")
    person = house.admin(house.source)
    visitor.types("アカウント ID またはエイリアス", person.account)
    visitor.types("ユーザー名", person.name).types("パスワード", person.password)
    visitor.clicks("サインイン").sees_title("概要")
    visitor.clicks("ユーザー", "link").sees_title("ユーザー")


def test_the_choice_is_kept(house: House, opens: Opens) -> None:
    visitor = opens().signs_in(house.admin(house.source)).sees_title("Overview")
    visitor.clicks("日本語で表示").sees_title("概要")
    visitor.page.reload()
    visitor.sees_title("概要").clicks("Show in English").sees_title("Overview")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")


def test_the_form_keeps_its_text_when_the_language_changes(house: House, opens: Opens) -> None:
    visitor = opens().goes("/console").types("User name", "alice").clicks("日本語")
    expect(visitor.page.get_by_label("ユーザー名", exact=True)).to_have_value("alice")


def test_a_refusal_is_told_in_japanese_around_aws_words(house: House, opens: Opens) -> None:
    """What the server says stays as it is; what the console says is translated."""
    visitor = opens().signs_in(house.person(house.source)).clicks("日本語で表示")
    visitor.goes_within("/console/users")
    visitor.sees(re.compile("is not authorized to perform: iam:ListUsers"))
    expect(visitor.page.get_by_role("button", name="再試行")).to_be_visible()
