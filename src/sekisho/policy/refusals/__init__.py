"""Whether AWS would save a text as a policy of a kind, and in which words it would refuse."""

from sekisho.policy.document import PolicyType
from sekisho.policy.refusals import bucket, guardrail, identity, trust
from sekisho.policy.refusals.structure import Refused


def refusal(text: str | bytes, kind: PolicyType, *, bucket_name: str = "") -> str | None:
    """AWS's sentence, byte for byte; None if AWS would save the text. Bytes are UTF-8.

    Only the text is judged: whether the principals exist is asked elsewhere (PE-33), as is the
    size (PE-61). Whatever is not refused, `parse_policy` reads. Where several faults are present
    the sentence is the one AWS says first (PE-69, PE-72, PE-79).

    bucket_name: of a BUCKET policy, the bucket it is for; its resources must then lie in it.
    """
    if isinstance(text, bytes):
        text = text.decode(errors="surrogateescape")  # bytes that are no text are no JSON either
    try:
        match kind:
            case PolicyType.IDENTITY | PolicyType.MANAGED | PolicyType.BOUNDARY:
                identity.check(text)
            case PolicyType.SESSION:
                identity.check_session(text)
            case PolicyType.TRUST:
                trust.check(text)
            case PolicyType.BUCKET:
                bucket.check(text, bucket_name)
            case PolicyType.SCP | PolicyType.RCP | PolicyType.ENDPOINT:
                guardrail.check(text, kind)
    except Refused as refused:
        return refused.sentence
    return None
