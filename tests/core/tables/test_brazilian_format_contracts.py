"""The formats of Brazilian shop platforms and importers pass the suite that a stranger's must pass."""

from pathlib import Path

import pytest

from portes.tables.formats.correios_generator import COLUMNS as CORREIOS_GENERATOR
from portes.tables.formats.full import COLUMNS as FULL
from portes.tables.formats.nova_oito import COLUMNS as NOVA_OITO
from portes.tables.formats.toplojas import COLUMNS as TOPLOJAS
from portes.tables.formats.via_varejo import COLUMNS as VIA_VAREJO
from portes.tables.reading.columns import Column
from portes_testing import Broken, FormatCase, FormatContract, Priced, Sample

SAMPLES = Path(__file__).parent / "samples"
BRAZIL = {"country": "BR", "currency": "BRL"}
IN_KG = {**BRAZIL, "weight_unit": "kg"}
SETTLED = {"weight_unit": "the platform says the unit"}


def optional(columns: tuple[Column, ...]) -> list[str]:
    return [column.name for column in columns if not column.required]


@pytest.mark.exhaustive
class TestNovaOito(FormatContract):
    case = FormatCase(
        name="nova-oito",
        samples=[
            Sample(
                SAMPLES / "nova-oito.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "01310-100", 900, "12.90", (2, 2)),
                    Priced("", "01310-100", 1001, "19.90", (2, 2), value="100.00"),
                    Priced("", "20040-002", 900, "45.50", (6, 6), value="100.00"),
                    Priced("", "20040-002", 900, "60.00", (6, 6), value="1000.00"),
                    Priced("", "30110-000", 900, "55.00", (5, 5)),
                ],
            )
        ],
        broken=[Broken(SAMPLES / "toplojas.csv", BRAZIL, where="header")],
        optional=optional(NOVA_OITO),
        settled=SETTLED,
    )


@pytest.mark.exhaustive
class TestTopLojas(FormatContract):
    case = FormatCase(
        name="toplojas",
        samples=[
            Sample(
                SAMPLES / "toplojas.csv",
                options=IN_KG,
                prices=[
                    Priced("", "01310-100", 9000, "34.90", (3, 3), value="1000.00"),
                    Priced("", "01310-100", 12_500, "35.15", (3, 3), value="0.00"),
                    Priced("", "88350-050", 1500, "12.23", (12, 12)),
                    Priced("", "88350-050", 31_000, "68.72", (12, 12)),
                ],
            )
        ],
        broken=[Broken(SAMPLES / "nova-oito.csv", BRAZIL, where="header")],
        optional=optional(TOPLOJAS),
        settled=SETTLED,
    )


@pytest.mark.exhaustive
class TestVnda(FormatContract):
    case = FormatCase(
        name="vnda",
        samples=[
            Sample(
                SAMPLES / "vnda.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "01310-100", 30_000, "30.00", (3, 3)),
                    Priced("", "01310-100", 60_000, "40.00", (3, 3)),
                    Priced("", "13010-000", 500, "100.50", (5, 5)),
                ],
            )
        ],
        broken=[Broken(SAMPLES / "minimal.csv", BRAZIL, where="G (peso máximo)")],
        settled=SETTLED,
    )


@pytest.mark.exhaustive
class TestViaVarejo(FormatContract):
    case = FormatCase(
        name="via-varejo",
        samples=[
            Sample(
                SAMPLES / "via-varejo.csv",
                options=IN_KG,
                prices=[
                    Priced("RODO", "01310-100", 10_000, "30.90", (3, 3), value="1000.00"),
                    Priced("RODO", "01310-100", 10_001, "92.40", (3, 3), value="1000.00"),
                    Priced("RODO", "20040-002", 900, "45.00", (6, 6)),
                ],
            )
        ],
        broken=[Broken(SAMPLES / "correios-generator.csv", BRAZIL, where="header")],
        optional=optional(VIA_VAREJO),
        settled=SETTLED,
    )


@pytest.mark.exhaustive
class TestCorreiosGenerator(FormatContract):
    case = FormatCase(
        name="correios-generator",
        samples=[
            Sample(
                SAMPLES / "correios-generator.csv",
                options=IN_KG,
                prices=[
                    Priced("PAC", "01310-100", 300, "18.40", (5, 5)),
                    Priced("PAC", "01310-100", 301, "20.15", (5, 5)),
                    Priced("SEDEX", "01310-100", 900, "27.90", (2, 2)),
                ],
            )
        ],
        broken=[Broken(SAMPLES / "correios-generator.csv", BRAZIL, where="row", line=2)],
        optional=optional(CORREIOS_GENERATOR),
    )


@pytest.mark.exhaustive
class TestFull(FormatContract):
    case = FormatCase(
        name="full",
        samples=[
            Sample(
                SAMPLES / "full.csv",
                options=IN_KG,
                prices=[
                    Priced("", "01310-100", 3000, "31.25", (1, 3), value="1000.00", origin="20040-002"),
                    Priced("", "01310-100", 3000, "28.41", (1, 3), value="0.00", origin="20040-002"),
                    Priced("", "08310-100", 101_000, "102.60", (2, 5), origin="89200-000"),
                ],
            )
        ],
        broken=[Broken(SAMPLES / "minimal.csv", BRAZIL, where="header")],
        optional=[*optional(FULL), "Prazo Entrega Mínimo"],
        settled=SETTLED,
    )


@pytest.mark.exhaustive
class TestMinimal(FormatContract):
    case = FormatCase(
        name="minimal",
        samples=[
            Sample(
                SAMPLES / "minimal.csv",
                options=BRAZIL,
                prices=[
                    Priced("Sul", "80000-000", 900, "29.90", (4, 4)),
                    Priced("Express", "80000-000", 900_000, "1059.90", (2, 2)),
                ],
            )
        ],
        broken=[Broken(SAMPLES / "full.csv", BRAZIL, where="header")],
        settled={"weight_unit": "there are no weights"},
    )
