"""Federation with the clients that people use: boto3 and the aws CLI, through a live server."""

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import jwt
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from demo.cli import PROGRAMS
from demo.policies import allow, policy, statement

from journeys.crossing import refusal, text
from journeys.servers import Started, started
from journeys.world import Keys, client, root_key, sekisho
from services.sts import idp
from services.sts.issuer import AUDIENCE, ISSUER, URL, claims, jwk, signed

ACCOUNT = "111122223333"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("federation")
    keys = folder / "keys.json"
    keys.write_text(json.dumps({"keys": [jwk("RS256"), jwk("ES256")]}))
    with started(folder / "data", "--oidc-keys", f"{ISSUER}={keys}") as running:
        yield running
    assert running.log.read_text() == ""


@pytest.fixture(scope="module")
def root(server: Started) -> Keys:
    sekisho(server.data, "account", "create", "home", "--id", ACCOUNT)
    return root_key(server.data, ACCOUNT)


def iam(server: Started, keys: Keys) -> Any:
    return client(server.endpoint, "iam", keys)


def sts(server: Started, keys: Keys) -> Any:
    return client(server.endpoint, "sts", keys)


@pytest.fixture(scope="module")
def role(server: Started, root: Keys) -> str:
    """A role for whom the issuer vouches as ``ann``; it may list users."""
    made = iam(server, root).create_open_id_connect_provider(Url=ISSUER, ClientIDList=[AUDIENCE])
    trusted = statement(
        "Allow",
        Principal={"Federated": made["OpenIDConnectProviderArn"]},
        Action="sts:AssumeRoleWithWebIdentity",
        Condition={"StringEquals": {f"{URL}:sub": "ann"}},
    )
    arn: str = iam(server, root).create_role(
        RoleName="Web", AssumeRolePolicyDocument=text(policy(trusted))
    )["Role"]["Arn"]
    iam(server, root).put_role_policy(
        RoleName="Web", PolicyName="p", PolicyDocument=text(allow("iam:ListUsers", "*"))
    )
    return arn


def token(subject: str, algorithm: str = "RS256") -> str:
    return signed(claims(time.time(), sub=subject), algorithm)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_boto3_assumes_a_role_with_a_token(server: Started, role: str, algorithm: str) -> None:
    unsigned = boto3.client(
        "sts",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        config=Config(signature_version=UNSIGNED),
    )
    answer = unsigned.assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="boto", WebIdentityToken=token("ann", algorithm)
    )
    assert answer["SubjectFromWebIdentityToken"] == "ann"
    assert answer["Provider"] == ISSUER
    session = Keys.of(answer["Credentials"])
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/Web/boto"
    assert sts(server, session).get_caller_identity()["Arn"] == arn
    assert iam(server, session).list_users()["Users"] == []
    denied = refusal(
        lambda: unsigned.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="boto", WebIdentityToken=token("bob")
        )
    )
    said = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
    assert denied == ("AccessDenied", 403, said)


def test_the_aws_cli_finds_its_token_file(server: Started, role: str, tmp_path: Path) -> None:
    """W-258: as in a pod, with no configuration but two variables and a file."""
    file = tmp_path / "token"
    file.write_text(token("ann"))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": server.endpoint,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ROLE_ARN": role,
        "AWS_ROLE_SESSION_NAME": "pod",
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(file),
    }
    done = subprocess.run(
        [str(PROGRAMS / "aws"), "sts", "get-caller-identity"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    arn: str = json.loads(done.stdout)["Arn"]
    assert arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/Web/pod"


def test_boto3_gives_a_federation_token(server: Started, root: Keys) -> None:
    s3 = client(server.endpoint, "s3", root)
    s3.create_bucket(Bucket="federated")
    s3.put_object(Bucket="federated", Key="key", Body=b"text")
    answer = sts(server, root).get_federation_token(
        Name="guest",
        Policy=text(allow("s3:GetObject", "*")),
        Tags=[{"Key": "team", "Value": "red"}],
    )
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/guest"
    assert answer["FederatedUser"] == {"FederatedUserId": f"{ACCOUNT}:guest", "Arn": arn}
    guest = Keys.of(answer["Credentials"])
    assert sts(server, guest).get_caller_identity()["Arn"] == arn
    reading = client(server.endpoint, "s3", guest)
    assert reading.get_object(Bucket="federated", Key="key")["Body"].read() == b"text"
    denied = refusal(lambda: reading.put_object(Bucket="federated", Key="key", Body=b""))
    assert denied[:2] == ("AccessDenied", 403)


def test_boto3_decodes_a_denial(server: Started, root: Keys) -> None:
    iam(server, root).create_user(UserName="una")
    una = Keys.of(iam(server, root).create_access_key(UserName="una")["AccessKey"])
    denied = refusal(lambda: iam(server, una).list_users())
    assert denied[:2] == ("AccessDenied", 403)
    command = [str(PROGRAMS / "sekisho"), "why", "--last", "--denied", "--encoded"]
    told = subprocess.run(
        [*command, "--data", str(server.data)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    answer = sts(server, root).decode_authorization_message(EncodedMessage=told.stdout.strip())
    report = json.loads(answer["DecodedMessage"])
    assert report["context"]["action"] == "iam:ListUsers"
    assert report["allowed"] is False


def test_a_stock_verifier_takes_a_web_identity_token(tmp_path: Path) -> None:
    """PyJWT's client finds the keys by the issuer's discovery document alone."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with started(tmp_path / "data", "--port", str(port)) as server:
        sekisho(server.data, "account", "create", "home", "--id", ACCOUNT)
        keys = root_key(server.data, ACCOUNT)
        issuer = iam(server, keys).enable_outbound_web_identity_federation()["IssuerIdentifier"]
        assert issuer.startswith(f"http://127.0.0.1:{port}/")
        for algorithm in ("RS256", "ES384"):
            answer = sts(server, keys).get_web_identity_token(
                Audience=["https://api.example"], SigningAlgorithm=algorithm
            )
            assert verified(issuer, answer["WebIdentityToken"])["sub"] == (
                f"arn:aws:iam::{ACCOUNT}:root"
            )
        made = sekisho(server.data, "signing-key", "rotate")
        answer = sts(server, keys).get_web_identity_token(
            Audience=["https://api.example"], SigningAlgorithm="ES384"
        )
        used = jwt.get_unverified_header(answer["WebIdentityToken"])["kid"]
        assert used in [key["id"] for key in made]
        assert verified(issuer, answer["WebIdentityToken"])
        assert server.log.read_text() == ""


def verified(issuer: str, text: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=30) as found:
        document = json.load(found)
    assert document["issuer"] == issuer
    key = jwt.PyJWKClient(document["jwks_uri"]).get_signing_key_from_jwt(text)
    read: dict[str, Any] = jwt.decode(
        text, key, algorithms=["RS256", "ES384"], issuer=issuer, audience="https://api.example"
    )
    return read


def test_boto3_assumes_a_role_with_saml(server: Started, root: Keys) -> None:
    provider = iam(server, root).create_saml_provider(
        Name="Company", SAMLMetadataDocument=idp.metadata()
    )["SAMLProviderArn"]
    trusted = statement(
        "Allow",
        Principal={"Federated": provider},
        Action="sts:AssumeRoleWithSAML",
        Condition={"StringEquals": {"saml:aud": idp.RECIPIENT}},
    )
    role = iam(server, root).create_role(
        RoleName="Saml", AssumeRolePolicyDocument=text(policy(trusted))
    )["Role"]["Arn"]
    attributes = {
        f"{idp.OURS}Role": [f"{provider},{role}"],
        f"{idp.OURS}RoleSessionName": ["ann@example"],
    }
    said = idp.encoded(idp.response(idp.signed(idp.assertion(time.time(), attributes))))
    answer = boto3.client(
        "sts",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        config=Config(signature_version=UNSIGNED),
    ).assume_role_with_saml(RoleArn=role, PrincipalArn=provider, SAMLAssertion=said)
    assert (answer["Subject"], answer["SubjectType"]) == ("ann", "persistent")
    session = Keys.of(answer["Credentials"])
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/Saml/ann@example"
    assert sts(server, session).get_caller_identity()["Arn"] == arn
