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


def test_a_refused_switch_is_told_in_japanese(house: House, opens: Opens) -> None:
    """Its reasons too, from the same data as in English."""
    visitor = opens(locale="ja-JP").goes("/console")
    visitor.signs_in_quietly(house.person(house.source)).sees_title("概要")
    visitor.goes_within("/console/switch-role").sees_title("ロールの切り替え")
    visitor.types("アカウント ID またはエイリアス", house.destination)
    visitor.types("IAM ロール名", "Nobody").clicks("ロールの切り替え")
    visitor.sees("1 つまたは複数のフィールドの情報が無効です。")
    visitor.sees(re.compile("のアイデンティティポリシー: ステートメントがありません"))
    visitor.clicks("Show in English")
    visitor.sees("Invalid information in one or more fields.")
    visitor.sees(re.compile("^identity policies of .*: there are no statements$"))


def test_an_answer_and_findings_are_told_in_japanese(house: House, opens: Opens) -> None:
    person = house.admin(house.source)
    visitor = opens(locale="ja-JP").goes("/console").signs_in_quietly(person).sees_title("概要")
    visitor.goes_within(f"/console/ask?principal={person.arn}&action=s3:GetObject")
    visitor.clicks("確認").sees(re.compile("^理由: p0 のステートメント 0$"))
    visitor.goes_within(f"/console/users/detail/{person.name}/inline")
    editor = visitor.page.locator("textarea").first
    editor.fill(
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObjct"}}'
    )
    visitor.sees(
        "s3 に「GetObjct」というアクションはカタログにありません。「GetObject」ではありませんか?"
    )
    visitor.sees("この項目に効果はありません。Allow は何も許可せず、Deny は何も拒否しません。")
