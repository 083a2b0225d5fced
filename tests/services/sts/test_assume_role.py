"""What AssumeRole refuses, word by word, through the gate (W-126…W-143, PE-201…PE-207)."""

import base64
import json
import random
import re
from typing import Any

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, trust

from gate.gatehouse import AWAY, HOME, Answer, Gatehouse
from sekisho.services.totp import code_at, step_at

ROLE = f"arn:aws:iam::{AWAY}:role/Target"
UNA = f"arn:aws:iam::{HOME}:user/una"
EVERY = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"]
CONTEXT = "ProvidedContexts.member.1"


@pytest.fixture
def una(gatehouse: Gatehouse) -> Credentials:
    """A user who may assume the role that trusts the account, with whatever goes along."""
    gatehouse.new_role("Target", json.dumps(trust(HOME, actions=EVERY)))
    return gatehouse.new_user("una", json.dumps(allow("sts:*", "*")))


def assume(house: Gatehouse, keys: Credentials, **form: str) -> Answer:
    given = {"RoleArn": ROLE, "RoleSessionName": "visit", **form}
    return house.call(keys, "AssumeRole", "sts", **given)


def tags(*pairs: tuple[str, str], transitive: tuple[str, ...] = ()) -> dict[str, str]:
    form: dict[str, str] = {}
    for number, (key, value) in enumerate(pairs, 1):
        form[f"Tags.member.{number}.Key"] = key
        form[f"Tags.member.{number}.Value"] = value
    for number, key in enumerate(transitive, 1):
        form[f"TransitiveTagKeys.member.{number}"] = key
    return form


def invalid(message: str) -> tuple[int, str, str]:
    return (400, "ValidationError", message)


def one(clause: str) -> str:
    return f"1 validation error detected: {clause}"


PATTERN = r"Member must satisfy regular expression pattern: [\w+=,.@-]*"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            {"RoleSessionName": "a b"},
            one(f"Value 'a b' at 'roleSessionName' failed to satisfy constraint: {PATTERN}"),
        ),
        (
            {"RoleSessionName": "x"},
            one(
                "Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have"
                " length greater than or equal to 2"
            ),
        ),
        (
            {"DurationSeconds": "899"},
            one(
                "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have"
                " value greater than or equal to 900"
            ),
        ),
        (
            {"DurationSeconds": "43201"},
            one(
                "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have"
                " value less than or equal to 43200"
            ),
        ),
        (
            {"RoleArn": "arn:aws:iam::1:role/x"[:19]},
            one(
                "Value 'arn:aws:iam::1:role' at 'roleArn' failed to satisfy constraint: Member"
                " must have length greater than or equal to 20"
            ),
        ),
        (
            {"SourceIdentity": "AWS:una"},
            one(f"Value 'AWS:una' at 'sourceIdentity' failed to satisfy constraint: {PATTERN}"),
        ),
        (
            {"DurationSeconds": "1", "RoleSessionName": "x"},
            "2 validation errors detected: Value 'x' at 'roleSessionName' failed to satisfy"
            " constraint: Member must have length greater than or equal to 2; Value '1' at"
            " 'durationSeconds' failed to satisfy constraint: Member must have value greater than"
            " or equal to 900",
        ),
    ],
)
def test_what_the_model_does_not_admit(
    gatehouse: Gatehouse, una: Credentials, form: dict[str, str], said: str
) -> None:
    """W-130, W-131, W-134, PE-201 #5, #7 and #19."""
    assert assume(gatehouse, una, **form).refusal == invalid(said)


@pytest.mark.parametrize(
    "arn",
    [
        "nothing-valid-in-here",
        "arn::b:::something/test-role",
        "arn:a::::something/test-role",
        "arn:a:::something/test-role",
        "arn:a:a::aaaaaaaaaa:",
    ],
)
def test_what_is_no_roles_arn(gatehouse: Gatehouse, una: Credentials, arn: str) -> None:
    """W-132, PE-201 #5, PE-206."""
    refused = assume(gatehouse, una, RoleArn=arn).refusal
    assert refused == (400, "ValidationError", f"{arn} is invalid")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            tags(("a", "1"), ("A", "2")),
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        (
            tags(("a", "1"), transitive=("b",)),
            "The specified transitive tag key must be included in the requested tags.",
        ),
        (
            tags(transitive=("b",)),
            "The specified transitive tag key must be included in the requested tags.",
        ),
        (
            tags(("aWs:a", "1")),
            "aws: prefixed tag key names are not allowed for external use.",
        ),
    ],
)
def test_tags_that_cannot_be_passed(
    gatehouse: Gatehouse, una: Credentials, form: dict[str, str], said: str
) -> None:
    """W-135, PE-205."""
    assert assume(gatehouse, una, **form).refusal == (400, "InvalidParameterValue", said)


def chained(house: Gatehouse, una: Credentials, **form: str) -> tuple[Credentials, str]:
    """A session, and a second role, at home, that trusts it."""
    permit = {"RoleName": "Target", "PolicyName": "p",
              "PolicyDocument": json.dumps(allow("sts:*", "*"))}  # fmt: skip
    house.done(house.call(house.away, "PutRolePolicy", **permit))
    second = house.new_role("Second", json.dumps(trust(AWAY, actions=EVERY)), house.home)
    longest = {"RoleName": "Second", "MaxSessionDuration": "43200"}
    house.done(house.call(house.home, "UpdateRole", **longest))
    return house.assume(una, ROLE, **form), second


def test_a_transitive_tag_is_not_replaced(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-135, W-154, PE-205."""
    session, second = chained(gatehouse, una, **tags(("Team", "red"), transitive=("Team",)))
    refused = assume(gatehouse, session, RoleArn=second, **tags(("team", "blue")))
    assert refused.refusal == (
        400,
        "InvalidParameterValue",
        "One of the specified transitive tag keys can't be set because it conflicts with a"
        " transitive tag key from the calling session.",
    )


def test_only_transitive_tags_go_on(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-154, PE-212: and they count among the fifty."""
    some = [(f"k{number}", "v") for number in range(30)]
    session, second = chained(gatehouse, una, **tags(*some, transitive=("k0",)))
    more = [(f"m{number}", "v") for number in range(50)]
    full = assume(gatehouse, session, RoleArn=second, **tags(*more))
    assert full.refusal[:2] == (400, "PackedPolicyTooLarge")
    assert percent_in(full.refusal[2]) == 102
    gatehouse.done(assume(gatehouse, session, RoleArn=second, **tags(*more[:49])))
    # What does not go on may be passed anew.
    gatehouse.done(assume(gatehouse, session, RoleArn=second, **tags(("k1", "w"))))


def test_a_transitive_tag_stands_for_the_roles(gatehouse: Gatehouse, una: Credentials) -> None:
    """PE-170: while the trust policy is evaluated; of other keys the role's own tags are seen."""
    session, second = chained(gatehouse, una, **tags(("Team", "red"), transitive=("Team",)))
    own = tags(("team", "blue"), ("Site", "north"))
    gatehouse.done(gatehouse.call(gatehouse.home, "TagRole", RoleName="Second", **own))
    form = {"RoleName": "Second"}
    for team, status in (("red", 200), ("blue", 403)):
        seen = {"aws:ResourceTag/Team": team, "iam:ResourceTag/Site": "north"}
        form["PolicyDocument"] = json.dumps(trust(AWAY, {"StringEquals": seen}, actions=EVERY))
        gatehouse.done(gatehouse.call(gatehouse.home, "UpdateAssumeRolePolicy", **form))
        assert assume(gatehouse, session, RoleArn=second).status == status


def test_how_long_a_session_may_last(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-126…W-128, PE-201 #17 and #18, PE-204: after authorisation, the role's maximum first."""
    too_long = invalid(
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    )
    assert assume(gatehouse, una, DurationSeconds="3601").refusal == too_long
    session, second = chained(gatehouse, una)
    refused = assume(gatehouse, session, RoleArn=second, DurationSeconds="3601").refusal
    assert refused == invalid(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
        " chaining."
    )
    assert assume(gatehouse, session, DurationSeconds="3601").refusal[1] == "AccessDenied"
    shorter = {"RoleName": "Second", "MaxSessionDuration": "3600"}
    gatehouse.done(gatehouse.call(gatehouse.home, "UpdateRole", **shorter))
    refused = assume(gatehouse, session, RoleArn=second, DurationSeconds="3601").refusal
    assert refused == too_long


def test_a_source_identity_stays(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-143, W-155, PE-213."""
    session, second = chained(gatehouse, una, SourceIdentity="una")
    same = gatehouse.done(assume(gatehouse, session, RoleArn=second, SourceIdentity="una"))
    assert same.value("SourceIdentity") == "una"
    refused = assume(gatehouse, session, RoleArn=second, SourceIdentity="bob").refusal
    assert refused == invalid("The source identity is already set for this assume role session")


def noise(length: int) -> str:
    letters = random.Random(length)
    return "".join(letters.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(length))


def percent_in(message: str) -> int:
    (found,) = re.findall(r"\d+", message)
    assert int(found) > 100
    return int(found)


def test_what_does_not_fit_into_a_token(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-136, PE-73, PE-201 #7."""
    many = tags(*((f"key{number}", noise(240 + number)) for number in range(9)))
    code, name, said = assume(gatehouse, una, **many).refusal
    assert (code, name) == (400, "PackedPolicyTooLarge")
    percent = percent_in(said)
    assert said == f"Packed size of session tags consumes {percent}% of allotted space."
    policy = json.dumps(allow([f"s3:{noise(40 + n)}" for n in range(30)], "*"))
    assert len(policy) <= 2_048
    code, name, said = assume(gatehouse, una, Policy=policy).refusal
    assert (code, name) == (400, "PackedPolicyTooLarge")
    percent = percent_in(said)
    assert (
        said == f"Packed policy consumes {percent}% of allotted space, please use smaller policy."
    )
    longer = json.dumps(allow("s3:" + "a" * 4_096, "*"))
    assert assume(gatehouse, una, Policy=longer).refusal == (
        400,
        "PackedPolicyTooLarge",
        f"Packed policy consumes {-(-100 * len(longer) // 2_048)}% of allotted space",
    )


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("{", "Syntax errors in policy."),
        ('{"Version":"2012-10-17","Statement":[]}', "Syntax errors in policy."),
        (
            json.dumps(trust(HOME)),
            "Policy document should not specify a principal.",
        ),
    ],
)
def test_a_session_policy_is_one_that_iam_would_save(
    gatehouse: Gatehouse, una: Credentials, policy: str, said: str
) -> None:
    """PE-73, W-104."""
    refused = assume(gatehouse, una, Policy=policy).refusal
    assert refused == (400, "MalformedPolicyDocument", said)


@pytest.mark.parametrize("duration", ["soon", "1e3", "99999999999", " 900"])
def test_a_duration_that_is_no_number(
    gatehouse: Gatehouse, una: Credentials, duration: str
) -> None:
    """W-133."""
    assert assume(gatehouse, una, DurationSeconds=duration).refusal[:2] == (400, "MalformedInput")


def test_a_managed_session_policy_is_of_the_roles_account(
    gatehouse: Gatehouse, una: Credentials
) -> None:
    """W-97."""
    arn = f"arn:aws:iam::{HOME}:policy/p"
    refused = assume(gatehouse, una, **{"PolicyArns.member.1.arn": arn}).refusal
    assert refused == invalid(f"{arn} is invalid")


def test_ten_managed_session_policies_are_the_most(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-97."""
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    form = {f"PolicyArns.member.{number}.arn": arn for number in range(1, 12)}
    said = one(
        "Value at 'policyArns' failed to satisfy constraint: Member must have length less than or"
        " equal to 10"
    )
    assert assume(gatehouse, una, **form).refusal == invalid(said)
    del form["PolicyArns.member.11.arn"]
    gatehouse.done(assume(gatehouse, una, **form))


def test_a_role_is_named_by_its_case_and_with_its_path(
    gatehouse: Gatehouse, una: Credentials
) -> None:
    """W-162, PE-201 #6: else it is not there."""
    for name in ("target", "path/Target"):
        arn = ROLE.replace("Target", name)
        assert assume(gatehouse, una, RoleArn=arn).refusal == (
            403,
            "AccessDenied",
            f"User: {UNA} is not authorized to perform: sts:AssumeRole on resource: {arn}",
        )


PROVIDER = "arn:aws:iam::aws:contextProvider/IdentityCenter"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({f"{CONTEXT}.ProviderArn": PROVIDER, f"{CONTEXT}.ContextAssertion": "word"},
         f"{PROVIDER} is invalid"),
        ({f"{CONTEXT}.ContextAssertion": "word"}, "ProvidedContexts is invalid"),
        (
            {f"{CONTEXT}.ProviderArn": "short", f"{CONTEXT}.ContextAssertion": "wor"},
            "2 validation errors detected: Value 'short' at 'providedContexts.1.member.providerArn'"
            " failed to satisfy constraint: Member must have length greater than or equal to 20;"
            " Value 'wor' at 'providedContexts.1.member.contextAssertion' failed to satisfy"
            " constraint: Member must have length greater than or equal to 4",
        ),
    ],
)  # fmt: skip
def test_no_context_is_believed(
    gatehouse: Gatehouse, una: Credentials, form: dict[str, str], said: str
) -> None:
    """W-97, PE-116: only IAM Identity Center could vouch for one."""
    assert assume(gatehouse, una, **form).refusal == invalid(said)


def test_six_contexts_are_too_many(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-97."""
    form = {
        f"ProvidedContexts.member.{number}.{name}": value
        for number in range(1, 7)
        for name, value in (("ProviderArn", PROVIDER), ("ContextAssertion", "word"))
    }
    code, name, said = assume(gatehouse, una, **form).refusal
    assert (code, name) == (400, "ValidationError")
    assert said.endswith("Member must have length less than or equal to 5")


WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
WRONG_DEVICE = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial"
    " number is valid and associated with this user."
)
HALF = (
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
)


def device_of(house: Gatehouse, owner: str) -> tuple[str, bytes]:
    """The serial number and the seed of a user's new device."""
    made = house.done(house.call(house.home, "CreateVirtualMFADevice", VirtualMFADeviceName=owner))
    serial = made.value("SerialNumber")
    seed = base64.b32decode(base64.b64decode(made.value("Base32StringSeed")))
    step = step_at(house.authority.clock())
    codes = {
        "AuthenticationCode1": code_at(seed, step - 1),
        "AuthenticationCode2": code_at(seed, step),
    }
    form: dict[str, Any] = {"UserName": owner, "SerialNumber": serial, **codes}
    house.done(house.call(house.home, "EnableMFADevice", **form))
    return serial, seed


@pytest.mark.parametrize("action", ["AssumeRole", "GetSessionToken"])
def test_mfa_that_fails(gatehouse: Gatehouse, una: Credentials, action: str) -> None:
    """W-137, PE-201 #20: a code is good once."""
    gatehouse.new_user("bob")
    serial, seed = device_of(gatehouse, "una")
    bobs, _ = device_of(gatehouse, "bob")
    role = {"RoleArn": ROLE, "RoleSessionName": "visit"} if action == "AssumeRole" else {}

    def refused(**form: str) -> tuple[int, str, str]:
        return gatehouse.call(una, action, "sts", **role, **form).refusal

    right = code_at(seed, step_at(gatehouse.authority.clock()) + 1)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    denied = (403, "AccessDenied")
    assert refused(SerialNumber=serial) == refused(TokenCode=right) == (*denied, HALF)
    assert refused(SerialNumber=bobs, TokenCode=right) == (*denied, WRONG_DEVICE)
    assert refused(SerialNumber=serial + "x", TokenCode=right) == (*denied, WRONG_DEVICE)
    assert refused(SerialNumber=serial, TokenCode=wrong) == (*denied, WRONG_CODE)
    form = {**role, "SerialNumber": serial, "TokenCode": right}
    gatehouse.done(gatehouse.call(una, action, "sts", **form))
    assert refused(SerialNumber=serial, TokenCode=right) == (*denied, WRONG_CODE)
