"""Forms that browsers post, signed by boto3 in both versions (W-91, W-93)."""

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import Credentials
from demo.policies import allow

from gate.gatehouse import HERE, Gatehouse
from sekisho.gate.pipeline import handle
from sekisho.wire.http import Headers, HttpRequest, HttpResponse, WholeBody

BUCKET = "form-bucket"
NO_SIGNATURE = (
    "Bucket POST must contain a field named 'X-Amz-Signature'.  If it is specified, please check"
    " the order of the fields."
)


@pytest.fixture
def house(gatehouse: Gatehouse) -> Gatehouse:
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", f"/{BUCKET}"))
    return gatehouse


def presigned(
    keys: Credentials, key: str, version: str = "s3v4", conditions: Any = None, **fields: str
) -> dict[str, str]:
    s3 = boto3.client(
        "s3",
        endpoint_url=HERE,
        region_name="us-east-1",
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token,
        config=Config(signature_version=version),
    )
    more = [{name: value} for name, value in fields.items()] + (conditions or [])
    made = s3.generate_presigned_post(BUCKET, key, Fields=fields, Conditions=more)
    assert made["url"] == f"{HERE}/{BUCKET}"
    form: dict[str, str] = made["fields"]
    return form


def post(
    house: Gatehouse, fields: dict[str, str], file: bytes | None = b"content", filename: str = "a"
) -> HttpResponse:
    lines = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file is not None:
        named = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
        lines.append(named.encode() + file + b"\r\n")
    body = b"".join(lines) + b"--x--\r\n"
    headers = {
        "host": "localhost:4566",
        "content-type": "multipart/form-data; boundary=x",
        "content-length": str(len(body)),
    }
    request = HttpRequest(
        "POST", f"/{BUCKET}", "", Headers(headers.items()), WholeBody(body), client="192.0.2.7"
    )
    return handle(request, house.authority)


def content(house: Gatehouse, key: str) -> str:
    return house.done(house.store(house.home, "GET", f"/{BUCKET}/{key}")).text


def code(response: HttpResponse) -> tuple[int, str]:
    assert isinstance(response.body, bytes)
    text = response.body.decode()
    return response.status, text.partition("<Code>")[2].partition("</Code>")[0]


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_form_becomes_an_object(house: Gatehouse, version: str) -> None:
    fields = presigned(house.home, "key", version, **{"Content-Type": "text/x"})
    response = post(house, fields)
    assert response.status == 204
    assert dict(response.headers)["ETag"] == '"9a0364b9e99bb480dd25e1f0284c8555"'
    assert content(house, "key") == "content"


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_what_was_not_signed_is_refused(house: Gatehouse, version: str) -> None:
    fields = presigned(house.home, "key", version)
    name = "x-amz-signature" if version == "s3v4" else "signature"
    assert code(post(house, {**fields, "key": "other"})) == (403, "AccessDenied")
    assert code(post(house, {**fields, "acl": "private"})) == (403, "AccessDenied")
    forged = {**fields, name: ("x" if fields[name][0] != "x" else "y") + fields[name][1:]}
    assert code(post(house, forged)) == (403, "SignatureDoesNotMatch")
    other = {**fields, "policy": presigned(house.home, "other", version)["policy"]}
    assert code(post(house, other)) == (403, "SignatureDoesNotMatch")
    unsigned = {key: value for key, value in fields.items() if key != name}
    refused = post(house, unsigned)
    assert code(refused) == (400, "InvalidArgument")
    said = NO_SIGNATURE if version == "s3v4" else NO_SIGNATURE.replace("X-Amz-", "")
    assert isinstance(refused.body, bytes)
    assert f"<Message>{said}</Message>" in refused.body.decode().replace("&#x27;", "'")


def test_nobody_posts_without_leave(house: Gatehouse) -> None:
    assert code(post(house, {"key": "key"})) == (403, "AccessDenied")
    bare = house.new_user("bare")
    assert code(post(house, presigned(bare, "key"))) == (403, "AccessDenied")


def test_the_policy_sees_how_it_was_asked(house: Gatehouse) -> None:
    """PE-191: s3:authType is POST."""
    posting = {"StringEquals": {"s3:authType": "POST", "s3:signatureversion": "AWS4-HMAC-SHA256"}}
    document = allow("s3:PutObject", f"arn:aws:s3:::{BUCKET}/*")
    document["Statement"][0]["Condition"] = posting
    user = house.new_user("poster", json.dumps(document))
    assert post(house, presigned(user, "key")).status == 204
    assert house.store(user, "PUT", f"/{BUCKET}/key", b"x").status == 403
    assert code(post(house, presigned(user, "key", "s3"))) == (403, "AccessDenied")


def test_sizes_are_held(house: Gatehouse) -> None:
    bounds = [["content-length-range", 2, 4]]
    fields = presigned(house.home, "key", conditions=bounds)
    assert code(post(house, fields, b"12345")) == (400, "EntityTooLarge")
    assert code(post(house, fields, b"1")) == (400, "EntityTooSmall")
    assert house.store(house.home, "GET", f"/{BUCKET}/key").status == 404
    assert post(house, fields, b"123").status == 204


def test_the_file_names_the_key(house: Gatehouse) -> None:
    fields = presigned(house.home, "up/${filename}")
    assert post(house, fields, filename="C:\\folder\\file.txt").status == 204
    assert content(house, "up/file.txt") == "content"


def test_how_success_is_told(house: Gatehouse) -> None:
    asked = {"success_action_status": "201"}
    response = post(house, presigned(house.home, "a b", **asked))
    assert response.status == 201
    assert isinstance(response.body, bytes)
    assert b"<Key>a b</Key>" in response.body
    assert dict(response.headers)["Location"] == f"/{BUCKET}/a%20b"
    target = {"success_action_redirect": "https://page.example/done?x=1"}
    response = post(house, presigned(house.home, "key", **target))
    assert response.status == 303
    location = dict(response.headers)["Location"]
    assert location.startswith("https://page.example/done?x=1&bucket=form-bucket&key=key&etag=%22")
    script = {"success_action_redirect": "javascript:alert(1)"}
    assert post(house, presigned(house.home, "key", **script)).status == 204


def test_tags_and_metadata(house: Gatehouse) -> None:
    tagging = "<Tagging><TagSet><Tag><Key>a</Key><Value>b c</Value></Tag></TagSet></Tagging>"
    fields = presigned(house.home, "key", tagging=tagging, **{"x-amz-meta-m": "n"})
    assert post(house, fields).status == 204
    shown = house.store(house.home, "GET", f"/{BUCKET}/key?tagging").text
    assert "<Key>a</Key><Value>b c</Value>" in shown
    fields = presigned(house.home, "key", tagging="<nonsense/>")
    assert post(house, fields).status == 204
    fields = presigned(house.home, "key", tagging="<nonsense>")
    assert code(post(house, fields)) == (400, "MalformedXML")


@pytest.mark.parametrize("missing", ["key", "file"])
def test_forms_that_lack_something(house: Gatehouse, missing: str) -> None:
    fields = presigned(house.home, "key", conditions=[["starts-with", "$key", ""]])
    if missing == "key":
        fields = {name: value for name, value in fields.items() if name != "key"}
        assert code(post(house, fields))[0] in (400, 403)
    else:
        assert code(post(house, fields, None)) == (400, "InvalidArgument")
