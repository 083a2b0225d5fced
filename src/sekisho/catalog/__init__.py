"""What AWS declares, as data that programs under tools/ make: service models, managed policies."""

from sekisho.catalog.managed_policies import (
    SERVICE_PATH,
    aws_default_text,
    aws_policies,
    aws_policy,
    aws_version,
    aws_versions,
)
from sekisho.catalog.models import (
    Member,
    OperationModel,
    ServiceModel,
    Shape,
    service_model,
)

__all__ = [
    "SERVICE_PATH",
    "Member",
    "OperationModel",
    "ServiceModel",
    "Shape",
    "aws_default_text",
    "aws_policies",
    "aws_policy",
    "aws_version",
    "aws_versions",
    "service_model",
]
