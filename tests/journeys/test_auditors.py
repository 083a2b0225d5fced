"""Auditors' programs read the whole of an account and find the way up that is hidden in it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from demo.policies import allow, policy, statement, trust

from journeys.crossing import Crossing, Side, text
from journeys.traveller import ONE_WAY, Traveller, stranger
from journeys.world import World, inhabited

SHELF = "shelf-of-matsu"
SCRIPTS = Path(__file__).parent / "strangers"
MAY_LOOK = allow(["iam:Get*", "iam:List*", "s3:ListAllMyBuckets", "s3:GetBucketPolicy"], "*")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Accounts of its own, in which there is nobody else."""
    with inhabited(tmp_path_factory.mktemp("audited")) as world:
        furnish(Side(world, world.destination, world.destination_root))
        yield world


def furnish(side: Side) -> None:
    """Ume may assume Peak by her group, Peak may everything; Take may make keys of anyone's.

    Matsu may read one shelf, by its own policy, and nothing leads on from there.
    """
    iam = side.iam
    for name in ("ume", "take", "matsu"):
        iam.create_user(UserName=name)
    peak = side.arn("role/Peak")
    iam.create_role(RoleName="Peak", AssumeRolePolicyDocument=text(trust(side.arn("user/ume"))))
    for name in ("AdministratorAccess", "ReadOnlyAccess"):
        iam.attach_role_policy(RoleName="Peak", PolicyArn=f"arn:aws:iam::aws:policy/{name}")
    iam.create_group(GroupName="climbers")
    climbing = iam.create_policy(
        PolicyName="climbing", PolicyDocument=text(allow("sts:AssumeRole", peak))
    )
    iam.attach_group_policy(GroupName="climbers", PolicyArn=climbing["Policy"]["Arn"])
    iam.add_user_to_group(GroupName="climbers", UserName="ume")
    keys = text(allow("iam:CreateAccessKey", "*"))
    iam.put_user_policy(UserName="take", PolicyName="keys", PolicyDocument=keys)
    side.s3.create_bucket(Bucket=SHELF)
    named = statement("Allow", Principal={"AWS": side.arn("user/matsu")}, Action="s3:GetObject")
    side.s3.put_bucket_policy(
        Bucket=SHELF, Policy=text(policy(named | {"Resource": f"arn:aws:s3:::{SHELF}/*"}))
    )


@pytest.fixture
def auditor(world: World, crossing: Crossing, tmp_path: Path) -> Traveller:
    return Traveller(world, crossing, tmp_path / "home", MAY_LOOK)


@ONE_WAY
def test_principal_mapper_finds_the_way_up(auditor: Traveller) -> None:
    pmapper = [stranger("python"), str(SCRIPTS / "pmapper.py")]
    drawing = ("graph", "create", "--include-regions", "us-east-1")
    assert "(1 admins)" in auditor.run([*pmapper, "--profile", "there", *drawing])

    def told(*question: str) -> list[str]:
        account = auditor.crossing.there.account
        lines = auditor.run([*pmapper, "--account", account, *question]).splitlines()
        return [line.strip() for line in lines if line.strip()]

    assert told("query", "preset privesc *") == [
        "user/take can escalate privileges by accessing the administrative principal role/Peak:",
        "user/take can create access keys to authenticate as user/ume",
        "user/ume can access via sts:AssumeRole role/Peak",
        "user/ume can escalate privileges by accessing the administrative principal role/Peak:",
        "user/ume can access via sts:AssumeRole role/Peak",
        "role/Peak is an administrative principal",
    ]
    book = f"arn:aws:s3:::{SHELF}/book"
    asked = ("--principal", "user/matsu", "--action", "s3:GetObject", "--resource", book)
    owner = ("--resource-owner", auditor.crossing.there.account, "--with-resource-policy")
    found = f"user/matsu IS authorized to call action s3:GetObject for resource {book}"
    assert told("argquery", *asked, *owner) == [found]


@ONE_WAY
def test_cloudsplaining_reads_every_policy(auditor: Traveller, tmp_path: Path) -> None:
    cloudsplaining = stranger("cloudsplaining")
    auditor.run([cloudsplaining, "download", "--profile", "there", "--output", str(tmp_path)])
    scanning = ("--input-file", str(tmp_path / "there.json"), "--output", str(tmp_path))
    auditor.run([cloudsplaining, "scan", "--skip-open-report", *scanning])
    found = json.loads((tmp_path / "iam-results-there.json").read_text())
    users = {user["name"]: list(user["groups"]) for user in found["users"].values()}
    assert users == {"ume": ["climbers"], "take": [], "matsu": []}
    climbing = only(found["customer_managed_policies"], "climbing")
    assert climbing["AttachedTo"] == {"roles": [], "groups": ["climbers"], "users": []}
    keys = only(found["inline_policies"], "keys")
    assert keys["AttachedTo"]["users"] == ["take"]
    assert [way["type"] for way in keys["PrivilegeEscalation"]["findings"]] == ["CreateAccessKey"]
    reading = only(found["aws_managed_policies"], "ReadOnlyAccess")
    assert "s3:GetObject" in reading["DataExfiltration"]["findings"]


def only(policies: dict[str, Any], name: str) -> Any:
    (found,) = (policy for policy in policies.values() if policy["PolicyName"] == name)
    return found
