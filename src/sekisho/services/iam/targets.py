"""Who a call is about: the entities it names, and the resources its permission is asked for.

A target is found whether or not the entity exists: what does not exist is asked for by the ARN it
would have, and only one who may ask is told that it is not there. Names are looked up ignoring
case, permission is asked for the name as it is kept. A denial shows ``user NAME`` as it was typed
for what is addressed by name, an ARN for what is created (W-150).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sekisho.access.context import ContextValue
from sekisho.access.decide import Ask
from sekisho.catalog import SERVICE_PATH, aws_policy
from sekisho.directory.queries import groups, policies, roles, users
from sekisho.directory.store import Transaction
from sekisho.model.arn import AWS_OWNED, iam_arn, is_aws_policy, parse_arn
from sekisho.model.principal import PrincipalKind
from sekisho.model.records import Group, ManagedPolicy, Owner, Role, User
from sekisho.services.iam.faults import (
    UNPARSABLE_ARN,
    USER_NAME_NEEDED,
    invalid,
    no_such,
    no_such_policy,
    unmodifiable,
)
from sekisho.services.iam.tags import (
    resource_tags,
    tags_of_creation,
    tags_of_principal,
    tags_of_request,
)
from sekisho.services.operation import Asks, Call, Desk, Output, Target, ask_for

LINKED_PATH = "/aws-service-role/"

Entity = User | Role | Group
Aim = Callable[[Call, Desk], Target]


def find(tx: Transaction, account: str, kind: Owner, name: str) -> Entity | None:
    if kind is Owner.USER:
        return users.get_user(tx, account, name)
    if kind is Owner.ROLE:
        return roles.get_role(tx, account, name)
    return groups.get_group(tx, account, name)


def the_user(call: Call, desk: Desk) -> User:
    """The user named in the input, else the calling user; raises NoSuchEntity (W-167, W-174)."""
    user = find_user(call, desk)
    if user is None:
        raise no_such(Owner.USER, user_name(call))
    return user


def the_group(call: Call, desk: Desk) -> Group:
    name: str = call.input["GroupName"]
    group = groups.get_group(desk.tx, call.account, name)
    if group is None:
        raise no_such(Owner.GROUP, name)
    return group


def the_role(call: Call, desk: Desk) -> Role:
    name: str = call.input["RoleName"]
    role = roles.get_role(desk.tx, call.account, name)
    if role is None:
        raise no_such(Owner.ROLE, name)
    return role


def the_own_role(call: Call, desk: Desk) -> Role:
    """A role that the account may change, as it may not what is a service's own (W-175)."""
    role = the_role(call, desk)
    if is_service_linked(role):
        raise unmodifiable(role.name)
    return role


def is_service_linked(role: Role) -> bool:
    return role.path.startswith(LINKED_PATH)


def the_own_entity(call: Call, desk: Desk, kind: Owner) -> Entity:
    """The same of a user, a role or a group."""
    return the_own_role(call, desk) if kind is Owner.ROLE else the_entity(call, desk, kind)


def the_entity(call: Call, desk: Desk, kind: Owner) -> Entity:
    if kind is Owner.USER:
        return the_user(call, desk)
    return the_role(call, desk) if kind is Owner.ROLE else the_group(call, desk)


def find_user(call: Call, desk: Desk) -> User | None:
    """The user of the input, as it was when the transaction began; else the caller."""
    if "UserName" in call.input:
        place = ("user", call.account, call.input["UserName"])
        if place not in desk.tx.seen:
            desk.tx.seen[place] = users.get_user(desk.tx, *place[1:])
        seen: User | None = desk.tx.seen[place]
        return seen
    user_name(call)
    return users.get_user_by_id(desk.tx, call.account, call.caller.principal.unique_id)


def user_name(call: Call) -> str:
    """The name given, else the caller's; ValidationError for who has no user name (W-174)."""
    if "UserName" in call.input:
        given: str = call.input["UserName"]
        return given
    if call.caller.principal.kind is not PrincipalKind.USER:
        raise invalid(USER_NAME_NEEDED)
    return call.caller.principal.name


def concerns_root(call: Call) -> bool:
    """Whether a call without UserName is about the root user, who makes it (W-174, W-327)."""
    return "UserName" not in call.input and call.caller.principal.kind is PrincipalKind.ROOT


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose keys or devices a call is about.

    id: of the user, or of the account for its root user. shown: the UserName of the answer, which
    the root user has not.
    """

    id: str
    shown: Output


def the_holder(call: Call, desk: Desk) -> Holder:
    """The user named, else the caller, the root user included (W-174)."""
    if concerns_root(call):
        return Holder(call.account, {})
    user = the_user(call, desk)
    return Holder(user.unique_id, {"UserName": user.name})


def the_policy(call: Call, desk: Desk) -> ManagedPolicy:
    """The managed policy of the input, of the caller's own account or of AWS."""
    arn: str = call.input["PolicyArn"]
    policy = find_policy(call, desk, arn)
    if policy is None:
        raise no_such_policy(arn)
    return policy


def find_policy(call: Call, desk: Desk, arn: str) -> ManagedPolicy | None:
    """A policy by its ARN; those of other accounts are not to be found (PE-74)."""
    check_arn(arn)
    if is_aws_policy(arn):
        return aws_policy(arn)
    policy = policies.get_policy(desk.tx, arn)
    return policy if policy is not None and policy.account == call.account else None


def is_for_services(policy: ManagedPolicy) -> bool:
    """Whether AWS attaches a policy to service-linked roles alone (W-220)."""
    return is_aws_policy(policy.arn) and policy.path == SERVICE_PATH


def check_arn(arn: str) -> str:
    """The ARN, if it is one (PE-74)."""
    try:
        parse_arn(arn)
    except ValueError:
        raise invalid(UNPARSABLE_ARN) from None
    return arn


def boundary_of(entity: Entity) -> dict[str, ContextValue]:
    """iam:PermissionsBoundary of an entity; groups have none (PE-190)."""
    boundary = "" if isinstance(entity, Group) else entity.boundary
    return {"iam:permissionsboundary": boundary} if boundary else {}


def named(kind: Owner, *, bounded: bool = False, attaching: bool = False) -> Aim:
    """The target that the input names by ``UserName``, ``RoleName`` or ``GroupName``.

    bounded: whether the action has the key iam:PermissionsBoundary; attaching: iam:PolicyARN
    (PE-190).
    """

    def target(call: Call, desk: Desk) -> Target:
        context = tags_of_request(call)
        if attaching:
            check_arn(call.input["PolicyArn"])
            context["iam:policyarn"] = call.input["PolicyArn"]
        name, entity = addressed(call, desk, kind)
        arn = iam_arn(call.account, kind.value.lower(), "/", name)
        if entity is not None:
            arn = entity.arn
            context |= {} if isinstance(entity, Group) else tags_of_principal(entity.tags)
            context |= boundary_of(entity) if bounded else {}
        return Target(arn, context, f"{kind.value.lower()} {name}")

    return target


def addressed(call: Call, desk: Desk, kind: Owner) -> tuple[str, Entity | None]:
    """The name in the input, and who bears it."""
    if kind is Owner.USER:
        return user_name(call), find_user(call, desk)
    name: str = call.input[f"{kind.value}Name"]
    return name, find(desk.tx, call.account, kind, name)


def user_or_root(call: Call, desk: Desk) -> Target:
    """The target of the calls in which UserName may be left out, by the root user as well."""
    if concerns_root(call):
        return Target(call.caller.principal.arn)
    return named(Owner.USER)(call, desk)


def creating(kind: Owner) -> Aim:
    """The target of CreateUser, CreateRole and CreateGroup."""

    def target(call: Call, _desk: Desk) -> Target:
        name, path = call.input[f"{kind.value}Name"], call.input.get("Path", "/")
        arn = iam_arn(call.account, kind.value.lower(), path, name)
        return Target(arn, tags_of_creation(call))

    return target


def renaming(kind: Owner, action: str) -> Asks:
    """UpdateUser and UpdateGroup: leave is needed for the old name and for the new one."""

    def asks(call: Call, desk: Desk) -> Sequence[Ask]:
        old = named(kind)(call, desk)
        entity = find(desk.tx, call.account, kind, call.input[f"{kind.value}Name"])
        asked = [ask_for(call, action, old)]
        if entity is not None:
            path = call.input.get("NewPath", entity.path)
            name = call.input.get(f"New{kind.value}Name", entity.name)
            new = iam_arn(call.account, kind.value.lower(), path, name)
            if new != entity.arn:
                asked.append(Ask(action, new, call.account, asked[0].context))
        return asked

    return asks


def with_tagging(action: str, tag_action: str, target: Aim) -> Asks:
    """An action that creates; who passes tags needs leave to tag as well.

    The key iam:PermissionsBoundary belongs to the creation alone (PE-190).
    """

    def asks(call: Call, desk: Desk) -> Sequence[Ask]:
        found = target(call, desk)
        bounded = dict(found.context)
        if "PermissionsBoundary" in call.input:
            check_arn(call.input["PermissionsBoundary"])
            bounded["iam:permissionsboundary"] = call.input["PermissionsBoundary"]
        asked = [Ask(action, found.arn, call.account, bounded, shown=found.shown)]
        if call.input.get("Tags"):
            asked.append(ask_for(call, tag_action, found))
        return asked

    return asks


def new_boundary(kind: Owner) -> Aim:
    """Put…PermissionsBoundary: the key iam:PermissionsBoundary is the one to be set (PE-190)."""

    def target(call: Call, desk: Desk) -> Target:
        check_arn(call.input["PermissionsBoundary"])
        found = named(kind)(call, desk)
        context = {**found.context, "iam:permissionsboundary": call.input["PermissionsBoundary"]}
        return Target(found.arn, context, found.shown)

    return target


def policy_target(call: Call, desk: Desk) -> Target:
    """The target that the input names by ``PolicyArn``."""
    arn: str = call.input["PolicyArn"]
    policy = find_policy(call, desk, arn)
    context = tags_of_request(call)
    if policy is not None:
        context |= resource_tags(policy.tags)
    return Target(arn, context, f"policy {arn}")


def changing(action: str) -> Asks:
    """An action that changes the policy of ``PolicyArn``.

    AWS's own belong to AWS: as with any resource of another account, nobody may change them
    (PE-126).
    """

    def asks(call: Call, desk: Desk) -> Sequence[Ask]:
        ask = ask_for(call, action, policy_target(call, desk))
        return (ask._replace(owner=AWS_OWNED) if is_aws_policy(ask.resource) else ask,)

    return asks


def every(kind: str) -> Aim:
    """A list has no resource but ``*`` (PE-48); a denial shows the path it was to list."""

    def target(call: Call, _desk: Desk) -> Target:
        path = call.input.get("PathPrefix", "/")
        if kind == "policy":
            return Target("*", shown=f"policy path {path}")
        return Target("*", shown=iam_arn(call.account, kind, path, ""))

    return target
