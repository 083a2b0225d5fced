"""Where credentials begin: the environment, or a profile of the AWS CLI's shared files.

Read of a profile: access keys, role_arn with source_profile or credential_source=Environment,
external_id, role_session_name, duration_seconds, region, endpoint_url. What gets credentials in
other ways (single sign-on, web identity, processes, MFA codes) is refused by name.
"""

import configparser
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

LARGEST_FILE = 1_048_576
MOST_ROLES = 10
DEFAULT_REGION = "us-east-1"
NOT_SUPPORTED = (
    "credential_process",
    "login_session",
    "mfa_serial",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
)

Profile = Mapping[str, str]


class CredentialsError(Exception):
    """No credentials can be had; the text says why and what to do."""


class Keys(NamedTuple):
    """Credentials to sign with. token: of temporary ones, else empty."""

    access_key_id: str
    secret: str
    token: str = ""

    def __repr__(self) -> str:
        """Without secret and token."""
        return f"Keys({self.access_key_id!r})"


class Role(NamedTuple):
    """A role to assume. session_name, external_id: empty if not given; seconds: 0 if not."""

    arn: str
    session_name: str = ""
    external_id: str = ""
    seconds: int = 0


class Source(NamedTuple):
    """Credentials, and the roles that are assumed one after the other with them."""

    keys: Keys
    roles: tuple[Role, ...]
    region: str
    endpoint: str


def find_source(environment: Mapping[str, str], profile: str | None) -> Source:
    """The credentials of a profile; without one, of the environment as SDKs read it.

    Raises CredentialsError.
    """
    name = profile or environment.get("AWS_PROFILE") or environment.get("AWS_DEFAULT_PROFILE")
    keys = environment_keys(environment)
    profiles = read_profiles(environment)
    if name is None and keys is not None:
        roles: tuple[Role, ...] = ()
        settings: Profile = profiles.get("default", {})
    else:
        name = name or "default"
        keys, roles = follow(profiles, name, environment)
        settings = profiles[name]
    return Source(keys, roles, region_of(environment, settings), endpoint_of(environment, settings))


def environment_keys(environment: Mapping[str, str]) -> Keys | None:
    key, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    if not key or not secret:
        return None
    return Keys(key, secret, environment.get("AWS_SESSION_TOKEN", ""))


def region_of(environment: Mapping[str, str], settings: Profile) -> str:
    named = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    return named or settings.get("region") or DEFAULT_REGION


def endpoint_of(environment: Mapping[str, str], settings: Profile) -> str:
    """Empty where none is set."""
    named = environment.get("AWS_ENDPOINT_URL_STS") or environment.get("AWS_ENDPOINT_URL")
    return named or settings.get("endpoint_url", "")


def follow(
    profiles: Mapping[str, Profile], name: str, environment: Mapping[str, str]
) -> tuple[Keys, tuple[Role, ...]]:
    """The keys at the end of a chain of profiles, and its roles in the order to assume them."""
    roles: list[Role] = []
    seen: list[str] = []
    while True:
        profile = profiles.get(name)
        if profile is None:
            raise CredentialsError(f"There is no profile {name!r}: `aws configure list-profiles`.")
        refuse_unsupported(name, profile)
        # A profile that is its own source has its keys beside its role.
        if "role_arn" not in profile or name in seen[-1:]:
            return keys_of(name, profile), tuple(reversed(roles))
        if name in seen or len(roles) == MOST_ROLES:
            raise CredentialsError(f"The profiles {', '.join(seen)} lead nowhere.")
        seen.append(name)
        roles.append(role_of(name, profile))
        if "source_profile" in profile:
            name = profile["source_profile"]
            continue
        if profile.get("credential_source") != "Environment":
            raise CredentialsError(
                f"Profile {name!r} has a role_arn and needs a source_profile, or"
                " credential_source = Environment."
            )
        keys = environment_keys(environment)
        if keys is None:
            raise CredentialsError(f"Profile {name!r} wants AWS_ACCESS_KEY_ID in the environment.")
        return keys, tuple(reversed(roles))


def refuse_unsupported(name: str, profile: Profile) -> None:
    for setting in NOT_SUPPORTED:
        if setting in profile:
            raise CredentialsError(
                f"Profile {name!r} uses {setting}, which is not supported here: put what"
                f" `aws configure export-credentials --profile {name} --format env` prints into the"
                " environment."
            )


def keys_of(name: str, profile: Profile) -> Keys:
    if "aws_access_key_id" not in profile or "aws_secret_access_key" not in profile:
        raise CredentialsError(f"Profile {name!r} has no access key: `aws configure`.")
    token = profile.get("aws_session_token", "")
    return Keys(profile["aws_access_key_id"], profile["aws_secret_access_key"], token)


def role_of(name: str, profile: Profile) -> Role:
    seconds = profile.get("duration_seconds", "0")
    if not (seconds.isascii() and seconds.isdigit()):
        raise CredentialsError(f"Profile {name!r}: duration_seconds is no number.")
    return Role(
        profile["role_arn"],
        profile.get("role_session_name", ""),
        profile.get("external_id", ""),
        int(seconds),
    )


def read_profiles(environment: Mapping[str, str]) -> dict[str, Profile]:
    """Profiles by name; what the credentials file says of one goes before the config file."""
    home = Path(environment.get("HOME") or "~").expanduser() / ".aws"
    config = Path(environment.get("AWS_CONFIG_FILE") or home / "config").expanduser()
    shared = environment.get("AWS_SHARED_CREDENTIALS_FILE") or home / "credentials"
    found: dict[str, Profile] = {}
    for section, profile in read_file(config).items():
        name = section.removeprefix("profile ").strip().strip("\"'")
        if section == "default" or section.startswith("profile "):
            found[name] = profile
    for name, profile in read_file(Path(shared).expanduser()).items():
        found[name] = {**found.get(name, {}), **profile}
    return found


def read_file(path: Path) -> dict[str, Profile]:
    """The sections of an INI file; none if there is no such file."""
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise CredentialsError(f"{path} cannot be read: {error}") from None
    if len(text) > LARGEST_FILE:
        raise CredentialsError(f"{path} is too large.")
    parser = configparser.RawConfigParser(default_section="", strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        # Its text may quote a line, which may hold a secret.
        raise CredentialsError(f"{path} is not in INI form ({type(error).__name__}).") from None
    return {section: dict(parser.items(section)) for section in parser.sections()}
