"""GetObjectAttributes: what is known of an object without its bytes, of its parts too."""

from collections.abc import Sequence

from sekisho.access.decide import Ask
from sekisho.directory.queries import parts
from sekisho.model.records import StoredObject
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.asks import find_bucket, version_ask
from sekisho.services.s3.digests import MEMBER_OF, checksum_type, shown_checksums
from sekisho.services.s3.faults import invalid_argument
from sekisho.services.s3.objects import shown_version
from sekisho.services.s3.part_lists import bounded, part_marker
from sekisho.services.s3.reading import find_object

ATTRIBUTES = frozenset({"ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"})


def attribute_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    """To read the object as well as its attributes (S3 API Reference, GetObjectAttributes)."""
    wished = call.input["ObjectAttributes"]
    if not wished or not ATTRIBUTES.issuperset(wished):
        named = next((name for name in wished if name not in ATTRIBUTES), "")
        message = "Invalid attribute name specified."
        raise invalid_argument("x-amz-object-attributes", named, message)
    actions = ("s3:GetObject", "s3:GetObjectAttributes")
    return tuple(version_ask(call, desk, action) for action in actions)


@operation("s3:GetObjectAttributes", asks=attribute_asks)
def get_object_attributes(call: Call, desk: Desk) -> Output:
    """The attributes that are asked for.

    Input: ObjectAttributes (ETag, Checksum, ObjectParts, StorageClass, ObjectSize), MaxParts
        (1,000 at most and by default), PartNumberMarker. Raises NoSuchKey, InvalidArgument.
    """
    stored = find_object(call, desk)
    wished = frozenset(call.input["ObjectAttributes"])
    output: Output = {"LastModified": stored.modified}
    output |= shown_version(find_bucket(call, desk).bucket, stored)
    if "ETag" in wished:
        output["ETag"] = stored.etag
    if "Checksum" in wished and stored.checksums:
        output["Checksum"] = shown_checksums(stored)
    if "ObjectParts" in wished and stored.parts:
        output["ObjectParts"] = shown_parts(call, desk, stored)
    if "StorageClass" in wished:
        output["StorageClass"] = "STANDARD"
    if "ObjectSize" in wished:
        output["ObjectSize"] = stored.size
    return output


def shown_parts(call: Call, desk: Desk, stored: StoredObject) -> Output:
    """How many parts there are; each of them where their checksums were kept for the client."""
    most, marker = bounded(call, "MaxParts", "max-parts"), part_marker(call)
    shown: Output = {"TotalPartsCount": stored.parts}
    if checksum_type(stored) != "COMPOSITE":
        return shown
    found = parts.list_parts(desk.tx, stored.blob, marker, most + 1)
    page = found[:most]
    shown |= {
        "PartNumberMarker": marker,
        "NextPartNumberMarker": page[-1].number if page else 0,
        "MaxParts": most,
        "IsTruncated": len(found) > most,
        "Parts": [
            {
                "PartNumber": part.number,
                "Size": part.size,
                **{MEMBER_OF[name]: value for name, value in part.checksums.items()},
            }
            for part in page
        ],
    }
    return shown
