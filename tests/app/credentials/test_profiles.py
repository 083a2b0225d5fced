"""Where credentials begin: what is read of the environment and of the shared files."""

from pathlib import Path

import pytest

from sekisho.app.credentials.profiles import (
    LARGEST_FILE,
    CredentialsError,
    Keys,
    Role,
    Source,
    find_source,
)

CONFIG = """
[default]
region = eu-west-1
s3 =
    addressing_style = path

[profile base]
region = eu-north-1
endpoint_url = http://127.0.0.1:4566

[profile first]
role_arn = arn:aws:iam::111122223333:role/first
source_profile = base
external_id = ext
duration_seconds = 900

[profile second]
role_arn = arn:aws:iam::444455556666:role/second
source_profile = first
role_session_name = me
region = ap-south-1

[profile own]
role_arn = arn:aws:iam::111122223333:role/own
source_profile = own

[profile env]
role_arn = arn:aws:iam::111122223333:role/env
credential_source = Environment

[profile machine]
role_arn = arn:aws:iam::111122223333:role/machine
credential_source = Ec2InstanceMetadata

[profile a]
role_arn = arn:aws:iam::111122223333:role/a
source_profile = b

[profile b]
role_arn = arn:aws:iam::111122223333:role/b
source_profile = a

[profile sso]
sso_session = x

[profile coded]
role_arn = arn:aws:iam::111122223333:role/coded
source_profile = base
mfa_serial = arn:aws:iam::111122223333:mfa/m

[profile long]
role_arn = arn:aws:iam::111122223333:role/long
source_profile = base
duration_seconds = 1h

[profile keyless]
region = eu-west-1
"""
CREDENTIALS = """
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = s0

[base]
aws_access_key_id = AKIABASE
aws_secret_access_key = s1

[own]
aws_access_key_id = AKIAOWN
aws_secret_access_key = 100%s
"""
IN_ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "ASIAENV", "AWS_SECRET_ACCESS_KEY": "s2"}
BASE = Keys("AKIABASE", "s1")
FIRST = Role("arn:aws:iam::111122223333:role/first", "", "ext", 900)
SECOND = Role("arn:aws:iam::444455556666:role/second", "me")
OWN = Role("arn:aws:iam::111122223333:role/own")
ENV = Role("arn:aws:iam::111122223333:role/env")


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(CONFIG)
    (tmp_path / ".aws" / "credentials").write_text(CREDENTIALS)
    return {"HOME": str(tmp_path)}


@pytest.mark.parametrize(
    ("profile", "more", "found"),
    [
        (None, {}, Source(Keys("AKIADEFAULT", "s0"), (), "eu-west-1", "")),
        (None, IN_ENVIRONMENT, Source(Keys("ASIAENV", "s2"), (), "eu-west-1", "")),
        (
            None,
            {**IN_ENVIRONMENT, "AWS_SESSION_TOKEN": "t", "AWS_REGION": "us-west-2"},
            Source(Keys("ASIAENV", "s2", "t"), (), "us-west-2", ""),
        ),
        ("base", IN_ENVIRONMENT, Source(BASE, (), "eu-north-1", "http://127.0.0.1:4566")),
        (None, {"AWS_PROFILE": "base"}, Source(BASE, (), "eu-north-1", "http://127.0.0.1:4566")),
        ("first", {}, Source(BASE, (FIRST,), "us-east-1", "")),
        ("second", {}, Source(BASE, (FIRST, SECOND), "ap-south-1", "")),
        ("own", {}, Source(Keys("AKIAOWN", "100%s"), (OWN,), "us-east-1", "")),
        ("env", IN_ENVIRONMENT, Source(Keys("ASIAENV", "s2"), (ENV,), "us-east-1", "")),
        (
            "base",
            {"AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_STS": "http://b"},
            Source(BASE, (), "eu-north-1", "http://b"),
        ),
    ],
)
def test_sources(
    home: dict[str, str], profile: str | None, more: dict[str, str], found: Source
) -> None:
    assert find_source({**home, **more}, profile) == found


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("nope", "There is no profile 'nope': `aws configure list-profiles`."),
        (
            "sso",
            "Profile 'sso' uses sso_session, which is not supported here: put what `aws configure"
            " export-credentials --profile sso --format env` prints into the environment.",
        ),
        (
            "coded",
            "Profile 'coded' uses mfa_serial, which is not supported here: put what `aws configure"
            " export-credentials --profile coded --format env` prints into the environment.",
        ),
        ("long", "Profile 'long': duration_seconds is no number."),
        ("keyless", "Profile 'keyless' has no access key: `aws configure`."),
        ("a", "The profiles a, b lead nowhere."),
        ("env", "Profile 'env' wants AWS_ACCESS_KEY_ID in the environment."),
        (
            "machine",
            "Profile 'machine' has a role_arn and needs a source_profile, or"
            " credential_source = Environment.",
        ),
    ],
)
def test_profiles_that_lead_nowhere(home: dict[str, str], profile: str, said: str) -> None:
    with pytest.raises(CredentialsError) as refused:
        find_source(home, profile)
    assert str(refused.value) == said


def test_other_files_can_be_named(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(
        "[base]\naws_access_key_id = AKIA2\naws_secret_access_key = s\naws_session_token = t\n"
    )
    named = {**home, "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "keys")}
    assert find_source(named, "base").keys == Keys("AKIA2", "s", "t")
    assert find_source({"HOME": "/nowhere", **IN_ENVIRONMENT}, None).keys.secret == "s2"


@pytest.mark.parametrize(
    "text", ["secret-without-section", "[a\nsecret", "#" * (LARGEST_FILE + 1), "\udcff"]
)
def test_a_broken_file_is_refused_without_being_quoted(
    home: dict[str, str], tmp_path: Path, text: str
) -> None:
    content = text.encode("utf-8", "surrogateescape")
    (tmp_path / ".aws" / "config").write_bytes(content)
    with pytest.raises(CredentialsError) as refused:
        find_source(home, "base")
    assert "secret" not in str(refused.value)


def test_secrets_are_in_no_representation(home: dict[str, str]) -> None:
    assert "s1" not in repr(find_source(home, "base"))
