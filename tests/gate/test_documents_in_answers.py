"""Policy documents come percent-encoded, wherever they stand in an answer of IAM (W-160)."""

import json
from urllib.parse import quote, unquote

import pytest
from demo.policies import allow, trust

from gate.gatehouse import HOME, Gatehouse

# A space and a plus sign: some clients read a plus as a space.
ODD = {"StringEquals": {"aws:PrincipalTag/team": "a b+c"}}
TRUST = json.dumps(trust(f"arn:aws:iam::{HOME}:root", ODD))
GIVEN = json.dumps(allow("s3:GetObject", "*", ODD))
ENCODED = {text: quote(text, safe="-_.~") for text in (TRUST, GIVEN)}

ROLE, PROFILE = {"RoleName": "r"}, {"InstanceProfileName": "ip"}
INLINE = {"PolicyName": "i"}


@pytest.fixture
def furnished(gatehouse: Gatehouse) -> Gatehouse:
    """A user u, a group g, a role r with a profile ip, and a managed policy p."""
    house, root = gatehouse, gatehouse.home
    house.done(house.call(root, "CreateUser", UserName="u"))
    house.done(house.call(root, "CreateGroup", GroupName="g"))
    house.new_role("r", TRUST, root)
    for kind, name in (("User", "u"), ("Group", "g"), ("Role", "r")):
        form = {f"{kind}Name": name, **INLINE, "PolicyDocument": GIVEN}
        house.done(house.call(root, f"Put{kind}Policy", **form))
    house.done(house.call(root, "CreatePolicy", PolicyName="p", PolicyDocument=GIVEN))
    house.done(house.call(root, "CreateInstanceProfile", **PROFILE))
    house.done(house.call(root, "AddRoleToInstanceProfile", **PROFILE, **ROLE))
    return house


@pytest.mark.parametrize(
    ("action", "form", "texts"),
    [
        ("CreateRole", {"RoleName": "s", "AssumeRolePolicyDocument": TRUST}, [TRUST]),
        ("GetRole", ROLE, [TRUST]),
        ("ListRoles", {}, [TRUST]),
        ("UpdateRoleDescription", {**ROLE, "Description": "d"}, [TRUST]),
        ("GetInstanceProfile", PROFILE, [TRUST]),
        ("ListInstanceProfiles", {}, [TRUST]),
        ("ListInstanceProfilesForRole", ROLE, [TRUST]),
        ("GetUserPolicy", {"UserName": "u", **INLINE}, [GIVEN]),
        ("GetGroupPolicy", {"GroupName": "g", **INLINE}, [GIVEN]),
        ("GetRolePolicy", {**ROLE, **INLINE}, [GIVEN]),
        (
            "GetPolicyVersion",
            {"PolicyArn": f"arn:aws:iam::{HOME}:policy/p", "VersionId": "v1"},
            [GIVEN],
        ),
        ("GetAccountAuthorizationDetails", {}, [TRUST, GIVEN]),
    ],
)
def test_documents_are_encoded(
    furnished: Gatehouse, action: str, form: dict[str, str], texts: list[str]
) -> None:
    answer = furnished.done(furnished.call(furnished.home, action, **form)).text
    for text in texts:
        assert f">{ENCODED[text]}</" in answer
        assert unquote(ENCODED[text]) == text
        assert "a%20b%2Bc" in ENCODED[text]
    assert "+" not in answer
    assert "{" not in answer
