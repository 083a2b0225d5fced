"""Denials as clients read them: which kind of policy, for whom, and where no reason is given.

Those of control policies are in tests/services/organizations, and in tests/access/test_denial.py.
"""

import json
from typing import Any

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, deny, policy, statement, trust

from gate.gatehouse import AWAY, HOME, Answer, Gatehouse

ALL = allow("*", "*")
LITTLE = allow(["s3:ListAllMyBuckets", "sts:GetFederationToken"], "*")
TYPES = {
    "identity": ("identity-based policy", "an identity-based policy"),
    "boundary": ("permissions boundary", "a permissions boundary"),
    "session": ("session policy", "a session policy"),
    "resource": ("resource-based policy", "a resource-based policy"),
}
# Which layers limit whom (PE-86).
LIMITED = [
    (caller, layer)
    for caller, layers in {
        "user": ["identity", "boundary"],
        "role": ["identity", "boundary", "session"],
        "guest": ["identity", "session"],
    }.items()
    for layer in layers
]
ARNS = {
    "user": f"arn:aws:iam::{HOME}:user/una",
    "role": f"arn:aws:sts::{HOME}:assumed-role/Own/visit",
    "guest": f"arn:aws:sts::{HOME}:federated-user/guest",
    "root": f"arn:aws:iam::{HOME}:root",
}


def reason(layer: str, action: str, *, explicit: bool) -> str:
    """W-145, W-146, PE-195."""
    plain, with_article = TYPES[layer]
    if explicit:
        return f" with an explicit deny in {with_article}"
    return f" because no {plain} allows the {action} action"


def sentence(caller: str, action: str, resource: str, why: str = "") -> tuple[int, str, str]:
    """W-142, W-144."""
    said = f"User: {ARNS[caller]} is not authorized to perform: {action} on resource: {resource}"
    return (403, "AccessDenied", said + why)


def barring(action: str) -> dict[str, Any]:
    return policy(*ALL["Statement"], *deny(action, "*")["Statement"])


def keys_of(house: Gatehouse, caller: str, layer: str, document: dict[str, Any]) -> Credentials:
    """Of somebody whose policies of one layer are this document, and allow all in every other."""
    texts = {"identity": json.dumps(ALL), layer: json.dumps(document)}
    bounded = "boundary" in texts
    if bounded:
        made = {"PolicyName": "limit", "PolicyDocument": texts["boundary"]}
        limit = house.done(house.call(house.home, "CreatePolicy", **made)).value("Arn")
    passed = {"Policy": texts["session"]} if "session" in texts else {}
    if caller == "role":
        una = house.new_user("una", json.dumps(ALL))
        role = house.new_role("Own", json.dumps(trust(HOME)), house.home)
        form = {"RoleName": "Own", "PolicyName": "p", "PolicyDocument": texts["identity"]}
        house.done(house.call(house.home, "PutRolePolicy", **form))
        if bounded:
            form = {"RoleName": "Own", "PermissionsBoundary": limit}
            house.done(house.call(house.home, "PutRolePermissionsBoundary", **form))
        return house.assume(una, role, **passed)
    una = house.new_user("una", texts["identity"])
    if bounded:
        form = {"UserName": "una", "PermissionsBoundary": limit}
        house.done(house.call(house.home, "PutUserPermissionsBoundary", **form))
    if caller == "guest":
        passed = passed or {"Policy": json.dumps(ALL)}
        return house.session(una, "GetFederationToken", Name="guest", **passed)
    return una


def document_for(action: str, *, explicit: bool) -> dict[str, Any]:
    return barring(action) if explicit else LITTLE


EXPLICIT = pytest.mark.parametrize("explicit", [False, True], ids=["implicit", "explicit"])


@EXPLICIT
@pytest.mark.parametrize(("caller", "layer"), [one for one in LIMITED if one[0] != "guest"])
def test_iam_names_the_kind_of_policy(
    gatehouse: Gatehouse, caller: str, layer: str, explicit: bool
) -> None:
    """W-144…W-146, W-150, PE-194, PE-195. Guests may not call IAM (W-109)."""
    document = document_for("iam:GetUser", explicit=explicit)
    keys = keys_of(gatehouse, caller, layer, document)
    why = reason(layer, "iam:GetUser", explicit=explicit)
    for name in ("una", "nobody"):
        refused = gatehouse.call(keys, "GetUser", UserName=name).refusal
        assert refused == sentence(caller, "iam:GetUser", f"user {name}", why)


@EXPLICIT
@pytest.mark.parametrize(("caller", "layer"), LIMITED)
def test_s3_names_it_at_home(gatehouse: Gatehouse, caller: str, layer: str, explicit: bool) -> None:
    """W-144…W-146, W-279, PE-194."""
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/own-bucket"))
    keys = keys_of(gatehouse, caller, layer, document_for("s3:PutObject", explicit=explicit))
    why = reason(layer, "s3:PutObject", explicit=explicit)
    refused = gatehouse.store(keys, "PUT", "/own-bucket/key", b"x").refusal
    assert refused == sentence(caller, "s3:PutObject", '"arn:aws:s3:::own-bucket/key"', why)


@EXPLICIT
@pytest.mark.parametrize("layer", ["identity", "boundary", "session"])
def test_sts_names_it_but_for_roles(gatehouse: Gatehouse, layer: str, explicit: bool) -> None:
    """W-144…W-146: an action without a resource is denied on ``*`` (PE-48)."""
    action = "sts:GetAccessKeyInfo"
    keys = keys_of(gatehouse, "role", layer, document_for(action, explicit=explicit))
    refused = gatehouse.call(keys, "GetAccessKeyInfo", "sts", AccessKeyId="A" * 20).refusal
    assert refused == sentence("role", action, "*", reason(layer, action, explicit=explicit))


@pytest.mark.parametrize("caller", ["user", "role", "guest", "root"])
def test_a_bucket_policy_that_denies_is_named_at_home(gatehouse: Gatehouse, caller: str) -> None:
    """W-146, PE-99: to the root user as well."""
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/own-bucket"))
    everyone = statement("Deny", Principal="*", Action="s3:PutObject",
                         Resource="arn:aws:s3:::own-bucket/*")  # fmt: skip
    body = json.dumps(policy(everyone)).encode()
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/own-bucket?policy", body))
    keys = gatehouse.home
    if caller != "root":
        keys = keys_of(gatehouse, caller, "identity", ALL)
    why = reason("resource", "s3:PutObject", explicit=True)
    refused = gatehouse.store(keys, "PUT", "/own-bucket/key", b"x").refusal
    assert refused == sentence(caller, "s3:PutObject", '"arn:aws:s3:::own-bucket/key"', why)


@EXPLICIT
@pytest.mark.parametrize(("caller", "layer"), [*LIMITED, ("user", "resource")])
def test_s3_gives_no_reason_abroad(
    gatehouse: Gatehouse, caller: str, layer: str, explicit: bool
) -> None:
    """W-149, W-279, PE-194."""
    gatehouse.done(gatehouse.store(gatehouse.away, "PUT", "/far-bucket"))
    effect = "Deny" if explicit and layer == "resource" else "Allow"
    principal = HOME if layer != "resource" or explicit else AWAY
    stated = statement(effect, Principal={"AWS": principal}, Action="s3:PutObject",
                       Resource="arn:aws:s3:::far-bucket/*")  # fmt: skip
    body = json.dumps(policy(stated)).encode()
    gatehouse.done(gatehouse.store(gatehouse.away, "PUT", "/far-bucket?policy", body))
    document = document_for("s3:PutObject", explicit=explicit)
    own = ("identity", ALL) if layer == "resource" else (layer, document)
    keys = keys_of(gatehouse, caller, *own)
    refused = gatehouse.store(keys, "PUT", "/far-bucket/key", b"x").refusal
    assert refused == (403, "AccessDenied", "Access Denied")


def test_of_a_policy_of_awss_own_no_reason_is_given(gatehouse: Gatehouse) -> None:
    """W-149, W-175: it is another account's."""
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    una = keys_of(gatehouse, "user", "identity", ALL)
    refused = gatehouse.call(una, "DeletePolicy", PolicyArn=arn).refusal
    assert refused == sentence("user", "iam:DeletePolicy", f"policy {arn}")


def visit(house: Gatehouse, keys: Credentials, role: str, **form: str) -> Answer:
    return house.call(keys, "AssumeRole", "sts", RoleArn=role, RoleSessionName="visit", **form)


@EXPLICIT
@pytest.mark.parametrize("owner", [HOME, AWAY])
@pytest.mark.parametrize(
    ("caller", "layer"),
    [*(one for one in LIMITED if one[0] != "guest"), ("user", "trust"), ("role", "trust")],
)
def test_assuming_a_role_is_denied_in_one_sentence(
    gatehouse: Gatehouse, caller: str, layer: str, owner: str, explicit: bool
) -> None:
    """W-141, W-142, PE-193, PE-202: whatever denies, and whether or not there is such a role."""
    root = gatehouse.home if owner == HOME else gatehouse.away
    trusting = trust(HOME)
    if layer == "trust":
        trusting = trust(AWAY if owner == HOME else owner)
        if explicit:
            denied = statement("Deny", Principal={"AWS": HOME}, Action="sts:AssumeRole")
            trusting = policy(*trust(HOME)["Statement"], denied)
    role = gatehouse.new_role("Target", json.dumps(trusting), root)
    # A role session must have been let in before it is kept out.
    document = policy(
        *allow("sts:AssumeRole", f"arn:aws:iam::{HOME}:role/Own")["Statement"],
        *(deny("sts:AssumeRole", role) if explicit else LITTLE)["Statement"],
    )
    own = ("identity", ALL) if layer == "trust" else (layer, document)
    keys = keys_of(gatehouse, caller, *own)
    assert visit(gatehouse, keys, role).refusal == sentence(caller, "sts:AssumeRole", role)
    nobody = role.replace("Target", "Nobody")
    assert visit(gatehouse, keys, nobody).refusal == sentence(caller, "sts:AssumeRole", nobody)


@pytest.mark.parametrize("owner", [HOME, AWAY])
@pytest.mark.parametrize(
    ("action", "form"),
    [
        ("sts:TagSession", {"Tags.member.1.Key": "k", "Tags.member.1.Value": "v"}),
        ("sts:SetSourceIdentity", {"SourceIdentity": "una"}),
        (
            "sts:SetContext",
            {
                "ProvidedContexts.member.1.ProviderArn": "arn:aws:iam::aws:contextProvider/IdC",
                "ProvidedContexts.member.1.ContextAssertion": "word",
            },
        ),
    ],
)
def test_what_is_passed_along_is_denied_under_its_own_name(
    gatehouse: Gatehouse, owner: str, action: str, form: dict[str, str]
) -> None:
    """W-143, W-153, PE-116, PE-201 #15 and #16."""
    root = gatehouse.home if owner == HOME else gatehouse.away
    role = gatehouse.new_role("Target", json.dumps(trust(HOME)), root)
    una = keys_of(gatehouse, "user", "identity", ALL)
    assert visit(gatehouse, una, role).status == 200
    assert visit(gatehouse, una, role, **form).refusal == sentence("user", action, role)


def test_a_root_user_is_told_that_it_cannot(gatehouse: Gatehouse) -> None:
    """PE-120, W-106."""
    role = gatehouse.new_role("Target", json.dumps(trust(HOME)))
    said = "Roles may not be assumed by root accounts."
    assert visit(gatehouse, gatehouse.home, role).refusal == (403, "AccessDenied", said)


def test_only_one_kind_of_policy_is_named_where_several_deny(gatehouse: Gatehouse) -> None:
    """W-144, PE-194: the identity-based one first, as the semantics have it."""
    document = barring("iam:GetUser")
    keys = keys_of(gatehouse, "user", "boundary", document)
    gatehouse.permit("una", json.dumps(document))
    refused = gatehouse.call(keys, "GetUser", UserName="una").refusal
    why = reason("identity", "iam:GetUser", explicit=True)
    assert refused == sentence("user", "iam:GetUser", "user una", why)
