"""Rules on the document as a whole: would AWS take it?"""

from collections.abc import Iterator

from sekisho.advice.check.advice import Remark
from sekisho.advice.check.draft import Draft
from sekisho.advice.check.kinds import Kind
from sekisho.policy import PolicyType, measured_size, refusal
from sekisho.policy.document import VERSION_2012


def refused(text: str, kind: Kind) -> Iterator[Remark]:
    """AWS's refusal, where it has one; of a text that may not be readable."""
    sentence = refusal(text, kind.type) if kind.type else None
    if sentence is not None:
        yield Remark("Refused", (), f"AWS refuses this as a {kind.title}: {sentence.strip()}")


def check_size(draft: Draft) -> Iterator[Remark]:
    """PE-60, PE-61."""
    kind = draft.kind
    size = measured_size(draft.text) if kind.ignores_space else len(draft.text)
    counted = "without white space" if kind.ignores_space else "white space included"
    if kind.most and size > kind.most:
        said = f"a {kind.title} has at most {kind.most} characters, {counted}; this one has {size}"
        yield Remark("OverQuota", (), said)
    elif kind.usual and size > kind.usual:
        said = f"this has {size} characters, {counted}; {_within(kind)}"
        yield Remark("OverUsualQuota", (), said)


def _within(kind: Kind) -> str:
    if kind.name == "trust":
        return f"more than {kind.usual} need a higher quota"
    return f"more than {kind.usual} fit only inline into a role"


def check_version(draft: Draft) -> Iterator[Remark]:
    """PE-9, PE-10; where AWS insists on the version, it is refused."""
    if draft.policy.version != VERSION_2012 and draft.kind.type is not PolicyType.IDENTITY:
        said = f'this is not of version "{VERSION_2012}", so that it has no variables'
        yield Remark("OldVersion", ("Version",), said)
