"""An organization with the clients that people use: the aws CLI and boto3 (W-100, W-221…W-238)."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from demo.cli import PROGRAMS
from demo.policies import allow, deny

from journeys.servers import Started, started
from journeys.world import Keys, client, root_key, sekisho

HOME, AWAY = "111122223333", "444455556666"
UNLOCK = "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    with started(tmp_path_factory.mktemp("organizations") / "data") as running:
        for account in (HOME, AWAY):
            sekisho(running.data, "account", "create", account, "--id", account)
        yield running
    assert running.log.read_text() == ""


@pytest.fixture(scope="module")
def una(server: Started) -> Keys:
    """A user of the account that is to manage the organization, who may do everything."""
    iam = client(server.endpoint, "iam", root_key(server.data, HOME))
    iam.create_user(UserName="una")
    everything = json.dumps(allow("*", "*"))
    iam.put_user_policy(UserName="una", PolicyName="p", PolicyDocument=everything)
    return Keys.of(iam.create_access_key(UserName="una")["AccessKey"])


def aws(server: Started, keys: Keys, line: str) -> Any:
    """What an `aws` command prints as JSON. line: its words, with spaces between them."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(server.data),
        "AWS_ENDPOINT_URL": server.endpoint,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret,
        **({"AWS_SESSION_TOKEN": keys.token} if keys.token else {}),
    }
    done = subprocess.run(
        [str(PROGRAMS / "aws"), "--output", "json", *line.split()],
        env=environment, check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


def test_from_nothing_to_an_unlocked_bucket(server: Started, una: Keys, tmp_path: Path) -> None:
    """The aws CLI makes an organization and an account in it, crosses into that, locks itself out
    of a bucket, and gets it back as the account's root user."""
    made = aws(server, una, "organizations create-organization")["Organization"]
    assert made["MasterAccountId"] == HOME
    line = "organizations create-account --email dev@example.com --account-name dev"
    status = aws(server, una, line)["CreateAccountStatus"]
    line = (
        f"organizations describe-create-account-status --create-account-request-id {status['Id']}"
    )
    member = aws(server, una, line)["CreateAccountStatus"]["AccountId"]
    listed = aws(server, una, "organizations list-accounts")["Accounts"]
    assert {one["Id"] for one in listed} == {HOME, member}

    role = f"arn:aws:iam::{member}:role/OrganizationAccountAccessRole"
    line = f"sts assume-role --role-arn {role} --role-session-name visit"
    inside = Keys.of(aws(server, una, line)["Credentials"])
    place = "--create-bucket-configuration LocationConstraint=eu-west-1"
    aws(server, inside, f"s3api create-bucket --bucket locked-away {place}")
    denial = {"Effect": "Deny", "Principal": "*", "Action": "s3:*",
              "Resource": "arn:aws:s3:::locked-away"}  # fmt: skip
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [denial]}))
    line = f"s3api put-bucket-policy --bucket locked-away --policy file://{policy}"
    aws(server, inside, line)
    s3 = client(server.endpoint, "s3", inside)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_bucket_policy(Bucket="locked-away")

    line = "organizations enable-aws-service-access --service-principal iam.amazonaws.com"
    aws(server, una, line)
    features = aws(server, una, "iam enable-organizations-root-sessions")
    assert features["EnabledFeatures"] == ["RootSessions"]
    line = f"sts assume-root --target-principal {member} --task-policy-arn arn={UNLOCK}"
    root = Keys.of(aws(server, una, line)["Credentials"])
    aws(server, root, "s3api delete-bucket-policy --bucket locked-away")
    s3.list_objects_v2(Bucket="locked-away")


def test_boto3_walks_the_organization(server: Started, una: Keys) -> None:
    """Paginators, waiting for an account, units, invitations; errors are the client's own."""
    here = client(server.endpoint, "organizations", una)
    there = client(server.endpoint, "organizations", root_key(server.data, AWAY))
    with pytest.raises(here.exceptions.AlreadyInOrganizationException):
        here.create_organization(FeatureSet="ALL")
    with pytest.raises(there.exceptions.AWSOrganizationsNotInUseException):
        there.describe_organization()
    root = here.list_roots()["Roots"][0]["Id"]
    unit = here.create_organizational_unit(ParentId=root, Name="sandbox")["OrganizationalUnit"]
    invited = here.invite_account_to_organization(Target={"Id": AWAY, "Type": "ACCOUNT"})
    there.accept_handshake(HandshakeId=invited["Handshake"]["Id"])
    here.move_account(AccountId=AWAY, SourceParentId=root, DestinationParentId=unit["Id"])
    pages = here.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 1})
    found = {one["Id"]: one for page in pages for one in page["Accounts"]}
    assert len(found) == 3
    assert found[AWAY]["Paths"] == [f"{unit['Path']}{AWAY}/"]
    assert found[AWAY]["JoinedTimestamp"].year > 2000
    with pytest.raises(here.exceptions.InvalidInputException) as caught:
        here.describe_account(AccountId="x")
    assert caught.value.response["Reason"] == "INVALID_PATTERN"
    with pytest.raises(ClientError, match="AccessDeniedException"):
        there.list_accounts()
    there.leave_organization()


def test_a_guard_rail_for_the_whole_organization(
    server: Started, una: Keys, tmp_path: Path
) -> None:
    """The aws CLI denies an action to all members, but not to the management account."""
    here = client(server.endpoint, "organizations", una)
    root = here.list_roots()["Roots"][0]["Id"]
    made = here.create_account(Email="ops@example.com", AccountName="ops")["CreateAccountStatus"]
    role = f"arn:aws:iam::{made['AccountId']}:role/OrganizationAccountAccessRole"
    line = f"sts assume-role --role-arn {role} --role-session-name visit"
    inside = Keys.of(aws(server, una, line)["Credentials"])
    iam = client(server.endpoint, "iam", inside)
    assert iam.list_users()["Users"] == []
    kind = "SERVICE_CONTROL_POLICY"
    aws(server, una, f"organizations enable-policy-type --root-id {root} --policy-type {kind}")
    text = tmp_path / "policy.json"
    text.write_text(json.dumps(deny("iam:ListUsers", "*")))
    line = f"organizations create-policy --name p --type {kind} --description d"
    policy = aws(server, una, f"{line} --content file://{text}")["Policy"]["PolicySummary"]["Id"]
    aws(server, una, f"organizations attach-policy --policy-id {policy} --target-id {root}")
    with pytest.raises(ClientError, match="with an explicit deny in a service control policy"):
        iam.list_users()
    assert client(server.endpoint, "iam", una).list_users()["Users"]
    aws(server, una, f"organizations detach-policy --policy-id {policy} --target-id {root}")
    assert iam.list_users()["Users"] == []
    aws(server, una, f"organizations delete-policy --policy-id {policy}")
