"""Catalogues in children that a host forks: each asks by itself, and the parent's turn stays with the parent."""

from datetime import timedelta
from pathlib import Path

from forked import forked
from shop import FrozenClock
from sku_shop import ScriptedSource, keyed, live


def test_a_child_asks_by_itself_what_the_parent_asks_too() -> None:
    source = ScriptedSource()
    source.put("a", 500)
    catalogue = keyed(source, FrozenClock())
    catalogue.wait(["a"])
    source.go.clear()
    catalogue.ask(["b"])  # under way in a thread that no child has

    def ask() -> list[str]:
        source.go.set()
        source.put("b", 1)
        return sorted(catalogue.wait(["a", "b"]).entries)

    child = forked(ask)
    source.go.set()

    assert child.told() == ["a", "b"]
    catalogue.close()


def test_a_child_answers_from_the_rows_of_its_parent_and_leaves_it_the_turn(tmp_path: Path) -> None:
    clock, source = FrozenClock(), ScriptedSource(by_key=False)
    source.put("a", 500)
    catalogue = live(source, clock, tmp_path)
    catalogue.look()

    def look() -> list[int | None]:
        clock.moment += timedelta(hours=1)
        source.put("a", 900)
        catalogue.look()
        return [entry.weight for entry in catalogue.entries]

    assert forked(look).told() == [500]  # it is due, and not the child's turn
    assert forked(catalogue.close).told() is None
    stranger = ScriptedSource(by_key=False)
    other = live(stranger, clock, tmp_path)
    clock.moment += timedelta(hours=1)
    other.look()
    assert not stranger.asked  # the parent has the turn still
    catalogue.close()
    other.look()
    assert stranger.asked
    other.close()


def test_a_child_of_a_store_that_was_started_takes_over_what_is_written_later(tmp_path: Path) -> None:
    clock, source = FrozenClock(), ScriptedSource(by_key=False)
    source.put("a", 500)
    catalogue = live(source, clock, tmp_path)
    catalogue.start()

    def wait() -> int | None:
        while (entry := catalogue.get("b")) is None:
            catalogue._ending.wait(0.01)
        return entry.weight

    child = forked(wait)
    source.put("b", 700)
    clock.moment += timedelta(hours=1)
    catalogue.look()

    assert child.told() == 700
    catalogue.close()
