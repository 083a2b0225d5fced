"""Tags of objects and of buckets: put, got and taken away."""

from collections.abc import Mapping, Sequence

from sekisho.access.context import ContextValue, passed_tags_context
from sekisho.access.decide import Ask
from sekisho.directory.queries import objects
from sekisho.model.faults import Fault
from sekisho.model.records import StoredObject
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.asks import (
    ABAC,
    bucket_ask,
    find_bucket,
    on_bucket,
    on_object,
    request_tags,
    version_ask,
)
from sekisho.services.s3.faults import malformed_xml
from sekisho.services.s3.objects import shown_version
from sekisho.services.s3.reading import find_object
from sekisho.services.s3.settings import drop_setting, keep_setting
from sekisho.services.s3.tags import (
    MOST_BUCKET_TAGS,
    MOST_OBJECT_TAGS,
    shown_tags,
    tags_of_document,
)


def tagging_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    """s3:PutObjectTagging, told of the tags that are there and of those that are to come."""
    ask = version_ask(call, desk, "s3:PutObjectTagging")
    wished = tags_of_document(call.input["Tagging"], MOST_OBJECT_TAGS)
    return (ask._replace(context={**ask.context, **request_tags(wished)}),)


@operation("s3:PutObjectTagging", asks=tagging_asks, writes=True)
def put_object_tagging(call: Call, desk: Desk) -> Output:
    """Give an object, or a version, these tags and no others. Raises InvalidTag, BadRequest."""
    stored = find_object(call, desk)
    tags = tags_of_document(call.input["Tagging"], MOST_OBJECT_TAGS)
    return tagged(call, desk, stored, tags)


def tagged(call: Call, desk: Desk, stored: StoredObject, tags: dict[str, str]) -> Output:
    objects.change_object(desk.tx, stored, tags=tags)
    return shown_version(find_bucket(call, desk).bucket, stored)


@operation("s3:GetObjectTagging", asks=on_object("s3:GetObjectTagging"))
def get_object_tagging(call: Call, desk: Desk) -> Output:
    """The tags of an object, or of a version."""
    stored = find_object(call, desk)
    shown = shown_version(find_bucket(call, desk).bucket, stored)
    return {"TagSet": shown_tags(stored.tags), **shown}


@operation("s3:DeleteObjectTagging", asks=on_object("s3:DeleteObjectTagging"), writes=True)
def delete_object_tagging(call: Call, desk: Desk) -> Output:
    """Take the tags of an object, or of a version, away."""
    return tagged(call, desk, find_object(call, desk), {})


def bucket_tagging_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    """s3:PutBucketTagging; where access goes by tags, to give and take them is a thing apart."""
    held = find_bucket(call, desk)
    asks = [bucket_ask(call, held, "s3:PutBucketTagging")]
    if held.bucket.settings.get(ABAC) != "Enabled":
        return asks
    wished = tags_of_document(call.input.get("Tagging", {}), MOST_BUCKET_TAGS)
    standing = held.bucket.tags
    given = {key: value for key, value in wished.items() if standing.get(key) != value}
    taken = tuple(key for key in standing if key not in wished)
    if given:
        asks.append(asking(bucket_ask(call, held, "s3:TagResource"), passed_tags_context(given)))
    if taken:
        asks.append(asking(bucket_ask(call, held, "s3:UntagResource"), {"aws:tagkeys": taken}))
    return asks


def asking(ask: Ask, more: Mapping[str, ContextValue]) -> Ask:
    return ask._replace(context={**ask.context, **more})


@operation("s3:PutBucketTagging", asks=bucket_tagging_asks, writes=True)
def put_bucket_tagging(call: Call, desk: Desk) -> Output:
    """Give a bucket these tags and no others. Raises InvalidTag, BadRequest."""
    bucket = find_bucket(call, desk).bucket
    if "TagSet" not in call.input["Tagging"]:
        raise malformed_xml()
    tags = tags_of_document(call.input["Tagging"], MOST_BUCKET_TAGS)
    keep_setting(desk, bucket, "tags", tags)
    return {}


@operation("s3:GetBucketTagging", asks=on_bucket("s3:GetBucketTagging"))
def get_bucket_tagging(call: Call, desk: Desk) -> Output:
    """The tags of a bucket. Raises NoSuchTagSet (W-302)."""
    bucket = find_bucket(call, desk).bucket
    if not bucket.tags:
        message = "The TagSet does not exist"
        raise Fault("NoSuchTagSet", 404, message, {"BucketName": bucket.name})
    return {"TagSet": shown_tags(bucket.tags)}


@operation("s3:DeleteBucketTagging", asks=bucket_tagging_asks, writes=True)
def delete_bucket_tagging(call: Call, desk: Desk) -> Output:
    """Take a bucket's tags away; done as well if it has none."""
    drop_setting(desk, find_bucket(call, desk).bucket, "tags")
    return {}
