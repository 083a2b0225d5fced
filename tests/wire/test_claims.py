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

S3_HEADER = HEADER.replace("/sts/", "/s3/")
PRESIGNED = (
    f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={CREDENTIAL.replace('sts', 's3')}"
    f"&X-Amz-Date={STAMP}&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-{SIGNATURE}"
)


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


def test_the_amazon_date_wins() -> None:
    """W-22."""
    claim = read_claim(request(HEADER, date="Mon, 31 Aug 2015 12:36:00 GMT"), "sts")
    assert claim is not None
    assert claim.timestamp == STAMP


@pytest.mark.parametrize("service", ["sts", "iam", "organizations"])
def test_every_region_will_do(service: str) -> None:
    """W-3: with an endpoint of their own clients sign for the region they are configured with."""
    header = HEADER.replace("us-east-1/sts", f"eu-north-1/{service}")
    claim = read_claim(request(header), service)
    assert claim is not None
    assert claim.scope.region == "eu-north-1"


def test_header_and_query_together() -> None:
    """W-42."""
    assert refusal(request(HEADER, "X-Amz-Algorithm=AWS4-HMAC-SHA256"), "sts") == (*UNMATCHED, "")


@pytest.mark.parametrize(
    "lacking",
    ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders"],
)
def test_each_query_part_must_be_there(lacking: str) -> None:
    """W-46."""
    parts = PRESIGNED.replace("/s3/", "/sts/").split("&")
    query = "&".join(part for part in parts if not part.startswith(f"{lacking}="))
    assert refusal(request(None, query), "sts")[1:] == (
        "IncompleteSignature",
        f"AWS query-string parameters must include '{lacking}'. "
        "Re-examine the query-string parameters.",
    )


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
