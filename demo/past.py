"""Credentials that time or place has spoiled, made in this process and not by the server.

``python -m demo.past --data DIR --hours-ago N --session-of ROLE-ARN`` assumes a role as it would
have been done N hours ago, with a user's key from the environment. ``--session-of root`` takes a
session token for a root user's key instead. Prints the answer as JSON, as `aws sts` would.
"""

import argparse
import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from botocore.credentials import Credentials

from demo.raw import Sealed, read_error, seal_form
from sekisho.app.assemble import assemble
from sekisho.gate.pipeline import handle
from sekisho.wire.http import Headers, HttpRequest, WholeBody

HERE = "http://127.0.0.1"
MEMBERS = ("AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration")


def main() -> int:
    options = read_options()
    ago = timedelta(hours=options.hours_ago)
    keys = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
    form = {"Action": "GetSessionToken"}
    if options.session_of != "root":
        form = {
            "Action": "AssumeRole",
            "RoleArn": options.session_of,
            "RoleSessionName": "from-the-past",
        }
    status, text = answer(options.data, seal_form(keys, HERE, form, -ago), ago)
    if status != 200:
        sys.stderr.write("{}: {}\n".format(*read_error(text)))
        return 1
    found = ElementTree.fromstring(text).iter()
    given = {element.tag.rpartition("}")[2]: element.text for element in found}
    json.dump({"Credentials": {name: given[name] for name in MEMBERS}}, sys.stdout, indent=2)
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo.past")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--hours-ago", type=float, default=0.0)
    parser.add_argument("--session-of", required=True)
    return parser.parse_args()


def answer(data: Path, sealed: Sealed, ago: timedelta) -> tuple[int, str]:
    """What an authority over the same directory, its clock turned back, says to a request."""
    headers = Headers([("host", urlsplit(HERE).netloc), *sealed.headers.items()])
    request = HttpRequest("POST", "/", "", headers, WholeBody(sealed.body), client="127.0.0.1")
    authority = assemble(data, clock=lambda: time.time() - ago.total_seconds())
    try:
        response = handle(request, authority)
        body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
        return response.status, body.decode()
    finally:
        authority.audit.close()
        authority.directory.close()


if __name__ == "__main__":
    sys.exit(main())
