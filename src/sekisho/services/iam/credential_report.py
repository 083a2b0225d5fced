"""The credential report: a line for every user, what it can prove itself with and since when
(W-216)."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from sekisho.directory.queries import accounts, devices, jobs, keys, papers, passwords, settings
from sekisho.directory.queries import users as users_
from sekisho.model.credentials import LoginProfile, SigningCertificate
from sekisho.model.faults import Fault
from sekisho.model.identifiers import new_request_id
from sekisho.model.jobs import Job, JobKind
from sekisho.model.records import AccessKey, User
from sekisho.model.settings import PasswordPolicy
from sekisho.model.uses import Use
from sekisho.services.iam.paging import EVERY
from sekisho.services.operation import Call, Desk, Output, everything, operation

CURRENT_SECONDS = 4 * 3_600
DAY_SECONDS = 86_400
ROOT = "<root_account>"
NONE, UNKNOWN, UNSUPPORTED = "N/A", "no_information", "not_supported"
KEY_COLUMNS = (
    "active",
    "last_rotated",
    "last_used_date",
    "last_used_region",
    "last_used_service",
)
COLUMNS = (
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    *(f"access_key_{number}_{column}" for number in (1, 2) for column in KEY_COLUMNS),
    "cert_1_active",
    "cert_1_last_rotated",
    "cert_2_active",
    "cert_2_last_rotated",
)


@operation("iam:GenerateCredentialReport", resource=everything, writes=True)
def generate_credential_report(call: Call, desk: Desk) -> Output:
    """Write a report, at once, unless there is one that is less than four hours old."""
    last = jobs.latest_job(desk.tx, call.account, JobKind.CREDENTIAL_REPORT)
    if last is None or call.now - last.created >= CURRENT_SECONDS:
        content = {"csv": written(list(lines(call, desk)))}
        job = Job(new_request_id(), call.account, JobKind.CREDENTIAL_REPORT, call.now, content)
        jobs.add_job(desk.tx, job, kept=1)
    return {"State": "COMPLETE"}


@operation("iam:GetCredentialReport", resource=everything)
def get_credential_report(call: Call, desk: Desk) -> Output:
    """Fetch the report. Raises: ReportNotPresent, ReportExpired after four hours."""
    last = jobs.latest_job(desk.tx, call.account, JobKind.CREDENTIAL_REPORT)
    if last is None:
        raise Fault("ReportNotPresent", 410, "Credential report not present")
    if call.now - last.created >= CURRENT_SECONDS:
        raise Fault("ReportExpired", 410, "The most recent credential report has expired.")
    return {
        "Content": last.content["csv"].encode(),
        "ReportFormat": "text/csv",
        "GeneratedTime": last.created,
    }


def written(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue()


def lines(call: Call, desk: Desk) -> Iterator[list[str]]:
    """The root user's line, then those of the users."""
    tx, account = desk.tx, accounts.get_account(desk.tx, call.account)
    assert account is not None
    yield [
        ROOT,
        account.arn,
        instant(account.created),
        UNSUPPORTED,
        UNKNOWN,
        UNSUPPORTED,
        UNSUPPORTED,
        word(bool(devices.list_devices_of(tx, account.id, account.id))),
        *credentials(desk, account.id, account.id),
    ]
    policy = settings.get_settings(tx, account.id).password_policy
    signed_in = desk.directory.uses.signed_in(tx, account.id)
    for user in users_.list_users(tx, account.id, "/", None, EVERY):
        profile = passwords.get_login_profile(tx, user.unique_id)
        yield [
            user.name,
            user.arn,
            instant(user.created),
            *password(user, profile, policy, signed_in),
            word(bool(devices.list_devices_of(tx, account.id, user.unique_id))),
            *credentials(desk, account.id, user.unique_id),
        ]


def password(
    user: User,
    profile: LoginProfile | None,
    policy: PasswordPolicy | None,
    signed_in: Mapping[str, int],
) -> list[str]:
    """Enabled, last used, last changed and next rotation."""
    if profile is None:
        return [word(False), NONE, NONE, NONE]
    used = signed_in.get(user.unique_id)
    rotation = NONE
    if policy is not None and policy.max_age:
        rotation = instant(profile.changed + policy.max_age * DAY_SECONDS)
    last = UNKNOWN if used is None else instant(used)
    return [word(True), last, instant(profile.changed), rotation]


def credentials(desk: Desk, account: str, owner: str) -> list[str]:
    """The columns of two access keys and two certificates."""
    held = keys.list_access_keys(desk.tx, account, owner)
    held.sort(key=lambda key: (key.created, key.id))
    used = desk.directory.uses.of_many(desk.tx, [key.id for key in held])
    shown: list[str] = []
    for key in (*held, None, None)[:2]:
        shown += access_key(key, None if key is None else used.get(key.id))
    certificates = papers.list_papers(desk.tx, SigningCertificate, account, owner)
    for certificate in (*certificates, None, None)[:2]:
        if certificate is None:
            shown += [word(False), NONE]
        else:
            shown += [word(certificate.active), instant(certificate.uploaded)]
    return shown


def access_key(key: AccessKey | None, use: Use | None) -> list[str]:
    if key is None:
        return [word(False), NONE, NONE, NONE, NONE]
    last = [NONE, NONE, NONE] if use is None else [instant(use.at), use.region, use.service]
    return [word(key.active), instant(key.created), *last]


def word(fact: bool) -> str:
    return "true" if fact else "false"


def instant(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).isoformat()
