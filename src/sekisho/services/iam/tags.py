"""Tags of IAM entities: which may be set, and what becomes of those that were (W-164, PE-169)."""

from collections.abc import Callable, Iterable, Mapping

from sekisho.access.context import ContextValue, passed_tags_context, tag_context
from sekisho.model.faults import Fault
from sekisho.services.iam.faults import over_quota
from sekisho.services.iam.paging import page_of
from sekisho.services.iam.quotas import TAGS
from sekisho.services.operation import Call, Output

RESERVED = "aws:"


def given_tags(call: Call) -> dict[str, str]:
    """The tags of the input, unchecked, for the condition keys of the request."""
    return {tag["Key"]: tag["Value"] for tag in call.input.get("Tags", ())}


def folded(key: str) -> str:
    """How keys of users and roles are compared: ignoring case (PE-169)."""
    return key.lower()


def exact(key: str) -> str:
    """How keys of everything else are compared: ``Costcenter`` and ``costcenter`` are two."""
    return key


def new_tags(call: Call) -> dict[str, str]:
    """The tags of the input.

    Raises InvalidInput for a key that is given twice (PE-205 has the sentence), or that starts
    with ``aws:``, which is reserved. Keys that differ only in case count as one, for policies too:
    the condition keys of the request could not tell them apart (PE-147).
    """
    given = call.input.get("Tags", ())
    if len({folded(tag["Key"]) for tag in given}) != len(given):
        said = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        raise Fault("InvalidInput", 400, said)
    if any(tag["Key"].lower().startswith(RESERVED) for tag in given):
        said = "aws: prefixed tag key names are not allowed for external use."
        raise Fault("InvalidInput", 400, said)
    return given_tags(call)


def with_tags(
    old: Mapping[str, str],
    new: Mapping[str, str],
    quota: str,
    same: Callable[[str], str] = folded,
) -> dict[str, str]:
    """The tags after a Tag call; a key that was set keeps its place and takes the new spelling.

    Raises LimitExceeded over 50.
    """
    replaced = {same(key): (key, value) for key, value in old.items()}
    replaced.update({same(key): (key, value) for key, value in new.items()})
    if len(replaced) > TAGS:
        raise over_quota(quota, TAGS)
    return dict(replaced.values())


def without_tags(
    old: Mapping[str, str], keys: Iterable[str], same: Callable[[str], str] = folded
) -> dict[str, str]:
    """The tags after an Untag call; keys that are not there are no fault."""
    gone = {same(key) for key in keys}
    return {key: value for key, value in old.items() if same(key) not in gone}


def shown_tags(tags: Mapping[str, str]) -> list[Output]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def listed_tags(call: Call, tags: Mapping[str, str]) -> Output:
    """The answer of a List…Tags call, sorted by key."""
    kept, rest = page_of(call, shown_tags(tags), lambda tag: str(tag["Key"]))
    return {"Tags": kept, **rest}


def resource_tags(tags: Mapping[str, str]) -> dict[str, ContextValue]:
    """aws:ResourceTag/… of what exists (PE-168, PE-178)."""
    return tag_context("aws:resourcetag", tags)


def tags_of_principal(tags: Mapping[str, str]) -> dict[str, ContextValue]:
    """The same of a user or role, and iam:ResourceTag/…, which nothing else has (PE-171)."""
    return {**resource_tags(tags), **tag_context("iam:resourcetag", tags)}


def tags_of_request(call: Call) -> dict[str, ContextValue]:
    """aws:RequestTag/… and aws:TagKeys of a call that creates, tags or untags (PE-168)."""
    if "TagKeys" in call.input:
        keys: tuple[str, ...] = tuple(call.input["TagKeys"])
        return {"aws:tagkeys": keys} if keys else {}
    return passed_tags_context(given_tags(call))


def tags_of_creation(call: Call) -> dict[str, ContextValue]:
    """The same, and aws:ResourceTag/…: what is created with a tag has it already (PE-178)."""
    return {**tags_of_request(call), **tag_context("aws:resourcetag", given_tags(call))}
