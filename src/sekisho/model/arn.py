"""Amazon Resource Names: ``arn:partition:service:region:account:resource``."""

from dataclasses import dataclass

PARTITION = "aws"
LONGEST_ARN = 2048
# What stands for an account in the ARNs of AWS managed policies (W-220).
AWS_OWNED = "aws"
AWS_POLICY = f"arn:{PARTITION}:iam::{AWS_OWNED}:policy"


@dataclass(frozen=True, slots=True)
class Arn:
    """An ARN in its six parts; the resource keeps its slashes and colons (PE-43)."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


def parse_arn(text: str) -> Arn:
    """Split an ARN at its first five colons.

    Raises ValueError when the text is longer than 2,048 characters, does not begin with ``arn:``,
    has fewer than six parts, or leaves the partition, the service or the resource empty.
    """
    if len(text) > LONGEST_ARN:
        raise ValueError("an ARN has at most 2048 characters")
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not (parts[1] and parts[2] and parts[5]):
        raise ValueError(f"not an ARN: {text!r}")
    return Arn(*parts[1:])


def root_arn(account: str) -> str:
    return f"arn:{PARTITION}:iam::{account}:root"


def iam_arn(account: str, kind: str, path: str, name: str) -> str:
    """The ARN of an IAM entity; the path, ``/`` at least, is part of it (W-116)."""
    return f"arn:{PARTITION}:iam::{account}:{kind}{path}{name}"


def is_aws_policy(arn: str) -> bool:
    """Whether an ARN is one of AWS's own managed policies, be there one of that name or not."""
    return arn.startswith(f"{AWS_POLICY}/")


def session_arn(account: str, role_name: str, session_name: str) -> str:
    """The ARN of a role session: the role's path is left out (PE-52, W-116)."""
    return f"arn:{PARTITION}:sts::{account}:assumed-role/{role_name}/{session_name}"


def federated_user_arn(account: str, name: str) -> str:
    """The ARN of a GetFederationToken session (W-116)."""
    return f"arn:{PARTITION}:sts::{account}:federated-user/{name}"


def bucket_arn(bucket: str) -> str:
    return f"arn:{PARTITION}:s3:::{bucket}"


def object_arn(bucket: str, key: str) -> str:
    return f"arn:{PARTITION}:s3:::{bucket}/{key}"
