"""Principals of policies that are saved: each must exist, and is held by its unique id (PE-31).

A trust or bucket policy names users and roles by ARN. What it means is whoever bears that ARN when
it is saved: an entity deleted and made again under the same name is somebody else. Account
principals, sessions, services and federations are looked at, but not bound; nor are users and
roles of declared accounts, which are not hosted here and are taken as existing.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from sekisho.directory.queries import accounts, roles, users
from sekisho.directory.store import Transaction
from sekisho.model.arn import PARTITION, Arn, parse_arn
from sekisho.model.faults import Fault
from sekisho.model.identifiers import USER, is_account_id, is_unique_id
from sekisho.model.records import StoredDocument
from sekisho.policy import NamedPrincipal, named_principals, parse_policy, shown

_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?", re.ASCII)
_SESSION = re.compile(r"assumed-role/([\w+=,.@-]{1,64})/([\w+=,.@-]{2,64})", re.ASCII)
_FEDERATED_USER = re.compile(r"federated-user/[\w+=,.@-]{2,32}", re.ASCII)
_ENTITY = re.compile(r"(?:user|role)/(?:[!-)+->@-~]{1,510}/)?[\w+=,.@-]{1,64}", re.ASCII)
_PROVIDER = re.compile(r"(?:saml-provider|oidc-provider)/[\x21-\x7e]+")
_BUILT_IN_PROVIDERS = frozenset(
    (
        "cognito-identity.amazonaws.com",
        "www.amazon.com",
        "graph.facebook.com",
        "accounts.google.com",
    )
)
Refusal = Callable[[NamedPrincipal], Fault]


def invalid_in_trust(named: NamedPrincipal) -> Fault:
    """IAM's refusal; services are named in capitals (PE-27, PE-33, PE-72)."""
    key = "SERVICE" if named.key == "Service" else named.key
    said = f'Invalid principal in policy: "{key}":"{named.value}"'
    return Fault("MalformedPolicyDocument", 400, said)


def invalid_in_bucket(named: NamedPrincipal) -> Fault:
    """S3's refusal (PE-79, W-282)."""
    detail = {"Detail": f'"{named.key}" : "{named.value}"'}
    return Fault("MalformedPolicy", 400, "Invalid principal in policy", detail)


class _Unknown(Exception):
    """There is no such principal."""


def resolve(tx: Transaction, text: str, refuse: Refusal) -> StoredDocument:
    """A policy with each user and role ARN of its principals bound to a unique id.

    A canonical id is bound to its account (PE-29). text: a policy that `refusal` has let pass.
    refuse: makes the Fault for a principal that does not exist on this server, for a dead unique
    id too (PE-32, PE-33).
    """
    bindings: dict[str, str] = {}
    for named in named_principals(parse_policy(text)):
        try:
            bound = _checked(tx, named)
        except _Unknown:
            raise refuse(named) from None
        if bound:
            bindings[named.value] = bound
    return StoredDocument(text, bindings)


def shown_document(tx: Transaction, document: StoredDocument) -> str:
    """The text as reading shows it: as it was given, while the ARNs in it mean the same.

    A deleted user or role is shown by its unique id (PE-31, W-176), a renamed one by its new ARN.
    """
    return shown_documents(tx, [document])[0]


def shown_documents(tx: Transaction, documents: Sequence[StoredDocument]) -> list[str]:
    """The same of many: what their principals are called now is asked for at once."""
    bound = {now for document in documents for now in document.bindings.values()}
    called = _called(tx, [each for each in bound if is_unique_id(each)])
    return [_shown(document, called) for document in documents]


def _shown(document: StoredDocument, called: Mapping[str, str]) -> str:
    if not document.bindings:
        return document.text
    changed = {}
    for arn, unique_id in document.bindings.items():
        # A canonical id is bound to an account, and stands for itself (PE-29).
        now = called.get(unique_id, unique_id) if is_unique_id(unique_id) else arn
        if now != arn:
            changed[arn] = now
    return shown(document.text, changed, lambda _: False) if changed else document.text


def _called(tx: Transaction, unique_ids: Sequence[str]) -> dict[str, str]:
    """Unique id -> ARN, of the users and roles that live."""
    if not unique_ids:
        return {}
    called = {user.unique_id: user.arn for user in users.list_users_by_id(tx, unique_ids)}
    called |= {role.unique_id: role.arn for role in roles.list_roles_by_id(tx, unique_ids)}
    return called


def _checked(tx: Transaction, named: NamedPrincipal) -> str:
    """The id to bind a principal to, empty where it stays as it is; raises _Unknown."""
    if named.key == "AWS":
        return _checked_aws(tx, named.value)
    if named.key == "CanonicalUser":
        return _account_of(tx, named.value)
    if named.key == "Service":
        return _unbound(_SERVICE.fullmatch(named.value) is not None)
    return _unbound(_is_provider(named.value))


def _account_of(tx: Transaction, canonical_id: str) -> str:
    """The account that S3 knows by a canonical id (PE-29, W-281)."""
    account = accounts.find_account(tx, canonical_id)
    if account is None:
        raise _Unknown
    return account.id


def _checked_aws(tx: Transaction, value: str) -> str:
    if value == "*":
        return ""
    if is_account_id(value):
        return _unbound(_is_known(tx, value))
    if is_unique_id(value):
        return _unbound(_lives(tx, value))
    try:
        arn = parse_arn(value)
    except ValueError:
        raise _Unknown from None
    if arn.partition != PARTITION or arn.region or not is_account_id(arn.account):
        raise _Unknown
    if arn.service == "sts":
        return _unbound(_is_session(tx, arn))
    if arn.service == "iam" and arn.resource == "root":
        return _unbound(_is_known(tx, arn.account))
    if arn.service == "iam" and accounts.is_declared(tx, arn.account):
        return _unbound(_ENTITY.fullmatch(arn.resource) is not None)
    unique_id = _bearer(tx, arn, value)
    if unique_id is None:
        raise _Unknown
    return unique_id


def _is_known(tx: Transaction, account_id: str) -> bool:
    return accounts.get_account(tx, account_id) is not None or accounts.is_declared(tx, account_id)


def _unbound(exists: bool) -> str:
    if not exists:
        raise _Unknown
    return ""


def _bearer(tx: Transaction, arn: Arn, value: str) -> str | None:
    """The unique id of the user or role that bears exactly this ARN, path and case (PE-23)."""
    kind, _, name = arn.resource.partition("/")
    name = name.rpartition("/")[2]
    if arn.service != "iam" or kind not in ("user", "role"):
        return None
    look_up = users.get_user if kind == "user" else roles.get_role
    found = look_up(tx, arn.account, name)
    return found.unique_id if found is not None and found.arn == value else None


def _is_session(tx: Transaction, arn: Arn) -> bool:
    """A session of a role that exists, or of a federated user of an account that does (PE-33)."""
    session = _SESSION.fullmatch(arn.resource)
    if session is None:
        federated = _FEDERATED_USER.fullmatch(arn.resource) is not None
        return federated and _is_known(tx, arn.account)
    if accounts.is_declared(tx, arn.account):
        return True
    role = roles.get_role(tx, arn.account, session[1])
    return role is not None and role.name == session[1]


def _lives(tx: Transaction, unique_id: str) -> bool:
    by_id = users.find_user if unique_id.startswith(USER) else roles.find_role
    return by_id(tx, unique_id) is not None


def _is_provider(value: str) -> bool:
    """An identity provider's ARN or one of those built in (PE-28)."""
    if value in _BUILT_IN_PROVIDERS:
        return True
    try:
        arn = parse_arn(value)
    except ValueError:
        return False
    return (
        (arn.partition, arn.service, arn.region) == (PARTITION, "iam", "")
        and is_account_id(arn.account)
        and _PROVIDER.fullmatch(arn.resource) is not None
    )
