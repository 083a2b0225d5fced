"""Rules on the document as a whole: would AWS take it?"""

from collections.abc import Iterator

from sekisho.advice.check.advice import Remark
from sekisho.advice.check.draft import Draft
from sekisho.advice.check.kinds import Kind
from sekisho.policy import QUOTAS, PolicyType, refusal, size_as
from sekisho.policy.document import VERSION_2012
from sekisho.policy.words import say

IDENTITY_TYPES = frozenset({PolicyType.IDENTITY, PolicyType.MANAGED, PolicyType.BOUNDARY})
EVERYTHING = say("characters, white space included")
COUNTED = {
    PolicyType.SESSION: EVERYTHING,
    PolicyType.SCP: EVERYTHING,
    PolicyType.RCP: EVERYTHING,
    PolicyType.ENDPOINT: EVERYTHING,
    PolicyType.BUCKET: say("bytes, white space included"),
}


def refused(text: str, kind: Kind) -> Iterator[Remark]:
    """AWS's refusal, where it has one; of a text that may not be readable."""
    sentence = refusal(text, kind.type) if kind.type else None
    if sentence is not None:
        yield Remark(
            "Refused", (), say("AWS refuses this {}: {}", say(kind.title), sentence.strip())
        )


def check_size(draft: Draft) -> Iterator[Remark]:
    """PE-60, PE-61."""
    kind = draft.kind
    if kind.type is None:
        return
    quota, size = QUOTAS[kind.type], size_as(draft.text, kind.type)
    most, usual = kind.widest or quota, kind.usual or quota
    counted = COUNTED.get(kind.type, say("characters, without white space"))
    if size > most:
        said = say("a {} has at most {} {}; this one has {}", say(kind.title), most, counted, size)
        yield Remark("OverQuota", (), said)
    elif size > usual:
        beyond = say("need a higher quota") if kind.widest else say("fit only inline into a role")
        said = say("this has {} {}; more than {} {}", size, counted, usual, beyond)
        yield Remark("OverUsualQuota", (), said)


def check_version(draft: Draft) -> Iterator[Remark]:
    """PE-9, PE-10; where AWS insists on the version, it is refused."""
    if draft.policy.version != VERSION_2012 and draft.kind.type not in IDENTITY_TYPES:
        said = say('this is not of version "{}", so that it has no variables', VERSION_2012)
        yield Remark("OldVersion", ("Version",), said)
