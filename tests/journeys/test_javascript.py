"""The AWS SDK for JavaScript crosses, and works in IAM and S3 with the credentials it gets."""

import base64
import json
import shutil
import zlib
from pathlib import Path

import pytest
from demo.policies import allow

from journeys.crossing import Crossing
from journeys.traveller import Traveller, session_arn
from journeys.world import World

SCRIPTS = Path(__file__).parent / "javascript"


def test_the_sdk_for_javascript(world: World, crossing: Crossing, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (SCRIPTS / "node_modules" / "@aws-sdk" / "client-s3").is_dir():
        pytest.skip("no node, or `npm ci` was not run in tests/journeys/javascript")
    traveller = Traveller(world, crossing, tmp_path / "home", allow("iam:*", "*"))
    bucket = crossing.here.bucket()
    own = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    back = traveller.returning(allow("s3:*", own))
    told = traveller.run([node, str(SCRIPTS / "crossing.mjs"), traveller.role, back, bucket])
    assert json.loads(told) == {
        "arn": session_arn(back, "return"),
        "users": [["node-0", "node-1"], ["node-2", "node-3"], ["node-4"]],
        "absent": [True, "The user with name nobody cannot be found."],
        "text": "text",
        "checksum": base64.b64encode(zlib.crc32(b"text").to_bytes(4)).decode(),
        "colour": "red",
        "parts": 12 * 1024 * 1024,
        "fetched": [200, "text"],
        "keys": [["a b/ü+", "parts"], ["stream"]],
        "missing": ["NoSuchKey", 404],
        "refused": ["AccessDenied", 403],
        "left": 0,
    }
