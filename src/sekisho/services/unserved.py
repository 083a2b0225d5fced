"""Operations of the models that are not served for a reason that will stay, or until something
else is built. `docs/coverage.md` tells it to people, the refusal to programs.

What is neither registered nor here is not served yet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sekisho.model.faults import Fault

_TEMPLATES = "policy templates for delegation are registered with AWS by its partners"
_ROLE_TEMPLATES = "role templates are published by services of AWS"
_PROPERTIES = "account properties configure features of AWS that are not here"
_SUMMARIES = "summaries for people are written by a service of AWS"
_REPORTS = "reports on what an organization's accounts used are not built yet"
_LATER = "it is not built yet"
_BILLS = "nothing is billed here, so that no responsibility for bills can be transferred"
_MANAGED = "policies of these types configure services of AWS that are not here"
_DIRECTORY_BUCKETS = "there are no directory buckets here"
_TABLES = "S3 Tables are a service of AWS"
_REPORTS_ON_BUCKETS = "reports on buckets are written by services of AWS"
_ANNOTATIONS = "what is told of objects is their metadata and tags"
_ONE_CLASS = "objects are all kept in one storage class"
NOT_ACCELERATED = "there are no other endpoints to come in by"
NOT_LOGGED = "the audit trail tells of every request"
NOT_NOTIFIED = "there are no queues, topics, functions or buses here to tell of what happens"
_ONLY_OFF = "only what turns it off is taken: {}"


@dataclass(frozen=True, slots=True)
class Unserved:
    """Why an operation is not served."""

    reason: str


def _listed() -> Iterator[tuple[str, Unserved]]:
    for name in (
        "AcceptDelegationRequest",
        "AssociateDelegationRequest",
        "CreateDelegationRequest",
        "GetDelegationRequest",
        "ListDelegationRequests",
        "RejectDelegationRequest",
        "SendDelegationToken",
        "UpdateDelegationRequest",
    ):
        yield f"iam:{name}", Unserved(_TEMPLATES)
    for name in ("GenerateOrganizationsAccessReport", "GetOrganizationsAccessReport"):
        yield f"iam:{name}", Unserved(_REPORTS)
    for name in ("AcquireRole", "GetRoleTemplateVersion"):
        yield f"iam:{name}", Unserved(_ROLE_TEMPLATES)
    for name in ("GetAccountProperties", "PutAccountProperties"):
        yield f"iam:{name}", Unserved(_PROPERTIES)
    yield from _listed_of_s3()
    yield "sts:GetDelegatedAccessToken", Unserved(_TEMPLATES)
    yield "iam:GetHumanReadableSummary", Unserved(_SUMMARIES)
    yield from _of_organizations()


def _of_organizations() -> Iterator[tuple[str, Unserved]]:
    for name in (
        "DescribeResponsibilityTransfer",
        "InviteOrganizationToTransferResponsibility",
        "ListInboundResponsibilityTransfers",
        "ListOutboundResponsibilityTransfers",
        "TerminateResponsibilityTransfer",
        "UpdateResponsibilityTransfer",
    ):
        yield f"organizations:{name}", Unserved(_BILLS)
    for name in (
        "DescribeEffectivePolicy",
        "ListAccountsWithInvalidEffectivePolicy",
        "ListEffectivePolicyValidationErrors",
    ):
        yield f"organizations:{name}", Unserved(_MANAGED)
    yield "organizations:CreateGovCloudAccount", Unserved("there is no other partition here")
    for name in (
        "CloseAccount",
        "DeleteResourcePolicy",
        "DescribeResourcePolicy",
        "EnableAllFeatures",
        "PutResourcePolicy",
    ):
        yield f"organizations:{name}", Unserved(_LATER)


def _listed_of_s3() -> Iterator[tuple[str, Unserved]]:
    for name in ("CreateSession", "ListDirectoryBuckets", "RenameObject"):
        yield f"s3:{name}", Unserved(_DIRECTORY_BUCKETS)
    for name in (
        "CreateBucketMetadataConfiguration",
        "CreateBucketMetadataTableConfiguration",
        "UpdateBucketMetadataAnnotationTableConfiguration",
        "UpdateBucketMetadataInventoryTableConfiguration",
        "UpdateBucketMetadataJournalTableConfiguration",
    ):
        yield f"s3:{name}", Unserved(_TABLES)
    for kind in ("Analytics", "Inventory", "Metrics"):
        yield f"s3:PutBucket{kind}Configuration", Unserved(_REPORTS_ON_BUCKETS)
    for verb in ("Delete", "Get", "Put"):
        yield f"s3:{verb}ObjectAnnotation", Unserved(_ANNOTATIONS)
    yield "s3:ListObjectAnnotations", Unserved(_ANNOTATIONS)
    for name, reason in (
        ("GetObjectTorrent", "AWS has given torrents up"),
        ("PutBucketIntelligentTieringConfiguration", _ONE_CLASS),
        (
            "PutBucketReplication",
            "buckets are not copied; the operator copies the store",
        ),
        ("PutBucketWebsite", "buckets are not served as web sites"),
        ("SelectObjectContent", "AWS offers it to no new customers"),
        ("UpdateObjectEncryption", "it changes keys of KMS, which is not here"),
        ("WriteGetObjectResponse", "it answers for functions of Lambda, which is not here"),
    ):
        yield f"s3:{name}", Unserved(reason)


UNSERVED: Mapping[str, Unserved] = MappingProxyType(dict(_listed()))


IN_PART: Mapping[str, str] = MappingProxyType(
    {
        "s3:PutBucketAccelerateConfiguration": _ONLY_OFF.format(NOT_ACCELERATED),
        "s3:PutBucketLogging": _ONLY_OFF.format(NOT_LOGGED),
        "s3:PutBucketNotificationConfiguration": _ONLY_OFF.format(NOT_NOTIFIED),
        "s3:PutBucketRequestPayment": "only the owner pays: nobody is billed here",
    }
)
"""What is served for some of its inputs, and what keeps it from others."""


def not_served(name: str) -> Fault:
    """The refusal of an operation, ``service:Operation``, that is in a model and not served."""
    known = UNSERVED.get(name)
    if known is None:
        return Fault("NotImplemented", 501, f"This server does not implement {name}.")
    return refused_because(name, known.reason)


def refused_because(name: str, reason: str) -> Fault:
    return Fault("NotImplemented", 501, f"This server does not implement {name}: {reason}.")
