"""The case of the gallery's source, as its author would write it, and of whoever takes its place."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portes.catalogue import CatalogueEntry
from portes.contract import Dimensions, Money
from portes_testing import CatalogueCase

PASSWORD = "canary-4711-ledger"
KNOWN = {
    "a": CatalogueEntry(
        weight=500,
        size=Dimensions(length=100, width=100, height=250),
        price=Money(minor=12_990, currency="BRL"),
        origins=(1, 2),
        units=(10, None),
    ),
    "b": CatalogueEntry(tags=("fragile",), handling_days=2),
}
SIDES = {"length_mm": 100, "width_mm": 100, "height_mm": 250}
ROWS = (
    {"sku": "a", "weight_g": 500, **SIDES, "price": "129.90", "origins": "1:10 2"},
    {"sku": "b", "tags": "fragile", "handling_days": 2},
)


def make_case(name: str = "ledger", **more: Any) -> CatalogueCase:
    """The case of a source by its name; `more` are keys of its settings."""

    def known(folder: Path) -> Mapping[str, Any]:
        (folder / "ledger.jsonl").write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
        return {"path": "ledger.jsonl", "password": PASSWORD, **more}

    def down(_folder: Path) -> Mapping[str, Any]:
        return {"path": "nowhere.jsonl", "password": PASSWORD, **more}

    def hanging(folder: Path) -> Mapping[str, Any]:
        return {**known(folder), "pace": 3600.0}

    return CatalogueCase(name, known, KNOWN, down, hanging, (PASSWORD,))
