"""A store and a cart as plain values that a test draws, written as the files and nouns that the product reads."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from shop import brl

from portes.contract import Dimensions, Item, Place, QuoteRequest


@dataclass(frozen=True)
class WrittenOutcome:
    """What a scripted carrier says: a cost in cents, a span of days and kinds of notes, or a word, `no` or `failed`."""

    word: str = "rate"
    cost: int = 0
    days: tuple[int, int] = (0, 0)
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return " ".join([self.word, str(self.cost), *map(str, self.days), *self.notes])


@dataclass(frozen=True)
class WrittenService:
    """A service whose answer to a shipment is one of its outcomes, chosen by origin and weight."""

    code: str
    delivery: str
    outcomes: tuple[WrittenOutcome, ...]
    active: bool = True
    extra_days: int = 0
    extra_cost: int = 0
    above_value: str = "refuse"


@dataclass(frozen=True)
class WrittenCarrier:
    """A scripted carrier; a remote one is asked in threads, an instant one inline."""

    key: str
    number: int
    services: tuple[WrittenService, ...]
    remote: bool = False
    batch: int = 1
    most_grams: int = 0
    most_value: int = 0
    """The most cents that can be declared of a parcel; 0 for no limit."""
    packer: str = "single"
    fallback_only: bool = False
    fallback: str = ""
    calendar: str = "BR"
    """Whose business days its transit times are."""


@dataclass(frozen=True)
class WrittenCollection:
    """`[[origins.collections]]`: who fetches (nobody named: all others), on which weekdays (none: all), when."""

    carriers: tuple[str, ...]
    days: tuple[str, ...]
    times: tuple[time, ...]


@dataclass(frozen=True)
class WrittenOrigin:
    """Where parcels leave from, and its working week."""

    number: int
    handling_days: int
    cut_off: time | Mapping[str, time] | None = None
    calendar: str | None = None
    timezone: str | None = None
    closed_days: tuple[date, ...] = ()
    holidays: tuple[date | str, ...] = ()
    """Days, and month and day of every year."""
    open_days: tuple[date | str, ...] = ()
    """Days, and weekdays."""
    collections: tuple[WrittenCollection, ...] = ()


@dataclass(frozen=True)
class WrittenSku:
    """A row of the catalogue."""

    value: int | None
    origins: tuple[int, ...]
    handling_days: int
    tags: tuple[str, ...]
    units: tuple[int | None, ...] = ()
    """What each of the origins has; None for enough."""


@dataclass(frozen=True)
class WrittenStore:
    """What a store's file and its catalogue say."""

    lines: str
    origins: tuple[WrittenOrigin, ...]
    carriers: tuple[WrittenCarrier, ...]
    rules: tuple[Mapping[str, Any], ...] = ()
    catalogue: Mapping[str, WrittenSku] | None = None
    unknown_sku: str = "quote"
    closed_days: tuple[date, ...] = ()
    allow_zero_measures: bool = True
    pre_sale_days: int = 0
    cubic_divisor: int = 6000
    origins_tried: str | None = None
    most_origins: int = 3
    next_origin_after: str = "refusal"


@dataclass(frozen=True)
class WrittenLine:
    """A line of a cart; lengths in mm, weight in g, value in cents."""

    sku: str
    quantity: int
    weight: int
    sides: tuple[int, int, int]
    value: int | None = None
    pre_sale: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class WrittenCart:
    """A question, and when it is asked (aware)."""

    moment: datetime
    postal_code: str
    storefront: str
    lines: tuple[WrittenLine, ...]
    calendar: str | None = None
    """Whose business days the asker counts; the country's when left out."""

    def request(self) -> QuoteRequest:
        return QuoteRequest(
            id="q-1",
            channel="test",
            storefront=self.storefront,
            store="shop",
            destination=Place(country="BR", postal_code=self.postal_code),
            lines=tuple(_item(line) for line in self.lines),
            currency="BRL",
            calendar=self.calendar,
        )


def _item(line: WrittenLine) -> Item:
    length, width, height = line.sides
    return Item(
        sku=line.sku,
        quantity=line.quantity,
        weight=line.weight,
        size=Dimensions(length=length, width=width, height=height),
        declared_value=None if line.value is None else brl(line.value),
        pre_sale=line.pre_sale,
        tags=line.tags,
    )


def money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def write_down(store: WrittenStore, folder: Path) -> Path:
    """Write the store's settings and its catalogue; the settings file is returned."""
    file = folder / "portes.toml"
    if store.catalogue is not None:
        (folder / "catalogue.csv").write_text(_catalogue(store.catalogue), encoding="utf-8")
    file.write_text("\n\n".join(_tables(store)), encoding="utf-8")
    return file


def _catalogue(skus: Mapping[str, WrittenSku]) -> str:
    rows = [
        (
            sku,
            "" if one.value is None else money(one.value),
            " ".join(_stocks(one)),
            str(one.handling_days),
            " ".join(one.tags),
        )
        for sku, one in skus.items()
    ]
    return "\n".join(",".join(row) for row in [("sku", "declared_value", "origins", "handling_days", "tags"), *rows])


def _stocks(sku: WrittenSku) -> list[str]:
    units = sku.units or (None,) * len(sku.origins)
    both = zip(sku.origins, units, strict=True)
    return [f"{origin}" if has is None else f"{origin}:{has}" for origin, has in both]


def _tables(store: WrittenStore) -> list[str]:
    head = {
        "name": "shop",
        "country": "BR",
        "currency": "BRL",
        "timezone": "America/Sao_Paulo",
        "calendar": "BR-SP",
        "closed_days": store.closed_days,
        "lines": store.lines,
        "allow_zero_measures": store.allow_zero_measures,
        "pre_sale_days": store.pre_sale_days,
        "catalogue": None if store.catalogue is None else "catalogue.csv",
        "unknown_sku": store.unknown_sku,
        "cubic_divisor": store.cubic_divisor,
        "origins_tried": store.origins_tried,
        "most_origins": store.most_origins,
        "next_origin_after": store.next_origin_after,
    }
    origins = [table for origin in store.origins for table in _origin(origin)]
    rules = [_table("[[rules]]", rule) for rule in store.rules]
    return [_table("[store]", head), *origins, *(part for one in store.carriers for part in _carrier(one)), *rules]


def _origin(origin: WrittenOrigin) -> list[str]:
    keys = {
        "id": origin.number,
        "postal_code": f"{origin.number:02}001000",  # origins are told apart by their place too
        "handling_days": origin.handling_days,
        "cut_off": origin.cut_off,
        "calendar": origin.calendar,
        "timezone": origin.timezone,
        "closed_days": origin.closed_days or None,
        "holidays": origin.holidays or None,
        "open_days": origin.open_days or None,
    }
    fetched = [
        {"carriers": one.carriers or None, "days": one.days or None, "times": one.times} for one in origin.collections
    ]
    return [_table("[[origins]]", keys), *(_table("[[origins.collections]]", one) for one in fetched)]


def _carrier(carrier: WrittenCarrier) -> list[str]:
    place = f"carriers.{carrier.key}"
    keys = {
        "use": "scripted",
        "id": carrier.number,
        "name": carrier.key.title(),
        "packer": carrier.packer,
        "timeout": "60s",  # a machine with a lot to do makes no carrier late
        "fallback_only": carrier.fallback_only,
        "fallback": carrier.fallback or None,
    }
    own = {
        "remote": carrier.remote,
        "batch": carrier.batch,
        "calendar": carrier.calendar,
        "most_grams": carrier.most_grams or None,
        "most_value": carrier.most_value or None,
    }
    return [
        _table(f"[{place}]", keys),
        _table(f"[{place}.circuit]", {"failures": 1000}),  # no carrier of a drawn store is left alone
        _table(f"[{place}.settings]", own),
        *(_table(f"[[{place}.services]]", _service(service)) for service in carrier.services),
    ]


def _service(service: WrittenService) -> Mapping[str, Any]:
    return {
        "code": service.code,
        "delivery": service.delivery,
        "active": service.active,
        "extra_days": service.extra_days,
        "extra_cost": money(service.extra_cost),
        "above_value": service.above_value,
        "outcomes": [outcome.text for outcome in service.outcomes],
    }


def _table(heading: str, keys: Mapping[str, Any]) -> str:
    return "\n".join([heading, *(f"{key} = {_value(value)}" for key, value in keys.items() if value is not None)])


def _value(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return json.dumps(value.isoformat())
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(each)}' for key, each in value.items())} }}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)
