"""S3: buckets, their policies and their objects."""

from sekisho.services.s3 import (
    absences,
    attributes,
    bucket_policies,
    buckets,
    configurations,
    copies,
    deletions,
    listings,
    locks,
    multipart,
    objects,
    ownership,
    part_lists,
    tagging,
    versioning,
)

__all__ = [
    "absences",
    "attributes",
    "bucket_policies",
    "buckets",
    "configurations",
    "copies",
    "deletions",
    "listings",
    "locks",
    "multipart",
    "objects",
    "ownership",
    "part_lists",
    "tagging",
    "versioning",
]
