"""docs/tables.md and the README say what a price comes to: their settings are settings, and price as they say."""

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from portes.carrier import Deadline
from portes.contract import Dimensions, Money, Origin, Parcel, Place, Rate, Shipment
from portes.toolbox import StoreFacts, tools_for
from portes_table.carrier import TableCarrier
from portes_table.settings import TableService, TableSettings
from portes_table.tariff import ComponentSettings, TariffSettings, TaxSettings, TierSettings

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
CHAPTER = PAGE.partition("## The price of a shipment")[2].partition("\n## ")[0]
TABLE = (
    "postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,days_max\n"
    "80000000,87999999,60000,100000,86.60,0.865,3\n"
)


def example() -> dict[str, Any]:
    """The carrier of the page."""
    (text,) = re.findall(r"```toml\n(\[carriers\.southern\].*?)```", CHAPTER, re.DOTALL)
    carrier: dict[str, Any] = tomllib.loads(text)["carriers"]["southern"]
    return carrier


def amounts_of_the_page() -> dict[str, int]:
    """The parts in the table below it, in centavos."""
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([0-9.]+) \|$", CHAPTER, re.MULTILINE)
    return {name: int(Decimal(amount) * 100) for name, amount in rows}


def test_the_tariff_of_the_page_prices_the_document_as_the_page_says(tmp_path: Path) -> None:
    carrier = example()
    path = tmp_path / carrier["settings"]["file"]
    path.parent.mkdir()
    path.write_text(TABLE)
    facts = StoreFacts("shop", "BR", "BRL", ZoneInfo("America/Sao_Paulo"), "BR-SC", tmp_path)
    services = [TableService.model_validate(service) for service in carrier["services"]]
    tables = TableCarrier(TableSettings.model_validate(carrier["settings"]), services, tools_for(facts, "southern"))
    origin = Origin(id=1, place=Place(country="BR", postal_code="89201000"), calendar="BR-SC")
    goods = Parcel(
        weight=165_000,
        size=Dimensions(length=1300, width=1300, height=1100),
        volume=1_787_544_000,
        value=Money(minor=8990_00, currency="BRL"),
    )
    place = Place(country="BR", postal_code="86010000")
    asked = Shipment(id="1", parcels=(goods,), origin=origin, place=place, dispatch_date=date(2026, 3, 2))

    (answer,) = tables.quote([asked], Deadline(1))
    (rate,) = answer.rates

    assert isinstance(rate, Rate)
    assert {part.name: part.amount.minor for part in rate.surcharges} == amounts_of_the_page()
    assert f"| cost | {rate.cost.amount} |" in CHAPTER


def test_every_key_of_a_tariff_stands_in_the_chapter() -> None:
    for model in (TariffSettings, ComponentSettings, TierSettings, TaxSettings):
        assert [name for name in model.model_fields if not re.search(rf"\b{name}\b", CHAPTER)] == []


def test_the_tariff_of_the_readme_can_be_set() -> None:
    readme = (ROOT / "plugins" / "table" / "README.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```toml\n(\[carriers\.my-carrier\.settings\.tariff\].*?)```", readme, re.DOTALL)

    tariff = TariffSettings.model_validate(tomllib.loads(text)["carriers"]["my-carrier"]["settings"]["tariff"])

    assert [component.name for component in tariff.components] == ["toll"]
    assert tariff.tax.rates == {"SC-SC": Decimal(17)}
