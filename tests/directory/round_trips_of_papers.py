"""Providers, certificates and what else hangs on accounts: what went in comes out."""

from dataclasses import replace

from directory.round_trips import found
from directory.samples import ACCOUNT, OTHER
from sekisho.directory.queries import providers
from sekisho.directory.store import Directory
from sekisho.model.providers import OidcProvider, SamlKey, SamlProvider

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
