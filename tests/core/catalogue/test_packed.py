"""Packed rows: what was packed comes out again, from memory and from a file, and nothing else does."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.catalogue import CatalogueEntry
from portes.catalogue.packed import PackedNote, PackedRows, Packer, map_packed
from portes.contract import Dimensions, Money

NOTE = PackedNote(identity="settings", read_at=12.5, left_out=1)
MONEY = st.none() | st.integers(0, 10**12).map(lambda minor: Money(minor=minor, currency="BRL"))
SIZES = st.none() | st.tuples(*[st.integers(1, 30_000)] * 3).map(
    lambda sides: Dimensions(length=sides[0], width=sides[1], height=sides[2])
)
WORDS = st.text(st.characters(codec="utf-8"), max_size=5)
ENTRIES = st.builds(
    CatalogueEntry,
    declared_value=MONEY,
    origins=st.lists(st.integers(1, 99), max_size=3).map(tuple),
    handling_days=st.integers(0, 300),
    tags=st.lists(WORDS, max_size=2).map(tuple),
    weight=st.none() | st.integers(1, 10**6),
    size=SIZES,
    units=st.lists(st.none() | st.integers(0, 999), max_size=3).map(tuple),
    price=MONEY,
    list_price=MONEY,
    seller=WORDS,
    problem=WORDS,
)


def packed(entries: dict[str, CatalogueEntry]) -> PackedRows:
    packer = Packer("BRL")
    for sku, entry in entries.items():
        assert packer.add(sku, entry) is None
    return packer.packed(NOTE)


@given(st.dictionaries(WORDS, ENTRIES, max_size=20), WORDS)
def test_what_was_packed_is_found_letter_for_letter(entries: dict[str, CatalogueEntry], other: str) -> None:
    rows = packed(entries)

    assert {sku: rows.get(sku) for sku in entries} == entries
    assert dict(rows) == entries
    assert rows.get(other) == entries.get(other)
    assert len(rows) == len(entries)


@given(st.dictionaries(WORDS, ENTRIES, max_size=5))
def test_a_file_holds_what_was_packed(
    tmp_path_factory: pytest.TempPathFactory, entries: dict[str, CatalogueEntry]
) -> None:
    file = tmp_path_factory.mktemp("rows") / "a.skus"
    packed(entries).write(file)
    mapped = map_packed(file, "settings", "BRL")

    assert mapped is not None
    assert dict(mapped) == entries
    assert mapped.note == NOTE


def test_thousands_are_found_among_each_other() -> None:
    entries = {f"SKU-{number:06}": CatalogueEntry(weight=number + 1) for number in range(5_000)}
    rows = packed(entries)

    assert all(rows.get(sku) == entry for sku, entry in entries.items())
    assert rows.get("SKU-5000") is None


def test_nouns_of_a_packed_row_are_as_validated_ones() -> None:
    entry = packed({"a": CatalogueEntry(price=Money(minor=5, currency="BRL"))}).get("a")

    assert entry is not None
    assert entry.price is not None
    assert entry.price.model_dump_json() == '{"minor":5,"currency":"BRL"}'
    assert entry.price + Money(minor=1, currency="BRL") == Money(minor=6, currency="BRL")
    assert entry.price.model_copy(update={"minor": 7}) == Money(minor=7, currency="BRL")


def test_the_second_row_of_a_sku_is_not_packed_and_the_first_may_be_replaced() -> None:
    packer = Packer("BRL")
    first, second = CatalogueEntry(weight=1), CatalogueEntry(weight=2)
    other = CatalogueEntry(weight=3)

    assert [packer.add("a", first), packer.add("b", other), packer.add("a", second)] == [None, None, 0]
    assert packer.get(0) == first
    assert dict(packer.packed(NOTE, {0: CatalogueEntry(problem="it stands there twice")})) == {
        "a": CatalogueEntry(problem="it stands there twice"),
        "b": other,
    }


@pytest.mark.parametrize("at", [0, 9, 40, -1])
def test_a_damaged_file_is_not_used(tmp_path: Path, at: int) -> None:
    file = tmp_path / "a.skus"
    packed({"a": CatalogueEntry(weight=1)}).write(file)
    content = bytearray(file.read_bytes())
    content[at] ^= 0xFF
    file.write_bytes(content)

    assert map_packed(file, "settings", "BRL") is None


@pytest.mark.parametrize("length", [0, 3, 40, 100])
def test_a_file_that_was_cut_is_not_used(tmp_path: Path, length: int) -> None:
    file = tmp_path / "a.skus"
    packed({"a": CatalogueEntry(weight=1)}).write(file)
    file.write_bytes(file.read_bytes()[:length])

    assert map_packed(file, "settings", "BRL") is None


def test_rows_of_other_settings_or_another_currency_are_not_used(tmp_path: Path) -> None:
    file = tmp_path / "a.skus"
    packed({"a": CatalogueEntry(weight=1)}).write(file)

    assert map_packed(file, "settings", "BRL") is not None
    assert map_packed(file, "others", "BRL") is None
    assert map_packed(file, "settings", "EUR") is None
    assert map_packed(tmp_path / "none.skus", "settings", "BRL") is None


def test_mapped_rows_stay_when_their_file_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a.skus"
    packed({"a": CatalogueEntry(weight=1)}).write(file)
    before = map_packed(file, "settings", "BRL")
    packed({"a": CatalogueEntry(weight=2)}).write(file)

    assert before is not None
    assert before.get("a") == CatalogueEntry(weight=1)
