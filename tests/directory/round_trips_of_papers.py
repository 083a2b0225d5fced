"""Providers, certificates and what else hangs on accounts: what went in comes out."""

from dataclasses import replace

import pytest

from directory.round_trips import found
from directory.samples import ACCOUNT, OTHER, role, user
from sekisho.directory.queries import (
    details,
    instance_profiles,
    issuers,
    jobs,
    papers,
    passwords,
    providers,
    roles,
    server_certificates,
    settings,
    users,
    uses,
)
from sekisho.directory.queries.belongings import belongings
from sekisho.directory.store import Directory, Duplicate
from sekisho.model.credentials import (
    LoginProfile,
    ServerCertificate,
    ServiceCredential,
    SigningCertificate,
    SshKey,
)
from sekisho.model.jobs import Job, JobKind
from sekisho.model.providers import OidcProvider, SamlKey, SamlProvider
from sekisho.model.records import InstanceProfile, Issuer, Owner, SigningKey
from sekisho.model.settings import AccountSettings, PasswordPolicy
from sekisho.model.uses import Use

SINCE = 1_700_000_000


def prove_oidc_providers_come_back(directory: Directory) -> None:
    found(directory)
    made = OidcProvider(ACCOUNT, "b.example/x", SINCE, ("c", "a"), ("ab" * 20,), {"T": "1"})
    first = OidcProvider(ACCOUNT, "a.example", SINCE)
    with directory.writing() as tx:
        for each in (made, first):
            providers.add_oidc_provider(tx, each)
    with directory.reading() as tx:
        assert providers.get_oidc_provider(tx, made.arn) == made
        assert providers.get_oidc_provider(tx, made.arn.upper()) is None
        assert providers.list_oidc_providers(tx, ACCOUNT) == [first, made]
        assert providers.list_oidc_providers(tx, OTHER) == []
    changed = replace(made, client_ids=(), thumbprints=(), tags={})
    with directory.writing() as tx:
        providers.update_oidc_provider(tx, changed)
        providers.remove_oidc_provider(tx, first)
    with directory.reading() as tx:
        assert providers.list_oidc_providers(tx, ACCOUNT) == [changed]
        assert providers.count_providers(tx, ACCOUNT) == 1


def prove_saml_providers_come_back_with_their_keys(directory: Directory) -> None:
    found(directory)
    made = SamlProvider(ACCOUNT, "Corp", SINCE, "<xml/>", SINCE + 9, "U" * 26, "Allowed", {"k": ""})
    one, two = (SamlKey(letter * 26, made.arn, SINCE, f"pem {letter}") for letter in "AB")
    with directory.writing() as tx:
        providers.add_saml_provider(tx, made)
        for key in (two, one):
            providers.add_saml_key(tx, ACCOUNT, key)
    with directory.reading() as tx:
        assert providers.get_saml_provider(tx, made.arn) == made
        assert providers.find_saml_provider(tx, ACCOUNT, "CORP") == made
        assert providers.find_saml_provider(tx, OTHER, "Corp") is None
        assert providers.list_saml_keys(tx, made.arn) == [one, two]
    changed = replace(made, metadata="<more/>", encryption="", valid_until=7)
    with directory.writing() as tx:
        providers.update_saml_provider(tx, changed)
        assert providers.remove_saml_key(tx, ACCOUNT, made.arn, one.id)
        assert not providers.remove_saml_key(tx, ACCOUNT, made.arn, one.id)
        assert providers.list_saml_providers(tx, ACCOUNT) == [replace(changed, metadata="")]
        providers.remove_saml_provider(tx, changed)
        assert providers.list_saml_keys(tx, made.arn) == []
        assert providers.count_providers(tx, ACCOUNT) == 0


def prove_providers_are_told_to_watchers(directory: Directory) -> None:
    found(directory)
    watcher = directory.watch()
    made = OidcProvider(ACCOUNT, "b.example", SINCE)
    with directory.writing() as tx:
        providers.add_oidc_provider(tx, made)
    assert watcher.poll().accounts == {ACCOUNT}


def prove_settings_come_back(directory: Directory) -> None:
    found(directory)
    rules = PasswordPolicy(14, symbols=True, max_age=90, hard_expiry=False)
    decided = AccountSettings(ACCOUNT, "home", rules, "v2Token")
    with directory.writing() as tx:
        assert settings.get_settings(tx, ACCOUNT) == AccountSettings(ACCOUNT)
        settings.put_settings(tx, AccountSettings(OTHER))
        settings.put_settings(tx, decided)
    with directory.reading() as tx:
        assert settings.get_settings(tx, ACCOUNT) == decided
        assert settings.find_alias(tx, "home") == ACCOUNT
        assert settings.find_alias(tx, "away") is None
    with pytest.raises(Duplicate), directory.writing() as tx:
        settings.put_settings(tx, AccountSettings(OTHER, "home"))


def prove_login_profiles_come_back(directory: Directory) -> None:
    found(directory)
    alice = user("alice")
    made = LoginProfile(ACCOUNT, alice.unique_id, SINCE, SINCE, True, "$argon2id$", ("a", "b"))
    changed = replace(made, changed=SINCE + 1, reset=False, hashed="$argon2id$2", earlier=())
    with directory.writing() as tx:
        users.add_user(tx, alice)
        passwords.add_login_profile(tx, made)
        assert passwords.get_login_profile(tx, alice.unique_id) == made
        passwords.update_login_profile(tx, changed)
        assert passwords.get_login_profile(tx, alice.unique_id) == changed
        assert passwords.remove_login_profile(tx, alice.account, alice.unique_id)
        assert not passwords.remove_login_profile(tx, alice.account, alice.unique_id)


def prove_uses_come_back(directory: Directory) -> None:
    found(directory)
    first = Use("AIDAX", "iam", "GetUser", ACCOUNT, 5, "us-east-1")
    second = Use("AIDAX", "signin", "ConsoleLogin", ACCOUNT, 4, "eu-west-1")
    with directory.writing() as tx:
        uses.put_uses(tx, [second, first, first._replace(at=3)])
        assert uses.list_uses(tx, "AIDAX") == [first, second]
        assert uses.list_signins(tx, ACCOUNT) == [second]
        assert uses.list_signins(tx, OTHER) == []
        uses.forget_uses(tx, "AIDAX")
        assert uses.list_uses(tx, "AIDAX") == []


def prove_instance_profiles_come_back(directory: Directory) -> None:
    found(directory)
    holder = role("r")
    made = InstanceProfile(ACCOUNT, "Web", "/a/", "AIPAX", SINCE, tags={"k": "v"})
    filled = replace(made, role_id=holder.unique_id, name="Site")
    with directory.writing() as tx:
        roles.add_role(tx, holder)
        instance_profiles.add_instance_profile(tx, made)
        assert instance_profiles.get_instance_profile(tx, ACCOUNT, "WEB") == made
        assert instance_profiles.get_instance_profile(tx, OTHER, "Web") is None
        instance_profiles.update_instance_profile(tx, filled)
        assert instance_profiles.list_instance_profiles(tx, ACCOUNT, "/a/", None, 9) == [filled]
        of_role = instance_profiles.list_instance_profiles_of(tx, holder.unique_id, None, 9)
        assert of_role == [filled]
        near = details.Span(Owner.ROLE, ACCOUNT, "q", "R")
        assert details.profiles_of(tx, near) == [filled]
        assert details.profiles_of(tx, near._replace(last="q")) == []
        instance_profiles.remove_instance_profile(tx, filled)
        assert instance_profiles.get_instance_profile(tx, ACCOUNT, "Site") is None


def prove_papers_come_back(directory: Directory) -> None:
    found(directory)
    alice, bob = user("alice"), user("bob")
    with directory.writing() as tx:
        for each in (alice, bob):
            users.add_user(tx, each)
    key = SshKey("APKAX", ACCOUNT, alice.unique_id, SINCE, "00:11", "ssh-rsa")
    certificate = SigningCertificate("C" * 32, ACCOUNT, alice.unique_id, SINCE, "ff", "PEM")
    secret = ServiceCredential("ACCAX", ACCOUNT, bob.unique_id, "s", "login", SINCE, hashed="h")
    made: tuple[SshKey | SigningCertificate | ServiceCredential, ...] = (key, certificate, secret)
    with directory.writing() as tx:
        for paper in made:
            papers.add_paper(tx, paper)
            kind, owner = type(paper), paper.owner
            assert papers.list_papers(tx, kind, ACCOUNT, owner) == [paper]
            assert papers.list_papers(tx, kind, ACCOUNT, "") == [paper]
            assert papers.list_papers(tx, kind, OTHER, "") == []
            assert belongings(tx, owner).papers
            papers.update_paper(tx, replace(paper, active=False))
            assert papers.list_papers(tx, kind, ACCOUNT, owner) == [replace(paper, active=False)]
            papers.remove_paper(tx, paper)
            assert not any(belongings(tx, owner))


def prove_server_certificates_come_back(directory: Directory) -> None:
    found(directory)
    made = ServerCertificate(
        ACCOUNT, "Site", "/c/", "ASCAX", SINCE, SINCE + 9, "PEM", "chain", "secret", {"k": "v"}
    )
    seen = replace(made, private_key="")
    moved = replace(seen, name="other", path="/")
    with directory.writing() as tx:
        server_certificates.add_server_certificate(tx, made)
        assert server_certificates.get_server_certificate(tx, ACCOUNT, "SITE") == seen
        assert server_certificates.list_server_certificates(tx, ACCOUNT, "/c/", None, 9) == [seen]
        server_certificates.update_server_certificate(tx, moved)
        assert server_certificates.get_server_certificate(tx, ACCOUNT, "other") == moved
        assert server_certificates.get_private_key(tx, "ASCAX") == "secret"
        assert server_certificates.get_private_key(tx, "ASCAY") is None
        server_certificates.remove_server_certificate(tx, moved)
        assert server_certificates.list_server_certificates(tx, ACCOUNT, "/", None, 9) == []


def prove_the_latest_jobs_come_back(directory: Directory) -> None:
    found(directory)
    kind = JobKind.LAST_ACCESSED
    made = [Job(f"j{at}", ACCOUNT, kind, at, {"at": at}) for at in range(4)]
    other = Job("other", ACCOUNT, JobKind.ROLE_DELETION, 0)
    with directory.writing() as tx:
        assert jobs.latest_job(tx, ACCOUNT, kind) is None
        jobs.add_job(tx, other, 1)
        for job in made:
            jobs.add_job(tx, job, kept=2)
        assert jobs.latest_job(tx, ACCOUNT, kind) == made[3]
        assert jobs.get_job(tx, ACCOUNT, kind, "j2") == made[2]
        assert jobs.get_job(tx, ACCOUNT, kind, "j1") is None
        assert jobs.get_job(tx, OTHER, kind, "j2") is None
        assert jobs.get_job(tx, ACCOUNT, JobKind.ROLE_DELETION, "j2") is None
        assert jobs.get_job(tx, ACCOUNT, JobKind.ROLE_DELETION, "other") == other


def prove_issuers_and_signing_keys_come_back(directory: Directory) -> None:
    found(directory)
    issuer = Issuer(ACCOUNT, "0" * 36, True)
    older, newer = (
        SigningKey("a", "RS256", SINCE, b"one"),
        SigningKey("b", "ES384", SINCE + 1, b"2"),
    )
    with directory.writing() as tx:
        issuers.add_issuer(tx, issuer)
        for key in (older, newer):
            issuers.add_signing_key(tx, key)
    with directory.reading() as tx:
        assert issuers.get_issuer(tx, ACCOUNT) == issuers.get_issuer_by_id(tx, issuer.id) == issuer
        assert issuers.get_issuer(tx, OTHER) is None
        assert issuers.list_signing_keys(tx) == [newer, older]
    with directory.writing() as tx:
        issuers.enable_issuer(tx, ACCOUNT, False)
        issuers.remove_signing_key(tx, older.id)
    with directory.reading() as tx:
        assert issuers.get_issuer(tx, ACCOUNT) == replace(issuer, enabled=False)
        assert issuers.list_signing_keys(tx) == [newer]
