"""An account as GetAccountAuthorizationDetails tells of it: AWS's answer or this server's.

Only what policies say is read. Whatever the text, nothing but UnusableAnswer is raised.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sekisho.advice.check.answers import document_of
from sekisho.policy import CompiledPolicySet, InvalidPolicy, Layer, Source, compile_texts

LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
COMMAND = "aws iam get-account-authorization-details"


class UnusableAnswer(ValueError):
    """A text that is no such answer, or that lacks something; the message says what."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A user or a role, with the policies that hang on it.

    trust: of a role; None for a user.
    """

    arn: str
    name: str
    unique_id: str
    tags: Mapping[str, str]
    identity: CompiledPolicySet
    boundary: CompiledPolicySet | None
    trust: CompiledPolicySet | None


class AccountAnswer:
    """What an answer tells of one account. id: 12 digits."""

    def __init__(self, text: str) -> None:
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            raise UnusableAnswer("it is not JSON") from None
        if not isinstance(answer, dict) or not all(name in answer for name in LISTS):
            raise UnusableAnswer(f"it is not what `{COMMAND}` prints, without --filter")
        users, groups, roles, policies = (_entries(answer, name) for name in LISTS)
        self._users = {_text(user, "Arn"): user for user in users}
        self._roles = {_text(role, "Arn"): role for role in roles}
        self._groups = {_text(group, "GroupName"): group for group in groups}
        self._policies = {_text(policy, "Arn"): policy for policy in policies}
        arns = [*self._users, *self._roles, *(_text(group, "Arn") for group in groups)]
        accounts = {"".join(arn.split(":")[4:5]) for arn in arns}
        if len(accounts) != 1:
            raise UnusableAnswer("it tells of no user, group or role, or of those of many accounts")
        (self.id,) = accounts

    @property
    def users(self) -> tuple[str, ...]:
        """Their ARNs."""
        return tuple(self._users)

    @property
    def roles(self) -> tuple[str, ...]:
        """Their ARNs."""
        return tuple(self._roles)

    def user(self, arn: str) -> Entity:
        """One of `users`."""
        told = self._users[arn]
        texts = self._hanging(told, "UserPolicyList", arn)
        for name in _list(told, "GroupList"):
            group = self._groups.get(str(name))
            if group is None:
                raise UnusableAnswer(f"it does not tell of group {name}, in which {arn} is")
            texts += self._hanging(group, "GroupPolicyList", _text(group, "Arn"))
        return self._entity(told, "User", texts, None)

    def role(self, arn: str) -> Entity:
        """One of `roles`."""
        told = self._roles[arn]
        text = _document(told, "AssumeRolePolicyDocument", f"the trust policy of {arn}")
        trust = _compiled([(Source(Layer.TRUST, "trust policy", arn), text)])
        return self._entity(told, "Role", self._hanging(told, "RolePolicyList", arn), trust)

    def _entity(
        self,
        told: Mapping[str, Any],
        kind: str,
        texts: list[tuple[Source, str]],
        trust: CompiledPolicySet | None,
    ) -> Entity:
        arn, boundary = _text(told, "Arn"), None
        limit = told.get("PermissionsBoundary")
        if isinstance(limit, dict):
            name = _text(limit, "PermissionsBoundaryArn")
            boundary = _compiled([(Source(Layer.BOUNDARY, name, arn), self._managed(name))])
        tags = {_text(tag, "Key"): _text(tag, "Value") for tag in _entries(told, "Tags")}
        name, unique_id = _text(told, f"{kind}Name"), _text(told, f"{kind}Id")
        return Entity(arn, name, unique_id, tags, _compiled(texts), boundary, trust)

    def _hanging(
        self, told: Mapping[str, Any], inline: str, owner: str
    ) -> list[tuple[Source, str]]:
        texts = []
        for each in _entries(told, inline):
            name = _text(each, "PolicyName")
            text = _document(each, "PolicyDocument", f"policy {name} of {owner}")
            texts.append((Source(Layer.IDENTITY, name, owner), text))
        for each in _entries(told, "AttachedManagedPolicies"):
            arn = _text(each, "PolicyArn")
            texts.append((Source(Layer.IDENTITY, arn, owner), self._managed(arn)))
        return texts

    def _managed(self, arn: str) -> str:
        policy = self._policies.get(arn)
        versions = [] if policy is None else _entries(policy, "PolicyVersionList")
        for version in versions:
            if version.get("IsDefaultVersion") is True:
                return _document(version, "Document", f"policy {arn}")
        raise UnusableAnswer(f"it does not tell of policy {arn}")


def _list(told: Mapping[str, Any], name: str) -> list[Any]:
    value = told.get(name, [])
    if not isinstance(value, list):
        raise UnusableAnswer(f"{name} is no list")
    return value


def _entries(told: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects; empty if it is left out, as empty lists are by some."""
    entries = _list(told, name)
    if not all(isinstance(each, dict) for each in entries):
        raise UnusableAnswer(f"{name} holds something else than objects")
    return entries


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise UnusableAnswer(f"an entry has no {name}")
    return value


def _document(told: Mapping[str, Any], name: str, what: str) -> str:
    document = document_of(told.get(name))
    if document is None:
        raise UnusableAnswer(f"{what} is no policy")
    return json.dumps(document)


def _compiled(texts: Iterable[tuple[Source, str]]) -> CompiledPolicySet:
    texts = list(texts)
    try:
        return compile_texts(texts)
    except InvalidPolicy as fault:
        names = ", ".join(source.name for source, _ in texts)
        raise UnusableAnswer(f"one of its policies cannot be read ({names}): {fault}") from None
