"""S3: buckets, their policies and their objects."""

from sekisho.services.s3 import bucket_policies, buckets, listings, objects

__all__ = ["bucket_policies", "buckets", "listings", "objects"]
