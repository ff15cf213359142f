"""The doctor looks from every origin of the store: which zones are reached, and which are priced today."""

from typing import Any

import pytest

from portes.carrier import Deadline, Finding, Severity

HEADER = "version,valid_from,valid_to,origin,product,mode,zone,over_kg,up_to_kg,net_eur\n"


def row(zone: str, *, origin: str = "", last: str = "") -> str:
    return f"c,2026-01-01,{last},{origin},paq_estandar,home,{zone},0,30,9\n"


def found(desk: Any, *rows: str, origins: tuple[str, ...], **settings: Any) -> list[Finding]:
    """What is found about origins and times."""
    tariff = desk.write("tariff.csv", HEADER + "".join(rows))
    carrier = desk.carrier(tools=desk.tools(origins=origins), tariff=tariff, **settings)
    return [each for each in carrier.diagnose(Deadline(5)) if each.check in {"origin", "times"}]


def test_each_origin_is_told_by_number_and_postal_code_with_its_zones(desk: Any) -> None:
    rows = (row(zone) for zone in ("1", "3", "4", "5", "6", "9"))

    madrid, palmas = found(desk, *rows, origins=("28013", "35001"))

    assert (madrid.check, madrid.severity) == ("origin", Severity.OK)
    assert madrid.cause["en"] == "From origin 1 (28013) these zones have all their prices today: 1, 3, 4, 5."
    assert madrid.cause["es"] == "Desde el origen 1 (28013) tienen hoy todos sus precios estas zonas: 1, 3, 4, 5."
    assert madrid.evidence == "the zone map knows no zone to andorra, portugal, portugal_islands"
    assert palmas.cause["en"] == "From origin 2 (35001) these zones have all their prices today: 1, 5, 6, 9."


def test_a_zone_that_lapsed_is_told_of_the_origin_that_reaches_it(desk: Any) -> None:
    rows = (row("1"), row("3"), row("5"), row("6"), row("9"), row("4", last="2026-10-31"))

    priced, lacking, other = found(desk, *rows, origins=("28013", "35001"))

    assert priced.cause["en"].endswith("these zones have all their prices today: 1, 3, 5.")
    assert (lacking.check, lacking.severity) == ("origin", Severity.WARNING)
    assert "From origin 1 (28013) the zone map leads to 4 (baleares, ceuta, melilla)" in lacking.cause["en"]
    assert "lleva a 4 (baleares, ceuta, melilla), donde hoy faltan precios" in lacking.cause["es"]
    assert lacking.evidence == "paq_estandar home in zone 4: it was priced until 2026-10-31"
    assert "tariff.csv" in lacking.remedy["en"]
    assert (other.severity, "origin 2 (35001)" in other.cause["en"]) == (Severity.OK, True)


def test_an_origin_from_which_nothing_is_priced_is_an_error(desk: Any) -> None:
    _, trouble = found(
        desk, *(row(zone, origin="peninsula") for zone in ("1", "3", "4", "5")), origins=("28013", "07001")
    )

    assert (trouble.check, trouble.severity) == ("origin", Severity.ERROR)
    assert "From origin 2 (07001) nothing has a price today" in trouble.cause["en"]
    assert "Desde el origen 2 (07001) nada tiene precio hoy" in trouble.cause["es"]
    assert "in zone 4: it has no such rows" in trouble.evidence


def test_an_origin_in_a_country_that_correos_does_not_carry_from_is_an_error(desk: Any) -> None:
    _, trouble = found(desk, *(row(zone) for zone in ("1", "3", "4", "5")), origins=("28013", "FR 75001"))

    assert (trouble.check, trouble.severity) == ("origin", Severity.ERROR)
    assert trouble.cause["en"] == "Correos does not carry from origin 2 (75001), so its quotes fail."


def test_a_price_without_a_time_is_told(desk: Any) -> None:
    priced, timeless = found(desk, *(row(zone) for zone in ("1", "3", "4", "5")), origins=("28013",), times="")

    assert priced.severity is Severity.OK
    assert (timeless.check, timeless.severity) == ("times", Severity.WARNING)
    assert timeless.cause["en"].startswith(
        "Paq Estándar has prices from origin 1 (28013) to baleares, canarias, ceuta, melilla and no transit time"
    )


@pytest.mark.parametrize("origins", [(), ("28013",)])
def test_the_sample_is_told_as_one_and_its_zones_too(desk: Any, origins: tuple[str, ...]) -> None:
    carrier = desk.carrier(tools=desk.tools(origins=origins), sample_tariff="canarias-2023")

    findings = [each for each in carrier.diagnose(Deadline(5)) if each.check in {"tariff", "origin"}]

    assert [each.severity for each in findings] == [Severity.WARNING, *([Severity.ERROR] if origins else [])]
    assert "portes_correos_es/data" not in "".join(each.remedy["en"] for each in findings)


def test_zones_that_are_priced_in_part_are_a_warning_and_no_error(desk: Any) -> None:
    (lacking,) = found(desk, *(row(zone).replace("0,30", "0,5") for zone in ("1", "3", "4", "5")), origins=("28013",))

    assert (lacking.check, lacking.severity) == ("origin", Severity.WARNING)
    assert "paq_estandar home in zone 3: its rows end at 5 kg of 30 kg" in lacking.evidence
