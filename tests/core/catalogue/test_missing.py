"""The SKUs that a catalogue lacks: counted together by all who answer, kept, and forgotten when nobody asks."""

from datetime import timedelta
from pathlib import Path

import pytest
from shop import FrozenClock, item, request
from sku_shop import GOODS, bare, fill, opened, write_shop

from portes.catalogue import missing
from portes.catalogue.missing import MISSING_FILE, MissingSkus, read_missing
from portes.errors import DatabaseError


def counts(state: Path, store: str = "shop", most: int = 100) -> list[tuple[str, int]]:
    return [(one.sku, one.asked) for one in read_missing(state, store, most)]


def test_all_workers_and_stores_of_a_state_folder_count_together_most_asked_first(tmp_path: Path) -> None:
    clock = FrozenClock()
    first, second = MissingSkus("shop", tmp_path, clock), MissingSkus("shop", tmp_path, clock)
    other = MissingSkus("other", tmp_path, clock)
    first.note(["a", "b", "b"])
    second.note(["b", "c"])
    second.note(["c", "c"])
    other.note(["a"])
    for one in (first, second, other):
        one.close()

    assert counts(tmp_path) == [("b", 3), ("c", 3), ("a", 1)]
    assert counts(tmp_path, most=1) == [("b", 3)]
    assert counts(tmp_path, "other") == [("a", 1)]


def test_what_is_asked_for_again_after_a_restart_is_added(tmp_path: Path) -> None:
    for _ in range(2):
        counting = MissingSkus("shop", tmp_path, FrozenClock())
        counting.note(["a"])
        counting.save()
        counting.save()
        counting.close()

    assert counts(tmp_path) == [("a", 2)]


def test_what_nobody_asked_for_in_ninety_days_is_forgotten(tmp_path: Path) -> None:
    clock = FrozenClock()
    counting = MissingSkus("shop", tmp_path, clock)
    counting.note(["old"])
    counting.save()
    clock.moment += timedelta(days=91)
    counting.note(["new"])
    counting.close()

    assert counts(tmp_path) == [("new", 1)]


def test_beyond_so_many_those_least_asked_for_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing, "MOST_KEPT", 2)
    counting = MissingSkus("shop", tmp_path, FrozenClock())
    counting.note(["a", "a", "b", "more", "than"])
    counting.save()
    counting.note(["c", "c"])
    counting.close()

    assert counts(tmp_path) == [("a", 2), ("c", 2)]


def test_a_file_that_cannot_be_written_loses_nothing_until_it_can(tmp_path: Path) -> None:
    (tmp_path / MISSING_FILE).mkdir()
    counting = MissingSkus("shop", tmp_path, FrozenClock())
    counting.note(["a"])
    counting.save()
    (tmp_path / MISSING_FILE).rmdir()
    counting.note(["a"])
    counting.close()

    assert counts(tmp_path) == [("a", 2)]


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / MISSING_FILE).write_text("this is something else, and long enough to be seen as such" * 10)

    with pytest.raises(DatabaseError, match="cannot be used"):
        counts(tmp_path)


def test_nothing_was_counted_where_nothing_was_ever_written(tmp_path: Path) -> None:
    assert counts(tmp_path) == []
    assert not list(tmp_path.iterdir())


def test_a_store_counts_lines_whose_sku_its_catalogue_lacks_however_they_were_quoted(tmp_path: Path) -> None:
    fill(tmp_path / "skus.db", GOODS)
    with opened(write_shop(tmp_path)) as store:
        store.quote(bare("light", "none", "none"))
        store.quote(request(item("told"), item("none")))

    assert counts(tmp_path / "state") == [("none", 3), ("told", 1)]


def test_a_store_that_could_not_ask_counts_nothing_as_missing(tmp_path: Path) -> None:
    with opened(write_shop(tmp_path)) as store:
        store.quote(bare("light"))

    assert counts(tmp_path / "state") == []


def test_a_store_without_a_catalogue_counts_nothing(tmp_path: Path) -> None:
    with opened(write_shop(tmp_path, "")) as store:
        store.quote(request(item("a")))
        assert store.missing is None
