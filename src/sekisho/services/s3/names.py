"""Names that a bucket may be given: the rules for general purpose buckets of the S3 User Guide."""

import re

from sekisho.model.faults import Fault

# The console's pages are at these paths of the endpoint; at AWS such names are taken as well.
TAKEN = frozenset({"console", "federation", "switchrole"})

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", re.ASCII)
_RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def check_bucket_name(name: str) -> None:
    """3-63 small letters, digits, dots and hyphens. Raises InvalidBucketName (W-303)."""
    if (
        not _NAME.fullmatch(name)
        or ".." in name
        or _ADDRESS.fullmatch(name)
        or name.startswith(_RESERVED_STARTS)
        or name.endswith(_RESERVED_ENDS)
    ):
        message = "The specified bucket is not valid."
        raise Fault("InvalidBucketName", 400, message, {"BucketName": name})
