"""Which control policies of an organization bear on a question (PE-119, PE-130…PE-136).

`decide` applies the SCPs and RCPs it is given; what is decided here is which to give it.
"""

from dataclasses import dataclass

from sekisho.model.principal import Principal, PrincipalKind
from sekisho.policy.compile import CompiledPolicySet
from sekisho.policy.question import Question

SERVICE_LINKED = ":role/aws-service-role/"
LIMITED_KINDS = frozenset(
    {
        PrincipalKind.ROOT,
        PrincipalKind.USER,
        PrincipalKind.ROLE_SESSION,
        PrincipalKind.FEDERATED_USER,
    }
)
# The services whose resources RCPs protect (PE-134, as of 2026-09).
_SERVICES = """
aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront
cloudsearch cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity
cognito-idp comprehend comprehendmedical compute-optimizer cost-optimization-hub dax dsql
dynamodb ecr ecr-public events firehose fis fms gamelift health inspector-scan kendra
kinesisvideo kms logs memorydb networkmonitor notifications opensearch pca-connector-ad
personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery
signin sqs sts support swf textract timestream-influxdb transcribe transfer translate wafv2
workspaces xray
"""
RCP_SERVICES = frozenset(_SERVICES.split())
NEVER_UNDER_RCPS = frozenset({"kms:retiregrant"})


@dataclass(frozen=True, slots=True)
class Rails:
    """What is attached on the way from an organization's root to one of its accounts.

    management: whether it is the organization's management account. scps, rcps: one set for each
    level, the root first and the account last; empty if the organization does not use that type.
    """

    management: bool
    scps: tuple[CompiledPolicySet, ...] = ()
    rcps: tuple[CompiledPolicySet, ...] = ()


def is_service_linked(principal: Principal) -> bool:
    """Whether they act with a role that a service has made for itself (PE-119)."""
    return principal.kind is PrincipalKind.ROLE_SESSION and SERVICE_LINKED in principal.role_arn


def scps_for(principal: Principal, rails: Rails | None) -> tuple[CompiledPolicySet, ...]:
    """The SCPs that limit a principal (PE-103, PE-130).

    rails: of the principal's own account; None if that is in no organization. A root session of
    AssumeRoot is a root user of the member account, and limited like one (PE-99).
    """
    if rails is None or rails.management or is_service_linked(principal):
        return ()
    return rails.scps if principal.kind in LIMITED_KINDS else ()


def rcps_for(
    question: Question, rails: Rails | None, *, aws_managed_key: bool = False
) -> tuple[CompiledPolicySet, ...]:
    """The RCPs that protect a resource, whoever asks for it (PE-133…PE-135).

    rails: of the account that owns the resource; None if that is in no organization.
    aws_managed_key: whether the resource is a KMS key that AWS manages.
    """
    action = question.action.lower()
    if rails is None or rails.management or aws_managed_key:
        return ()
    if action.partition(":")[0] not in RCP_SERVICES or action in NEVER_UNDER_RCPS:
        return ()
    if question.resource == "*" or SERVICE_LINKED in question.resource:
        return ()  # an action without a resource, or the trust policy of a service-linked role
    return () if is_service_linked(question.principal) else rails.rcps
