"""Watchers that would not be heard: refused when they are registered, with what was meant and whose they are."""

from types import FunctionType, SimpleNamespace
from typing import Any

import pytest

from portes.errors import SettingsError
from portes.hooks import Watchers, hookimpl


def watcher(name: str, function: Any, *, marked: bool = True) -> object:
    """Something that has this one function, which other watchers may have too."""
    own = FunctionType(function.__code__, function.__globals__, name, function.__defaults__)
    return SimpleNamespace(**{name: hookimpl(own) if marked else own})


async def _later(store: str) -> None:
    """Never awaited."""


def _bit_by_bit(store: str) -> Any:
    yield store


def _strange(store: str, qoute: object) -> None:
    """Wants what no hook offers."""


def _whole(store: str, more: int = 3) -> None:
    """An argument with a default of its own is nobody's business."""


@pytest.mark.parametrize(
    ("found", "flaw"),
    [
        (watcher("portes_quotd", _whole), "it has no hook to watch by portes_quotd: did you mean portes_quoted?"),
        (watcher("zap", _whole), "it has no hook to watch by zap: the hooks are portes_asked, portes_answered"),
        (watcher("portes_quoted", _strange), "its portes_quoted wants qoute: did you mean quote? portes_quoted offers"),
        (watcher("portes_quoted", _whole, marked=False), "its portes_quoted is not marked, so nobody calls it"),
        (
            watcher("portes_quotd", _whole, marked=False),
            "its portes_quotd is no hook and not marked, so nobody calls it: did you mean portes_quoted?",
        ),
        (type("Ear", (), vars(watcher("portes_quoted", _whole))), "it is a class, and its hooks have no self: name an"),
        (watcher("portes_quoted", _later), "its portes_quoted is async or yields, and nobody waits for it"),
        (watcher("portes_quoted", _bit_by_bit), "its portes_quoted is async or yields, and nobody waits for it"),
    ],
)
def test_a_watcher_that_would_not_be_heard_is_refused_naming_its_distribution(found: object, flaw: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Watchers().register(found, "ear", "charms 2")

    (problem,) = raised.value.problems
    assert problem.where == "hooks.ear"
    assert problem.cause.startswith(f"comes from charms 2, which cannot watch: {flaw}")
    assert problem.fix.startswith("upgrade or uninstall charms;")


def test_what_stands_beside_the_hooks_of_a_watcher_is_its_own_business() -> None:
    watchers = Watchers()
    ear = watcher("portes_quoted", _whole)

    watchers.register(SimpleNamespace(**vars(ear), portes_helper=_whole, count=3, later=_later), "ear")

    assert watchers.names() == ["ear"]


def test_a_hook_may_be_named_by_its_mark() -> None:
    told: list[str] = []
    watchers = Watchers()

    @hookimpl(specname="portes_alarmed")
    def heard(text: str) -> None:
        told.append(text)

    watchers.register(SimpleNamespace(heard=heard), "ear")
    watchers.portes_alarmed(store="shop", kind="invalid_reply", text="look")

    assert told == ["look"]
