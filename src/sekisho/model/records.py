"""What is remembered: one frozen record a noun, as the directory gives and takes it.

Times are epoch seconds (UTC, whole). Names keep the case they were given in and are unique
ignoring case within an account (W-162). Tags keep the order in which they were set. What lists read
by the thousand beside their entities is a named tuple, which is made in a third of the time.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sekisho.model.arn import iam_arn, root_arn
from sekisho.model.principal import nothing


@dataclass(frozen=True, slots=True)
class Account:
    """An account. canonical_id: the 64 hexadecimal digits S3 knows it by (W-281)."""

    id: str
    name: str
    created: int
    canonical_id: str

    @property
    def arn(self) -> str:
        return root_arn(self.id)


@dataclass(frozen=True, slots=True)
class DeclaredAccount:
    """An account that is not hosted here: policies may name it and its principals."""

    id: str
    name: str
    created: int


class StoredDocument(NamedTuple):
    """A policy that names principals, as saved.

    text: as it was given, white space included (W-160).
    bindings: user and role ARNs of its Principal elements -> the unique ids they had when it was
        saved (PE-31); evaluation uses the ids, reading shows the ARN while the id lives there.
    """

    text: str
    bindings: Mapping[str, str] = nothing()


@dataclass(frozen=True, slots=True)
class User:
    """boundary: ARN of the managed policy that is its permissions boundary; empty if none."""

    account: str
    name: str
    path: str
    unique_id: str
    created: int
    boundary: str = ""
    tags: Mapping[str, str] = field(default_factory=nothing)

    @property
    def arn(self) -> str:
        return iam_arn(self.account, "user", self.path, self.name)


@dataclass(frozen=True, slots=True)
class Group:
    account: str
    name: str
    path: str
    unique_id: str
    created: int

    @property
    def arn(self) -> str:
        return iam_arn(self.account, "group", self.path, self.name)


@dataclass(frozen=True, slots=True)
class Role:
    """max_session: seconds, 3600-43200, or None while never set (it then counts as 3600, W-163)."""

    account: str
    name: str
    path: str
    unique_id: str
    created: int
    trust: StoredDocument
    description: str | None = None
    max_session: int | None = None
    boundary: str = ""
    tags: Mapping[str, str] = field(default_factory=nothing)

    @property
    def arn(self) -> str:
        return iam_arn(self.account, "role", self.path, self.name)


@dataclass(frozen=True, slots=True)
class InstanceProfile:
    """What hands a role to a machine. role_id: unique id of the role in it; empty if none."""

    account: str
    name: str
    path: str
    unique_id: str
    created: int
    role_id: str = ""
    tags: Mapping[str, str] = field(default_factory=nothing)

    @property
    def arn(self) -> str:
        return iam_arn(self.account, "instance-profile", self.path, self.name)


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A managed policy; latest: the highest version number ever given (v1 is 1).

    account: the customer's, or ``aws`` for those that AWS gives to every account.
    """

    account: str
    name: str
    path: str
    unique_id: str
    created: int
    updated: int
    default_version: str = "v1"
    latest: int = 1
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=nothing)

    @property
    def arn(self) -> str:
        return iam_arn(self.account, "policy", self.path, self.name)


class AttachedPolicy(NamedTuple):
    """A managed policy by its ARN, which tells the path and the name as well."""

    arn: str

    @property
    def name(self) -> str:
        return self.arn.rpartition("/")[2]

    @property
    def path(self) -> str:
        return self.arn.partition(":policy")[2].rpartition("/")[0] + "/"


class PolicyVersion(NamedTuple):
    policy_arn: str
    version: str
    text: str
    created: int


class InlinePolicy(NamedTuple):
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class AccessKey:
    """owner: unique id of the user, or the account id for the root user's key."""

    id: str
    account: str
    owner: str
    created: int
    active: bool = True
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MfaDevice:
    """A virtual MFA device.

    owner: unique id of the user it is enabled for (the account id for root), or empty.
    enabled: when; 0 while not. last_step: the last 30-second step whose code was taken (W-137).
    wrong_codes: how many were given in a row; refused_until: epoch seconds before which no code is
    looked at.
    """

    account: str
    name: str
    path: str
    created: int
    seed: bytes = field(repr=False)
    owner: str = ""
    enabled: int = 0
    last_step: int = 0
    wrong_codes: int = 0
    refused_until: int = 0
    tags: Mapping[str, str] = field(default_factory=nothing)

    @property
    def serial(self) -> str:
        return iam_arn(self.account, "mfa", self.path, self.name)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket; its name is unique over all accounts. account: the owner's.

    settings: what was put on it, by name (versioning, tags, cors …), in the form of S3's inputs.
    """

    name: str
    account: str
    region: str
    created: int
    policy: StoredDocument | None = None
    settings: Mapping[str, Any] = field(default_factory=nothing)

    @property
    def versioning(self) -> str:
        """Enabled or Suspended; empty if versioning was never on."""
        return str(self.settings.get("versioning", ""))

    @property
    def tags(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.settings.get("tags", {})
        return found


NULL_VERSION = "null"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What a bucket knows of a version of an object; its bytes lie in the blob store.

    blob: names the bytes; empty for a delete marker. parts: of how many parts the object was made,
    then they are held under `blob` one by one; 0 if it was put whole.
    etag: MD5 in hexadecimal, without quotes; of one made of parts with ``-n``.
    headers: what GET sends back as it was put (content-type, cache-control, x-amz-meta-… in lower
    case). checksums: algorithm in lower case (crc32, sha256) -> base64, ``-n`` if composite.
    lock: mode, until (epoch seconds) and hold, those that are set. owner: the account that wrote
    it where ACLs count, else empty: the bucket's owner. acl: pairs of a grantee (an account, or the
    URI of a group) and a permission; empty: the owner has full control.
    """

    bucket: str
    key: str
    blob: str
    size: int
    etag: str
    modified: int
    headers: Mapping[str, str] = field(default_factory=nothing)
    checksums: Mapping[str, str] = field(default_factory=nothing)
    version: str = NULL_VERSION
    parts: int = 0
    is_marker: bool = False
    is_current: bool = True
    rank: int = 0
    tags: Mapping[str, str] = field(default_factory=nothing)
    lock: Mapping[str, Any] = field(default_factory=nothing)
    owner: str = ""
    acl: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class MultipartUpload:
    """An upload in parts under way; what it says of the object is as in StoredObject.

    id: later the object's blob; of uploads of one key the one that began later is greater.
    account, initiator: who began it, by account and ARN. algorithm: of checksums, in lower case;
    empty if none. checksum_type: COMPOSITE or FULL_OBJECT; empty without algorithm.
    """

    id: str
    bucket: str
    key: str
    account: str
    initiator: str
    created: int
    headers: Mapping[str, str] = field(default_factory=nothing)
    algorithm: str = ""
    checksum_type: str = ""
    tags: Mapping[str, str] = field(default_factory=nothing)
    lock: Mapping[str, Any] = field(default_factory=nothing)
    acl: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part: 1-10,000. start: its first byte's place in the object, once there is one."""

    upload: str
    number: int
    blob: str
    size: int
    etag: str
    modified: int
    checksums: Mapping[str, str] = field(default_factory=nothing)
    start: int = 0


class Owner(enum.Enum):
    """What a policy can be attached to; the value is the word that IAM uses for it."""

    USER = "User"
    GROUP = "Group"
    ROLE = "Role"


@dataclass(frozen=True, slots=True)
class Issuer:
    """The name under which an account's tokens go out. id: a UUID."""

    account: str
    id: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs tokens. algorithm: RS256 or ES384. private: PKCS #8 in DER."""

    id: str
    algorithm: str
    created: int
    private: bytes = field(repr=False)
