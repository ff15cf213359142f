"""Our own table formats pass the suite that a stranger's must pass."""

from pathlib import Path
from typing import ClassVar

import pytest

from portes.tables.formats.plain import COLUMNS as PLAIN
from portes.tables.formats.vtex import COLUMNS as VTEX
from portes.tables.reading.columns import REQUIRED
from portes_testing import Broken, FormatCase, FormatContract, Priced, Sample

SAMPLES = Path(__file__).parent / "samples"
BRAZIL = {"country": "BR", "currency": "BRL"}


PLAIN_OPTIONAL = [column.name for column in PLAIN if column.blank is not REQUIRED]
VTEX_OPTIONAL = [column.name for column in VTEX if column.blank is not REQUIRED]


@pytest.mark.exhaustive
class TestPlain(FormatContract):
    case = FormatCase(
        name="plain",
        samples=[
            Sample(
                SAMPLES / "plain-contract.csv",
                options=BRAZIL,
                prices=[
                    Priced("economy", "01310-100", 900, "13.15", (2, 3), value="50.00"),
                    Priced("economy", "01310-100", 900, "12.90", (2, 3), value="0.00"),
                    Priced("economy", "13010-000", 32_500, "69.25", (2, 4), value="0.00"),
                    Priced("express", "01310-100", 900, "22.90", (1, 1)),
                ],
            ),
            Sample(
                SAMPLES / "plain-by-value.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "01310-100", 900, "15.50", (3, 3), origin="20040-002", measure=100_00),
                    Priced("", "01310-100", 900, "18.70", (3, 3), origin="20040-002", measure=100_01),
                    Priced("", "01310-100", 900, "21.25", (4, 4), origin="30110-000", measure=100_01),
                ],
            ),
        ],
        broken=[
            Broken(SAMPLES / "odd-cells.xls", BRAZIL, where="price", line=2),
            Broken(SAMPLES / "vtex-template.csv", BRAZIL, where="header"),
        ],
        optional=PLAIN_OPTIONAL,
        comment="#",
        settled={"weight_unit": "the columns name grams"},
    )


@pytest.mark.exhaustive
class TestPlainInAWorkbook(FormatContract):
    case = FormatCase(
        name="plain",
        samples=[
            Sample(
                SAMPLES / "plain.xls",
                options=BRAZIL,
                prices=[
                    Priced("", "01000-000", 500, "13.65", (3, 3), value="50.00"),
                    Priced("", "06000-000", 500, "20.00", (4, 4), value="50.00"),
                ],
            )
        ],
        optional=PLAIN_OPTIONAL,
        settled={"weight_unit": "the columns name grams"},
    )
    exempt: ClassVar = {"test_zero_prices_are_honoured": "every row of the file charges a percentage beside its price"}


@pytest.mark.exhaustive
class TestVtex(FormatContract):
    case = FormatCase(
        name="vtex",
        samples=[
            Sample(
                SAMPLES / "vtex-template.csv",
                options={**BRAZIL, "polygons": "skip"},
                prices=[
                    Priced("", "01310-100", 900, "1.00", (2, 2)),
                    Priced("", "20040-002", 400, "35.00", (5, 5), value="10.00"),
                ],
            ),
            Sample(
                SAMPLES / "vtex-variant-semicolon-comma.csv",
                options=BRAZIL,
                prices=[Priced("", "01012-000", 200, "12.08", (4, 4), value="100.00")],
            ),
        ],
        optional=VTEX_OPTIONAL,
    )


@pytest.mark.exhaustive
class TestVtexInAWorkbook(FormatContract):
    case = FormatCase(
        name="vtex",
        samples=[
            Sample(
                SAMPLES / "vtex-template-two-sheets.xlsx",
                options={**BRAZIL, "polygons": "skip"},
                prices=[Priced("", "01310-100", 900, "1.00", (2, 2))],
            )
        ],
        optional=VTEX_OPTIONAL,
    )


@pytest.mark.exhaustive
class TestMapping(FormatContract):
    case = FormatCase(
        name="mapping",
        samples=[
            Sample(
                SAMPLES / "mapped-letters.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "01310-100", 1000, "12.90", (4, 4)),
                    Priced("", "01310-100", 1001, "19.90", (4, 4)),
                    Priced("", "20040-002", 900, "18.40", (4, 4)),
                ],
                beside={"mapping": SAMPLES / "mapped-letters.toml"},
            )
        ],
        broken=[Broken(SAMPLES / "mapped-letters.csv", BRAZIL, where="format")],
        settled={"weight_unit": "the mapping states it"},
    )


@pytest.mark.exhaustive
class TestMappingOfAProposal(FormatContract):
    """By the rule: price of the bracket, each kg above the last one, percent of the value, toll each started 100 kg."""

    case = FormatCase(
        name="mapping",
        samples=[
            Sample(
                SAMPLES / "mapped-proposal.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "88010-000", 10_000, "39.49", (2, 2), value="1000.00"),
                    Priced("", "88010-000", 10_010, "41.60", (2, 2), value="0.00"),
                    Priced("", "86010-000", 110_000, "111.33", (3, 5), value="1000.00"),
                    Priced("", "90010-000", 5_000, "46.74", (4, 4), value="1000.00"),
                ],
                beside={"mapping": SAMPLES / "mapped-proposal.toml"},
                unwritten="its columns name places, and rows are written by postal codes",
            )
        ],
        decorations=["Observação"],
        settled={
            "weight_unit": "the mapping states it",
            "decimal": "the mapping states it",
            "zero_price": "every row charges a percentage beside its price",
        },
    )
