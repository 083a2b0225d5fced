"""SSH keys, certificates and credentials of services (W-118, W-164, W-166, W-169, W-171, PE-76)."""

import re
from datetime import timedelta
from typing import Any

import pytest

from sekisho.directory.queries import papers, server_certificates
from sekisho.model.credentials import ServiceCredential
from services.iam.office import NOW, Office, allow
from services.iam.papers import (
    END,
    certificate_pem,
    long_pem,
    private_pem,
    public_pem,
    saml_metadata,
    ssh_public,
)

TAGS = [{"Key": "Team", "Value": "blue"}, {"Key": "team", "Value": "red"}]
REFERENCED = ("DeleteConflict", 409, "Cannot delete entity, must remove referenced objects first.")
COMMIT, BEDROCK = "codecommit.amazonaws.com", "bedrock.amazonaws.com"


@pytest.fixture
def furnished(office: Office) -> Office:
    office.new_user("u")
    return office


def ssh(office: Office, text: str) -> dict[str, str]:
    made = office.do("UploadSSHPublicKey", UserName="u", SSHPublicKeyBody=text)["SSHPublicKey"]
    return {"UserName": "u", "SSHPublicKeyId": made["SSHPublicKeyId"]}


def signing(office: Office, name: str = "one") -> dict[str, str]:
    made = office.do(
        "UploadSigningCertificate", UserName="u", CertificateBody=certificate_pem(name)
    )["Certificate"]
    return {"UserName": "u", "CertificateId": made["CertificateId"]}


def served(office: Office, name: str = "Site", **more: Any) -> dict[str, str]:
    given = {"CertificateBody": certificate_pem(), "PrivateKey": private_pem(), **more}
    office.do("UploadServerCertificate", ServerCertificateName=name, **given)
    return {"ServerCertificateName": name}


# SSH keys.


def test_an_ssh_key_comes_back_in_both_encodings(furnished: Office) -> None:
    made = furnished.do("UploadSSHPublicKey", UserName="u", SSHPublicKeyBody=ssh_public())
    shown = made["SSHPublicKey"]
    assert re.fullmatch("APKA[A-Z2-7]{17}", shown["SSHPublicKeyId"])  # W-118
    assert re.fullmatch("([0-9a-f]{2}:){15}[0-9a-f]{2}", shown["Fingerprint"])
    assert (shown["Status"], shown["UploadDate"]) == ("Active", NOW)
    given = {"UserName": "u", "SSHPublicKeyId": shown["SSHPublicKeyId"]}
    for encoding, text in (("SSH", ssh_public()), ("PEM", public_pem())):
        seen = furnished.do("GetSSHPublicKey", Encoding=encoding, **given)["SSHPublicKey"]
        assert seen == {**shown, "SSHPublicKeyBody": text}
    (listed,) = furnished.do("ListSSHPublicKeys", UserName="u")["SSHPublicKeys"]
    assert set(listed) == {"UserName", "SSHPublicKeyId", "Status", "UploadDate"}
    furnished.do("UpdateSSHPublicKey", Status="Inactive", **given)
    assert furnished.do("ListSSHPublicKeys", UserName="u")["SSHPublicKeys"][0]["Status"] == (
        "Inactive"
    )
    assert furnished.refusal("DeleteUser", UserName="u") == REFERENCED  # W-169
    furnished.do("DeleteSSHPublicKey", **given)
    furnished.do("DeleteUser", UserName="u")


def test_the_same_key_is_the_same_in_any_encoding(furnished: Office) -> None:
    ssh(furnished, public_pem())
    given = {"UserName": "u", "SSHPublicKeyBody": ssh_public() + " u@host"}
    assert furnished.refusal("UploadSSHPublicKey", **given)[:2] == ("DuplicateSSHPublicKey", 400)


@pytest.mark.parametrize(
    "text",
    [
        "ssh-rsa AAAA",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz1HwHReFVvD5obVsALAgJRNarH4TRpNePnAS",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    ],
)
def test_only_rsa_keys_are_taken(furnished: Office, text: str) -> None:
    told = ("InvalidPublicKey", 400, "The public key is malformed or otherwise invalid.")
    assert furnished.refusal("UploadSSHPublicKey", UserName="u", SSHPublicKeyBody=text) == told


def test_what_is_neither_ssh_nor_pem_is_no_encoding_of_a_key(furnished: Office) -> None:
    """W-166"""
    told = furnished.refusal("UploadSSHPublicKey", UserName="u", SSHPublicKeyBody="no key")
    said = "The public key encoding format is unsupported or unrecognized."
    assert told == ("UnrecognizedPublicKeyEncoding", 400, said)


def test_five_ssh_keys_are_the_most(furnished: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sekisho.services.iam.ssh_keys.SSH_KEYS", 1)
    ssh(furnished, ssh_public())
    told = ("LimitExceeded", 409, "Cannot exceed quota for SSHPublicKeysPerUser: 1")
    given = {"UserName": "u", "SSHPublicKeyBody": ssh_public("two")}
    assert furnished.refusal("UploadSSHPublicKey", **given) == told


def test_ssh_keys_of_others_are_not_there(furnished: Office) -> None:
    given = ssh(furnished, ssh_public())
    furnished.new_user("v")
    told = furnished.refusal("DeleteSSHPublicKey", **{**given, "UserName": "v"})
    said = f"The SSH Public Key with id {given['SSHPublicKeyId']} cannot be found."
    assert told == ("NoSuchEntity", 404, said)


# Signing certificates.


def test_a_signing_certificate_comes_and_goes(furnished: Office) -> None:
    given = signing(furnished)
    (shown,) = furnished.do("ListSigningCertificates", UserName="u")["Certificates"]
    assert shown == {
        **given,
        "CertificateBody": certificate_pem(),
        "Status": "Active",
        "UploadDate": NOW,
    }
    furnished.do("UpdateSigningCertificate", Status="Inactive", **given)
    (shown,) = furnished.do("ListSigningCertificates", UserName="u")["Certificates"]
    assert shown["Status"] == "Inactive"
    assert furnished.refusal("DeleteUser", UserName="u") == REFERENCED
    furnished.do("DeleteSigningCertificate", **given)
    said = f"The Certificate with id {given['CertificateId']} cannot be found."
    assert furnished.refusal("DeleteSigningCertificate", **given) == ("NoSuchEntity", 404, said)


def test_signing_certificates_are_looked_at(furnished: Office) -> None:
    """W-166, W-171"""
    signing(furnished)
    given = {"UserName": "u", "CertificateBody": certificate_pem()}
    assert furnished.refusal("UploadSigningCertificate", **given)[:2] == (
        "DuplicateCertificate",
        409,
    )
    told = ("MalformedCertificate", 400, "Certificate x is malformed")
    bad = {"UserName": "u", "CertificateBody": "x"}
    assert furnished.refusal("UploadSigningCertificate", **bad) == told
    signing(furnished, "two")
    told = ("LimitExceeded", 409, "Cannot exceed quota for CertificatesPerUser: 2")
    third = {"UserName": "u", "CertificateBody": certificate_pem("three")}
    assert furnished.refusal("UploadSigningCertificate", **third) == told
    furnished.now = (END + timedelta(days=1)).timestamp()
    assert furnished.refusal("UploadSigningCertificate", **third)[:2] == ("InvalidCertificate", 400)


def test_the_root_user_has_certificates_too(office: Office) -> None:
    made = office.do("UploadSigningCertificate", CertificateBody=certificate_pem())
    assert "UserName" not in made["Certificate"]
    summary = office.do("GetAccountSummary")["SummaryMap"]
    assert summary["AccountSigningCertificatesPresent"] == 1


# Server certificates.


def test_a_server_certificate_comes_back_without_its_key(office: Office) -> None:
    given = served(office, Path="/cloudfront/", Tags=TAGS[:1])
    shown = office.do("GetServerCertificate", **given)["ServerCertificate"]
    metadata = shown["ServerCertificateMetadata"]
    assert re.fullmatch("ASCA[A-Z2-7]{17}", metadata["ServerCertificateId"])  # W-118
    assert shown == {
        "ServerCertificateMetadata": {
            "Path": "/cloudfront/",
            "ServerCertificateName": "Site",
            "ServerCertificateId": metadata["ServerCertificateId"],
            "Arn": office.arn("server-certificate/cloudfront/Site"),
            "UploadDate": NOW,
            "Expiration": int(END.timestamp()),
        },
        "CertificateBody": certificate_pem(),
        "Tags": TAGS[:1],
    }
    listed = office.do("ListServerCertificates", PathPrefix="/cloudfront/")
    assert listed["ServerCertificateMetadataList"] == [metadata]
    with office.directory.reading() as tx:
        kept = server_certificates.get_private_key(tx, metadata["ServerCertificateId"])
    assert kept == private_pem()


def test_a_chain_is_kept_if_it_is_in_order(office: Office) -> None:
    given = served(office, CertificateChain=certificate_pem())
    shown = office.do("GetServerCertificate", **given)["ServerCertificate"]
    assert shown["CertificateChain"] == certificate_pem()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            {"CertificateBody": "x"},
            (
                "MalformedCertificate",
                400,
                "Unable to parse certificate. Please ensure the certificate is in PEM format.",
            ),
        ),
        (
            {"PrivateKey": "x"},
            (
                "MalformedCertificate",
                400,
                "Unable to parse key. Please ensure the key is in PEM format.",
            ),
        ),
        (
            {"PrivateKey": private_pem("two")},
            (
                "KeyPairMismatch",
                400,
                "The public key certificate and the private key do not match.",
            ),
        ),
        (
            {"CertificateChain": certificate_pem("two")},
            (
                "MalformedCertificate",
                400,
                "Unable to validate certificate chain. The certificate chain must start with the"
                " immediate signing certificate, followed by any intermediaries in order. The"
                " index within the chain of the invalid certificate is: -1",
            ),
        ),
    ],
)
def test_certificate_key_and_chain_must_fit(
    office: Office, more: dict[str, str], told: tuple[str, int, str]
) -> None:
    """W-166"""
    given = {"CertificateBody": certificate_pem(), "PrivateKey": private_pem(), **more}
    assert office.refusal("UploadServerCertificate", ServerCertificateName="x", **given) == told


def test_keys_that_take_minutes_to_prove_are_not_read(office: Office) -> None:
    """They are refused unproven, and in no transaction."""
    given = {"CertificateBody": certificate_pem(), "PrivateKey": long_pem()}
    told = office.refusal("UploadServerCertificate", ServerCertificateName="x", **given)
    assert told[2] == "Unable to parse key. Please ensure the key is in PEM format."
    given = {"SAMLMetadataDocument": saml_metadata(), "AddPrivateKey": long_pem()}
    told = office.refusal("CreateSAMLProvider", Name="x", **given)
    assert told[2] == "The private key must be an RSA key in PEM, without a passphrase."


def test_server_certificates_are_renamed(office: Office) -> None:
    given = served(office)
    served(office, "other")
    taken = "The Server Certificate with name OTHER already exists."
    new = {"NewServerCertificateName": "OTHER"}
    told = ("EntityAlreadyExists", 409, taken)
    assert office.refusal("UpdateServerCertificate", **given, **new) == told
    old_only = allow("iam:UpdateServerCertificate", office.arn("server-certificate/Site"))
    alice = office.new_user("alice", old_only)
    new = {"NewServerCertificateName": "moved", "NewPath": "/x/"}
    said = office.refusal("UpdateServerCertificate", alice, **given, **new)[2]
    assert office.arn("server-certificate/x/moved") in said
    office.do("UpdateServerCertificate", **given, **new)
    office.do("DeleteServerCertificate", ServerCertificateName="MOVED")
    missing = "The Server Certificate with name Site cannot be found."  # W-167
    assert office.refusal("GetServerCertificate", **given) == ("NoSuchEntity", 404, missing)


def test_server_certificates_have_a_quota(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sekisho.services.iam.server_certificates.SERVER_CERTIFICATES", 1)
    served(office)
    given = {"CertificateBody": certificate_pem(), "PrivateKey": private_pem()}
    told = office.refusal("UploadServerCertificate", ServerCertificateName="b", **given)
    said = "Cannot exceed quota for ServerCertificatesPerAccount: 1"
    assert told == ("LimitExceeded", 409, said)


def test_tags_of_server_certificates_heed_case(office: Office) -> None:
    """W-164"""
    given = served(office)
    for tag in TAGS:
        office.do("TagServerCertificate", Tags=[tag], **given)
    assert office.do("ListServerCertificateTags", **given)["Tags"] == TAGS
    office.do("UntagServerCertificate", TagKeys=["Team"], **given)
    assert office.do("ListServerCertificateTags", **given)["Tags"] == TAGS[1:]


# Credentials of services.


def test_a_service_credential_shows_its_secret_once(furnished: Office) -> None:
    made = furnished.do("CreateServiceSpecificCredential", UserName="u", ServiceName=COMMIT)
    shown = made["ServiceSpecificCredential"]
    secret = shown.pop("ServicePassword")
    assert re.fullmatch("ACCA[A-Z2-7]{17}", shown["ServiceSpecificCredentialId"])  # W-118
    assert shown["ServiceUserName"] == f"u-at-{furnished.id}"
    listed = furnished.do("ListServiceSpecificCredentials", UserName="u")
    assert listed["ServiceSpecificCredentials"] == [shown]
    with furnished.directory.reading() as tx:
        (kept,) = papers.list_papers(tx, ServiceCredential, furnished.id, "")
    assert secret not in (kept.hashed, repr(kept))
    given = {
        "UserName": "u",
        "ServiceSpecificCredentialId": shown["ServiceSpecificCredentialId"],
    }
    again = furnished.do("ResetServiceSpecificCredential", **given)["ServiceSpecificCredential"]
    assert again["ServicePassword"] != secret
    furnished.do("UpdateServiceSpecificCredential", Status="Inactive", **given)
    listed = furnished.do("ListServiceSpecificCredentials", AllUsers=True, ServiceName=COMMIT)
    assert listed["ServiceSpecificCredentials"] == [{**shown, "Status": "Inactive"}]
    assert furnished.refusal("DeleteUser", UserName="u") == REFERENCED
    furnished.do("DeleteServiceSpecificCredential", **given)
    said = f"No such credential {shown['ServiceSpecificCredentialId']} exists"
    told = ("NoSuchEntity", 404, said)
    assert furnished.refusal("DeleteServiceSpecificCredential", **given) == told


def test_two_credentials_a_service_are_the_most(furnished: Office) -> None:
    logins = [
        furnished.do("CreateServiceSpecificCredential", UserName="u", ServiceName=COMMIT)[
            "ServiceSpecificCredential"
        ]["ServiceUserName"]
        for _ in range(2)
    ]
    assert logins == [f"u-at-{furnished.id}", f"u+1-at-{furnished.id}"]
    given = {"UserName": "u", "ServiceName": COMMIT}
    said = "Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2"
    told = ("LimitExceeded", 409, said)
    assert furnished.refusal("CreateServiceSpecificCredential", **given) == told


def test_bedrock_keys_expire(furnished: Office) -> None:
    given: dict[str, Any] = {"UserName": "u", "ServiceName": BEDROCK, "CredentialAgeDays": 2}
    made = furnished.do("CreateServiceSpecificCredential", **given)["ServiceSpecificCredential"]
    assert made["ExpirationDate"] == NOW + 2 * 86_400
    assert {"ServiceCredentialAlias", "ServiceCredentialSecret"} < set(made)
    furnished.now += 2 * 86_400
    (listed,) = furnished.do("ListServiceSpecificCredentials", UserName="u")[
        "ServiceSpecificCredentials"
    ]
    assert listed["Status"] == "Expired"


def test_other_services_have_no_credentials(furnished: Office) -> None:
    """W-166"""
    said = "No such service s3.amazonaws.com is supported for Service Specific Credentials"
    given = {"UserName": "u", "ServiceName": "s3.amazonaws.com"}
    told = ("NotSupportedService", 404, said)
    assert furnished.refusal("CreateServiceSpecificCredential", **given) == told
    aged: dict[str, Any] = {"UserName": "u", "ServiceName": COMMIT, "CredentialAgeDays": 2}
    assert furnished.refusal("CreateServiceSpecificCredential", **aged)[0] == "InvalidInput"


def test_policies_may_limit_the_service(furnished: Office) -> None:
    """PE-190"""
    only = {
        "StringEquals": {"iam:ServiceSpecificCredentialServiceName": BEDROCK},
        "NumericLessThan": {"iam:ServiceSpecificCredentialAgeDays": "30"},
    }
    alice = furnished.new_user("alice", allow("iam:*ServiceSpecific*", Condition=only))
    given = {"UserName": "u", "ServiceName": BEDROCK}
    create = "CreateServiceSpecificCredential"
    furnished.do(create, alice, CredentialAgeDays=29, **given)
    assert furnished.refusal(create, alice, CredentialAgeDays=30, **given)[0] == "AccessDenied"
    assert furnished.refusal(create, alice, UserName="u", ServiceName=COMMIT)[0] == "AccessDenied"


# MFA devices.


def test_devices_are_tagged_and_shown(furnished: Office) -> None:
    """W-164"""
    serial = furnished.do("CreateVirtualMFADevice", VirtualMFADeviceName="phone")[
        "VirtualMFADevice"
    ]["SerialNumber"]
    for tag in TAGS:
        furnished.do("TagMFADevice", SerialNumber=serial, Tags=[tag])
    assert furnished.do("ListMFADeviceTags", SerialNumber=serial)["Tags"] == TAGS
    furnished.do("UntagMFADevice", SerialNumber=serial, TagKeys=["Team"])
    assert furnished.do("ListMFADeviceTags", SerialNumber=serial)["Tags"] == TAGS[1:]
    given = {"UserName": "u", "SerialNumber": serial}
    assert furnished.refusal("GetMFADevice", **given)[0] == "NoSuchEntity"


def test_statuses_are_two(furnished: Office) -> None:
    """W-173: nobody sets the status Expired."""
    given = ssh(furnished, ssh_public())
    told = furnished.refusal("UpdateSSHPublicKey", Status="Expired", **given)
    assert told[:2] == ("ValidationError", 400)


def test_the_summary_counts_all(furnished: Office) -> None:
    """W-124, W-213"""
    served(furnished)
    furnished.do("CreateInstanceProfile", InstanceProfileName="i")
    furnished.do("CreateOpenIDConnectProvider", Url="https://a.example")
    furnished.do("SetSecurityTokenServicePreferences", GlobalEndpointTokenVersion="v2Token")
    summary = furnished.do("GetAccountSummary")["SummaryMap"]
    assert len(summary) == 34
    told = {
        "Users": 1,
        "ServerCertificates": 1,
        "InstanceProfiles": 1,
        "Providers": 1,
        "GlobalEndpointTokenVersion": 2,
    }
    assert told.items() <= summary.items()
