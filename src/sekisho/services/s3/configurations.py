"""What a bucket is configured with: put, got and taken away, held to what is done here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sekisho.model.faults import Fault
from sekisho.model.records import Bucket
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3 import cors, encryption, lifecycle, public_access
from sekisho.services.s3.asks import ABAC, find_bucket, on_bucket
from sekisho.services.s3.faults import malformed_xml, not_implemented
from sekisho.services.s3.settings import drop_setting, keep_setting

Check = Callable[[Mapping[str, Any], Bucket], Any]
Missing = Callable[[Bucket], Fault]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration that a bucket may have.

    put, get, delete: operations. writing, reading: the actions they ask for. member: of the put's
    input. setting: the name it is kept under. check: raises for what cannot be; what it returns is
    kept. missing: the Fault of a get where there is none. is_whole: whether the get answers with
    the member, else with what is in it.
    """

    put: str
    get: str
    delete: str
    writing: str
    reading: str
    member: str
    setting: str
    check: Check
    missing: Missing
    is_whole: bool = True


CONFIGURATIONS = (
    Configuration(
        put="PutBucketCors",
        get="GetBucketCors",
        delete="DeleteBucketCors",
        writing="s3:PutBucketCORS",
        reading="s3:GetBucketCORS",
        member="CORSConfiguration",
        setting=cors.SETTING,
        check=cors.checked,
        missing=cors.no_configuration,
        is_whole=False,
    ),
    Configuration(
        put="PutBucketLifecycleConfiguration",
        get="GetBucketLifecycleConfiguration",
        delete="DeleteBucketLifecycle",
        writing="s3:PutLifecycleConfiguration",
        reading="s3:GetLifecycleConfiguration",
        member="LifecycleConfiguration",
        setting=lifecycle.SETTING,
        check=lifecycle.checked,
        missing=lifecycle.no_configuration,
        is_whole=False,
    ),
    Configuration(
        put="PutBucketEncryption",
        get="GetBucketEncryption",
        delete="DeleteBucketEncryption",
        writing="s3:PutEncryptionConfiguration",
        reading="s3:GetEncryptionConfiguration",
        member="ServerSideEncryptionConfiguration",
        setting=encryption.SETTING,
        check=encryption.checked,
        missing=encryption.no_configuration,
    ),
)


def offer(configuration: Configuration) -> None:
    """Register the three operations of a configuration."""
    put_asks = on_bucket(configuration.writing)

    @operation(f"s3:{configuration.put}", asks=put_asks, writes=True)
    def put(call: Call, desk: Desk) -> Output:
        bucket = find_bucket(call, desk).bucket
        kept = configuration.check(call.input.get(configuration.member, {}), bucket)
        keep_setting(desk, bucket, configuration.setting, kept)
        return {}

    @operation(f"s3:{configuration.get}", asks=on_bucket(configuration.reading))
    def get(call: Call, desk: Desk) -> Output:
        bucket = find_bucket(call, desk).bucket
        kept = bucket.settings.get(configuration.setting)
        if kept is None:
            raise configuration.missing(bucket)
        return {configuration.member: kept} if configuration.is_whole else dict(kept)

    @operation(f"s3:{configuration.delete}", asks=put_asks, writes=True)
    def delete(call: Call, desk: Desk) -> Output:
        drop_setting(desk, find_bucket(call, desk).bucket, configuration.setting)
        return {}


for each in CONFIGURATIONS:
    offer(each)


@operation("s3:PutPublicAccessBlock", asks=on_bucket("s3:PutBucketPublicAccessBlock"), writes=True)
def put_public_access_block(call: Call, desk: Desk) -> Output:
    """Set the four switches; those that are not named are off."""
    wished = call.input["PublicAccessBlockConfiguration"]
    switches = {name: bool(wished.get(name, False)) for name in public_access.ALL}
    keep_setting(desk, find_bucket(call, desk).bucket, public_access.SETTING, switches)
    return {}


@operation("s3:GetPublicAccessBlock", asks=on_bucket("s3:GetBucketPublicAccessBlock"))
def get_public_access_block(call: Call, desk: Desk) -> Output:
    """The four switches. Raises NoSuchPublicAccessBlockConfiguration once they were taken away."""
    bucket = find_bucket(call, desk).bucket
    switches = public_access.blocks(bucket)
    if not switches:
        raise public_access.no_configuration(bucket)
    return {"PublicAccessBlockConfiguration": dict(switches)}


@operation(
    "s3:DeletePublicAccessBlock", asks=on_bucket("s3:PutBucketPublicAccessBlock"), writes=True
)
def delete_public_access_block(call: Call, desk: Desk) -> Output:
    """Turn the four switches off."""
    keep_setting(desk, find_bucket(call, desk).bucket, public_access.SETTING, {})
    return {}


@operation("s3:GetBucketRequestPayment", asks=on_bucket("s3:GetBucketRequestPayment"))
def get_bucket_request_payment(call: Call, desk: Desk) -> Output:
    """The owner pays: nobody is billed here."""
    find_bucket(call, desk)
    return {"Payer": "BucketOwner"}


@operation("s3:PutBucketRequestPayment", asks=on_bucket("s3:PutBucketRequestPayment"), writes=True)
def put_bucket_request_payment(call: Call, desk: Desk) -> Output:
    """Say that the owner pays. Raises NotImplemented for anybody else."""
    if call.input["RequestPaymentConfiguration"]["Payer"] != "BucketOwner":
        raise not_implemented("Payer")
    return {}


@operation("s3:PutBucketAbac", asks=on_bucket("s3:PutBucketABAC"), writes=True)
def put_bucket_abac(call: Call, desk: Desk) -> Output:
    """Let access go by the bucket's tags (Enabled) or not (Disabled). Raises MalformedXML."""
    status = call.input["AbacStatus"].get("Status")
    if status not in ("Enabled", "Disabled"):
        raise malformed_xml()
    keep_setting(desk, find_bucket(call, desk).bucket, ABAC, status)
    return {}


@operation("s3:GetBucketAbac", asks=on_bucket("s3:GetBucketABAC"))
def get_bucket_abac(call: Call, desk: Desk) -> Output:
    """Whether access goes by the bucket's tags."""
    status = find_bucket(call, desk).bucket.settings.get(ABAC, "Disabled")
    return {"AbacStatus": {"Status": status}}
