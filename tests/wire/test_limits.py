"""How long and how many members of IAM and STS may be, figure by figure (PE-62, PE-63, W-97)."""

import pytest

from sekisho.model.faults import Fault
from sekisho.wire.route import find_route
from wire.test_query import IAM, STS, call, form

LONGER = "Member must have length less than or equal to {}"
SHORTER = "Member must have length greater than or equal to {}"
MORE = "Member must have value less than or equal to {}"
LESS = "Member must have value greater than or equal to {}"


def clauses(version: str, action: str, member: str, given: dict[str, str]) -> list[str]:
    """What is said of one member of a call; ``rule`` if it is a sentence of IAM's own (PE-78)."""
    request = call(form(action, version, **{"UserName": "u", **given}))
    route = find_route(request)
    assert route.fault is None
    try:
        route.parse(request)
    except Fault as fault:
        if fault.code == "MalformedInput" or "specified value for" in fault.message:
            return [fault.code]
        told = fault.message.partition(" detected: ")[2].split("; ")
        return [one.partition("constraint: ")[2] for one in told if f"at '{member}'" in one]
    return []


def spoken(member: str) -> str:
    return member[:1].lower() + member[1:]


# Action, member, shortest and longest; and a letter that its pattern takes.
TEXTS = [
    # PE-63, W-97
    ("AssumeRole", "RoleArn", 20, 2048, "1"),
    ("AssumeRole", "RoleSessionName", 2, 64, "@"),
    ("AssumeRole", "Policy", 1, None, "\u00ff"),
    ("AssumeRole", "ExternalId", 2, 1224, "/"),
    ("AssumeRole", "SerialNumber", 9, 256, "/"),
    ("AssumeRole", "TokenCode", 6, 6, "1"),
    ("AssumeRole", "SourceIdentity", 2, 64, "="),
    # W-98
    ("AssumeRoleWithSAML", "RoleArn", 20, 2048, "1"),
    ("AssumeRoleWithSAML", "PrincipalArn", 20, 2048, "1"),
    ("AssumeRoleWithSAML", "SAMLAssertion", 4, 100_000, "1"),
    # W-99
    ("AssumeRoleWithWebIdentity", "RoleSessionName", 2, 64, "@"),
    ("AssumeRoleWithWebIdentity", "WebIdentityToken", 4, 20_000, "1"),
    ("AssumeRoleWithWebIdentity", "ProviderId", 4, 2048, "1"),
    # W-100
    ("AssumeRoot", "TargetPrincipal", 12, 2048, "1"),
    # W-101
    ("GetFederationToken", "Name", 2, 32, "="),
    ("GetSessionToken", "SerialNumber", 9, 256, "/"),
    ("GetSessionToken", "TokenCode", 6, 6, "1"),
    # W-102
    ("GetAccessKeyInfo", "AccessKeyId", 16, 128, "A"),
    ("DecodeAuthorizationMessage", "EncodedMessage", 1, 10_240, "1"),
]
# PE-2, PE-62, W-161, W-210
TEXTS_OF_IAM = [
    ("CreateUser", "UserName", 1, 64, "@"),
    ("CreateRole", "RoleName", 1, 64, "="),
    ("CreateRole", "Description", None, 1000, "\u00ff"),
    ("CreateRole", "AssumeRolePolicyDocument", 1, 131_072, "\u00ff"),
    ("CreateGroup", "GroupName", 1, 128, "+"),
    ("CreatePolicy", "PolicyName", 1, 128, ","),
    ("CreatePolicy", "Description", None, 1000, "1"),
    ("CreatePolicy", "PolicyDocument", 1, 131_072, "\t"),
    ("PutUserPolicy", "PolicyName", 1, 128, "."),
    ("CreateInstanceProfile", "InstanceProfileName", 1, 128, "-"),
    ("CreateAccountAlias", "AccountAlias", 3, 63, "a"),
    ("DeleteAccessKey", "AccessKeyId", 16, 128, "A"),
    ("CreateSAMLProvider", "SAMLMetadataDocument", 1000, 10_000_000, None),
]


@pytest.mark.parametrize(
    ("version", "action", "member", "shortest", "longest", "letter"),
    [(STS, *one) for one in TEXTS] + [(IAM, *one) for one in TEXTS_OF_IAM],
)
def test_lengths_of_texts(
    version: str,
    action: str,
    member: str,
    shortest: int | None,
    longest: int | None,
    letter: str | None,
) -> None:
    def told(length: int) -> list[str]:
        return clauses(version, action, spoken(member), {member: (letter or "1") * length})

    if shortest is not None and shortest > 1:
        assert SHORTER.format(shortest) in told(shortest - 1)
        assert told(shortest) == []
    if longest is not None and letter is not None:
        assert told(longest) == []
        assert LONGER.format(longest) in told(longest + 1)


# Action, member, least and most: PE-63, W-97, W-100, W-101, W-103, PE-211.
NUMBERS = [
    (STS, "AssumeRole", "DurationSeconds", 900, 43_200),
    (STS, "AssumeRoleWithSAML", "DurationSeconds", 900, 43_200),
    (STS, "AssumeRoleWithWebIdentity", "DurationSeconds", 900, 43_200),
    (STS, "AssumeRoot", "DurationSeconds", 0, 900),
    (STS, "GetFederationToken", "DurationSeconds", 900, 129_600),
    (STS, "GetSessionToken", "DurationSeconds", 900, 129_600),
    (STS, "GetWebIdentityToken", "DurationSeconds", 60, 3600),
    (IAM, "CreateRole", "MaxSessionDuration", 3600, 43_200),
    (IAM, "ListUsers", "MaxItems", 1, 1000),  # W-158
    (IAM, "UpdateAccountPasswordPolicy", "MinimumPasswordLength", 6, 128),  # W-207
    (IAM, "UpdateAccountPasswordPolicy", "MaxPasswordAge", 1, 1095),
    (IAM, "UpdateAccountPasswordPolicy", "PasswordReusePrevention", 1, 24),
]


@pytest.mark.parametrize(("version", "action", "member", "least", "most"), NUMBERS)
def test_bounds_of_numbers(version: str, action: str, member: str, least: int, most: int) -> None:
    def told(value: int) -> list[str]:
        return clauses(version, action, spoken(member), {member: str(value)})

    assert told(least) == told(most) == []
    assert told(least - 1) == [LESS.format(least)]
    assert told(most + 1) == [MORE.format(most)]


def tags(number: int, key: str = "k", value: str = "") -> dict[str, str]:
    return {f"Tags.member.{number}.Key": key, f"Tags.member.{number}.Value": value}


@pytest.mark.parametrize("version", [STS, IAM])
def test_tags_have_a_length_and_a_number(version: str) -> None:
    """PE-61…PE-63, W-97, W-152: 50, keys of 1–128 and values of 0–256."""
    action = "AssumeRole" if version == STS else "CreateUser"
    key, value = "tags.1.member.key", "tags.1.member.value"
    assert clauses(version, action, key, tags(1, "k" * 128, "v" * 256)) == []
    assert LONGER.format(128) in clauses(version, action, key, tags(1, "k" * 129))
    assert SHORTER.format(1) in clauses(version, action, key, tags(1, ""))
    assert LONGER.format(256) in clauses(version, action, value, tags(1, "k", "v" * 257))
    many = {name: text for number in range(1, 52) for name, text in tags(number).items()}
    assert clauses(version, action, "tags", many) == [LONGER.format(50)]


LISTS = [
    (STS, "AssumeRole", "TransitiveTagKeys", 50),
    (STS, "GetWebIdentityToken", "Audience", 10),
    (IAM, "UntagUser", "TagKeys", 50),
]


@pytest.mark.parametrize(("version", "action", "member", "most"), LISTS)
def test_lists_have_a_longest(version: str, action: str, member: str, most: int) -> None:
    """PE-63, W-103."""
    for count, said in ((most, []), (most + 1, [LONGER.format(most)])):
        given = {f"{member}.member.{number}": "k" for number in range(1, count + 1)}
        assert clauses(version, action, spoken(member), given) == said


@pytest.mark.parametrize(
    ("version", "action", "member", "good", "bad"),
    [
        # PE-62, W-161
        (IAM, "CreateUser", "UserName", "a_B+=,.@-9", ["a b", "a/b", "\u00fc", "a*"]),
        (IAM, "CreateUser", "Path", "/", ["x", "/x", "x/", "/a b/", "/\u00fc/"]),
        (IAM, "CreateUser", "Path", "/!#~/", ["//x"]),
        (IAM, "CreatePolicy", "Path", "/a.,+@=_-/", ["/a!/", "x"]),
        (IAM, "CreateAccountAlias", "AccountAlias", "a-1", ["-ab", "ab-", "a--b", "Abc"]),
        (IAM, "DeleteAccessKey", "AccessKeyId", "A_9" * 6, ["A-" * 10]),
        # PE-63, W-97
        (STS, "AssumeRole", "RoleSessionName", "a_B+=,.@-9", ["a b", "a/b", "a:b"]),
        (STS, "AssumeRole", "ExternalId", "a_B+=,.@:/-9", ["a b", "a*"]),
        (STS, "AssumeRole", "SerialNumber", "arn:aws:iam::1:mfa/a.b", ["a b  c  d  e", "a*" * 9]),
        (STS, "AssumeRole", "TokenCode", "012345", ["12345a", "12 456"]),
        (STS, "AssumeRole", "SourceIdentity", "a_B+=,.@-9", ["a b", "aws:x", "AWS:x"]),
        (STS, "AssumeRole", "Policy", "\t\r\n \u00ff", ["\u0100", "\x00", "\x0b"]),
        (IAM, "CreatePolicy", "PolicyDocument", "\t\r\n \u00ff", ["\u0100", "\x1f"]),
    ],
)
def test_letters(version: str, action: str, member: str, good: str, bad: list[str]) -> None:
    """PE-2 for the documents."""
    assert clauses(version, action, spoken(member), {member: good}) == []
    for text in bad:
        told = clauses(version, action, spoken(member), {member: text})
        assert told, text


def test_letters_of_tags() -> None:
    """PE-62, W-97."""
    good = tags(1, "Kostenstelle \u00fc_.:/=+-@9", "\u5024 a_.:/=+-@")
    assert clauses(STS, "AssumeRole", "tags.1.member.key", good) == []
    for version, action in ((STS, "AssumeRole"), (IAM, "CreateUser")):
        assert clauses(version, action, "tags.1.member.key", tags(1, "k*")) != []
