"""Every code has the status that the sheets and the models give it, wherever it is said."""

import ast
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from botocore.loaders import Loader

import sekisho

SOURCE = Path(sekisho.__file__).parent

# W-41…W-59, W-61, W-104, W-166; what is not said here stands in test_literals.NOT_HERE.
OF_THE_SHEETS = {
    "AccessDenied": 403,
    "ConcurrentModification": 409,
    "DeleteConflict": 409,
    "DuplicateCertificate": 409,
    "EntityAlreadyExists": 409,
    "EntityTemporarilyUnmodifiable": 409,
    "ExpiredTokenException": 400,
    "IDPCommunicationError": 400,
    "IncompleteSignature": 400,
    "InvalidAction": 400,
    "InvalidAuthenticationCode": 403,
    "InvalidAuthorizationMessageException": 400,
    "InvalidCertificate": 400,
    "InvalidClientTokenId": 403,
    "InvalidIdentityToken": 400,
    "InvalidInput": 400,
    "InvalidParameterValue": 400,
    "JWTPayloadSizeExceededException": 400,
    "KeyPairMismatch": 400,
    "LimitExceeded": 409,
    "MalformedCertificate": 400,
    "MalformedPolicyDocument": 400,
    "MalformedQueryString": 404,
    "MissingAuthenticationToken": 403,
    "NoSuchEntity": 404,
    "NotSupportedService": 404,
    "OutboundWebIdentityFederationDisabledException": 403,
    "PackedPolicyTooLarge": 400,
    "PasswordPolicyViolation": 400,
    "PolicyNotAttachable": 400,
    "ReportExpired": 410,
    "ReportNotPresent": 410,
    "SessionDurationEscalationException": 403,
    "SignatureDoesNotMatch": 403,
    "UnmodifiableEntity": 400,
    "UnrecognizedPublicKeyEncoding": 400,
    "ValidationError": 400,
}
# Of S3, where the sheets speak of signatures and of buckets.
OF_S3 = {
    "AccessControlListNotSupported": 400,
    "AuthorizationHeaderMalformed": 400,
    "AuthorizationQueryParametersError": 400,
    "BadDigest": 400,
    "BucketAlreadyExists": 409,
    "BucketAlreadyOwnedByYou": 409,
    "BucketNotEmpty": 409,
    "EntityTooLarge": 400,
    "EntityTooSmall": 400,
    "IllegalLocationConstraintException": 400,
    "IncompleteBody": 400,
    "InvalidAccessKeyId": 403,
    "InvalidArgument": 400,
    "InvalidBucketAclWithObjectOwnership": 400,
    "InvalidBucketName": 400,
    "InvalidBucketOwnerAWSAccountID": 400,
    "InvalidChunkSizeError": 400,
    "InvalidDigest": 400,
    "InvalidLocationConstraint": 400,
    "InvalidPart": 400,
    "InvalidPartOrder": 400,
    "InvalidRequest": 400,
    "InvalidToken": 400,
    "MalformedPolicy": 400,
    "MalformedTrailerError": 400,
    "MethodNotAllowed": 405,
    "MissingContentLength": 411,
    "NoSuchBucket": 404,
    "NoSuchBucketPolicy": 404,
    "NoSuchKey": 404,
    "NoSuchUpload": 404,
    "NoSuchVersion": 404,
    "NotImplemented": 501,
    "PreconditionFailed": 412,
    "RequestTimeTooSkewed": 403,
    "XAmzContentSHA256Mismatch": 400,
}
# W-57 of IAM and STS, W-66 of S3.
BY_SERVICE = {"ExpiredToken": {403, 400}}


def said() -> Mapping[str, set[int]]:
    """The statuses that each code is given somewhere."""
    found = defaultdict(set)
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                match node.args:
                    case [ast.Constant(str(code)), ast.Constant(int(status)), *_] if status >= 300:
                        found[code].add(status)
    return found


def test_a_code_has_one_status() -> None:
    several = {code: statuses for code, statuses in said().items() if len(statuses) > 1}
    assert several == BY_SERVICE


@pytest.mark.parametrize("table", [OF_THE_SHEETS, OF_S3], ids=["iam and sts", "s3"])
def test_codes_have_the_statuses_of_the_sheets(table: dict[str, int]) -> None:
    """W-61, W-104, W-166."""
    statuses = said()
    assert {code: statuses[code] for code in table} == {code: {table[code]} for code in table}


@pytest.mark.parametrize("service", ["iam", "sts"])
def test_codes_have_the_statuses_of_the_models(service: str) -> None:
    shapes = Loader().load_service_model(service, "service-2")["shapes"].values()
    errors = [one["error"] for one in shapes if "httpStatusCode" in one.get("error", {})]
    modelled = {one["code"]: {one["httpStatusCode"]} for one in errors}
    statuses = said()
    known = statuses.keys() & modelled.keys()
    assert len(known) > 8
    assert {code: statuses[code] for code in known} == {code: modelled[code] for code in known}
