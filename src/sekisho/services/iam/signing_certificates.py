"""X.509 signing certificates of users and of the root user. Nothing here takes what they sign."""

import secrets
from dataclasses import replace

from sekisho.directory.queries import papers
from sekisho.model.credentials import SigningCertificate
from sekisho.model.faults import Fault
from sekisho.services.iam.access_keys import ACTIVE, INACTIVE, read_status
from sekisho.services.iam.faults import no_such_entity, over_quota
from sekisho.services.iam.paging import oldest_first, page_of
from sekisho.services.iam.pem import fingerprint, is_current, malformed, read_certificate
from sekisho.services.iam.quotas import SIGNING_CERTIFICATES
from sekisho.services.iam.targets import Holder, the_holder, user_or_root
from sekisho.services.operation import Call, Desk, Output, operation

ID_LENGTH = 32
ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@operation("iam:UploadSigningCertificate", resource=user_or_root, writes=True)
def upload_signing_certificate(call: Call, desk: Desk) -> Output:
    """Keep a certificate for a user, by default the caller.

    Input: UserName, CertificateBody (PEM). Raises: NoSuchEntity, MalformedCertificate,
        InvalidCertificate if it is not valid now, DuplicateCertificate, LimitExceeded over two.
    """
    holder, text = the_holder(call, desk), call.input["CertificateBody"]
    read = read_certificate(text)
    if read is None:
        raise malformed(f"Certificate {text} is malformed")
    if not is_current(read, call.ambient.now):
        raise Fault("InvalidCertificate", 400, "The certificate is not valid at this time.")
    known = papers.list_papers(desk.tx, SigningCertificate, call.account, "")
    if any(other.fingerprint == fingerprint(read) for other in known):
        said = "The same certificate is associated with an IAM user in the account."
        raise Fault("DuplicateCertificate", 409, said)
    if sum(1 for other in known if other.owner == holder.id) >= SIGNING_CERTIFICATES:
        raise over_quota("CertificatesPerUser", SIGNING_CERTIFICATES)
    certificate = SigningCertificate(
        id="".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH)),
        account=call.account,
        owner=holder.id,
        uploaded=call.now,
        fingerprint=fingerprint(read),
        text=text,
    )
    papers.add_paper(desk.tx, certificate)
    return {"Certificate": shown_certificate(holder, certificate)}


@operation("iam:ListSigningCertificates", resource=user_or_root)
def list_signing_certificates(call: Call, desk: Desk) -> Output:
    holder = the_holder(call, desk)
    held = papers.list_papers(desk.tx, SigningCertificate, call.account, holder.id)
    kept, rest = page_of(call, held, lambda one: oldest_first(one.uploaded, one.id))
    return {"Certificates": [shown_certificate(holder, one) for one in kept], **rest}


@operation("iam:UpdateSigningCertificate", resource=user_or_root, writes=True)
def update_signing_certificate(call: Call, desk: Desk) -> Output:
    """Activate or deactivate a certificate."""
    active = read_status(call)
    papers.update_paper(desk.tx, replace(the_certificate(call, desk), active=active))
    return {}


@operation("iam:DeleteSigningCertificate", resource=user_or_root, writes=True)
def delete_signing_certificate(call: Call, desk: Desk) -> Output:
    papers.remove_paper(desk.tx, the_certificate(call, desk))
    return {}


def the_certificate(call: Call, desk: Desk) -> SigningCertificate:
    """The certificate of the input, which must be the holder's own."""
    holder, wanted = the_holder(call, desk), call.input["CertificateId"]
    for certificate in papers.list_papers(desk.tx, SigningCertificate, call.account, holder.id):
        if certificate.id == wanted:
            return certificate
    raise no_such_entity(f"The Certificate with id {wanted} cannot be found.")


def shown_certificate(holder: Holder, certificate: SigningCertificate) -> Output:
    return {
        **holder.shown,
        "CertificateId": certificate.id,
        "CertificateBody": certificate.text,
        "Status": ACTIVE if certificate.active else INACTIVE,
        "UploadDate": certificate.uploaded,
    }
