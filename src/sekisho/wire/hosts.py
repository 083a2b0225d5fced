"""Which bucket a Host header names, when it names one (W-314)."""

import re
from collections.abc import Collection

from sekisho.wire.http import HttpRequest

ENDPOINT_HOSTS = ("localhost",)

_SERVICE_LABELS = re.compile(
    r"(?:^|\.)(?:s3|iam|sts)(?:[.-][a-z]{2,4}(?:-[a-z]{2,12}){1,2}-[0-9]{1,2})?$", re.ASCII
)


def bucket_of_host(request: HttpRequest, hosts: Collection[str] = ENDPOINT_HOSTS) -> str | None:
    """The bucket in front of one of the endpoint's host names, or None for the path style.

    Of ``b.s3.localhost``, ``b.s3.eu-west-1.localhost`` and ``b.localhost`` it is ``b``; of
    ``localhost``, ``s3.localhost`` and every other host there is none. Only what can be a region is
    taken for one: ``s3-backup.localhost`` is a bucket's.
    """
    host = request.headers.get("host", "").lower().partition(":")[0]
    for known in hosts:
        if host.endswith(f".{known}"):
            label = _SERVICE_LABELS.sub("", host[: -len(known) - 1])
            return label or None
    return None
