"""The Query protocol: parameters, validation errors, answers (W-7 to W-16, W-130 to W-133)."""

from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.model.faults import Fault
from sekisho.wire.http import Headers, HttpRequest, HttpResponse, WholeBody
from sekisho.wire.route import Route, find_route

REQUEST_ID = "c6104cbe-af31-11e0-8154-cbc7ccf896c7"
FORM = Headers([("content-type", "application/x-www-form-urlencoded; charset=utf-8")])
STS, IAM = "2011-06-15", "2010-05-08"
ROLE = "arn:aws:iam::123456789012:role/reader"


def call(body: str, method: str = "POST", query: str = "", path: str = "/") -> HttpRequest:
    return HttpRequest(method, path, query, FORM, WholeBody(body.encode()))


def form(action: str, version: str, **parameters: str) -> str:
    return urlencode({"Action": action, "Version": version, **parameters})


def parse(body: str) -> dict[str, Any]:
    request = call(body)
    route = find_route(request)
    assert route.fault is None
    return route.parse(request)


def refusal(body: str) -> tuple[int, str, str]:
    with pytest.raises(Fault) as caught:
        parse(body)
    return caught.value.status, caught.value.code, caught.value.message


def text_of(response: HttpResponse) -> str:
    assert isinstance(response.body, bytes)
    assert response.length == len(response.body)
    return response.body.decode()


def assume(**changed: str) -> str:
    given = {"RoleArn": ROLE, "RoleSessionName": "session"} | changed
    return form("AssumeRole", STS, **{name: v for name, v in given.items() if v != "absent"})


# parameters


def test_input_is_keyed_by_member_names() -> None:
    """W-8."""
    body = form(
        "AssumeRole",
        STS,
        RoleArn=ROLE,
        RoleSessionName="session",
        DurationSeconds="+0900",
        **{
            "Tags.member.1.Key": "team",
            "Tags.member.1.Value": "a b+c",
            "Tags.member.2.Key": "x",
            "Tags.member.2.Value": "",
            "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "TransitiveTagKeys.member.1": "team",
        },
    )
    assert parse(body) == {
        "RoleArn": ROLE,
        "RoleSessionName": "session",
        "DurationSeconds": 900,
        "Tags": [{"Key": "team", "Value": "a b+c"}, {"Key": "x", "Value": ""}],
        "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
        "TransitiveTagKeys": ["team"],
    }


def test_first_of_a_name_counts_and_unknown_names_are_ignored() -> None:
    """W-16."""
    body = assume() + "&RoleSessionName=other&Nonsense=1&Tags.foo=1&RoleArn.x=2&RoleArn..y=3&.=4&=5"
    found = parse(body)
    assert (found["RoleArn"], found["RoleSessionName"]) == (ROLE, "session")
    assert found.get("Tags", []) == []


def test_a_branch_does_not_stand_for_a_text() -> None:
    body = form("AssumeRole", STS, RoleSessionName="session", **{"RoleArn.x": ROLE})
    assert "'roleArn' failed to satisfy constraint: Member must not be null" in refusal(body)[2]


def test_get_and_post_give_the_same() -> None:
    """W-16."""
    request = HttpRequest("GET", "/", assume(), Headers())
    assert find_route(request).parse(request) == parse(assume())


def test_gaps_in_lists_are_closed() -> None:
    """Nothing signed is passed over: else a session would be wider than was asked for."""
    numbered = {f"PolicyArns.member.{n}.arn": ROLE + f"/{n}" for n in (7, 3, 12)}
    found = parse(assume(**numbered))["PolicyArns"]
    assert [item["arn"] for item in found] == [ROLE + "/3", ROLE + "/7", ROLE + "/12"]


def test_an_empty_list_may_be_sent() -> None:
    assert parse(assume(Tags=""))["Tags"] == []


@pytest.mark.parametrize("value", ["", "x", "9e2", "900.0", "٩٠٠", "2147483648", "9" * 5000])
def test_what_is_no_integer(value: str) -> None:
    """W-133."""
    assert refusal(assume(DurationSeconds=value)) == (400, "MalformedInput", "")


@pytest.mark.parametrize("name", ["Tags.member.x.Key", "Tags.member.-1.Key", "Tags.member..Key"])
def test_what_is_no_index(name: str) -> None:
    if ".." in name:
        assert "Tags" in parse(assume(**{name: "x", "Tags": ""}))
    else:
        assert refusal(assume(**{name: "x"})) == (400, "MalformedInput", "")


# validation


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (  # W-130
            {"RoleSessionName": "a b"},
            "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy "
            r"constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*",
        ),
        (
            {"RoleSessionName": "x" * 65},
            f"1 validation error detected: Value '{'x' * 65}' at 'roleSessionName' failed to "
            "satisfy constraint: Member must have length less than or equal to 64",
        ),
        (
            {"RoleSessionName": "x"},
            "1 validation error detected: Value 'x' at 'roleSessionName' failed to satisfy "
            "constraint: Member must have length greater than or equal to 2",
        ),
        (
            {"DurationSeconds": "899"},
            "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy "
            "constraint: Member must have value greater than or equal to 900",
        ),
        (
            {"RoleArn": "absent"},
            "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: "
            "Member must not be null",
        ),
        (  # W-131
            {"RoleSessionName": " "},
            "2 validation errors detected: Value ' ' at 'roleSessionName' failed to satisfy "
            r"constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*; "
            "Value ' ' at 'roleSessionName' failed to satisfy constraint: Member must have length "
            "greater than or equal to 2",
        ),
        (
            {"Tags.member.1.Key": "a", "Tags.member.2.Key": "b", "Tags.member.2.Value": "#"},
            "2 validation errors detected: Value null at 'tags.1.member.value' failed to satisfy "
            "constraint: Member must not be null; Value '#' at 'tags.2.member.value' failed to "
            "satisfy constraint: Member must satisfy regular expression pattern: "
            r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*",
        ),
        (
            {"TransitiveTagKeys.member.1": "a", "TransitiveTagKeys.member.2": "#"},
            "1 validation error detected: Value '[a, #]' at 'transitiveTagKeys' failed to satisfy "
            "constraint: Member must satisfy constraint: [Member must have length less than or "
            "equal to 128, Member must have length greater than or equal to 1, Member must satisfy "
            r"regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+]",
        ),
        (  # long and sensitive values are left out (PE-77)
            {"ExternalId": "x" * 1225},
            "1 validation error detected: Value at 'externalId' failed to satisfy constraint: "
            "Member must have length less than or equal to 1224",
        ),
    ],
)
def test_validation_errors_of_sts(changed: dict[str, str], message: str) -> None:
    assert refusal(assume(**changed)) == (400, "ValidationError", message)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (  # W-173
            form("UpdateAccessKey", IAM, AccessKeyId="A" * 20, Status="Off"),
            "1 validation error detected: Value at 'status' failed to satisfy constraint: Member "
            "must satisfy enum value set",
        ),
        (
            form("CreateUser", IAM),
            "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member "
            "must not be null",
        ),
        (
            form("CreateUser", IAM, UserName="x" * 65),
            "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member "
            "must have length less than or equal to 64",
        ),
        (  # PE-78
            form("CreateRole", IAM, RoleName="a b", AssumeRolePolicyDocument="{}"),
            "The specified value for roleName is invalid. It must contain only alphanumeric "
            "characters and/or the following: +=,.@_-",
        ),
        (
            form("CreateUser", IAM, UserName="a", Path="x"),
            "The specified value for path is invalid. It must begin and end with / and contain "
            "only alphanumeric characters and/or / characters.",
        ),
        (  # what the model forbids goes before what IAM itself says
            form("CreateUser", IAM, UserName="a b", PermissionsBoundary="arn"),
            "1 validation error detected: Value at 'permissionsBoundary' failed to satisfy "
            "constraint: Member must have length greater than or equal to 20",
        ),
    ],
)
def test_validation_errors_of_iam(body: str, message: str) -> None:
    found = refusal(body)
    assert found == (400, "ValidationError", message)


# routes that refuse


def refused(request: HttpRequest) -> tuple[Route, Fault, HttpResponse]:
    route = find_route(request)
    assert route.fault is not None
    return route, route.fault, route.render_fault(route.fault, REQUEST_ID)


def test_unknown_action() -> None:
    """W-16, W-11."""
    _, fault, answer = refused(call(form("NoSuchAction", STS)))
    assert (fault.code, answer.status) == ("InvalidAction", 400)
    assert fault.message == "Could not find operation NoSuchAction for version 2011-06-15"
    assert 'xmlns="http://webservices.amazon.com/AWSFault/2005-15-09"' in text_of(answer)
    _, fault, _ = refused(call("Action=AssumeRole"))
    assert fault.message == "Could not find operation AssumeRole for version NO_VERSION_SPECIFIED"


@pytest.mark.parametrize(
    ("request_", "status", "location", "body"),
    [
        (call("Version=2011-06-15"), 302, "https://aws.amazon.com/iam", ""),
        (
            call("", "GET", "Action=&Version=2011-06-15"),
            302,
            "https://aws.amazon.com/iam?Action=&Version=2011-06-15",
            "",
        ),
        (call(form("GetCallerIdentity", STS), path="/%zz"), 400, None, ""),
        (call("x=" + "y" * 10_000_000), 413, None, ""),
        (call(form("AssumeRole", STS), "GET", "Action=A&x=" + "y" * 16_000), 400, None, ""),
    ],
)
def test_what_is_no_call(
    request_: HttpRequest, status: int, location: str | None, body: str
) -> None:
    """W-15."""
    signed = Headers(
        [*request_.headers, ("authorization", "x Credential=a/20150830/r/sts/aws4_request")]
    )
    _, _, answer = refused(request_._replace(headers=signed))
    assert (answer.status, text_of(answer)) == (status, body)
    if location is not None:
        assert ("Location", location) in answer.headers


def test_other_paths_and_other_kinds_of_body() -> None:
    """W-15."""
    signed = Headers([("authorization", "x Credential=a/20150830/r/sts/aws4_request")])
    _, _, answer = refused(HttpRequest("POST", "/x", "", signed, WholeBody(assume().encode())))
    assert (answer.status, text_of(answer)) == (404, "<UnknownOperationException/>")
    _, _, answer = refused(HttpRequest("POST", "/", "", signed, WholeBody(assume().encode())))
    assert answer.status == 302


def test_too_many_parameters() -> None:
    for body in ("a=1&" * 10_001, "a." * 20 + "b=1"):
        _, fault, answer = refused(call(body))
        assert (fault.code, answer.status) == ("MalformedInput", 400)


# answers


def test_answer_of_sts() -> None:
    """W-9, W-10, W-102: members in the order given, two spaces, no declaration."""
    request = call(form("GetCallerIdentity", STS))
    route = find_route(request)
    answer = route.render({"Arn": "arn:a&b", "UserId": "AIDA", "Account": "1"}, REQUEST_ID)
    assert answer.status == 200
    assert answer.headers == [("x-amzn-RequestId", REQUEST_ID), ("Content-Type", "text/xml")]
    assert text_of(answer) == (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n'
        "  <GetCallerIdentityResult>\n"
        "    <Arn>arn:a&amp;b</Arn>\n"
        "    <UserId>AIDA</UserId>\n"
        "    <Account>1</Account>\n"
        "  </GetCallerIdentityResult>\n"
        "  <ResponseMetadata>\n"
        f"    <RequestId>{REQUEST_ID}</RequestId>\n"
        "  </ResponseMetadata>\n"
        "</GetCallerIdentityResponse>\n"
    )


def test_answer_without_output_has_no_result() -> None:
    """W-9."""
    request = call(form("DeleteUser", IAM, UserName="alice"))
    text = text_of(find_route(request).render({}, REQUEST_ID))
    assert "DeleteUserResult" not in text
    assert text.startswith('<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">')


def test_lists_times_and_policies_of_iam() -> None:
    """W-159, W-160."""
    document = '{"Sid": "a b+c/é~"}'
    role = {"RoleName": "r", "CreateDate": 1738314000, "AssumeRolePolicyDocument": document}
    request = call(form("ListRoles", IAM))
    text = text_of(find_route(request).render({"Roles": [role], "IsTruncated": False}, REQUEST_ID))
    assert "<CreateDate>2025-01-31T09:00:00Z</CreateDate>" in text
    assert "<IsTruncated>false</IsTruncated>" in text
    assert f"<AssumeRolePolicyDocument>{quote(document, safe='~')}</" in text
    assert "%20" in text
    assert "+" not in text
    text = text_of(find_route(request).render({"Roles": []}, REQUEST_ID))
    assert "    <Roles/>\n" in text


def test_unknown_members_are_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        find_route(call(form("GetCallerIdentity", STS))).render({"Acount": "1"}, REQUEST_ID)


@pytest.mark.parametrize(
    ("fault", "side", "message"),
    [
        (Fault("AccessDenied", 403, "no <b>"), "Sender", "    <Message>no &lt;b&gt;</Message>\n"),
        (Fault("ServiceFailure", 500), "Receiver", ""),
    ],
)
def test_error_body(fault: Fault, side: str, message: str) -> None:
    """W-11, PE-66."""
    answer = find_route(call(assume())).render_fault(fault, REQUEST_ID)
    assert answer.status == fault.status
    assert text_of(answer) == (
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n'
        "  <Error>\n"
        f"    <Type>{side}</Type>\n"
        f"    <Code>{fault.code}</Code>\n"
        f"{message}"
        "  </Error>\n"
        f"  <RequestId>{REQUEST_ID}</RequestId>\n"
        "</ErrorResponse>\n"
    )


@given(st.text())
def test_no_text_breaks_an_answer(text: str) -> None:
    route = find_route(call(form("GetCallerIdentity", STS)))
    for answer in (
        route.render({"Arn": text}, REQUEST_ID),
        route.render_fault(Fault("X", 400, text), REQUEST_ID),
    ):
        assert isinstance(answer.body, bytes)
        ElementTree.fromstring(answer.body)


@given(st.binary(max_size=300), st.text(max_size=100), st.sampled_from(["GET", "POST", "PUT", "X"]))
def test_finding_a_route_never_raises(body: bytes, query: str, method: str) -> None:
    for start in (b"", assume().encode() + b"&"):
        request = HttpRequest(method, "/", query, FORM, WholeBody(start + body))
        route = find_route(request)
        try:
            if route.fault is None:
                route.parse(request)
        except Fault as fault:
            answer = route.render_fault(fault, REQUEST_ID)
            assert answer.status >= 400
