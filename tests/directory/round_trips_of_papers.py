"""Providers, certificates and what else hangs on accounts: what went in comes out."""

from dataclasses import replace

import pytest

from directory.round_trips import found
from directory.samples import ACCOUNT, OTHER, user
from sekisho.directory.queries import passwords, providers, settings, users, uses
from sekisho.directory.store import Directory, Duplicate
from sekisho.model.credentials import LoginProfile
from sekisho.model.providers import OidcProvider, SamlKey, SamlProvider
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
        assert providers.list_saml_providers(tx, ACCOUNT) == [changed]
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
    decided = AccountSettings(ACCOUNT, "home", rules, "v2Token", federation=True)
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
        assert passwords.remove_login_profile(tx, alice.unique_id)
        assert not passwords.remove_login_profile(tx, alice.unique_id)


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
