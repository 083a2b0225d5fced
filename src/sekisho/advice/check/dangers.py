"""The codes of what a policy grants, and to whom."""

from sekisho.advice.check.advice import Code, Severity

E, S, W, N = Severity.ERROR, Severity.SECURITY, Severity.WARNING, Severity.SUGGESTION

DANGERS = (
    Code(
        "AllowNotAction",
        "grant",
        S,
        "Allow with NotAction.",
        "It grants what nobody has listed, services that are yet to come too.",
    ),
    Code(
        "AllowNotResource",
        "grant",
        S,
        "Allow with NotResource.",
        "It grants what nobody has listed, resources that are yet to be made too.",
    ),
    Code(
        "AllowNotPrincipal",
        "grant",
        S,
        "Allow with NotPrincipal.",
        "It lets in everybody but a few, anonymous callers too.",
    ),
    Code(
        "AllValuesOfNone",
        "grant",
        S,
        "ForAllValues in an Allow, and no Null check.",
        "ForAllValues holds for requests that have not the key at all.",
    ),
    Code(
        "MfaSparesKeys",
        "grant",
        W,
        "A condition on MFA that long-term keys escape.",
        "aws:MultiFactorAuthPresent is absent from requests signed with long-term keys.",
    ),
    Code(
        "DenyStrikesServices",
        "grant",
        N,
        "A Deny by organization that strikes AWS services.",
        "Log delivery and the like act as service principals, which are in no organization.",
    ),
    Code(
        "PrincipalPattern",
        "principal",
        E,
        "A wildcard inside a principal.",
        "Principals are compared letter by letter; AWS refuses most of these.",
    ),
    Code(
        "PublicAccess",
        "principal",
        S,
        "A resource open to everybody.",
        "Anonymous callers are included.",
    ),
    Code(
        "ConfusedDeputy",
        "principal",
        S,
        "A service without a condition on its source.",
        "Another customer of the service can have it act on this resource.",
    ),
    Code(
        "NotPrincipalIncomplete",
        "principal",
        W,
        "NotPrincipal that lacks an account or a role.",
        "A caller is spared only if everything they are is listed: session, role and account.",
    ),
    Code(
        "NotPrincipalBoundary",
        "principal",
        N,
        "Deny with NotPrincipal.",
        "Callers with a permissions boundary are denied, listed or not.",
    ),
    Code(
        "OpenTrust",
        "trust",
        S,
        "A role that everybody can become.",
        "Any principal of any account can take the role's permissions.",
    ),
    Code(
        "AccountWideTrust",
        "trust",
        N,
        "Trust in a whole account without condition.",
        "Its administrators decide who can become the role, now and later.",
    ),
    Code(
        "ForeignTrust",
        "trust",
        W,
        "Trust in another account without sts:ExternalId.",
        "A third party can be tricked into using the role for another of its customers.",
    ),
    Code(
        "PerhapsForeignTrust",
        "trust",
        N,
        "Trust in an account that may be a third party's.",
        "A third party can be tricked into using the role for another of its customers; --account"
        " tells which account is yours.",
    ),
    Code(
        "PerhapsConfusedDeputy",
        "trust",
        N,
        "Trust in a service without a condition on its source.",
        "Some services can be made to use the role by another of their customers.",
    ),
    Code(
        "OpenFederation",
        "trust",
        S,
        "Trust in an identity provider without its aud or sub.",
        "Everybody that the provider vouches for can become the role.",
    ),
    Code(
        "FullAdmin",
        "privilege",
        S,
        "Every action on every resource.",
        "It is unlimited, also in what it can take back from others.",
    ),
    Code(
        "PassRoleAnywhere",
        "privilege",
        S,
        "iam:PassRole on every role, to every service.",
        "Whoever hands a stronger role to a service acts with it.",
    ),
    Code(
        "AssumeRoleAnywhere",
        "privilege",
        S,
        "sts:AssumeRole on every role of every account.",
        "Whoever lets this account in, by its root ARN, lets this identity in: nothing at home"
        " holds it back.",
    ),
    Code(
        "Escalation",
        "privilege",
        S,
        "An action that can take any permission.",
        "It is as much as full administration.",
    ),
    Code(
        "EscalationTogether",
        "privilege",
        S,
        "Actions that together can take a role's permissions.",
        "They are as much as the strongest role of the account.",
    ),
)
