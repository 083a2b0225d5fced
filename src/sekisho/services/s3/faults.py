"""S3's refusals, in its words."""

from email.utils import formatdate

from sekisho.model.faults import Fault
from sekisho.model.records import StoredObject


def no_such_bucket(name: str) -> Fault:
    """Told to everybody (W-275)."""
    message = "The specified bucket does not exist"
    return Fault("NoSuchBucket", 404, message, {"BucketName": name})


def no_such_key(key: str) -> Fault:
    return Fault("NoSuchKey", 404, "The specified key does not exist.", {"Key": key})


def no_such_version(key: str, version: str) -> Fault:
    details = {"Key": key, "VersionId": version}
    return Fault("NoSuchVersion", 404, "The specified version does not exist.", details)


def marked_deleted(marker: StoredObject, method: str) -> Fault:
    """A delete marker can only be deleted (W-315)."""
    details = {
        "Method": method,
        "ResourceType": "DeleteMarker",
        "x-amz-delete-marker": "true",
        "x-amz-version-id": marker.version,
    }
    message = "The specified method is not allowed against this resource."
    return Fault("MethodNotAllowed", 405, message, details)


def no_such_upload(upload_id: str) -> Fault:
    return Fault(
        "NoSuchUpload",
        404,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have"
        " been aborted or completed.",
        {"UploadId": upload_id},
    )


def invalid_argument(name: str, value: str, message: str) -> Fault:
    details = {"ArgumentName": name, "ArgumentValue": value}
    return Fault("InvalidArgument", 400, message, details)


def invalid_request(message: str) -> Fault:
    return Fault("InvalidRequest", 400, message)


def malformed_xml() -> Fault:
    return Fault(
        "MalformedXML",
        400,
        "The XML you provided was not well-formed or did not validate against our published schema",
    )


def not_implemented(header: str) -> Fault:
    """For what is asked in a header and not done here: nothing is left undone in silence."""
    message = "A header you provided implies functionality that is not implemented"
    return Fault("NotImplemented", 501, message, {"Header": header})


def method_not_allowed(method: str) -> Fault:
    message = "The specified method is not allowed against this resource."
    details = {"Method": method, "ResourceType": "BUCKETPOLICY"}
    return Fault("MethodNotAllowed", 405, message, details)


def precondition_failed(condition: str) -> Fault:
    """condition: the header that did not hold (W-311)."""
    message = "At least one of the pre-conditions you specified did not hold"
    return Fault("PreconditionFailed", 412, message, {"Condition": condition})


def not_modified(stored: StoredObject) -> Fault:
    """Its details go out as headers."""
    details = {
        "ETag": quoted(stored.etag),
        "Last-Modified": formatdate(stored.modified, usegmt=True),
    }
    return Fault("NotModified", 304, "Not Modified", details)


def quoted(etag: str) -> str:
    return f'"{etag}"'
