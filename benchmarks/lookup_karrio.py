"""karrio's rate sheet, asked what other tables are asked; run in an environment that has karrio.

`python lookup_karrio.py` takes zones and questions as JSON on standard input and gives prices and times as JSON.
karrio's zones list single postal codes, so each is given those codes of its range that are asked for, and no others.
Its weights are in grams, because it rounds kilograms to ten grams; its upper borders are exclusive.
"""

import json
import sys
from importlib import import_module
from statistics import median
from time import perf_counter_ns
from typing import Any


def rate_sheet(services: dict[str, list[tuple[list[str], int, int, int]]]) -> Any:  # noqa: ANN401 — karrio's own, which is not installed where this is checked
    """A proxy of karrio's over zones: their codes, lower and upper border in grams, price in minor units."""
    models: Any = import_module("karrio.core.models")
    levels = [
        models.ServiceLevel(
            service_name=name,
            service_code=name,
            currency="BRL",
            domicile=True,
            weight_unit="G",
            zones=[
                models.ServiceZone(postal_codes=codes, min_weight=low + 1, max_weight=high + 1, rate=price / 100)
                for codes, low, high, price in zones
            ],
        )
        for name, zones in services.items()
    ]
    settings = import_module("karrio.universal.providers.rating").RatingMixinSettings
    proxy = import_module("karrio.universal.mappers.rating_proxy").RatingMixinProxy
    return proxy(settings(carrier_id="table", account_country_code="BR", services=levels))


def question(service: str, postal_code: str, weight: int) -> Any:  # noqa: ANN401 — as above
    """A question as karrio's proxy takes it."""
    lib: Any = import_module("karrio.lib")
    models: Any = import_module("karrio.core.models")
    return lib.Serializable(
        models.RateRequest(
            shipper=models.Address(country_code="BR"),
            recipient=models.Address(country_code="BR", postal_code=postal_code),
            parcels=[models.Parcel(weight=weight, weight_unit="G")],
            services=[service],
        )
    )


def main() -> None:
    """Ask every question once; write the prices in minor units, and the median in nanoseconds."""
    asked = json.load(sys.stdin)
    sheet = rate_sheet(asked["services"])
    prices: list[int | None] = []
    spans = []
    for request in [question(*each) for each in asked["questions"]]:
        begun = perf_counter_ns()
        ((_, (rates, _)),) = sheet.get_rates(request).deserialize()
        spans.append(perf_counter_ns() - begun)
        prices.append(round(rates[0].total_charge * 100) if rates else None)
    json.dump({"prices": prices, "median": median(spans)}, sys.stdout)


if __name__ == "__main__":
    main()
