"""`portes carriers`: what is installed, what it can do, who uses it, and what does not load."""

from pathlib import Path
from typing import Any

import pytest
from stage import EXPRESS, NORMAL, write_store
from terminal import Portes, cells, install

from portes.cli.render.circuits import standing


def test_carriers_are_listed_with_distribution_and_version(portes: Portes) -> None:
    told = portes("carriers")

    assert told.exit_code == 0
    assert ["prop", "portes-props 1.0", "", "", ""] in cells(told.stdout)


def test_nothing_is_cut_in_a_pipe(portes: Portes, tmp_path: Path) -> None:
    file = write_store(tmp_path, "shop-of-a-very-long-name", {"near-by-the-harbour": {}})

    (row,) = [row for row in cells(portes("carriers", file, columns=None).stdout) if row[0] == "prop"]

    assert row[1:4] == ["portes-props 1.0", "shop-of-a-very-long-name: near-by-the-harbour", "n (normal)"]
    assert row[4] == "instant, measures parcels, table prices, times live"


def test_on_a_narrow_screen_words_are_broken_and_not_cut(portes: Portes) -> None:
    told = portes("carriers", columns="30").stdout

    assert "…" not in told
    assert "portes-props" in "".join(row[1] for row in cells(told) if len(row) == 5)


def test_abilities_and_users_come_from_the_stores_that_are_named(portes: Portes, tmp_path: Path) -> None:
    services: dict[str, list[dict[str, Any]]] = {"near": [NORMAL, {**EXPRESS, "active": False}]}
    file = write_store(tmp_path, "shop", {"near": {}, "far": {"seconds": 0.1}}, services=services)
    file.write_text(file.read_text().replace("id = 2", "id = 2\nactive = false"))

    told = portes("carriers", file)

    near = "instant, measures parcels, table prices, times live"
    assert [row[2:] for row in cells(told.stdout) if row[0] == "prop"] == [
        ["shop: near", "n (normal)", near],
        ["shop: far", "", "switched off"],
    ]


def test_a_stand_in_is_not_said_to_be_switched_off(portes: Portes, tmp_path: Path) -> None:
    file = write_store(tmp_path, "shop", {"near": {}, "spare": {}})
    file.write_text(file.read_text().replace("id = 2", "id = 2\nfallback_only = true"))

    told = portes("carriers", file)

    (row,) = [row for row in cells(told.stdout) if row[2:3] == ["shop: spare"]]
    assert row[3:] == ["n (normal)", "instant, measures parcels, table prices, times live"]


def test_the_other_plugins_are_listed_by_kind(portes: Portes) -> None:
    rows = cells(portes("carriers").stdout)

    assert ["rule", "cheapest"] in [row[:2] for row in rows]
    assert ["channel", "trapdoor", "portes-props 1.0"] in rows


def test_what_does_not_load_is_listed_with_distribution_cause_and_fix(
    portes: Portes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    install(tmp_path, "acme", "[portes.carriers]\nacme = surely_not_there:Acme\n[portes.rules]\ncheapest = acme:Dear\n")

    told = portes("carriers", columns=None)

    assert told.exit_code == 0
    text = " ".join(told.stdout.split())
    assert "comes from acme 2, which does not load: ModuleNotFoundError: No module named 'surely_not_there'" in text
    assert "its entry point is `acme = surely_not_there:Acme`" in text
    assert "upgrade acme, or uninstall it; if it is yours, correct the entry point in pyproject.toml" in text
    assert "is claimed more than once, by acme 2 and portes" in text
    assert "uninstall all but one" in text


def test_a_store_that_does_not_start_is_told_and_the_rest_still_listed(portes: Portes, tmp_path: Path) -> None:
    write_store(tmp_path, "good", {"near": {}})
    write_store(tmp_path, "bad", {"near": {"prefixs": []}})

    told = portes("carriers", tmp_path)

    assert told.exit_code == 2
    assert "good: near" in told.stdout
    assert "bad.toml: carriers.near.settings.prefixs: is an unknown key" in told.stderr


def test_who_stopped_and_who_recovered_is_told_over_all_workers_and_who_never_stopped_is_not() -> None:
    def circuits(*ones: tuple[str, float | None]) -> list[dict[str, object]]:
        return [{"circuit": circuit, "cause": "late", "probe_in": 7.4, "since": since} for circuit, since in ones]

    carriers = {
        "down": circuits(("open", 90), ("half_open", 60), ("closed", None)),
        "back": circuits(("closed", 7200), ("closed", None)),
        "well": circuits(("closed", None)),
    }
    listed = [{"key": key, "circuits": found} for key, found in carriers.items()]

    assert [*standing({"stores": [{"name": "shop", "carriers": listed}], "reload": None})] == [
        "stopped: shop down in 2 of 3 workers, for 1.5 m: late; probed again in 7 s",
        "recovered: shop back 2.0 h ago",
    ]


STRANGERS = """
[portes.carriers]
leaving = strangers:Leaving
half = strangers:Half
[portes.rules]
charm = strangers:Charm
[portes.hooks]
ear = strangers.ear
[portes.carrier]
acme = strangers:Half
"""
PACKAGE = """
class Half: ...
class Charm:
    phase = 'shipmnt'
class Exit(type):
    @property
    def Settings(cls):
        raise SystemExit('odd')
class Leaving(metaclass=Exit): ...
"""
EAR = "from portes.hooks import hookimpl\n@hookimpl\ndef portes_quotd(store): ...\n"


def test_what_no_store_can_use_and_groups_that_nobody_reads_are_listed(
    portes: Portes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    install(tmp_path, "strangers", STRANGERS)
    (tmp_path / "strangers").mkdir()
    for file, text in {"__init__.py": PACKAGE, "ear.py": EAR}.items():
        (tmp_path / "strangers" / file).write_text(text)

    told = portes("carriers", columns=None)

    rows = cells(told.stdout)
    causes = {row[1]: row[2] for row in rows if row[:1] in (["carrier"], ["rule"], ["hook"])}
    assert told.exit_code == 0
    assert "which is incomplete: it has no Settings and no ServiceSettings" in causes["half"]
    assert "which is incomplete: it cannot be looked at: SystemExit: odd (strangers/__init__.py:8)" in causes["leaving"]
    assert "which is incomplete: it has no Settings that derive from RuleSettings" in causes["charm"]
    assert "it has no hook to watch by portes_quotd: did you mean portes_quoted?" in causes["ear"]
    assert [row[0] for row in rows if row[0] == "half"] == []
    (strange,) = [row for row in rows if row[0] == "portes.carrier"]
    assert strange[1:3] == ["acme", "strangers 2"]
    assert "did you mean portes.carriers?" in strange[3]
