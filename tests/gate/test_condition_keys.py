"""The condition keys that requests bring, by who asks and how (PE-172…PE-179)."""

import base64
import json
from collections.abc import Callable, Mapping

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from demo.policies import allow, trust

from gate.gatehouse import FORM, HERE, HOME, Gatehouse
from sekisho.policy import Decision, Evidence, Question, decide
from sekisho.services.totp import code_at, step_at

ALL = json.dumps(allow("*", "*"))
ROLE = f"arn:aws:iam::{HOME}:role/team/Own"

Context = Mapping[str, object]
Asked = Callable[[Credentials | None], Context]


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> list[Context]:
    """Those in which decisions were taken, the last one last."""
    heard: list[Context] = []

    def listen(question: Question, evidence: Evidence) -> Decision:
        heard.append(question.context)
        return decide(question, evidence)

    monkeypatch.setattr("sekisho.access.decide.decide", listen)
    return heard


@pytest.fixture
def asked(gatehouse: Gatehouse, contexts: list[Context]) -> Asked:
    """The context in which a request for an object is decided."""
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/shelf"))

    def ask(keys: Credentials | None) -> Context:
        gatehouse.store(keys, "PUT", "/shelf/book", b"text")
        return contexts[-1]

    return ask


def user_id(house: Gatehouse, name: str) -> str:
    return house.done(house.call(house.home, "GetUser", UserName=name)).value("UserId")


def new_role(house: Gatehouse) -> str:
    """The unique id of a role with a path, which trusts its account."""
    form = {
        "RoleName": "Own",
        "Path": "/team/",
        "AssumeRolePolicyDocument": json.dumps(trust(HOME)),
    }
    made = house.done(house.call(house.home, "CreateRole", **form))
    return made.value("RoleId")


def factor(house: Gatehouse, owner: str) -> dict[str, str]:
    """A serial number and a code that is right."""
    made = house.done(house.call(house.home, "CreateVirtualMFADevice", VirtualMFADeviceName=owner))
    serial = made.value("SerialNumber")
    seed = base64.b32decode(base64.b64decode(made.value("Base32StringSeed")))
    step = step_at(house.authority.clock())
    codes = {
        "AuthenticationCode1": code_at(seed, step - 1),
        "AuthenticationCode2": code_at(seed, step),
    }
    form = {"UserName": owner, "SerialNumber": serial, **codes}
    house.done(house.call(house.home, "EnableMFADevice", **form))
    return {"SerialNumber": serial, "TokenCode": code_at(seed, step + 1)}


OF_PRINCIPALS = (
    "aws:username",
    "aws:userid",
    "aws:principaltype",
    "aws:principalarn",
    "aws:principalaccount",
)


def of_principal(context: Context) -> tuple[object, ...]:
    return tuple(context.get(key) for key in OF_PRINCIPALS)


def test_who_asks(gatehouse: Gatehouse, asked: Asked) -> None:
    """PE-172, PE-175, row by row."""
    una, root = gatehouse.new_user("una", ALL), gatehouse.home
    own = ("una", user_id(gatehouse, "una"), "User", f"arn:aws:iam::{HOME}:user/una", HOME)
    assert of_principal(asked(una)) == own
    assert of_principal(asked(gatehouse.session(una, "GetSessionToken"))) == own
    of_root = (None, HOME, "Account", f"arn:aws:iam::{HOME}:root", HOME)
    assert of_principal(asked(root)) == of_root
    assert of_principal(asked(gatehouse.session(root, "GetSessionToken"))) == of_root
    guest = f"arn:aws:sts::{HOME}:federated-user/fred"
    federated = gatehouse.session(una, "GetFederationToken", Name="fred")
    assert of_principal(asked(federated)) == (None, f"{HOME}:fred", "FederatedUser", guest, HOME)
    role_id = new_role(gatehouse)
    visit = (None, f"{role_id}:visit", "AssumedRole", ROLE, HOME)
    assert of_principal(asked(gatehouse.assume(una, ROLE))) == visit
    nobody = (None, "anonymous", "Anonymous", None, "anonymous")
    assert of_principal(asked(None)) == nobody


def test_a_service_is_told_apart_from_who_signs(gatehouse: Gatehouse, asked: Asked) -> None:
    """PE-175: aws:PrincipalIsAWSService is there in all signed requests."""
    assert asked(gatehouse.home)["aws:principalisawsservice"] == "false"
    context = asked(None)
    for key in ("aws:principalisawsservice", "aws:principalservicename", "aws:principalorgid"):
        assert key not in context


OF_SESSIONS = (
    "aws:tokenissuetime",
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "aws:sourceidentity",
    "aws:federatedprovider",
    "aws:assumedroot",
)


def of_session(context: Context) -> set[str]:
    return {key for key in OF_SESSIONS if key in context}


def test_with_which_session(gatehouse: Gatehouse, asked: Asked) -> None:
    """PE-176, PE-183: long-term keys have none of these."""
    una = gatehouse.new_user("una", ALL)
    assert of_session(asked(una)) == of_session(asked(None)) == set()
    plain = asked(gatehouse.session(una, "GetSessionToken"))
    issued, present = "aws:tokenissuetime", "aws:multifactorauthpresent"
    assert of_session(plain) == {issued, present}
    assert plain[present] == "false"
    with_mfa = asked(gatehouse.session(una, "GetSessionToken", **factor(gatehouse, "una")))
    assert of_session(with_mfa) == {issued, present, "aws:multifactorauthage"}
    assert with_mfa[present] == "true"
    assert 0 <= int(str(with_mfa["aws:multifactorauthage"])) < 60
    federated = gatehouse.session(una, "GetFederationToken", Name="fred")
    assert of_session(asked(federated)) == {issued}
    new_role(gatehouse)
    trusting = trust(HOME, actions=["sts:AssumeRole", "sts:SetSourceIdentity"])
    form = {"RoleName": "Own", "PolicyDocument": json.dumps(trusting)}
    gatehouse.done(gatehouse.call(gatehouse.home, "UpdateAssumeRolePolicy", **form))
    assumed = asked(gatehouse.assume(una, ROLE, SourceIdentity="una"))
    assert of_session(assumed) == {issued, present, "aws:sourceidentity"}
    assert (assumed[present], assumed["aws:sourceidentity"]) == ("false", "una")


def test_from_where_and_when(gatehouse: Gatehouse, asked: Asked) -> None:
    """PE-177, PE-179: of whoever asks, an endpoint and another service are in no request."""
    for keys in (gatehouse.home, gatehouse.new_user("una", ALL), None):
        context = asked(keys)
        assert context["aws:sourceip"] == "192.0.2.7"
        assert context["aws:securetransport"] == "false"
        assert context["aws:viaawsservice"] == "false"
        assert context["aws:requestedregion"] == "us-east-1"
        now = gatehouse.authority.clock()
        assert abs(int(str(context["aws:epochtime"])) - now) < 60
        assert str(context["aws:currenttime"]).endswith("Z")
        assert context["aws:resourceaccount"] == HOME  # PE-178
        absent = """
            aws:sourcevpc aws:sourcevpce aws:sourcevpcarn aws:vpcsourceip aws:vpceaccount
            aws:calledvia aws:calledviafirst aws:calledvialast aws:sourcearn aws:sourceaccount
            aws:sourceorgid aws:sourceowner aws:referer aws:tagkeys aws:resourceorgid
        """
        assert set(absent.split()) & context.keys() == set()


@pytest.mark.parametrize(
    ("service", "action", "seen"),
    [
        ("iam", "ListUsers", "us-east-1"),
        ("sts", "GetAccessKeyInfo", "eu-west-1"),
        ("organizations", "ListAccounts", "us-east-1"),
    ],
)
def test_the_region_is_that_of_the_service(
    gatehouse: Gatehouse, contexts: list[Context], service: str, action: str, seen: str
) -> None:
    """PE-179, PE-230: global services are in us-east-1, wherever the client has signed for."""
    una = gatehouse.new_user("una", ALL)
    head: dict[str, str] = {"User-Agent": "aws-cli/1", "Referer": "https://page.example/"}
    version = {"iam": "2010-05-08", "sts": "2011-06-15"}.get(service)
    body = f"Action={action}&Version={version}&AccessKeyId={una.access_key}".encode()
    if version is None:
        target = {"X-Amz-Target": f"AWSOrganizationsV20161128.{action}"}
        head |= {"Content-Type": "application/x-amz-json-1.1", **target}
        body = b"{}"
    else:
        head |= FORM
    request = AWSRequest("POST", HERE + "/", head, body)
    SigV4Auth(una, service, "eu-west-1").add_auth(request)
    gatehouse.send(request, body)
    asked = contexts[-1]
    assert asked["aws:requestedregion"] == seen
    assert (asked["aws:useragent"], asked["aws:referer"]) == ("aws-cli/1", "https://page.example/")


def test_what_comes_along_when_a_role_is_assumed(
    gatehouse: Gatehouse, contexts: list[Context]
) -> None:
    """PE-170, PE-185, PE-186: what was passed, and the role's tags; never how long."""
    una = gatehouse.new_user("una", ALL)
    new_role(gatehouse)
    tag = {"Tags.member.1.Key": "Site", "Tags.member.1.Value": "north"}
    gatehouse.done(gatehouse.call(gatehouse.home, "TagRole", RoleName="Own", **tag))
    every = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    form = {"RoleName": "Own", "PolicyDocument": json.dumps(trust(HOME, actions=every))}
    gatehouse.done(gatehouse.call(gatehouse.home, "UpdateAssumeRolePolicy", **form))

    def brought(**form: str) -> dict[str, object]:
        contexts.clear()
        gatehouse.assume(una, ROLE, DurationSeconds="900", **form)
        families = ("sts:", "aws:requesttag/", "aws:tagkeys", "aws:resourcetag/", "iam:")
        first, *others = [
            {key: value for key, value in context.items() if key.startswith(families)}
            for context in contexts
        ]
        assert all(other == first for other in others)  # whatever the action
        return first

    always = {
        "sts:rolesessionname": "visit",
        "aws:resourcetag/site": "north",
        "iam:resourcetag/site": "north",
    }
    assert brought() == always
    passed = {
        "ExternalId": "Unit-7",
        "SourceIdentity": "una",
        "Tags.member.1.Key": "Team",
        "Tags.member.1.Value": "red",
        "TransitiveTagKeys.member.1": "Team",
    }
    assert brought(**passed) == {
        **always,
        "sts:externalid": "Unit-7",
        "sts:sourceidentity": "una",
        "sts:transitivetagkeys": ("Team",),
        "aws:requesttag/team": "red",
        "aws:tagkeys": ("Team",),
    }
