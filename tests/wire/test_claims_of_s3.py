"""What S3 says of claims that are malformed, in headers and in URLs (W-68 to W-90)."""

import pytest

from sekisho.model.faults import Fault
from sekisho.wire.sigv4 import read_claim
from wire.signing import KEY
from wire.test_claims import HEADER, PRESIGNED, S3_HEADER, refusal, request

MALFORMED = (400, "AuthorizationHeaderMalformed")
HEAD = "The authorization header is malformed; "
PARSING = "Error parsing the X-Amz-Credential parameter; "
TAIL = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'


@pytest.mark.parametrize(
    ("authorization", "expected", "message"),
    [
        (
            S3_HEADER.replace("us-east-1", "mars"),
            MALFORMED,
            HEAD + "the region 'mars' is wrong; expecting 'us-east-1'",
        ),
        (  # W-69
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
        (S3_HEADER.replace("/aws4_request", ""), MALFORMED, HEAD + TAIL),
        (S3_HEADER.replace("20150830", "today"), MALFORMED, HEAD + TAIL),
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
        (  # W-73
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
    """W-68…W-73."""
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
    assert refusal(request(S3_HEADER, x_amz_content_sha256="A" * 64), "s3") == (
        400,
        "InvalidArgument",
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
        " STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER,"
        " STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD,"
        " STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
    )
    for date in ("today", "absent"):
        assert refusal(request(S3_HEADER, x_amz_date=date), "s3") == (
            403,
            "AccessDenied",
            "AWS authentication requires a valid Date or x-amz-date header",
        )


@pytest.mark.parametrize(
    "form",
    [
        "0" * 64,
        "UNSIGNED-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
    ],
)
def test_forms_of_bodies(form: str) -> None:
    """W-28."""
    claim = read_claim(request(S3_HEADER, x_amz_content_sha256=form), "s3")
    assert claim is not None
    assert claim.payload_hash == form


@pytest.mark.parametrize("authorization", ["nonsense", "Basic eA=="])
def test_the_argument_that_is_invalid_is_shown(authorization: str) -> None:
    """W-71, W-72."""
    with pytest.raises(Fault) as caught:
        read_claim(request(authorization), "s3")
    shown = {"ArgumentName": "Authorization", "ArgumentValue": authorization}
    assert caught.value.details == shown


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
        ("/aws4_request", "", PARSING + TAIL),
        ("/20150830/", "/today/", PARSING + TAIL),
        (
            "/20150830/",
            "/20150831/",
            PARSING + "Invalid credential date. Date is not the same as X-Amz-Date.",
        ),
        ("us-east-1", "mars", PARSING + "the region 'mars' is wrong; expecting 'us-east-1'"),
        (
            "/s3/",
            "/sts/",
            PARSING + 'incorrect service "sts". This endpoint belongs to "s3".',
        ),
        (
            "aws4_request",
            "aws5",
            PARSING + 'incorrect terminal "aws5". This endpoint uses "aws4_request".',
        ),
    ],
)
def test_malformed_presigned_urls(old: str, new: str, message: str) -> None:
    """W-26, W-80, W-82…W-84."""
    assert refusal(request(None, PRESIGNED.replace(old, new)), "s3", ("us-east-1",)) == (
        400,
        "AuthorizationQueryParametersError",
        message,
    )


@pytest.mark.parametrize("lacking", range(6))
def test_a_presigned_url_lacks_a_parameter(lacking: int) -> None:
    """W-80."""
    parts = PRESIGNED.split("&")
    del parts[lacking]
    assert refusal(request(None, "&".join(parts)), "s3")[1:] == (
        "AuthorizationQueryParametersError",
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential,"
        " X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    )


@pytest.mark.parametrize(
    "query", [f"AWSAccessKeyId={KEY}&Signature=x", "Signature=x&Expires=1", f"AWSAccessKeyId={KEY}"]
)
def test_malformed_version_two_url(query: str) -> None:
    """W-81."""
    assert refusal(request(None, query), "s3") == (
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
