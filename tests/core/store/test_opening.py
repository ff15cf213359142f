"""A store's file becomes a store: what is refused, what is shared and what is told at once."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from acme import ACME, AROUND, COMPLETE, TABLE, install_acme, problems, with_acme, write
from shop import request

from portes.contract import Verdict
from portes.errors import PortesError, SettingsError
from portes.store import check_store, open_store, open_stores


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed distributions, forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield tmp_path
    sys.modules.pop("acme_carrier", None)


def test_a_folder_with_a_store_file_becomes_a_store_that_answers(tmp_path: Path) -> None:
    write(tmp_path / "shoes")
    with open_store(tmp_path / "shoes", **AROUND) as store:
        quote = store.quote(request())

    assert (store.name, quote.verdict) == ("shoes", Verdict.SERVED)
    assert [offer.price.minor for offer in quote.lines[0].offers] == [1000]


def test_what_a_plugin_finds_wrong_is_told_by_its_place_in_the_store_s_file(tmp_path: Path) -> None:
    file = write(tmp_path / "shoes")
    file.write_text(file.read_text().replace('delivery = "normal"', 'delivery = "normal"\ntable_service = "x"'))
    (problem,) = check_store(file, **AROUND)

    assert (problem.where, problem.file) == ("carriers.table.services.0.table_service", str(file))


def test_what_is_wrong_in_a_plugin_s_own_file_is_told_by_its_place_there(tmp_path: Path) -> None:
    file = write(tmp_path / "shoes")
    (tmp_path / "shoes" / "table.csv").write_text(TABLE.replace("10.00", "ten"))
    (problem,) = check_store(file, **AROUND)

    assert (Path(problem.file).name, problem.line) == ("table.csv", 2)
    assert "carriers" not in problem.where


def test_every_problem_of_plugins_rules_channels_and_core_is_told_at_once(tmp_path: Path) -> None:
    file = write(
        tmp_path / "shoes",
        store='lines = "some"',
        carrier='packer = "tetris"',
        more="""
[carriers.gone]
use = "no-such-plugin"
id = 2
[[carriers.gone.services]]
code = "x"
delivery = "express"
[[rules]]
use = "markup"
fixed = "3.001"
[[rules]]
use = "cheapestt"
[channels.netshoes]
""",
    )

    told = "\n".join(problems(file))
    for where in (
        "store.lines",
        "carriers.table.packer",
        "carriers.gone.use",
        "rules.0.fixed",
        "rules.1.use",
        "channels.netshoes",
    ):
        assert where in told


def test_a_rule_that_names_no_carrier_of_the_store_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "shoes", more='[[rules]]\nuse = "markup"\npercent = 5\ncarriers = ["tabel"]')

    assert problems(file) == ["rules.0.carriers: is no carrier of this store"]


def test_a_broken_tariff_keeps_the_store_from_starting_and_names_its_line(tmp_path: Path) -> None:
    file = write(tmp_path / "shoes")
    (file.parent / "table.csv").write_text(TABLE.replace("10.00", "ten"))
    (problem,) = check_store(file, **AROUND)

    assert (problem.line, problem.value) == (2, "ten")
    assert problem.file.endswith("table.csv")


@pytest.mark.parametrize(
    ("carrier", "more", "where"),
    [
        pytest.param('fallback = "nobody"', "", "carriers.table.fallback", id="nobody"),
        pytest.param('fallback = "table"', "", "carriers.table.fallback", id="not a fallback"),
        pytest.param("fallback_only = true", "", "carriers", id="nobody left to ask"),
    ],
)
def test_a_stand_in_must_be_one_and_must_not_stand_alone(tmp_path: Path, carrier: str, more: str, where: str) -> None:
    told = problems(write(tmp_path / "shoes", carrier=carrier, more=more))

    assert any(problem.startswith(f"{where}:") for problem in told)


ASYNC = "its {} is async, and nobody awaits it: write def in place of async def"


@pytest.mark.parametrize(
    ("there", "instead", "lacking"),
    [
        ("    Settings = Settings\n", "", "it has no Settings"),
        ("    ServiceSettings = Cards\n", "", "it has no ServiceSettings"),
        ("    Settings = Settings\n    ServiceSettings = Cards\n", "", "it has no Settings and no ServiceSettings"),
        ("ServiceSettings = Cards", "ServiceSettings = Settings", "it has no ServiceSettings"),
        ("self.abilities = Abilities(services=services)", "pass", "it has no abilities"),
        ("def quote", "def qoute", "it has no method quote"),
        ("def quote", "async def quote", ASYNC.format("quote")),
        ("    def quote", "    async def warm(self, deadline): pass\n    def quote", ASYNC.format("warm")),
        ("    def quote", "    async def diagnose(self, deadline): yield\n    def quote", ASYNC.format("diagnose")),
        ("services=services", "services=()", "its abilities name no services where the services x are configured"),
    ],
)
def test_an_incomplete_carrier_is_refused_by_what_its_distribution_lacks(
    tmp_path: Path, site: Path, there: str, instead: str, lacking: str
) -> None:
    assert there in COMPLETE
    install_acme(site, COMPLETE.replace(there, instead))
    file = with_acme(tmp_path)
    (problem,) = check_store(file, **AROUND)

    assert (problem.where, problem.value, problem.file) == ("carriers.acme.use", "acme", str(file))
    assert problem.cause == f"comes from acme-courier 2, which is incomplete: {lacking}"
    assert problem.fix == "repair or upgrade acme-courier"


def test_a_complete_carrier_of_a_stranger_is_taken(tmp_path: Path, site: Path) -> None:
    install_acme(site)

    assert check_store(with_acme(tmp_path), **AROUND) == []


def test_a_fallback_that_calls_a_network_is_refused(tmp_path: Path, site: Path) -> None:
    install_acme(site)

    assert problems(with_acme(tmp_path, carrier="fallback_only = true")) == [
        "carriers.acme.fallback_only: this carrier is not instant, so it cannot stand in"
    ]


def test_a_fallback_is_none_of_the_carriers_that_are_asked_and_every_part_has_a_version(
    tmp_path: Path, site: Path
) -> None:
    install_acme(site, COMPLETE.replace("services=services", "services=services, instant=True"))
    rule = '[[rules]]\nuse = "cheapest"\n'

    with open_store(
        write(tmp_path, more=ACME.format(carrier="fallback_only = true", settings="", service="") + rule)
    ) as store:
        asked, instead = [one.key for one in store.members], [one.key for one in store.fallbacks]

    assert (asked, instead) == (["table"], ["acme"])
    parts = [f"carriers.{key}.{part}" for key in ("table", "acme") for part in ("settings", "tariff", "plugin")]
    assert list(store.versions) == ["portes", "store", *parts, "rules.0.cheapest"]


WATCHED = COMPLETE.replace(
    "        self.abilities",
    """        from requests.adapters import HTTPAdapter
        class Watched(HTTPAdapter):
            def close(self):
                closed.append(settings)
        tools.http.mount("watched://", Watched())
        self.abilities""",
).replace("class Acme:", "closed = []\nclass Acme:")


@pytest.mark.parametrize(
    ("crash", "more", "error"),
    [
        ("", '[channels.nowhere]\nkey = "x"', "channels.nowhere"),
        ("raise ValueError", "", "crashed when it was made"),
        ("from portes.errors import LateError; raise LateError('no answer')", "", "no answer"),
    ],
)
def test_a_store_that_cannot_be_made_leaves_nothing_open(
    tmp_path: Path, site: Path, crash: str, more: str, error: str
) -> None:
    install_acme(site, WATCHED.replace("Watched())\n", f"Watched())\n        {crash}\n"))
    file = with_acme(tmp_path)
    file.write_text(file.read_text() + more)

    with pytest.raises(PortesError, match=error):
        open_store(file, **AROUND)

    assert len(sys.modules["acme_carrier"].closed) == 1


def test_a_store_that_is_made_keeps_open_what_its_carriers_opened(tmp_path: Path, site: Path) -> None:
    install_acme(site, WATCHED)

    with open_store(with_acme(tmp_path), **AROUND):
        assert sys.modules["acme_carrier"].closed == []

    assert len(sys.modules["acme_carrier"].closed) == 1


def test_what_is_wrong_with_a_carrier_and_with_its_services_is_told_at_once(tmp_path: Path, site: Path) -> None:
    install_acme(site)
    told = problems(with_acme(tmp_path, settings="acess_code = 1", service='card = "hunter2secret"'))

    assert told == [
        "carriers.acme.settings.acess_code: is an unknown key",
        "carriers.acme.services.0.card: is a secret in plain text",
    ]


def test_a_carrier_that_is_switched_off_holds_no_secret_in_plain_text(tmp_path: Path, site: Path) -> None:
    install_acme(site)
    keys = {"settings": 'access_code = "hunter2secret"', "service": 'card = "hunter2secret"'}
    found = check_store(with_acme(tmp_path, carrier="active = false", **keys), **AROUND)

    assert [(problem.where, problem.cause) for problem in found] == [
        ("carriers.acme.settings.access_code", "is a secret in plain text"),
        ("carriers.acme.services.0.card", "is a secret in plain text"),
    ]
    assert "hunter2" not in str(found)


@pytest.mark.parametrize("reference", ["${SURELY_NOT_SET}", "file:surely/not/there", ""])
def test_a_carrier_that_is_switched_off_needs_none_of_its_secrets(tmp_path: Path, site: Path, reference: str) -> None:
    install_acme(site)
    file = with_acme(tmp_path, carrier="active = false", settings=f'access_code = "{reference}"')

    assert check_store(file, **AROUND) == []


@pytest.mark.parametrize("module", [None, "raise ImportError", "class Acme: ..."])
def test_a_carrier_that_is_switched_off_needs_no_plugin_that_works(
    tmp_path: Path, site: Path, module: str | None
) -> None:
    if module is not None:
        install_acme(site, module)

    assert check_store(with_acme(tmp_path, carrier="active = false"), **AROUND) == []


def test_two_stores_of_one_name_are_refused_and_all_stores_problems_are_told(tmp_path: Path) -> None:
    write(tmp_path / "a", store='name = "same"')
    write(tmp_path / "b", store='name = "same"')
    write(tmp_path / "c", store='lines = "some"')
    with pytest.raises(SettingsError) as refused:
        open_stores([tmp_path], **AROUND)

    assert sorted(problem.where for problem in refused.value.problems) == ["store.lines", "store.name"]


def test_stores_of_one_process_that_keep_no_state_share_one_vault(tmp_path: Path) -> None:
    """A vendor's limit on fetching tokens holds per machine, so it must hold for all stores of a process."""
    write(tmp_path / "a")
    write(tmp_path / "b")
    stores = open_stores([tmp_path], **AROUND)
    token_caches = {id(tools.tokens) for store in stores.values() for tools in store.tools.values()}
    for store in stores.values():
        store.close()

    assert len(stores) == 2
    assert len(token_caches) == 1


def test_a_changed_key_of_a_carrier_changes_its_fingerprint(tmp_path: Path) -> None:
    prints = []
    for cubic_factor in ("200", "300"):
        file = write(tmp_path / "shoes")
        text = file.read_text().replace('file = "table.csv"', f'file = "table.csv"\ncubic_factor = "{cubic_factor}"')
        file.write_text(text)
        with open_store(file, **AROUND) as store:
            prints.append(store.members[0].fingerprint)

    assert len(set(prints)) == 2


@pytest.mark.parametrize(
    "changed", [('calendar = "BR-SP"', 'calendar = "BR-RJ"'), ("America/Sao_Paulo", "America/Manaus")]
)
def test_what_a_carrier_knows_of_its_store_is_in_its_fingerprint(tmp_path: Path, changed: tuple[str, str]) -> None:
    file = write(tmp_path / "shoes")
    with open_store(file, **AROUND) as store:
        before = store.members[0].fingerprint
    assert changed[0] in file.read_text()
    file.write_text(file.read_text().replace(*changed))

    with open_store(file, **AROUND) as store:
        assert store.members[0].fingerprint != before


def test_an_upgraded_plugin_has_another_fingerprint_since_it_may_read_prices_differently(
    tmp_path: Path, site: Path
) -> None:
    install_acme(site)
    file, prints = with_acme(tmp_path), []
    metadata = site / "acme_courier-2.dist-info" / "METADATA"
    for version in ("2", "3"):
        metadata.write_text(f"Metadata-Version: 2.1\nName: acme-courier\nVersion: {version}\n")
        with open_store(file, **AROUND) as store:
            prints += [member.fingerprint for member in store.members if member.key == "acme"]

    assert len(set(prints)) == 2
