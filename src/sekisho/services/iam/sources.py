"""Whose policies a report or a simulation is about: a user, a group or a role, by its ARN."""

from dataclasses import dataclass

from sekisho.access.context import ContextValue
from sekisho.access.held import Text, managed_text, texts_of
from sekisho.directory.queries import groups
from sekisho.model.arn import parse_arn
from sekisho.model.records import Group, Owner, User
from sekisho.policy import Layer, Source
from sekisho.services.iam.faults import no_such, no_such_entity
from sekisho.services.iam.paging import EVERY
from sekisho.services.iam.tags import tags_of_principal
from sekisho.services.iam.targets import Entity, check_arn, find
from sekisho.services.operation import Call, Desk, Target

# A boundary whose policy is gone allows nothing: this statement covers no action.
NEVER = '{"Statement":{"Effect":"Deny","NotAction":"*","Resource":"*"}}'
KINDS = {"user": Owner.USER, "group": Owner.GROUP, "role": Owner.ROLE}


@dataclass(frozen=True, slots=True)
class Granted:
    """The policies of one entity. limits: its permissions boundary, none or one."""

    texts: tuple[Text, ...]
    limits: tuple[Text, ...]


def find_entity(call: Call, desk: Desk, arn: str) -> Entity | None:
    """The user, group or role of this ARN, of the caller's own account."""
    kind, name = read_entity(arn)
    if kind is None:
        return None
    entity = find(desk.tx, call.account, kind, name)
    return entity if entity is not None and entity.arn == arn else None


def the_entity_of(call: Call, desk: Desk, arn: str) -> Entity:
    entity = find_entity(call, desk, arn)
    if entity is not None:
        return entity
    kind, name = read_entity(arn)
    raise no_such_entity(f"{arn} cannot be found.") if kind is None else no_such(kind, name)


def read_entity(arn: str) -> tuple[Owner | None, str]:
    """The kind and the name in an ARN; None for what is no user, group or role."""
    read = parse_arn(check_arn(arn))
    kind, _, rest = read.resource.partition("/")
    if read.service != "iam" or kind not in KINDS:
        return None, rest
    return KINDS[kind], rest.rpartition("/")[2]


def source_target(call: Call, desk: Desk) -> Target:
    """The target that the input names by ``PolicySourceArn`` or ``Arn``."""
    arn = call.input.get("PolicySourceArn") or call.input["Arn"]
    entity = find_entity(call, desk, arn)
    tags: dict[str, ContextValue] = {}
    if entity is not None and not isinstance(entity, Group):
        tags = tags_of_principal(entity.tags)
    return Target(arn, tags)


def granted_to(desk: Desk, entity: Entity) -> Granted:
    """Its own policies and, of a user, those of its groups; its boundary."""
    tx = desk.tx
    texts = list(texts_of(tx, entity.unique_id, entity.arn))
    if isinstance(entity, User):
        for group in groups.list_groups_of(tx, entity, None, EVERY):
            texts += texts_of(tx, group.unique_id, group.arn)
    boundary = "" if isinstance(entity, Group) else entity.boundary
    if not boundary:
        return Granted(tuple(texts), ())
    text = managed_text(tx, boundary) or NEVER
    return Granted(tuple(texts), ((Source(Layer.BOUNDARY, boundary, entity.arn), text),))
