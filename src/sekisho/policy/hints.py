"""The usual reasons behind a near miss, told after it; empty where none of them is seen.

Each begins with a semicolon, so that it can follow what was wanted and what was seen.
"""

from sekisho.model.principal import Principal, PrincipalKind
from sekisho.policy.operators import OPERATORS, Condition, Quantifier, split_quantifier
from sekisho.policy.patterns import compile_pattern, read_pattern
from sekisho.policy.question import Question
from sekisho.policy.resources import compile_resources, read_resource
from sekisho.policy.variables import Variable, read_template
from sekisho.policy.words import shortened

S3 = "arn:aws:s3:::"
MOST_LOOKED_AT = 20
CASE_ONLY = "; they differ in upper and lower case only"


def principal_hint(principal: Principal, listed: tuple[str, ...]) -> str:
    own = {principal.arn, principal.role_arn} - {""}
    if own & set(listed):
        return (
            ", who was made anew since the policy was saved; saving the policy again names"
            " the new one"
        )
    if {name.lower() for name in own} & {value.lower() for value in listed}:
        return CASE_ONLY
    if any("*" in value and value != "*" for value in listed):
        return "; a wildcard inside a principal matches nobody"
    if principal.kind is PrincipalKind.ROLE_SESSION:
        return f", a session of {shortened(principal.role_arn)}"
    return ""


def resource_hint(question: Question, listed: tuple[str, ...]) -> str:
    """Variables without value, old versions, the letters' case, and buckets for their objects."""
    resource = question.resource
    some = listed[:MOST_LOOKED_AT]
    if any(text.lower() == resource.lower() for text in some):
        return CASE_ONLY
    bucket, slash, _ = resource.removeprefix(S3).partition("/")
    if resource.startswith(S3):
        if slash and f"{S3}{bucket}" in some:
            return f"; that is the bucket, and {S3}{bucket}/* are its objects"
        if not slash and f"{S3}{bucket}/*" in some:
            return f"; those are its objects, and {S3}{bucket} is the bucket"
    for text in some:
        if "${" not in text:
            continue
        for part in read_template(text, wildcards=True, variables=True):
            if isinstance(part, Variable) and part.default is None:
                if part.key not in question.context:
                    return f"; ${{{shortened(part.key)}}} has no value in this request"
                if not isinstance(question.context[part.key], str):
                    return f"; ${{{shortened(part.key)}}} has several values, and stands for none"
        pattern = read_resource(text, variables=True, complete=True)
        if pattern is not None and compile_resources([pattern])(resource, question.context):
            return '; without "Version": "2012-10-17" a variable is plain text'
    return ""


def condition_hint(condition: Condition, question: Question) -> str:
    """What the operator cannot do with what the request has."""
    seen, listed = question.context.get(condition.key, ()), condition.clause.values
    quantifier, operator = split_quantifier(condition.clause.operator)
    if seen == ():
        return ""
    if not isinstance(seen, str):
        if quantifier is Quantifier.ONE:
            return "; a key with several values needs ForAnyValue: or ForAllValues:"
        return ""
    match = OPERATORS[operator.removesuffix("IfExists")].make(listed, True)
    if match(seen, question.context) is None:
        return "; what the request has is not of the operator's type"
    if condition.negated:
        return ""
    some = listed[:MOST_LOOKED_AT]
    if any(text.lower() == seen.lower() for text in some):
        return CASE_ONLY
    if operator.startswith("StringEquals") and any(
        ("*" in text or "?" in text) and compile_pattern(read_pattern(text))(seen) for text in some
    ):
        return "; StringEquals takes * and ? for letters, StringLike does not"
    return ""
