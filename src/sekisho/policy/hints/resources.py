"""Why a Resource element does not reach a resource that it seems to reach."""

from collections.abc import Iterator

from sekisho.policy.hints import CASE_ONLY, MOST_LOOKED_AT, NO_HINT, Hint
from sekisho.policy.hints.conditions import no_value
from sekisho.policy.patterns import compile_pattern, read_pattern
from sekisho.policy.question import Question
from sekisho.policy.resources import PARTS, compile_resources, read_resource
from sekisho.policy.variables import Variable, read_template
from sekisho.policy.words import say, shortened

S3 = "arn:aws:s3:::"
NAMES = ("", say("partition"), say("service"), say("region"), say("account"))


def resource_hint(question: Question, listed: tuple[str, ...]) -> Hint:
    """The first of the usual reasons; empty if these are simply others."""
    resource, some = question.resource, listed[:MOST_LOOKED_AT]
    if resource == "*":
        return Hint(say('; this action is asked for on no resource at all, which only "*" covers'))
    if any(text.lower() == resource.lower() for text in some):
        return Hint(CASE_ONLY)
    hints = (
        hint
        for find in (_of_s3, _of_variables, _of_the_end, _of_names, _of_parts)
        for text in some
        for hint in find(text, question)
    )
    return next(hints, NO_HINT)


def _of_s3(text: str, question: Question) -> Iterator[Hint]:
    resource = question.resource
    bucket, slash, _ = resource.removeprefix(S3).partition("/")
    if not resource.startswith(S3):
        return
    if slash and text == f"{S3}{bucket}":
        objects = f"{shortened(S3 + bucket)}/*"
        yield Hint(say("; that is the bucket, and {} are its objects", objects), _add(objects))
    elif not slash and text == f"{S3}{bucket}/*":
        yield Hint(say("; those are its objects, and {} is the bucket", shortened(S3 + bucket)))
    elif text.startswith("arn:aws:s3:") and not text.startswith(S3):
        bare = S3 + text.split(":", PARTS - 1)[-1]
        if _reaches(bare, question):
            yield Hint(
                say("; the ARN of a bucket has neither region nor account"),
                say("write {} in", shortened(bare)),
            )


def _of_variables(text: str, question: Question) -> Iterator[Hint]:
    """Variables without a value, or in a document whose version knows none."""
    if "${" not in text:
        return
    for part in read_template(text, wildcards=True, variables=True):
        if isinstance(part, Variable) and part.default is None:
            if part.key not in question.context:
                yield no_value(part.key)
            elif not isinstance(question.context[part.key], str):
                yield Hint(
                    say("; ${{{}}} has several values, and stands for none", shortened(part.key))
                )
    if _reaches(text, question):
        yield Hint(
            say('; without "Version": "2012-10-17" a variable is plain text'),
            say('put "Version": "2012-10-17" into the policy with'),
        )


def _of_the_end(text: str, question: Question) -> Iterator[Hint]:
    """What lies beneath the resource, or only the beginning of it."""
    resource = question.resource
    if text[-2:] in ("/*", ":*") and _matches(text[:-2], resource):
        yield Hint(say("; that is what lies beneath it, and not itself"))
    elif (
        len(text.split(":")) >= PARTS and not text.endswith("*") and _matches(text + "*", resource)
    ):
        yield Hint(say("; this one only begins so, and there is no * at the end"))


def _of_names(text: str, question: Question) -> Iterator[Hint]:
    """Users and roles: the path belongs to the ARN, and a session is not its role (PE-52)."""
    resource = question.resource
    if not resource.startswith("arn:aws:iam:"):
        return
    kind, _, rest = resource.split(":", PARTS - 1)[-1].partition("/")
    account, name = resource.split(":")[4], rest.rpartition("/")[2]
    if kind == "role" and text.startswith(f"arn:aws:sts::{account}:assumed-role/{name}/"):
        yield Hint(say("; that is a session of the role, and not the role"))
    beginning = f"arn:aws:iam::{account}:{kind}/"
    if text.startswith(beginning) and text.rpartition("/")[2] == name:
        yield Hint(say("; its path is /{}", shortened(rest.removesuffix(name))))


def _of_parts(text: str, question: Question) -> Iterator[Hint]:
    """ARNs that differ in one of their first parts, or have too few (PE-44, PE-45)."""
    wanted, seen = text.split(":", PARTS - 1), question.resource.split(":", PARTS - 1)
    if len(seen) < PARTS or wanted[0] != "arn":
        return
    if len(wanted) < PARTS:
        if _reaches(text, question):
            yield Hint(say("; here an ARN must have all of its six parts"))
        return
    if not _matches(wanted[-1], seen[-1]):
        return
    differing = [at for at in range(1, PARTS - 1) if not _matches(wanted[at], seen[at])]
    if len(differing) == 1:
        (at,) = differing
        there, here = shortened(wanted[at]), shortened(seen[at])
        yield Hint(say('; the {} there is "{}", and here it is "{}"', NAMES[at], there, here))


def _add(pattern: str) -> str:
    return say("add {} to Resource of", pattern)


def _reaches(text: str, question: Question) -> bool:
    pattern = read_resource(text, variables=True, complete=True)
    return pattern is not None and compile_resources([pattern])(question.resource, question.context)


def _matches(text: str, whole: str) -> bool:
    """Whether a pattern matches; most do not, and are found out by their beginnings."""
    literal = text.partition("*")[0].partition("?")[0]
    if len(literal) == len(text):
        return text == whole
    return whole.startswith(literal) and compile_pattern(read_pattern(text))(whole)
