"""What a file takes from the environment or from a file: no message about the settings shows it, at any key."""

import copy
import json
import shutil
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from portes.registry import CARRIERS, CHANNELS, RULES, Registry
from portes.settings import reference, service_reference
from portes.settings.origin_section import OriginSection
from portes.settings.sections import CarrierSection, ServiceSection, StoreSection
from portes.store import check_store

DEMO = Path(str(files("portes") / "demo_stores"))
AWAY = "http://127.0.0.1:9"
ENVIRON = {
    "CORREIOS_ACCESS_CODE": "canary-0001-access",
    "CORREIOS_URL": AWAY,
    "JAMEF_PASSWORD": "canary-0002-password",
    "JAMEF_URL": AWAY,
    "NETSHOES_PASSWORD": "canary-0003-password",
    "NATIVE_KEY": "canary-0004-native-key",
    "CORREOS_CLIENT_ID": "canary-0005-id",
    "CORREOS_CLIENT_SECRET": "canary-0006-secret",
    "CORREOS_URL": AWAY,
}
TAKEN = {
    "word": "Zqx7Hunter",
    "path": "zqx/../hunter7.csv",
    "code": "98765432",
    "short code": "9876543",
    "amount": "98765.432",
    "day": "31/12/98765",
    "days": "98765 days",
    "long": "zqx7hunter" * 12,
}
"""Texts as may stand in a variable; each has a part of five signs that no message has by itself."""
TELLING = ("zqx", "hunter", "9876", "98.7", "98,7")
PLUGINS = Registry()
Path_ = tuple[str | int, ...]


@cache
def tree(country: str) -> dict[str, Any]:
    """A demo store's settings with every carrier at work."""
    settings = tomllib.loads((DEMO / country / "portes.toml").read_text(encoding="utf-8"))
    for carrier in settings["carriers"].values():
        carrier["active"] = True
    return settings


def keys() -> Iterator[tuple[str, Path_]]:
    """Every key that a file may have: the demo store, and the path."""
    sections = ((ServiceSection, ("service",)), (StoreSection, ("store",)), (OriginSection, ("origins", 0)))
    for model, place in sections:
        yield from (("brazil", (*place, *path(key.path))) for key in reference(model))
    for plugin in PLUGINS.plugins(RULES):
        yield from (("brazil", ("rules", plugin.name, *path(key.path))) for key in reference(plugin.value.Settings))
    for country in ("brazil", "spain"):
        channels, carriers = tree(country).get("channels", {}), tree(country)["carriers"]
        for channel in PLUGINS.plugins(CHANNELS):
            if channel.name in channels:
                own = reference(channel.value.Settings)
                yield from ((country, ("channels", channel.name, *path(key.path))) for key in own)
        for name, carrier in carriers.items():
            kind = PLUGINS.find(CARRIERS, carrier["use"], where="", file="").value
            place = ("carriers", name)
            yield from ((country, (*place, *path(key.path))) for key in reference(CarrierSection))
            yield from ((country, (*place, "settings", *path(key.path))) for key in reference(kind.Settings))
            services = service_reference(kind.ServiceSettings)
            yield from ((country, (*place, "services", 0, *path(key.path))) for key in services)


def path(text: str) -> Path_:
    return tuple(text.split("."))


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(key))} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value) if isinstance(value, str | bool) else str(value)


def put(settings: dict[str, Any], where: Path_, written: str) -> None:
    """Write a text at a key, with the tables on the way there; a rule is added."""
    if where[0] == "rules":
        settings["rules"] = [{"use": where[1]}]
        where = ("rules", 0, *where[2:])
    at: Any = settings
    for part in where[:-1]:
        if isinstance(at, list) and not isinstance(part, int):
            at = at[0]
        if isinstance(at, dict) and not isinstance(at.get(str(part)), dict | list):
            at[str(part)] = {}
        at = at[part]
    if isinstance(at, list):
        at = at[0]
    at[where[-1]] = written


def messages(folder: Path, country: str, where: Path_, written: str, taken: str) -> str:
    """All that is said of the demo store with this text at this key."""
    settings = copy.deepcopy(tree(country))
    put(settings, where, written)
    (folder / "portes.toml").write_text("".join(f"{key} = {toml(value)}\n" for key, value in settings.items()))
    with capture_logs() as log:
        problems = check_store(folder, environ=ENVIRON | {"TAKEN": taken})
    return "\n".join([*map(str, problems), *map(str, log)])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what both demo stores read."""
    folder = tmp_path_factory.mktemp("demo")
    for country in ("brazil", "spain"):
        shutil.copytree(DEMO / country, folder, dirs_exist_ok=True)
    return folder


@pytest.mark.parametrize(
    ("where", "taken"),
    [
        (("origins", 0, "postal_code"), "short code"),
        (("rules", "markup", "use"), "word"),
        (("carriers", "example", "use"), "word"),
        (("store", "catalogue"), "path"),
        (("store", "catalogue"), "long"),
        (("carriers", "example", "settings", "file"), "path"),
        (("carriers", "example", "services", 0, "table_service"), "word"),
        (("carriers", "example", "services", 0, "extra_cost"), "amount"),
        (("carriers", "correios", "services", 0, "code"), "word"),
        (("service", "state"), "word"),
    ],
)
def test_a_key_that_was_seen_to_show_what_it_took_does_not(demo: Path, where: Path_, taken: str) -> None:
    told = messages(demo, "brazil", where, "${TAKEN}", TAKEN[taken])

    assert not [part for part in TELLING if part in told.lower()], told


@pytest.mark.exhaustive
@pytest.mark.parametrize(("written", "taken"), [("${TAKEN}", "word"), ("file:taken", "code")])
def test_no_key_shows_what_it_took(demo: Path, written: str, taken: str) -> None:
    (demo / "taken").write_text(TAKEN[taken])
    shown, every = [], list(keys())
    for country, where in every:
        told = messages(demo, country, where, written, TAKEN[taken])
        if any(part in told.lower() for part in TELLING):
            shown.append((where, told))

    assert shown == []
    assert len(every) > 100


def test_what_the_file_itself_says_is_shown_as_before(demo: Path) -> None:
    told = messages(demo, "brazil", ("rules", "markup", "use"), "marcup-zqx", "")

    assert "got 'marcup-zqx'" in told


def test_a_word_of_ours_that_a_variable_holds_too_stays_readable(demo: Path) -> None:
    told = messages(demo, "brazil", ("origins", 0, "postal_code"), "${TAKEN}", "1")

    assert "got '${TAKEN}'" in told
    assert "write 8 digits" in told
