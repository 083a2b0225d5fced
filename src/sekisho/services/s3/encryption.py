"""The bucket's default encryption: SSE-S3, which is told of and left to the disk underneath."""

from collections.abc import Mapping
from typing import Any

from sekisho.model.faults import Fault
from sekisho.model.records import Bucket
from sekisho.services.s3.faults import malformed_xml
from sekisho.services.s3.headers import SEALED, SSE_S3, unknown_sealing

SETTING = "encryption"


def checked(wished: Mapping[str, Any], _bucket: Bucket) -> Mapping[str, Any]:
    """Raises MalformedXML, InvalidArgument; NotImplemented for keys of KMS."""
    rules = wished.get("Rules", ())
    if len(rules) != 1:
        raise malformed_xml()
    default = rules[0].get("ApplyServerSideEncryptionByDefault")
    if default is not None:
        if default["SSEAlgorithm"] != SSE_S3:
            raise unknown_sealing(default["SSEAlgorithm"])
        if "KMSMasterKeyID" in default:
            message = (
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms"
            )
            raise Fault("InvalidArgument", 400, message)
    return wished


def no_configuration(bucket: Bucket) -> Fault:
    return Fault(
        "ServerSideEncryptionConfigurationNotFoundError",
        404,
        "The server side encryption configuration was not found",
        {"BucketName": bucket.name},
    )


def sealed(headers: Mapping[str, str], bucket: Bucket) -> dict[str, str]:
    """An object's headers, with SSE-S3 where its bucket says so."""
    return {SEALED: SSE_S3, **headers} if SETTING in bucket.settings else dict(headers)
