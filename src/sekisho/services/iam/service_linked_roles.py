"""Service-linked roles: roles that a service of AWS would assume, and that only it may change
(W-175, W-211). No such service is here; the roles are, for tools that make them."""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType

from sekisho.directory.queries import jobs, roles, uses
from sekisho.directory.queries.accounts import Kind
from sekisho.model.arn import iam_arn
from sekisho.model.identifiers import ROLE, new_request_id, new_unique_id
from sekisho.model.jobs import Job, JobKind
from sekisho.model.records import Owner, Role
from sekisho.services.iam.documents import trust_policy
from sekisho.services.iam.faults import invalid_input, no_such, no_such_entity
from sekisho.services.iam.quotas import ROLES, check_quota
from sekisho.services.iam.roles import shown_role
from sekisho.services.iam.targets import LINKED_PATH, is_service_linked, named, the_role
from sekisho.services.operation import Call, Desk, Output, Target, operation

PREFIX = "AWSServiceRoleFor"
LONGEST_NAME = 64
KEPT_TASKS = 1_000
_SERVICE = re.compile(r"(?:[a-z0-9-]+\.)+amazonaws\.com", re.ASCII)

# Names that are more than the service's own with a capital.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "access-analyzer.amazonaws.com": "AccessAnalyzer",
        "acm.amazonaws.com": "CertificateManager",
        "autoscaling.amazonaws.com": "AutoScaling",
        "autoscaling-plans.amazonaws.com": "AutoScalingPlans_EC2AutoScaling",
        "cloudtrail.amazonaws.com": "CloudTrail",
        "config.amazonaws.com": "Config",
        "ecs.amazonaws.com": "ECS",
        "ecs.application-autoscaling.amazonaws.com": "ApplicationAutoScaling_ECSService",
        "eks.amazonaws.com": "AmazonEKS",
        "eks-fargate.amazonaws.com": "AmazonEKSForFargate",
        "eks-nodegroup.amazonaws.com": "AmazonEKSNodegroup",
        "elasticache.amazonaws.com": "ElastiCache",
        "elasticbeanstalk.amazonaws.com": "ElasticBeanstalk",
        "elasticfilesystem.amazonaws.com": "AmazonElasticFileSystem",
        "elasticloadbalancing.amazonaws.com": "ElasticLoadBalancing",
        "es.amazonaws.com": "AmazonElasticsearchService",
        "guardduty.amazonaws.com": "AmazonGuardDuty",
        "inspector2.amazonaws.com": "AmazonInspector2",
        "lexv2.amazonaws.com": "LexV2Bots",
        "connect.amazonaws.com": "AmazonConnect",
        "macie.amazonaws.com": "AmazonMacie",
        "opensearchservice.amazonaws.com": "AmazonOpenSearchService",
        "ops.apigateway.amazonaws.com": "APIGateway",
        "organizations.amazonaws.com": "Organizations",
        "rds.amazonaws.com": "RDS",
        "replicator.lambda.amazonaws.com": "LambdaReplicator",
        "securityhub.amazonaws.com": "SecurityHub",
        "spot.amazonaws.com": "EC2Spot",
        "spotfleet.amazonaws.com": "EC2SpotFleet",
        "ssm.amazonaws.com": "AmazonSSM",
        "sso.amazonaws.com": "SSO",
        "support.amazonaws.com": "Support",
        "transitgateway.amazonaws.com": "VPCTransitGateway",
        "trustedadvisor.amazonaws.com": "TrustedAdvisor",
    }
)
SUFFIXED = frozenset({"autoscaling.amazonaws.com", "connect.amazonaws.com", "lexv2.amazonaws.com"})


def new_linked_role(call: Call, _desk: Desk) -> Target:
    """The target of CreateServiceLinkedRole, with the key iam:AWSServiceName (PE-190)."""
    service = call.input["AWSServiceName"]
    arn = iam_arn(call.account, "role", f"{LINKED_PATH}{service}/", role_name(call))
    return Target(arn, {"iam:awsservicename": service})


def task_target(call: Call, desk: Desk) -> Target:
    """The target of GetServiceLinkedRoleDeletionStatus: the role that a task is about."""
    path, _, _ = call.input["DeletionTaskId"].removeprefix("task").rpartition("/")
    return Target(f"{iam_arn(call.account, 'role', '', '')}{path}")


@operation("iam:CreateServiceLinkedRole", resource=new_linked_role, writes=True)
def create_service_linked_role(call: Call, desk: Desk) -> Output:
    """Create the role of a service, which trusts that service.

    Input: AWSServiceName (such as ``ecs.amazonaws.com``), CustomSuffix (for a few services),
        Description.
    Raises: InvalidInput, also for a role that is there already (W-211); LimitExceeded.
    """
    service, name = call.input["AWSServiceName"], role_name(call)
    if _SERVICE.fullmatch(service) is None:
        raise invalid_input(f"{service} is not a service principal.")
    if "CustomSuffix" in call.input and service not in SUFFIXED:
        raise invalid_input(f"Custom suffix is not allowed for {service}")
    if len(name) > LONGEST_NAME:
        raise invalid_input(f"The name {name} has more than {LONGEST_NAME} characters.")
    if roles.get_role(desk.tx, call.account, name) is not None:
        raise invalid_input(
            f"Service role name {name} has been taken in this account, please try a different"
            " suffix."
        )
    check_quota(desk.tx, Kind.ROLES, call.account, "RolesPerAccount", ROLES)
    role = Role(
        account=call.account,
        name=name,
        path=f"{LINKED_PATH}{service}/",
        unique_id=new_unique_id(ROLE),
        created=call.now,
        trust=trust_policy(desk.tx, trusting(service)),
        description=call.input.get("Description"),
    )
    roles.add_role(desk.tx, role)
    return {"Role": shown_role(desk.tx, role, whole=True)}


@operation("iam:DeleteServiceLinkedRole", resource=named(Owner.ROLE), writes=True)
def delete_service_linked_role(call: Call, desk: Desk) -> Output:
    """Delete the role of a service, at once: no service here can be using it.

    Output: DeletionTaskId, whose status can be asked for; the last 1,000 are kept.
    """
    role = the_role(call, desk)
    if not is_service_linked(role):
        raise no_such(Owner.ROLE, call.input["RoleName"])
    roles.remove_role(desk.tx, role)
    uses.forget_uses(desk.tx, role.unique_id)
    task = f"task{role.path}{role.name}/{new_request_id()}"
    job = Job(task, call.account, JobKind.ROLE_DELETION, call.now)
    jobs.add_job(desk.tx, job, KEPT_TASKS)
    return {"DeletionTaskId": task}


@operation("iam:GetServiceLinkedRoleDeletionStatus", resource=task_target)
def get_service_linked_role_deletion_status(call: Call, desk: Desk) -> Output:
    """Tell what became of a deletion: it succeeded."""
    task = call.input["DeletionTaskId"]
    if jobs.get_job(desk.tx, call.account, JobKind.ROLE_DELETION, task) is None:
        raise no_such_entity(f"The deletion task {task} cannot be found.")
    return {"Status": "SUCCEEDED"}


def role_name(call: Call) -> str:
    """``AWSServiceRoleFor…``, with the suffix after an underscore."""
    service, suffix = call.input["AWSServiceName"], call.input.get("CustomSuffix")
    name = NAMES.get(service)
    if name is None:
        first, *rest = service.removesuffix(".amazonaws.com").split(".")
        words = [*rest, first] if rest else [first]
        name = "_".join(map(capitalized, words))
    return f"{PREFIX}{name}" + (f"_{suffix}" if suffix else "")


def capitalized(word: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in word.split("-"))


def trusting(service: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
