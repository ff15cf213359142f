"""Plugins found by entry point, from real little distributions on the path."""

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from portes.errors import SettingsError
from portes.registry import CARRIERS, COMMANDS, GROUPS, PACKERS, RULES, Broken, Registry, kind_of


class Site:
    """A folder of installed distributions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, name: str, version: str, entry_points: str, **modules: str) -> None:
        info = self.folder / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(dedent(entry_points))
        for module, text in modules.items():
            (self.folder / f"{module}.py").write_text(dedent(text))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return Site(tmp_path)


def test_an_installed_plugin_is_found_with_its_distribution_and_version(site: Site) -> None:
    site.install("acme-courier", "1.2.3", "[portes.carriers]\nacme = acme_a:Acme\n", acme_a="class Acme: ...")

    found = Registry().find(CARRIERS, "acme")

    assert (found.name, found.distribution, found.version) == ("acme", "acme-courier", "1.2.3")
    assert found.value.__name__ == "Acme"


def test_the_product_s_own_packers_come_through_the_same_door() -> None:
    assert {plugin.name: plugin.distribution for plugin in Registry().plugins(PACKERS)} == {
        "single": "portes",
        "boxes": "portes",
        "stack": "portes",
        "totals": "portes",
        "volume": "portes",
    }


def test_nothing_is_loaded_to_tell_names(site: Site) -> None:
    site.install("acme", "1", "[portes.commands]\nzap = acme_b:zap\n", acme_b="raise SystemExit('loaded')")

    assert "zap" in Registry().names(COMMANDS)
    assert "acme_b" not in sys.modules


@pytest.mark.parametrize(
    ("module", "text", "cause"),
    [
        ("acme_c", "import surely_not_installed", "ModuleNotFoundError: No module named 'surely_not_installed'"),
        ("acme_d", "assert 1 == 2, 'odd machine'", "AssertionError: odd machine"),
        ("acme_e", "raise SystemExit('no licence\\nfound')", "SystemExit: no licence found"),
        ("acme_f", "1 +", "SyntaxError: invalid syntax"),
        ("acme_g", "Other = 1", "AttributeError: module 'acme_g' has no attribute 'Acme'"),
    ],
)
def test_a_plugin_that_does_not_load_costs_nobody_else_a_thing(site: Site, module: str, text: str, cause: str) -> None:
    site.install("acme-courier", "2.0", f"[portes.carriers]\nacme = {module}:Acme\n", **{module: text})
    site.install("good", "1", f"[portes.carriers]\ngood = {module}_good:Good\n", **{f"{module}_good": "Good = 1"})
    registry = Registry()

    (broken,) = (each for each in registry.broken(CARRIERS) if each.name == "acme")

    assert (broken.distribution, broken.version) == ("acme-courier", "2.0")
    assert cause in broken.cause
    assert "acme-courier" in broken.fix
    assert ("good", "good", "1") in [
        (each.name, each.distribution, each.version) for each in registry.plugins(CARRIERS)
    ]


def test_a_broken_plugin_is_fatal_for_the_store_that_uses_it(site: Site) -> None:
    site.install("acme-courier", "2.0", "[portes.carriers]\nacme = acme_h:Acme\n", acme_h="import surely_not_there")

    with pytest.raises(SettingsError) as raised:
        Registry().find(CARRIERS, "acme", where="carriers.x.use", file="shop.toml")

    (problem,) = raised.value.problems
    assert (problem.file, problem.where, problem.value) == ("shop.toml", "carriers.x.use", "acme")
    assert "acme-courier 2.0, which does not load: ModuleNotFoundError" in problem.cause
    assert problem.fix == (
        "upgrade acme-courier, or uninstall it; if it is yours, add surely_not_there to its dependencies"
    )


@pytest.mark.parametrize(
    ("value", "module", "fix"),
    [
        ("acme_k:Acmee", "class Acme: ...", "correct the entry point in pyproject.toml. did you mean Acme?"),
        ("acme_kk:Acme", "class Acme: ...", "correct the entry point in pyproject.toml"),
        ("acme_k:Acme", "x = 1\nclass Acme:\n    y = {}['z']", "mend acme_k.py:3"),
        ("acme_k:Acme", "raise BaseException('odd')", "mend acme_k.py:1"),
    ],
)
def test_what_does_not_load_is_told_with_its_entry_point_and_a_fix_for_its_author(
    site: Site, monkeypatch: pytest.MonkeyPatch, value: str, module: str, fix: str
) -> None:
    monkeypatch.delitem(sys.modules, "acme_k", raising=False)
    site.install("acme-courier", "2.0", f"[portes.carriers]\nacme = {value}\n", acme_k=module)

    with pytest.raises(SettingsError) as raised:
        Registry().find(CARRIERS, "acme")

    (problem,) = raised.value.problems
    assert problem.cause.endswith(f"its entry point is `acme = {value}`")
    assert problem.fix == f"upgrade acme-courier, or uninstall it; if it is yours, {fix}"


@pytest.mark.parametrize("group", ["portes.carrier", "portes_carriers", "porte.carriers"])
def test_a_name_in_a_misspelt_group_is_told_with_the_group_that_was_meant(site: Site, group: str) -> None:
    site.install("acme-courier", "1", f"[{group}]\nacme = acme_l:Acme\n[other.carriers]\nacme = acme_l:Acme\n")
    registry = Registry()

    with pytest.raises(SettingsError) as raised:
        registry.find(CARRIERS, "acme")

    (strange,) = registry.strange_groups()
    assert (strange.group, list(strange.names), strange.distribution) == (group, ["acme"], "acme-courier 1")
    assert raised.value.problems[0].cause == "is no installed carrier"
    assert f"acme-courier 1 names it in the group {group}" in raised.value.problems[0].fix
    assert "did you mean portes.carriers?" in raised.value.problems[0].fix


def test_a_strange_group_that_is_like_none_is_told_which_there_are(site: Site) -> None:
    site.install("acme-courier", "1", "[portes.nonsense]\nacme = acme_l:Acme\n")

    (strange,) = Registry().strange_groups()

    assert strange.fix.startswith("the groups are portes.carriers, portes.channels, ")


@pytest.mark.parametrize("second", ["acme_i:Acme", "acme_i:Other"])
def test_a_name_claimed_twice_is_refused_naming_both_distributions(site: Site, second: str) -> None:
    text = "class Acme: ...\nclass Other: ..."
    site.install("acme-courier", "1", "[portes.carriers]\nacme = acme_i:Acme\n", acme_i=text)
    site.install("acme-fork", "2", f"[portes.carriers]\nacme = {second}\n")
    registry = Registry()

    with pytest.raises(SettingsError, match="by acme-courier 1 and acme-fork 2"):
        registry.find(CARRIERS, "acme")
    assert [each for each in registry.broken(CARRIERS) if each.name == "acme"] == [
        Broken(
            "acme",
            "acme-courier and acme-fork",
            "1 and 2",
            "is claimed more than once, by acme-courier 1 and acme-fork 2",
            "uninstall all but one",
        )
    ]
    assert "acme" not in [plugin.name for plugin in registry.plugins(CARRIERS)]


def test_a_stranger_cannot_take_the_place_of_a_built_in(site: Site) -> None:
    site.install("acme-rules", "1", "[portes.rules]\ncheapest = acme_j:dearest\n", acme_j="dearest = 1")

    with pytest.raises(SettingsError, match="by acme-rules 1 and portes "):
        Registry().find(RULES, "cheapest")


def test_an_unknown_name_says_what_is_installed_and_what_was_meant() -> None:
    with pytest.raises(SettingsError) as raised:
        Registry().find(RULES, "cheepest", where="rules.0.use")

    (problem,) = raised.value.problems
    assert problem.cause == "is no installed rule"
    assert problem.fix.startswith("did you mean cheapest? installed: cheapest, days, exclude, ")


def test_nothing_is_written_to_the_user_s_home(tmp_path: Path) -> None:
    home = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    script = "from portes.registry import Registry, PACKERS; print(len(Registry().plugins(PACKERS)))"

    ran = subprocess.run([sys.executable, "-c", script], env=home, capture_output=True, text=True, check=True)

    assert int(ran.stdout) >= 2
    assert list(tmp_path.iterdir()) == []


def test_a_plugin_of_each_group_has_a_word_of_its_own() -> None:
    words = [kind_of(group) for group in GROUPS]

    assert words == ["carrier", "channel", "rule", "catalogue", "table format", "packer", "sandbox", "command", "hook"]
