"""S3: buckets, their policies and their objects."""

from sekisho.services.s3 import (
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
