"""The Service Authorization Reference: what each service's policies can name.

Actions with the resources and condition keys they know, resource types with the form of their
ARNs, condition keys with their types; made by tools/refresh_authorization.py. Services are read
one by one, when first asked for: a server that never asks pays nothing.

Names are compared without their case (PE-37, PE-147). In the names of keys and in ARNs, ``*``
stands for what varies: ``aws:ResourceTag/*``, ``arn:*:s3:::*/*``.
"""

import functools
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any, TypeVar

ANY_SERVICE = "aws"
_ARCHIVE = "data/authorization.zip"

Named = TypeVar("Named", "Action", "ResourceType", "ConditionKey")


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """A key of conditions.

    kind: String, ARN, Bool, Numeric, Date or IPAddress. several: it may have several values.
    """

    name: str
    kind: str
    several: bool


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A kind of resource; arn: the form of its ARN. keys: conditions know them for it."""

    name: str
    arn: str
    keys: tuple[ConditionKey, ...]


@dataclass(frozen=True, slots=True)
class ActionResource:
    """A resource type that an action is done on; required: in every call of it."""

    type: ResourceType
    required: bool
    keys: tuple[ConditionKey, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """An action. access: List, Read, Write, Permissions management or Tagging.

    resources: none where it knows only ``*`` (PE-48). dependents: actions that it needs beside it,
    with their prefixes.
    """

    service: str
    name: str
    access: str
    resources: tuple[ActionResource, ...]
    keys: tuple[ConditionKey, ...]
    dependents: tuple[str, ...]

    @property
    def full_name(self) -> str:
        return f"{self.service}:{self.name}"


@dataclass(frozen=True, slots=True)
class ServiceAuthorization:
    """A service, its parts by their names in lower case.

    has_resource_control: resource control policies reach it.
    """

    prefix: str
    title: str
    has_resource_control: bool
    actions: Mapping[str, Action]
    resources: Mapping[str, ResourceType]
    keys: Mapping[str, ConditionKey]


@functools.cache
def service_prefixes() -> frozenset[str]:
    """The prefixes of all services, in lower case, such as ``s3``."""
    with _archive() as archive:
        return frozenset(archive.namelist()) - {ANY_SERVICE}


def service_authorization(prefix: str) -> ServiceAuthorization | None:
    """A service by its prefix, in any case; None if there is no such service."""
    lower = prefix.lower()
    return _service(lower) if lower in service_prefixes() else None


@functools.cache
def global_keys() -> Mapping[str, ConditionKey]:
    """The keys that requests to every service can have, by their names in lower case (PE-175…)."""
    return _by_name(map(_key, _raw(ANY_SERVICE)["keys"]))


@functools.cache
def _service(prefix: str) -> ServiceAuthorization:
    raw = _raw(prefix)
    keys = tuple(map(_key, raw["keys"]))

    def chosen(places: Iterable[int]) -> tuple[ConditionKey, ...]:
        return tuple(keys[place] for place in places)

    types = _by_name(
        ResourceType(name, arn, chosen(places)) for name, (arn, places) in raw["resources"].items()
    )

    def used(rows: Iterable[tuple[str, int, list[int]]]) -> tuple[ActionResource, ...]:
        return tuple(
            ActionResource(types[name.lower()], bool(required), chosen(places))
            for name, required, places in rows
        )

    actions = _by_name(
        Action(prefix, name, access, used(rows), chosen(places), tuple(dependents))
        for name, (access, rows, places, dependents) in raw["actions"].items()
    )
    return ServiceAuthorization(prefix, raw["title"], raw["rcp"], actions, types, _by_name(keys))


def _by_name(parts: Iterable[Named]) -> Mapping[str, Named]:
    return MappingProxyType({part.name.lower(): part for part in parts})


def _key(row: list[str]) -> ConditionKey:
    name, kind = row
    return ConditionKey(name, kind.removeprefix("ArrayOf"), kind.startswith("ArrayOf"))


def _raw(name: str) -> Any:
    with _archive() as archive:
        return json.loads(archive.read(name))


@contextmanager
def _archive() -> Iterator[zipfile.ZipFile]:
    assert __package__ is not None
    file = resources.files(__package__).joinpath(_ARCHIVE)
    with file.open("rb") as opened, zipfile.ZipFile(opened) as archive:
        yield archive
