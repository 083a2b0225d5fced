"""What is held in memory of users, roles and buckets: their policies, read and compiled."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from sekisho.access.context import ContextValue, principal_context, principal_tags
from sekisho.catalog import SERVICE_PATH, aws_default_text
from sekisho.directory.queries import (
    attachments,
    buckets,
    groups,
    inline,
    passwords,
    roles,
    users,
)
from sekisho.directory.queries import policies as managed
from sekisho.directory.store import Transaction
from sekisho.model.arn import AWS_POLICY, is_aws_policy
from sekisho.model.credentials import fingerprint
from sekisho.model.principal import Principal, user_principal
from sekisho.model.records import Bucket, Role, StoredDocument, User
from sekisho.policy import (
    CompiledPolicySet,
    Layer,
    Source,
    compile_texts,
    is_public,
    parse_policy,
)

EVERY = 1_000_000
# To find a ``?`` or to put in a variable takes some twenty times as long as to find a ``*``.
TOILSOME = 20

Text = tuple[Source, str]


@dataclass(frozen=True, slots=True, eq=False)
class Grants:
    """What limits and grants on the principal's own side. boundary: None where none is set.

    Each is itself alone, so that it can be looked up by.
    """

    identity: CompiledPolicySet
    boundary: CompiledPolicySet | None


@dataclass(frozen=True, slots=True)
class HeldUser:
    """context: the condition keys that the user brings to every request.

    password: fingerprint of the present one; empty if there is none.

    weight, here and below: characters of the policies that were compiled. toil: what their
    wildcards and variables may cost each time a question is held against them.
    """

    user: User
    grants: Grants
    principal: Principal
    context: Mapping[str, ContextValue]
    weight: int
    toil: int
    password: str = ""


@dataclass(frozen=True, slots=True)
class HeldRole:
    role: Role
    arn: str
    grants: Grants
    trust: CompiledPolicySet
    weight: int
    toil: int


@dataclass(frozen=True, slots=True)
class HeldBucket:
    """policy: None where the bucket has none. is_public: whether it is open to all (PE-140).

    weight counts the settings as well.
    united: what was made of it together with ACLs; bounded by who makes it.
    """

    bucket: Bucket
    policy: CompiledPolicySet | None
    weight: int = 0
    toil: int = 0
    is_public: bool = False
    united: dict[Hashable, CompiledPolicySet] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class HeldPolicies:
    """The session policies of one session, united (PE-93)."""

    policies: CompiledPolicySet
    weight: int
    toil: int


def load_user(tx: Transaction, account: str, user_id: str) -> HeldUser | None:
    user = users.get_user_by_id(tx, account, user_id)
    if user is None:
        return None
    texts = [*texts_of(tx, user.unique_id, user.arn)]
    for group in groups.list_groups_of(tx, user, None, EVERY):
        texts += texts_of(tx, group.unique_id, group.arn)
    principal = user_principal(account, user.arn, user.unique_id, user.name)
    limits = limits_of(tx, user.boundary, user.arn)
    context = {**principal_context(principal), **principal_tags(user.tags, None)}
    every = [*texts, *limits]
    grants = grants_of(texts, user.boundary, limits)
    profile = passwords.get_login_profile(tx, user_id)
    password = "" if profile is None else fingerprint(profile.hashed)
    return HeldUser(user, grants, principal, context, weight_of(every), toil_of(every), password)


def load_role(tx: Transaction, account: str, name: str) -> HeldRole | None:
    """A role by its name, which is case-sensitive here (PE-218, W-162)."""
    role = roles.get_role(tx, account, name)
    return None if role is None or role.name != name else hold_role(tx, role)


def load_role_by_id(tx: Transaction, account: str, role_id: str) -> HeldRole | None:
    role = roles.get_role_by_id(tx, account, role_id)
    return None if role is None else hold_role(tx, role)


def hold_role(tx: Transaction, role: Role) -> HeldRole:
    arn = role.arn
    texts, limits = [*texts_of(tx, role.unique_id, arn)], limits_of(tx, role.boundary, arn)
    grants = grants_of(texts, role.boundary, limits)
    source = Source(Layer.TRUST, "trust policy", arn)
    every = [*texts, *limits, (source, role.trust.text)]
    trust = compile_stored(role.trust, source)
    return HeldRole(role, arn, grants, trust, weight_of(every), toil_of(every))


def load_bucket(tx: Transaction, name: str) -> HeldBucket | None:
    bucket = buckets.get_bucket(tx, name)
    if bucket is None:
        return None
    size = len(orjson.dumps(dict(bucket.settings)))
    if bucket.policy is None:
        return HeldBucket(bucket, None, size)
    source = Source(Layer.RESOURCE, "bucket policy", f"arn:aws:s3:::{name}")
    every = [(source, bucket.policy.text)]
    return HeldBucket(
        bucket,
        compile_stored(bucket.policy, source),
        size + weight_of(every),
        toil_of(every),
        is_public(parse_policy(bucket.policy.text)),
    )


def load_session_policies(
    tx: Transaction, session_arn: str, inline_text: str, arns: Iterable[str]
) -> HeldPolicies:
    """The policies passed for a session. If one by ARN is gone since, they allow nothing: what it
    denied is not known any more.
    """
    texts = []
    if inline_text:
        texts.append((Source(Layer.SESSION, "inline session policy", session_arn), inline_text))
    for arn in arns:
        text = managed_text(tx, arn)
        if text is None:
            return HeldPolicies(compile_texts([]), 0, 0)
        texts.append((Source(Layer.SESSION, arn, session_arn), text))
    return HeldPolicies(compile_texts(texts), weight_of(texts), toil_of(texts))


def texts_of(tx: Transaction, owner_id: str, arn: str) -> Iterable[Text]:
    """The inline and attached policies of one user, group or role (PE-91)."""
    for policy in inline.list_inline(tx, owner_id):
        yield Source(Layer.IDENTITY, policy.name, arn), policy.text
    for attached in attachments.list_attached(tx, owner_id, "/", None, EVERY):
        text = managed_text(tx, attached.arn)
        if text is not None:
            yield Source(Layer.IDENTITY, attached.arn, arn), text


def managed_text(tx: Transaction, arn: str) -> str | None:
    """The document in force of a managed policy, an account's or AWS's; None if there is none.

    Policies of service-linked roles are left out: AWS attaches them to roles of its own (W-220).
    """
    if is_aws_policy(arn):
        return None if arn.startswith(AWS_POLICY + SERVICE_PATH) else aws_default_text(arn)
    version = managed.default_version(tx, arn)
    return None if version is None else version.text


def limits_of(tx: Transaction, boundary: str, arn: str) -> list[Text]:
    """The policy that is the boundary; none where none is set, or it is gone."""
    text = managed_text(tx, boundary) if boundary else None
    return [] if text is None else [(Source(Layer.BOUNDARY, boundary, arn), text)]


def grants_of(texts: list[Text], boundary: str, limits: list[Text]) -> Grants:
    """Compiled. A boundary whose policy is gone allows nothing."""
    return Grants(compile_texts(texts), compile_texts(limits) if boundary else None)


def compile_stored(document: StoredDocument, source: Source) -> CompiledPolicySet:
    return compile_texts([(source, document.text)], document.bindings)


def weight_of(texts: Iterable[Text]) -> int:
    return sum(len(text) for _, text in texts)


def toil_of(texts: Iterable[Text]) -> int:
    """About as many of the simplest searches as policies may want for one question."""
    return sum(
        text.count("*") + TOILSOME * (text.count("?") + text.count("${")) for _, text in texts
    )
