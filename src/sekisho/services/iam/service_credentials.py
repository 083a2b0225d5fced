"""Service-specific credentials: a name and a secret for one service, for those that take no
signatures. No such service is here; what is made is kept, shown once and can be withdrawn."""

import base64
import hashlib
import secrets
from dataclasses import replace
from itertools import count

from sekisho.access.context import ContextValue
from sekisho.directory.queries import papers, users
from sekisho.model.credentials import ServiceCredential
from sekisho.model.faults import Fault
from sekisho.model.identifiers import SERVICE_CREDENTIAL, new_unique_id
from sekisho.model.records import Owner, User
from sekisho.services.iam.access_keys import ACTIVE, INACTIVE, read_status
from sekisho.services.iam.faults import invalid_input, no_such_entity, over_quota
from sekisho.services.iam.paging import oldest_first, page_of
from sekisho.services.iam.quotas import SERVICE_CREDENTIALS
from sekisho.services.iam.targets import find_user, named, the_user
from sekisho.services.operation import Call, Desk, Output, Target, operation

EXPIRED = "Expired"
BEDROCK = "bedrock.amazonaws.com"
SERVICES = ("cassandra.amazonaws.com", "codecommit.amazonaws.com", BEDROCK)
DAY_SECONDS = 86_400
SERVICE_NAME = "iam:servicespecificcredentialservicename"


def new_credential(call: Call, desk: Desk) -> Target:
    """The target of CreateServiceSpecificCredential, with its two keys (PE-190)."""
    user = named(Owner.USER)(call, desk)
    more: dict[str, ContextValue] = {SERVICE_NAME: call.input["ServiceName"]}
    if "CredentialAgeDays" in call.input:
        more["iam:servicespecificcredentialagedays"] = str(call.input["CredentialAgeDays"])
    return Target(user.arn, {**user.context, **more}, user.shown)


def one_credential(call: Call, desk: Desk) -> Target:
    """The target of what is done to a credential: its user, with its service (PE-190)."""
    user, owner = named(Owner.USER)(call, desk), find_user(call, desk)
    credential = None if owner is None else find_credential(call, desk, owner)
    more = {} if credential is None else {SERVICE_NAME: credential.service}
    return Target(user.arn, {**user.context, **more}, user.shown)


def one_or_all_users(call: Call, desk: Desk) -> Target:
    """The target of ListServiceSpecificCredentials."""
    return Target("*") if call.input.get("AllUsers") else named(Owner.USER)(call, desk)


@operation("iam:CreateServiceSpecificCredential", resource=new_credential, writes=True)
def create_service_specific_credential(call: Call, desk: Desk) -> Output:
    """Make a credential; its secret is in this answer and never again.

    Input: UserName, ServiceName (CodeCommit, Keyspaces or Bedrock), CredentialAgeDays (1-36,600,
        Bedrock only).
    Raises: NoSuchEntity, NotSupportedService, InvalidInput; LimitExceeded over two a service.
    """
    user, service = the_user(call, desk), call.input["ServiceName"]
    if service not in SERVICES:
        said = f"No such service {service} is supported for Service Specific Credentials"
        raise Fault("NotSupportedService", 404, said)
    days = call.input.get("CredentialAgeDays")
    if days is not None and service != BEDROCK:
        raise invalid_input(f"CredentialAgeDays is not supported for {service}.")
    held = [
        other
        for other in papers.list_papers(desk.tx, ServiceCredential, call.account, user.unique_id)
        if other.service == service
    ]
    if len(held) >= SERVICE_CREDENTIALS:
        raise over_quota("ServiceSpecificCredentialsPerUser", SERVICE_CREDENTIALS)
    secret = new_secret()
    credential = ServiceCredential(
        id=new_unique_id(SERVICE_CREDENTIAL),
        account=call.account,
        owner=user.unique_id,
        service=service,
        login=new_login(user.name, call.account, {other.login for other in held}),
        created=call.now,
        expires=0 if days is None else call.now + days * DAY_SECONDS,
        hashed=hashed(secret),
    )
    papers.add_paper(desk.tx, credential)
    shown = {**shown_credential(call, user.name, credential), **shown_secret(credential, secret)}
    return {"ServiceSpecificCredential": shown}


@operation("iam:ListServiceSpecificCredentials", resource=one_or_all_users)
def list_service_specific_credentials(call: Call, desk: Desk) -> Output:
    """List the credentials of a user, by default the caller, or of all users.

    Input: UserName or AllUsers, ServiceName.
    """
    if call.input.get("AllUsers"):
        if "UserName" in call.input:
            raise invalid_input("UserName cannot be given together with AllUsers.")
        owner = ""
    else:
        owner = the_user(call, desk).unique_id
    service = call.input.get("ServiceName")
    held = [
        credential
        for credential in papers.list_papers(desk.tx, ServiceCredential, call.account, owner)
        if service is None or credential.service == service
    ]
    kept, rest = page_of(
        call, held, lambda credential: oldest_first(credential.created, credential.id)
    )
    shown = []
    for credential in kept:
        user = users.get_user_by_id(desk.tx, call.account, credential.owner)
        assert user is not None
        shown.append(shown_credential(call, user.name, credential))
    return {"ServiceSpecificCredentials": shown, **rest}


@operation("iam:UpdateServiceSpecificCredential", resource=one_credential, writes=True)
def update_service_specific_credential(call: Call, desk: Desk) -> Output:
    """Activate or deactivate a credential."""
    active = read_status(call)
    papers.update_paper(desk.tx, replace(the_credential(call, desk), active=active))
    return {}


@operation("iam:ResetServiceSpecificCredential", resource=one_credential, writes=True)
def reset_service_specific_credential(call: Call, desk: Desk) -> Output:
    """Replace the secret; the old one is worth nothing from then on."""
    credential, secret = the_credential(call, desk), new_secret()
    credential = replace(credential, hashed=hashed(secret))
    papers.update_paper(desk.tx, credential)
    user = the_user(call, desk)
    shown = {**shown_credential(call, user.name, credential), **shown_secret(credential, secret)}
    return {"ServiceSpecificCredential": shown}


@operation("iam:DeleteServiceSpecificCredential", resource=one_credential, writes=True)
def delete_service_specific_credential(call: Call, desk: Desk) -> Output:
    papers.remove_paper(desk.tx, the_credential(call, desk))
    return {}


def the_credential(call: Call, desk: Desk) -> ServiceCredential:
    """The credential of the input, which must be the user's own."""
    found = find_credential(call, desk, the_user(call, desk))
    if found is None:
        wanted = call.input["ServiceSpecificCredentialId"]
        raise no_such_entity(f"No such credential {wanted} exists")
    return found


def find_credential(call: Call, desk: Desk, user: User) -> ServiceCredential | None:
    wanted = call.input["ServiceSpecificCredentialId"]
    held = papers.list_papers(desk.tx, ServiceCredential, call.account, user.unique_id)
    return next((each for each in held if each.id == wanted), None)


def new_login(name: str, account: str, taken: set[str]) -> str:
    """``alice-at-111122223333``, the next one ``alice+1-at-111122223333``."""
    for number in count():
        login = f"{name}{f'+{number}' if number else ''}-at-{account}"
        if login not in taken:
            break
    return login


def new_secret() -> str:
    """Forty-four characters of base64, 256 random bits."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def shown_credential(call: Call, user_name: str, credential: ServiceCredential) -> Output:
    shown: Output = {
        "CreateDate": credential.created,
        "ServiceName": credential.service,
        login_name(credential): credential.login,
        "ServiceSpecificCredentialId": credential.id,
        "UserName": user_name,
        "Status": ACTIVE if credential.active else INACTIVE,
    }
    if credential.expires:
        shown["ExpirationDate"] = credential.expires
        if credential.expires <= call.now:
            shown["Status"] = EXPIRED
    return shown


def login_name(credential: ServiceCredential) -> str:
    return "ServiceCredentialAlias" if credential.service == BEDROCK else "ServiceUserName"


def shown_secret(credential: ServiceCredential, secret: str) -> Output:
    is_key = credential.service == BEDROCK
    return {"ServiceCredentialSecret" if is_key else "ServicePassword": secret}
