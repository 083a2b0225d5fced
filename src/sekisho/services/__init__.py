"""What each operation does: one function per operation, grouped by noun.

Importing this room registers every operation that is served.
"""

from sekisho.services import iam, organizations, s3, sts
from sekisho.services.operation import OPERATIONS, Call, Desk, Operation, Output, Upload

__all__ = [
    "OPERATIONS",
    "Call",
    "Desk",
    "Operation",
    "Output",
    "Upload",
    "iam",
    "organizations",
    "s3",
    "sts",
]
