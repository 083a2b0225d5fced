"""Claims that are malformed, and the words in which each is refused (A4, A5)."""

import sys
from collections.abc import Callable, Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.model.faults import Fault
from sekisho.wire.claim import is_good_region, split_credential, split_signed_headers
from sekisho.wire.http import Headers, HttpRequest
from sekisho.wire.sigv4 import read_claim
from sekisho.wire.times import parse_basic
from wire.signing import KEY

STAMP = "20150830T123600Z"
CREDENTIAL = f"{KEY}/20150830/us-east-1/sts/aws4_request"
SIGNATURE = "Signature=" + "0" * 64
HEADER = f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders=host;x-amz-date, {SIGNATURE}"


def request(authorization: str | None, query: str = "", **more: str) -> HttpRequest:
    fields = {"host": "localhost", "x-amz-date": STAMP} | more
    fields = {name.replace("_", "-"): value for name, value in fields.items()}
    if authorization is not None:
        fields["authorization"] = authorization
    kept = [(name, value) for name, value in fields.items() if value != "absent"]
    return HttpRequest("POST", "/", query, Headers(kept))


def refusal(of: HttpRequest, service: str, regions: tuple[str, ...] = ()) -> tuple[int, str, str]:
    with pytest.raises(Fault) as caught:
        read_claim(of, service, regions)
    return caught.value.status, caught.value.code, caught.value.message


def test_no_signature_is_no_claim() -> None:
    assert read_claim(request(None), "sts") is None
    assert read_claim(request(""), "s3") is None


def test_white_space_after_commas_is_free() -> None:
    """W-18."""
    for text in (HEADER, HEADER.replace(", ", ","), HEADER.replace(", ", " ,  ")):
        claim = read_claim(request(text), "sts")
        assert claim is not None
        assert claim.signed_headers == ("host", "x-amz-date")


UNMATCHED, INCOMPLETE = (403, "SignatureDoesNotMatch"), (400, "IncompleteSignature")


@pytest.mark.parametrize(
    ("authorization", "expected", "message"),
    [
        # W-43
        ("Bearer x", INCOMPLETE, "Unsupported AWS 'algorithm': 'Bearer'."),
        # W-44
        (
            "AWS4-HMAC-SHA256 Credential",
            INCOMPLETE,
            "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: "
            "'AWS4-HMAC-SHA256 Credential'.",
        ),
        # W-45
        (
            f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}",
            INCOMPLETE,
            "Authorization header requires 'Signature' parameter. "
            "Authorization header requires 'SignedHeaders' parameter. "
            "Authorization=AWS4-HMAC-SHA256",
        ),
        (
            "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0",
            INCOMPLETE,
            "Authorization header requires 'Credential' parameter. Authorization=AWS4-HMAC-SHA256",
        ),
        # W-47
        (
            HEADER.replace("host;", ""),
            UNMATCHED,
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        ),
        # W-49
        (
            HEADER.replace("/sts/aws4_request", ""),
            INCOMPLETE,
            "Credential must have exactly 5 slash-delimited elements, e.g. "
            f"keyid/date/region/service/term, got '{KEY}/20150830/us-east-1'",
        ),
        # W-52, W-53
        (
            HEADER.replace("us-east-1/sts", "mars/s3"),
            UNMATCHED,
            "Credential should be scoped to a valid region. "
            "Credential should be scoped to correct service: 'sts'. ",
        ),
        # W-54
        (
            HEADER.replace("aws4_request", "aws5"),
            UNMATCHED,
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. ",
        ),
        # W-55
        (
            HEADER.replace("20150830", "20150831"),
            UNMATCHED,
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            f"HTTP: '20150831' != '20150830', from '{STAMP}'. ",
        ),
    ],
)
def test_malformed_headers_of_query_services(
    authorization: str, expected: tuple[int, str], message: str
) -> None:
    found = refusal(request(authorization), "sts", ("us-east-1",))
    assert found == (*expected, message)


@pytest.mark.parametrize(
    "date", ["2015", "20151330T123600Z", "20150830T123600", "٢0150830T123600Z"]
)
def test_malformed_dates(date: str) -> None:
    """W-48."""
    assert refusal(request(HEADER, x_amz_date=date), "sts") == (
        *INCOMPLETE,
        f"Date must be in ISO-8601 'basic format'. Got '{date}'. "
        "See http://en.wikipedia.org/wiki/ISO_8601",
    )


def test_missing_date() -> None:
    """W-45."""
    assert refusal(request(HEADER, x_amz_date="absent"), "sts")[2] == (
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        "Authorization=AWS4-HMAC-SHA256"
    )


def test_date_header_stands_in() -> None:
    """W-22."""
    claim = read_claim(
        request(HEADER, x_amz_date="absent", date="Sun, 30 Aug 2015 12:36:00 GMT"), "sts"
    )
    assert claim is not None
    assert claim.timestamp == STAMP


def test_header_and_query_together() -> None:
    """W-42."""
    assert refusal(request(HEADER, "X-Amz-Algorithm=AWS4-HMAC-SHA256"), "sts") == (*UNMATCHED, "")


def test_missing_query_parts() -> None:
    """W-46."""
    query = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={STAMP}&X-Amz-SignedHeaders=host"
    assert refusal(request(None, query), "sts") == (
        *INCOMPLETE,
        "AWS query-string parameters must include 'X-Amz-Credential'. "
        "AWS query-string parameters must include 'X-Amz-Signature'. "
        "Re-examine the query-string parameters.",
    )


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("a=%", "Incomplete trailing escape % sequence"),
        ("a=%2", "Incomplete trailing escape % sequence"),
        ("a=%zz", "Illegal hex character in escape % pattern: %zz"),
    ],
)
def test_bad_escapes(query: str, message: str) -> None:
    """W-59."""
    assert refusal(request(HEADER, query), "sts") == (404, "MalformedQueryString", message)


# S3

S3_HEADER = HEADER.replace("/sts/", "/s3/")
MALFORMED = (400, "AuthorizationHeaderMalformed")
HEAD = "The authorization header is malformed; "
CREDENTIAL_TAIL = (
    'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
)


@pytest.mark.parametrize(
    ("authorization", "expected", "message"),
    [
        (
            S3_HEADER.replace("us-east-1", "mars"),
            MALFORMED,
            HEAD + "the region 'mars' is wrong; expecting 'us-east-1'",
        ),
        (
            HEADER,
            MALFORMED,
            HEAD + 'incorrect service "sts". This endpoint belongs to "s3".',
        ),
        (
            "AWS4-HMAC-SHA256 Credential=x",
            MALFORMED,
            HEAD + "the authorization header requires three components: Credential, "
            "SignedHeaders, and Signature.",
        ),
        (S3_HEADER.replace("Credential=", "X="), MALFORMED, HEAD + "missing Credential."),
        (S3_HEADER.replace("Signature=", "X="), MALFORMED, HEAD + "missing Signature."),
        (S3_HEADER.replace("SignedHeaders=", "X="), MALFORMED, HEAD + "missing SignedHeaders."),
        (S3_HEADER.replace("/aws4_request", ""), MALFORMED, HEAD + CREDENTIAL_TAIL),
        (S3_HEADER.replace("20150830", "today"), MALFORMED, HEAD + CREDENTIAL_TAIL),
        (
            S3_HEADER.replace("20150830", "20150831"),
            MALFORMED,
            HEAD + "Invalid credential date. Date is not the same as X-Amz-Date.",
        ),
        (
            S3_HEADER.replace("aws4_request", "x"),
            MALFORMED,
            HEAD + 'incorrect terminal "x". This endpoint uses "aws4_request".',
        ),
        (
            "nonsense",
            (400, "InvalidArgument"),
            "Authorization header is invalid -- one and only one ' ' (space) required.",
        ),
        ("Basic eA==", (400, "InvalidArgument"), "Unsupported Authorization Type"),
        (
            f"AWS {KEY}:c2ln",
            (400, "InvalidRequest"),
            "The authorization mechanism you have provided is not supported. Please use "
            "AWS4-HMAC-SHA256.",
        ),
    ],
)
def test_malformed_headers_of_s3(
    authorization: str, expected: tuple[int, str], message: str
) -> None:
    """W-68 to W-73."""
    asked = request(authorization, x_amz_content_sha256="UNSIGNED-PAYLOAD")
    assert refusal(asked, "s3", ("us-east-1",)) == (*expected, message)


def test_wrong_region_names_the_right_one() -> None:
    """W-68: clients sign again with it."""
    with pytest.raises(Fault) as caught:
        read_claim(request(S3_HEADER), "s3", ("eu-west-1",))
    assert caught.value.details == {"Region": "eu-west-1"}


def test_content_hash_of_s3() -> None:
    """W-85, W-86, W-75."""
    assert refusal(request(S3_HEADER), "s3") == (
        400,
        "InvalidRequest",
        "Missing required header for this request: x-amz-content-sha256",
    )
    assert refusal(request(S3_HEADER, x_amz_content_sha256="A" * 64), "s3")[:2] == (
        400,
        "InvalidArgument",
    )
    assert refusal(request(S3_HEADER, x_amz_date="today"), "s3") == (
        403,
        "AccessDenied",
        "AWS authentication requires a valid Date or x-amz-date header",
    )


PRESIGNED = (
    f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={CREDENTIAL.replace('sts', 's3')}"
    f"&X-Amz-Date={STAMP}&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-{SIGNATURE}"
)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "X-Amz-Expires=60",
            "",
            "Query-string authentication version 4 requires the X-Amz-Algorithm, "
            "X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and "
            "X-Amz-Expires parameters.",
        ),
        (
            "Expires=60",
            "Expires=604801",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given "
            "X-Amz-Expires must be less than 604800 seconds",
        ),
        ("Expires=60", "Expires=-1", "X-Amz-Expires must be non-negative"),
        ("Expires=60", "Expires=soon", "X-Amz-Expires should be a number"),
        (
            "=AWS4-HMAC-SHA256",
            "=AWS5",
            'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',
        ),
        (
            "/aws4_request",
            "",
            "Error parsing the X-Amz-Credential parameter; " + CREDENTIAL_TAIL,
        ),
    ],
)
def test_malformed_presigned_urls(old: str, new: str, message: str) -> None:
    """W-80, W-82 to W-84."""
    assert refusal(request(None, PRESIGNED.replace(old, new)), "s3") == (
        400,
        "AuthorizationQueryParametersError",
        message,
    )


def test_malformed_version_two_url() -> None:
    """W-81."""
    assert refusal(request(None, f"AWSAccessKeyId={KEY}&Signature=x"), "s3") == (
        403,
        "AccessDenied",
        "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
    )


def test_signed_token_header_wins() -> None:
    """W-90."""
    query = PRESIGNED + "&X-Amz-Security-Token=query"
    for asked, token in (
        (request(None, query), "query"),
        (request(None, query, x_amz_security_token="header"), "header"),
    ):
        claim = read_claim(asked, "s3")
        assert claim is not None
        assert claim.token == token


def test_bounds() -> None:
    many = ";".join(f"x-{number}" for number in range(101))
    for service in ("sts", "s3"):
        refusal(request(HEADER + "x" * 9000), service)
        refusal(request(HEADER.replace("host;x-amz-date", many)), service)
    refusal(request(None, "X-Amz-Algorithm=x&" + "&" * 10_001), "sts")


@given(
    st.text(max_size=80),
    st.text(max_size=80),
    st.sampled_from(["iam", "sts", "s3"]),
    st.sampled_from(["", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256 Credential=", "AWS "]),
    st.sampled_from(["", "X-Amz-Algorithm=", "Signature=", PRESIGNED + "&", PRESIGNED[:-80]]),
)
def test_reading_a_claim_raises_nothing_but_faults(
    text: str, query: str, service: str, start: str, query_start: str
) -> None:
    asked = request(start + text, query_start + query)
    try:
        read_claim(asked, service)
    except Fault as fault:
        assert 400 <= fault.status <= 404


class EveryRegion(frozenset[str]):
    """Regions that are named, by which a header is never read the quick way."""

    def __contains__(self, region: object) -> bool:
        return is_good_region(str(region), ())


@given(
    st.sampled_from([HEADER, S3_HEADER]),
    st.integers(0, len(HEADER)),
    st.integers(0, 3),
    st.sampled_from(["", "/", ",", ", ", ";", "=", " ", "Signature=", "x", "\xdf"]),
    st.sampled_from([STAMP, "20150831T123600Z", "absent", "today"]),
    st.sampled_from(["UNSIGNED-PAYLOAD", "0" * 64, "absent", "x"]),
)
def test_the_quick_way_to_read_a_header_tells_what_the_long_way_tells(
    header: str, at: int, gone: int, put: str, stamp: str, content: str
) -> None:
    changed = header[:at] + put + header[at + gone :]
    asked = request(changed, x_amz_date=stamp, x_amz_content_sha256=content)
    for service in ("sts", "s3"):
        quick = told(asked, service, ())
        assert quick == told(asked, service, EveryRegion({"us-east-1"}))


def told(asked: HttpRequest, service: str, regions: Collection[str]) -> object:
    try:
        return read_claim(asked, service, regions)
    except Fault as fault:
        return fault.code, fault.status, fault.message, fault.details


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (split_credential, "A" * 60_000 + "/20260101/us-east-1/sts/aws4_request"),
        (split_signed_headers, "host;" + "x" * 60_000),
        (parse_basic, "2" * 60_000),
    ],
)
def test_nothing_long_is_remembered_of_what_nobody_has_signed_yet(
    read: Callable[[str], object], text: str
) -> None:
    held = sys.getrefcount(text)
    read(text)
    assert sys.getrefcount(text) == held
