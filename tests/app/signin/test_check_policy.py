"""What the policy editor is told while somebody writes."""

import json

from app.signin.browser import Browser, Town, ask
from gate.gatehouse import AWAY, HOME


def trust_in(account: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{account}:user/carol"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    )


def codes(town: Town, browser: Browser, kind: str, document: str) -> set[str]:
    browser.sign_in()
    body = {"type": kind, "document": document}
    status, found = ask(town, browser.credentials(), "check-policy", body)
    assert status == 200, found
    return {each["code"] for each in found["findings"]}


def test_only_another_account_may_be_a_third_party(town: Town, browser: Browser) -> None:
    assert "PerhapsForeignTrust" not in codes(town, browser, "trust", trust_in(HOME))
    assert codes(town, browser, "trust", trust_in(AWAY)) & {"PerhapsForeignTrust", "ForeignTrust"}


def test_what_stands_instead_is_the_whole_document_mended(town: Town, browser: Browser) -> None:
    text = (
        '{"Version": "2012-10-17",\n "Statement": {"Effect": "Allow",\n'
        '  "Action": "s3:GetObjct", "Resource": "arn:aws:s3:::shelf/*"}}'
    )
    browser.sign_in()
    body = {"type": "managed", "document": text}
    _, found = ask(town, browser.credentials(), "check-policy", body)
    (finding,) = (each for each in found["findings"] if each["code"] == "UnknownAction")
    assert (finding["line"], finding["column"]) == (3, 13)
    assert finding["instead"] == text.replace("GetObjct", "GetObject")
