"""Many who make the same thing at the same time, over one store and through two servers.

One of them succeeds, the others are told that it exists; a quota is not passed by a crowd.
"""

import base64
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, trust

from gate.gatehouse import AWAY, HOME, Answer, Gatehouse
from sekisho.app.assemble import assemble
from sekisho.services.totp import code_at, step_at
from services.iam.papers import certificate_pem, private_pem, saml_metadata

CROWD = 8
ALL = json.dumps(allow("*", "*"))
TAKEN = (409, "EntityAlreadyExists")
FULL = (409, "LimitExceeded")
Ask = Callable[[Gatehouse, int], Answer]


@dataclass(frozen=True, slots=True)
class Twins:
    """Two servers of one store."""

    one: Gatehouse
    other: Gatehouse

    def at_once(self, ask: Ask, crowd: int = CROWD) -> list[Answer]:
        """The answers of a crowd that starts together, half of it at either server."""
        start, answers = threading.Barrier(crowd), list[Answer]()

        def take_part(number: int) -> None:
            house = self.one if number % 2 else self.other
            start.wait(30)
            answers.append(ask(house, number))

        threads = [threading.Thread(target=take_part, args=(n,)) for n in range(crowd)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(answers) == crowd
        return answers


class Sibling(Gatehouse):
    """Another server over the store of a gatehouse."""

    def __init__(self, elder: Gatehouse) -> None:
        self.data, self.home, self.away = elder.data, elder.home, elder.away
        self.authority = assemble(elder.data)


@pytest.fixture
def twins(gatehouse: Gatehouse) -> Iterator[Twins]:
    other = Sibling(gatehouse)
    yield Twins(gatehouse, other)
    other.close()


def outcomes(answers: list[Answer]) -> Counter[Any]:
    return Counter(200 if answer.status == 200 else answer.refusal[:2] for answer in answers)


def by_root(action: str, **form: str) -> Ask:
    return lambda house, _number: house.call(house.home, action, **form)


MAKING: list[tuple[str, dict[str, str]]] = [
    ("CreateUser", {"UserName": "una"}),
    ("CreateGroup", {"GroupName": "team"}),
    ("CreateRole", {"RoleName": "Guest", "AssumeRolePolicyDocument": json.dumps(trust(HOME))}),
    ("CreatePolicy", {"PolicyName": "p", "PolicyDocument": ALL}),
    ("CreateInstanceProfile", {"InstanceProfileName": "machines"}),
    ("CreateVirtualMFADevice", {"VirtualMFADeviceName": "phone"}),
    ("CreateOpenIDConnectProvider", {"Url": "https://issuer.example"}),
    ("CreateSAMLProvider", {"Name": "Company", "SAMLMetadataDocument": saml_metadata()}),
    ("CreateLoginProfile", {"UserName": "there", "Password": "Correct-horse7"}),
    (
        "UploadServerCertificate",
        {
            "ServerCertificateName": "site",
            "CertificateBody": certificate_pem(),
            "PrivateKey": private_pem(),
        },
    ),
]


@pytest.mark.parametrize(("action", "form"), MAKING)
def test_of_a_crowd_one_makes_it(twins: Twins, action: str, form: dict[str, str]) -> None:
    """W-162, W-168."""
    twins.one.new_user("there")
    answers = twins.at_once(by_root(action, **form))
    assert outcomes(answers) == {200: 1, TAKEN: CROWD - 1}


@pytest.mark.parametrize(
    ("action", "form", "name"),
    [
        ("CreateUser", {}, "UserName"),
        ("CreateGroup", {}, "GroupName"),
        ("CreateRole", {"AssumeRolePolicyDocument": json.dumps(trust(HOME))}, "RoleName"),
        ("CreatePolicy", {"PolicyDocument": ALL}, "PolicyName"),
        ("CreateInstanceProfile", {}, "InstanceProfileName"),
    ],
)
def test_letter_case_and_paths_make_no_difference(
    twins: Twins, action: str, form: dict[str, str], name: str
) -> None:
    """W-162."""

    def ask(house: Gatehouse, number: int) -> Answer:
        spelt = "".join(
            sign.upper() if number >> place & 1 else sign for place, sign in enumerate("abcdefgh")
        )
        given = {**form, name: spelt, "Path": f"/{number}/"}
        return house.call(house.home, action, **given)

    assert outcomes(twins.at_once(ask)) == {200: 1, TAKEN: CROWD - 1}


def test_an_alias_goes_to_one_account(twins: Twins) -> None:
    """W-217."""
    accounts: dict[int, list[str]] = {200: [], 409: []}

    def ask(house: Gatehouse, number: int) -> Answer:
        keys = house.home if number % 4 < 2 else house.away
        answer = house.call(keys, "CreateAccountAlias", AccountAlias="company")
        accounts[answer.status].append(HOME if keys is house.home else AWAY)
        return answer

    twins.at_once(ask)
    assert len(set(accounts[200])) == 1
    assert len(accounts[200]) == len(accounts[409]) == CROWD // 2
    assert not set(accounts[200]) & set(accounts[409])


def test_a_bucket_goes_to_one_account(twins: Twins) -> None:
    """W-303: who has it already may make it again in us-east-1."""
    accounts: dict[int, list[str]] = {200: [], 409: []}

    def ask(house: Gatehouse, number: int) -> Answer:
        keys = house.home if number % 4 < 2 else house.away
        answer = house.store(keys, "PUT", "/one-bucket")
        accounts[answer.status].append(HOME if keys is house.home else AWAY)
        return answer

    twins.at_once(ask)
    assert len(set(accounts[200])) == 1
    assert not set(accounts[200]) & set(accounts[409])


def policies(house: Gatehouse, count: int) -> list[str]:
    made = [
        house.done(house.call(house.home, "CreatePolicy", PolicyName=f"p{n}", PolicyDocument=ALL))
        for n in range(count)
    ]
    return [answer.value("Arn") for answer in made]


def version(house: Gatehouse) -> Ask:
    (arn,) = policies(house, 1)
    return by_root("CreatePolicyVersion", PolicyArn=arn, PolicyDocument=ALL)


def attachment(house: Gatehouse) -> Ask:
    arns = policies(house, 12)
    return lambda at, n: at.call(at.home, "AttachUserPolicy", UserName="una", PolicyArn=arns[n])


def membership(house: Gatehouse) -> Ask:
    for number in range(12):
        house.done(house.call(house.home, "CreateGroup", GroupName=f"g{number}"))
    return lambda at, n: at.call(at.home, "AddUserToGroup", UserName="una", GroupName=f"g{n}")


def saml_key(house: Gatehouse) -> Ask:
    form = {"Name": "Company", "SAMLMetadataDocument": saml_metadata()}
    arn = house.done(house.call(house.home, "CreateSAMLProvider", **form)).value("SAMLProviderArn")
    return by_root("UpdateSAMLProvider", SAMLProviderArn=arn, AddPrivateKey=private_pem())


@pytest.mark.parametrize(
    ("prepare", "crowd", "most"),
    [
        (lambda _house: by_root("CreateAccessKey", UserName="una"), CROWD, 1),  # it has one
        (version, CROWD, 4),  # and the first
        (attachment, 12, 10),
        (membership, 12, 10),
        (saml_key, CROWD, 2),
    ],
)
def test_a_crowd_passes_no_quota(
    twins: Twins, prepare: Callable[[Gatehouse], Ask], crowd: int, most: int
) -> None:
    """W-165, W-171."""
    twins.one.new_user("una")
    answers = twins.at_once(prepare(twins.one), crowd)
    assert outcomes(answers) == {200: most, FULL: crowd - most}


def test_a_crowd_passes_no_quota_of_an_account(
    twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W-171."""
    monkeypatch.setattr("sekisho.services.iam.users.USERS", 3)
    answers = twins.at_once(lambda at, n: at.call(at.home, "CreateUser", UserName=f"u{n}"))
    assert outcomes(answers) == {200: 3, FULL: CROWD - 3}


def test_inline_policies_of_a_crowd_are_measured_together(twins: Twins) -> None:
    """PE-61: two of some 800 characters fit into a user's 2,048."""
    twins.one.new_user("una")
    text = json.dumps(allow("s3:GetObject", "arn:aws:s3:::" + "b" * 700))

    def ask(house: Gatehouse, number: int) -> Answer:
        form = {"UserName": "una", "PolicyName": f"p{number}", "PolicyDocument": text}
        return house.call(house.home, "PutUserPolicy", **form)

    assert outcomes(twins.at_once(ask)) == {200: 2, FULL: CROWD - 2}


def test_one_code_of_a_device_gives_one_session(twins: Twins) -> None:
    """W-137."""
    house = twins.one
    una: Credentials = house.new_user("una")
    made = house.done(house.call(house.home, "CreateVirtualMFADevice", VirtualMFADeviceName="p"))
    seed = base64.b32decode(base64.b64decode(made.value("Base32StringSeed")))
    step = step_at(house.authority.clock())
    form = {
        "UserName": "una",
        "SerialNumber": made.value("SerialNumber"),
        "AuthenticationCode1": code_at(seed, step - 1),
        "AuthenticationCode2": code_at(seed, step),
    }
    house.done(house.call(house.home, "EnableMFADevice", **form))
    code = {"SerialNumber": form["SerialNumber"], "TokenCode": code_at(seed, step + 1)}
    answers = twins.at_once(lambda at, _n: at.call(una, "GetSessionToken", "sts", **code))
    assert outcomes(answers) == {200: 1, (403, "AccessDenied"): CROWD - 1}
