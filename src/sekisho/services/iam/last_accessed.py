"""When users, groups, roles and those who hold a policy last called which service.

Every authenticated attempt counts, allowed or not. A report is a snapshot, taken when it is asked
for and fetched by its job's id.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sekisho.access.held import managed_text
from sekisho.directory.queries import attachments, groups, jobs, roles, users
from sekisho.directory.uses import SIGN_IN
from sekisho.model.arn import parse_arn
from sekisho.model.identifiers import new_request_id
from sekisho.model.jobs import Job, JobKind
from sekisho.model.records import Group, ManagedPolicy, Owner, Role, User
from sekisho.policy import parse_policy
from sekisho.services.iam.faults import no_such_entity, no_such_policy
from sekisho.services.iam.granting import grants, service_name, services_of
from sekisho.services.iam.paging import EVERY, numbered, page_of
from sekisho.services.iam.sources import find_entity, granted_to, source_target, the_entity_of
from sekisho.services.iam.targets import Entity, check_arn, find_policy
from sekisho.services.operation import Call, Desk, Output, Target, everything, operation

KEPT_REPORTS = 100
COMPLETED = "COMPLETED"
ACTION_LEVEL = "ACTION_LEVEL"


class Access(NamedTuple):
    """The last attempt of one action by one entity, in JSON's words."""

    entity: str
    service: str
    action: str
    at: int
    region: str


def reported(call: Call, desk: Desk) -> Target:
    """The target of GenerateServiceLastAccessedDetails: an entity or a managed policy."""
    arn = call.input["Arn"]
    return Target(arn) if is_policy(arn) else source_target(call, desk)


def is_policy(arn: str) -> bool:
    return parse_arn(check_arn(arn)).resource.startswith("policy/")


@operation("iam:GenerateServiceLastAccessedDetails", resource=reported, writes=True)
def generate_service_last_accessed_details(call: Call, desk: Desk) -> Output:
    """Take a snapshot for a user, group, role or managed policy; of the last two all who have it.

    Input: Arn, Granularity (SERVICE_LEVEL or ACTION_LEVEL). Output: JobId, 36 characters; the
    last 100 are kept.
    """
    arn = call.input["Arn"]
    if is_policy(arn):
        policy = find_policy(call, desk, arn)
        if policy is None:
            raise no_such_policy(arn)
        text = managed_text(desk.tx, arn)
        texts = [] if text is None else [text]
        entities = holders_of(desk, call.account, policy)
    else:
        entity = the_entity_of(call, desk, arn)
        texts = [text for _, text in granted_to(desk, entity).texts]
        entities = bearers_of(desk, entity)
    accesses = [access for one in entities for access in accesses_of(desk, one)]
    content = {
        "type": call.input.get("Granularity", "SERVICE_LEVEL"),
        "services": services_of(texts),
        "entities": [shown_entity(one) for one in entities],
        "accesses": latest(accesses, lambda access: (access.service, access.entity)),
        "actions": latest(accesses, lambda access: (access.service, access.action)),
    }
    job = Job(new_request_id(), call.account, JobKind.LAST_ACCESSED, call.now, content)
    jobs.add_job(desk.tx, job, KEPT_REPORTS)
    return {"JobId": job.id}


@operation("iam:GetServiceLastAccessedDetails", resource=everything)
def get_service_last_accessed_details(call: Call, desk: Desk) -> Output:
    """Show a snapshot: the services that its policies allow something of, used or not."""
    job = the_job(call, desk)
    kept, rest = page_of(call, numbered(job.content["services"]), lambda entry: entry[0])
    return {
        **shown_job(job),
        "JobType": job.content["type"],
        "ServicesLastAccessed": [shown_service(job, namespace) for _, namespace in kept],
        **rest,
    }


@operation("iam:GetServiceLastAccessedDetailsWithEntities", resource=everything)
def get_service_last_accessed_details_with_entities(call: Call, desk: Desk) -> Output:
    """Show the users and roles of a snapshot, and when each last called one service."""
    job, namespace = the_job(call, desk), call.input["ServiceNamespace"]
    if namespace not in job.content["services"]:
        raise no_such_entity(f"The service namespace {namespace} is not in the report.")
    last = {access.entity: access for access in read(job, "accesses", namespace)}
    shown = []
    for entity in job.content["entities"]:
        entry: Output = {"EntityInfo": entity}
        if entity["Arn"] in last:
            entry["LastAuthenticated"] = last[entity["Arn"]].at
        shown.append(entry)
    kept, rest = page_of(call, numbered(shown), lambda entry: entry[0])
    return {**shown_job(job), "EntityDetailsList": [entry for _, entry in kept], **rest}


@operation("iam:ListPoliciesGrantingServiceAccess", resource=source_target)
def list_policies_granting_service_access(call: Call, desk: Desk) -> Output:
    """List, for each service, the policies of a user (with its groups), group or role that allow
    some action of it.

    Input: Arn, ServiceNamespaces (1-200). Whatever else denies is not looked at.
    """
    granted = granted_to(desk, the_entity_of(call, desk, call.input["Arn"]))
    policies = [(source, parse_policy(text)) for source, text in granted.texts]
    kept, rest = page_of(call, numbered(call.input["ServiceNamespaces"]), lambda entry: entry[0])
    shown = [
        {
            "ServiceNamespace": namespace,
            "Policies": [
                shown_policy(call, desk, source.name, source.owner)
                for source, policy in policies
                if grants(policy, namespace)
            ],
        }
        for _, namespace in kept
    ]
    return {"PoliciesGrantingServiceAccess": shown, **rest}


def shown_policy(call: Call, desk: Desk, name: str, owner: str) -> Output:
    if name.startswith("arn:"):
        return {
            "PolicyName": name.rpartition("/")[2],
            "PolicyType": "MANAGED",
            "PolicyArn": name,
        }
    entity = find_entity(call, desk, owner)
    assert entity is not None
    return {
        "PolicyName": name,
        "PolicyType": "INLINE",
        "EntityType": kind_of(entity),
        "EntityName": entity.name,
    }


def holders_of(desk: Desk, account: str, policy: ManagedPolicy) -> list[User | Role]:
    """The users, in groups too, and the roles of an account that a policy is attached to."""
    found: dict[str, User | Role] = {}
    for kind, name, unique_id, _ in attachments.list_entities(desk.tx, account, policy.arn):
        if kind is Owner.GROUP:
            group = groups.get_group(desk.tx, account, name)
            bearers: Sequence[User | Role] = () if group is None else bearers_of(desk, group)
        elif kind is Owner.USER:
            bearers = present(users.get_user_by_id(desk.tx, account, unique_id))
        else:
            bearers = present(roles.get_role_by_id(desk.tx, account, unique_id))
        found.update({bearer.unique_id: bearer for bearer in bearers})
    return list(found.values())


def present(entity: User | Role | None) -> Sequence[User | Role]:
    return () if entity is None else (entity,)


def bearers_of(desk: Desk, entity: Entity) -> list[User | Role]:
    """Who calls services in the name of an entity: of a group its users."""
    if isinstance(entity, Group):
        return list(groups.list_members(desk.tx, entity, None, EVERY))
    return [entity]


def accesses_of(desk: Desk, entity: User | Role) -> list[Access]:
    return [
        Access(entity.arn, use.service, use.action, use.at, use.region)
        for use in desk.directory.uses.of(desk.tx, entity.unique_id)
        if (use.service, use.action) != SIGN_IN
    ]


def the_job(call: Call, desk: Desk) -> Job:
    job = jobs.get_job(desk.tx, call.account, JobKind.LAST_ACCESSED, call.input["JobId"])
    if job is None:
        raise no_such_entity(f"Job {call.input['JobId']} cannot be found.")
    return job


def read(job: Job, part: str, namespace: str) -> list[Access]:
    """What a snapshot holds of one service."""
    found: Sequence[Mapping[str, Any]] = job.content[part]
    return [Access(**access) for access in found if access["service"] == namespace]


def latest(
    accesses: Iterable[Access], by: Callable[[Access], tuple[str, str]]
) -> list[Mapping[str, Any]]:
    """The latest of each sort, as JSON."""
    last = {by(access): access for access in sorted(accesses, key=lambda access: access.at)}
    return [last[sort]._asdict() for sort in sorted(last)]


def shown_job(job: Job) -> Output:
    return {
        "JobStatus": COMPLETED,
        "JobCreationDate": job.created,
        "JobCompletionDate": job.created,
    }


def shown_service(job: Job, namespace: str) -> Output:
    accesses = read(job, "accesses", namespace)
    shown: Output = {
        "ServiceName": service_name(namespace),
        "ServiceNamespace": namespace,
        "TotalAuthenticatedEntities": len(accesses),
    }
    if accesses:
        last = max(accesses, key=lambda access: access.at)
        shown["LastAuthenticated"] = last.at
        shown["LastAuthenticatedEntity"] = last.entity
        shown["LastAuthenticatedRegion"] = last.region
    if job.content["type"] == ACTION_LEVEL:
        shown["TrackedActionsLastAccessed"] = [
            {
                "ActionName": access.action,
                "LastAccessedEntity": access.entity,
                "LastAccessedTime": access.at,
                "LastAccessedRegion": access.region,
            }
            for access in read(job, "actions", namespace)
        ]
    return shown


def kind_of(entity: Entity) -> str:
    return type(entity).__name__.upper()


def shown_entity(entity: User | Role) -> Output:
    return {
        "Arn": entity.arn,
        "Name": entity.name,
        "Type": kind_of(entity),
        "Id": entity.unique_id,
        "Path": entity.path,
    }
