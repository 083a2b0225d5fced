"""The console's session over plain HTTP: sign in, take credentials, use them."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from journeys.world import Keys, World

PASSWORD = "Correct-Horse-7"


def post(world: World, path: str, body: dict[str, Any], **headers: str) -> tuple[Any, str]:
    """The JSON of an answer, and the cookie that it sets."""
    connection = HTTPConnection(urlsplit(world.server.endpoint).netloc, timeout=60)
    sent = {"Content-Type": "application/json", **headers}
    connection.request("POST", f"/console/api/{path}", json.dumps(body), sent)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    assert answer.status == 200, told
    return told, answer.headers.get("Set-Cookie", "").partition(";")[0]


def test_who_signs_in_is_given_credentials_that_sign(world: World) -> None:
    world.new_user("browsing")
    iam = world.client("iam", world.source_root)
    iam.create_login_profile(UserName="browsing", Password=PASSWORD)
    form = {"account": world.source, "user": "browsing", "password": PASSWORD}
    session, cookie = post(world, "sign-in", form)
    csrf = {"X-Sekisho-Csrf": session["csrf"]}
    given, _ = post(world, "credentials", {}, Cookie=cookie, **csrf)
    keys = Keys(given["accessKeyId"], given["secretAccessKey"], given["sessionToken"])
    told = world.client("sts", keys).get_caller_identity()
    assert told["Arn"] == session["arn"] == f"arn:aws:iam::{world.source}:user/browsing"
