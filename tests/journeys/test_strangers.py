"""Programs of others that cross by chained profiles, with nothing set but an endpoint.

W-256, W-257 and W-264: profiles with role_arn and source_profile, one endpoint for all services.
"""

import json
from pathlib import Path

import pytest
from demo.policies import allow

from journeys.traveller import Traveller, session_arn, stranger

SCRIPTS = Path(__file__).parent / "strangers"
WHO = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"


def test_s3fs_and_polars_over_a_chained_profile(traveller: Traveller) -> None:
    python = stranger("python")
    bucket = traveller.crossing.here.bucket()
    traveller.returning(allow("s3:*", [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]))
    told = traveller.run([python, str(SCRIPTS / "frames.py"), "back", bucket])
    assert json.loads(told) == {
        "files": [f"{bucket}/out/copied", f"{bucket}/out/moved"],
        "glob": [f"{bucket}/out/moved"],
        "end": "end",
        "tags": {"team": "red"},
        "metadata": {"colour": "blue"},
        "gone": True,
        "guards": 3 * (7 + 9),
        "lines": 9,
    }


def test_s3fs_is_refused_as_by_aws(traveller: Traveller) -> None:
    """It makes a PermissionError of the code AccessDenied."""
    python = stranger("python")
    bucket = traveller.crossing.here.bucket()
    traveller.returning(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"))
    done = traveller.attempt([python, str(SCRIPTS / "frames.py"), "back", bucket])
    assert done.returncode == 1
    said = "because no identity-based policy allows the s3:PutObject action"
    assert done.stderr.strip().splitlines()[-1].startswith("PermissionError: User: arn:aws:sts::")
    assert said in done.stderr


def test_aws_assume_role_lib_walks_the_chain(traveller: Traveller) -> None:
    python = stranger("python")
    second = traveller.returning(allow("s3:*", "*"))
    words = [python, str(SCRIPTS / "chain.py"), traveller.role, second]
    assert traveller.run(words).strip() == session_arn(second, "walk")


@pytest.mark.parametrize("profile", ["there", "back"])
def test_awsume_sets_a_session(traveller: Traveller, profile: str) -> None:
    awsume = stranger("awsumepy")
    second = traveller.returning(allow("s3:*", "*"))
    sessions = {"there": traveller.session(), "back": session_arn(second, "return")}
    said = traveller.run([awsume, profile]).split()
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    assert said[0] == "Awsume"
    asking = [stranger("python"), "-c", WHO]
    told = traveller.run(asking, dict(zip(names, said[1:4], strict=True)))
    assert told.strip() == sessions[profile]
