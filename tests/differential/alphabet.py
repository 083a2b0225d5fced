"""Small alphabets, so that what policies say and what is asked meet."""

from sekisho.model.principal import (
    ANONYMOUS,
    Principal,
    PrincipalKind,
    federated_identity,
    root_principal,
    session_principal,
    user_principal,
)
from sekisho.policy import NamedPrincipal

A, B = "111111111111", "222222222222"
USER, OTHER, ALIEN = (
    f"arn:aws:iam::{A}:user/u",
    f"arn:aws:iam::{A}:user/v",
    f"arn:aws:iam::{B}:user/u",
)
ROLE = f"arn:aws:iam::{A}:role/p/r"
SESSION = f"arn:aws:sts::{A}:assumed-role/r/s"
GUEST = f"arn:aws:sts::{A}:federated-user/g"
CANONICAL = "79a5" * 16
USER_ID, ROLE_ID = "AIDAUUUUUUUUUUUUUUUU1", "AROARRRRRRRRRRRRRRRR1"
FORMER_USER, FORMER_ROLE = "AIDAFORMERFORMERFORM1", "AROAFORMERFORMERFORM1"

PROVIDER = "accounts.google.com"
SPONSOR = user_principal(A, USER, USER_ID, "u")
GUEST_PRINCIPAL = Principal(PrincipalKind.FEDERATED_USER, A, GUEST, A, "g")
# Each with its sponsor; those that come twice are asked for more often.
PRINCIPALS: tuple[tuple[Principal, Principal | None], ...] = (
    (SPONSOR, None),
    (SPONSOR, None),
    (user_principal(A, OTHER, "AIDAVVVVVVVVVVVVVVVV1", "v"), None),
    (user_principal(B, ALIEN, "AIDAWWWWWWWWWWWWWWWW1", "u"), None),
    (session_principal(A, ROLE, ROLE_ID, "r", "s"), None),
    (session_principal(A, ROLE, ROLE_ID, "r", "s"), None),
    (session_principal(A, ROLE, ROLE_ID, "r", "t"), None),
    (session_principal(B, f"arn:aws:iam::{B}:role/r", "AROAQQQQQQQQQQQQQQQQ1", "r", "s"), None),
    (root_principal(A), None),
    (root_principal(B), None),
    (GUEST_PRINCIPAL, SPONSOR),
    (GUEST_PRINCIPAL, None),
    (Principal(PrincipalKind.SERVICE, "", "", "", "x.amazonaws.com"), None),
    (Principal(PrincipalKind.SERVICE, "", "", "", "y.amazonaws.com"), None),
    (ANONYMOUS, None),
    (federated_identity(PROVIDER, "subject"), None),
)
NAMED = (
    *(NamedPrincipal("AWS", name) for name in (
        "*", A, f"arn:aws:iam::{A}:root", B, USER, USER, ALIEN, ROLE, ROLE, SESSION, GUEST, USER_ID,
        ROLE_ID, FORMER_USER, OTHER, f"arn:aws:iam::{A}:user/*", f"arn:aws:iam::{A}:role/r",
        f"arn:aws:iam::{A}:user/U", f"{A}*", SESSION[:-1] + "*", "anonymous", "", "x.amazonaws.com",
    )),
    NamedPrincipal("Service", "x.amazonaws.com"),
    NamedPrincipal("Service", "x.amazonaws.com"),
    NamedPrincipal("Service", "*"),
    NamedPrincipal("Federated", "accounts.google.com"),
    NamedPrincipal("Federated", "x.amazonaws.com"),
    NamedPrincipal("CanonicalUser", CANONICAL),
    NamedPrincipal("CanonicalUser", A),
)  # fmt: skip
BINDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (USER, (USER_ID, FORMER_USER)),
    (ROLE, (ROLE_ID, FORMER_ROLE)),
    (CANONICAL, (A, B)),
)

ACTIONS = (
    "s3:GetObject",
    "s3:GetObject",
    "s3:PutObject",
    "s3:getObject",
    "s3:ListBucket",
    "iam:GetObject",
)
ASSUME, DECRYPT = "sts:AssumeRole", "kms:Decrypt"
ACTION_PATTERNS = (
    "*", "s3:*", "S3:getobject", "s3:GetObject", "s3:Get*", "s3:?etObject", "s3:*Object",
    "s3:*t*j*t",
    "s3:P?tO*", "*:GetObject", "*:*", "s*:Get*", "s?:*", "s3:*get*tobj*", "s3:getobj*bject",
    "s3:ListBucket", "s3:**", "s3:GetObject?", "s3*:GetObject",
    "s?:GetObject", "s3:", "s3", "**", "s3:Get Object", "s3:GetObject ", "iam:*", "sts:*",
    "sts:AssumeRole", "sts:assume*", "kms:Decrypt", "kms:*", "*:*e*",
)  # fmt: skip

ROLE_RESOURCE, KEY = f"arn:aws:iam::{A}:role/p/r", f"arn:aws:kms:eu:{A}:key/1"
RESOURCES = (
    "arn:aws:s3:::b/k", "arn:aws:s3:::b/k", "arn:aws:s3:::b/d/k", "arn:aws:s3:::b",
    "arn:aws:s3:::bb/k",
    "arn:aws:s3:::b/K", "arn:aws:s3:::b/a:k", "arn:aws:s3:::b/*", "arn:aws:s3:::b/",
    "arn:aws:s3:::b/?k",
    f"arn:aws:q:eu:{A}:b/k", f"arn:aws:q:eu:{A}:b:k", "arn:aws-cn:s3:::b/k", "*",
)  # fmt: skip
RESOURCE_PATTERNS = (
    "*", "**", "arn:*", "arn:aws:s3", "arn:aws:s3:*", "arn:aws:s3:::*", "arn:aws:s3:::b",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b*", "arn:aws:s3:::*k", "arn:aws:s3:::b/k", "arn:aws:s3:::?/k", "arn:*:*:*:*:b/k",
    "arn:aws:*:::b/k", "arn:aws:q:*:*:b/*", "arn:aws:q:*:b/k", "arn:aws:q:eu:*b/k",
    "arn:aws:s?:::b/*",
    "ARN:aws:s3:::b/k", "a*:aws:s3:::b/k", "arn:aws:s3:::B/*", "arn:aws:s3:b",
    "arn:aws:s3:::b/**k", "a*", "arn:aws:s3:::b/*/k", "arn:aws:s3:::*b/*/k*", "arn:aws:s3:::?/?",
    "arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::${K:S}/*", "arn:aws:s3:::b/${k:none, 'k'}",
    "arn:aws:s3:::b/${k:none}", "arn:aws:s3:::b/${*}", "arn:aws:s3:::b/${?}k",
    "arn:aws:s3:::b/${k:s}*",
    "arn:aws:s3:::b/${k:m}", "arn:aws:s3:::${k:none,'b'}/k", "arn:aws:s3:::b/${k:s, 'k'}", "*:*",
    "",
    "arn:aws:s3:::b/${k none}*", "arn:aws:${k:s}:::b/k", "arn:aws:s3:::b/${",
    "arn:aws:s3:::b/${k:m, 'k'}",
    f"arn:aws:iam::{A}:role/*", f"arn:aws:kms:eu:{A}:key/*", f"arn:aws:*:*:{A}:*",
)  # fmt: skip

CONTEXT: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "aws:username": ("u", "k", "*", ""),
    "k:s": ("a", "b", "ab", "A", "", "*", "?", "k", "d/k", ("a",), ()),
    "k:m": ("a", (), ("a",), ("b",), ("a", "b"), ("a", "c"), ("",), ("", "a"), ("", "")),
    "k:n": ("1", "1.0", "2", "-1", "+1", ".5", "x", "", ("1", "2"), ("1", "x")),
    "k:d": (
        "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2025-12-31T23:59:59.5Z", "1767225600",
        "2026-01-01", "soon", "2026-03-02T00:00Z", ("2026-01-01", "soon"),
    ),
    "k:b": ("true", "TRUE", "false", "1", "", ("true", "false")),
    "k:y": ("YQ==", "YQ", "YWI=", "a b", "", ("YQ==", "YWI=")),
    "k:i": (
        "10.0.0.1", "10.1.2.3", "::1", "::ffff:10.0.0.1", "2001:db8::1", "home", "10.0.0.1/32",
        "192.168.0.1", ("10.0.0.1", "::1"), ("10.0.0.1", "home"), "fe80::1%eth0",
    ),
    "k:r": (
        USER, ROLE, SESSION, "arn:aws:x:y:z:a/b:c", "user/u", "*", "arn:aws:iam", (USER, ROLE),
        "a:b:c:d:e:f",
    ),
}  # fmt: skip
TEXTS = (
    "a", "b", "A", "ab", "*", "a*", "?", "a?", "*b", "", "${k:s}", "${aws:username}", "${K:S}*",
    "${*}",
    "${k:none}", "${k:none, 'a'}", "${k:none,'b'}", "${k:m}", "${k:m, 'a'}", "${?}", "a${$}",
    "${k s}", "**",
    "${", "${k:s}b", "${k:none, ''}", "${k:none, 'a*'}", "k", "*/k", "${k:none, 'a}", "a*a",
    "*a*ab*", "*ab*b*", "?*b", "*?*",
    "${aws:username, 'a'}",
)  # fmt: skip
LISTED: dict[str, tuple[str, ...]] = {
    "String": TEXTS,
    "Numeric": ("1", "1.0", "2", "0", "-1", "+1", "0.5", "x", "", "1e0", "${k:n}"),
    "Date": (
        "2026-01-01", "2026-01", "1767225600", "2026-01-01T00:00:00Z", "2025-12-31T23:00-01:00",
        "2026", "x",
        "2026-02-30", "2026-01-01T00:00:00", "2025-12-31T23:59:59.500Z", "2026-13-01",
        "2026-01-01T24:00Z",
        "2024-02-29", "1999-12-31", "2026-01-01t00:00z",
    ),
    "Bool": ("true", "True", "false", "1", "", "${k:b}"),
    "Binary": ("YQ==", "YWI=", "YQ", "", "*"),
    "Ip": (
        "10.0.0.0/8", "10.0.0.1", "10.1.2.3/8", "0.0.0.0/0", "::/0", "::1", "::ffff:10.0.0.1",
        "10.0.0.1/33",
        "2001:db8::/32", "::ffff:10.0.0.0/104", "home", "10.0.0.0/", "10.0.0.0/255.0.0.0",
        "10.0.0.0/31",
        "::ffff:0:0/95", "192.168.0.0/16", "::1/129",
    ),
    "Arn": (
        USER, ROLE, SESSION, "*", "arn:*", "arn:*:*:*:*:*", f"arn:aws:iam::{A}:*",
        "arn:aws:iam::*:user/*",
        "arn:aws:iam:*:user/u", "arn:aws:*:y:z:*c", "arn:aws:x:*:c", "arn:aws:x:y:z:a/b:*",
        "arn:*:x:*:*:a/*:c", "arn:aws:x:y:z:a/b:*:*", "${k:r}",
        f"arn:aws:iam::{A}:user/${{k:s}}",
        "${k:none}", "${k:none, 'arn:aws:iam'}::*:*", "arn:aws:iam::1?1111111111:*",
        "arn:AWS:iam::*:*", "user/u",
        "${k:s}*", "a:b:c:d:e:f", "*:*:*:*:*:*", f"arn:aws:iam::{A}:user/*${{*}}", "**",
    ),
}  # fmt: skip
KEYS = {
    "String": ("k:s", "k:m", "aws:username", "k:r", "K:S"),
    "Numeric": ("k:n", "K:n"),
    "Date": ("k:d", "k:n"),
    "Bool": ("k:b",),
    "Binary": ("k:y",),
    "Ip": ("k:i",),
    "Arn": ("k:r", "k:s"),
}
ABSENCES: tuple[tuple[str, ...], ...] = (
    ("true",), ("false",), ("True", "x"), ("true", "false"), (),
)  # fmt: skip
OPERATORS: dict[str, tuple[str, ...]] = {
    "String": (
        "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase",
        "StringLike", "StringNotLike",
    ),
    "Numeric": (
        "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
        "NumericGreaterThan", "NumericGreaterThanEquals",
    ),
    "Date": (
        "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
        "DateGreaterThanEquals",
    ),
    "Bool": ("Bool",),
    "Binary": ("BinaryEquals",),
    "Ip": ("IpAddress", "NotIpAddress"),
    "Arn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"),
}  # fmt: skip
