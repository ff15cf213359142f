"""Formats with a column for each bracket, and of files that belong together, pass the suite of formats."""

from pathlib import Path
from typing import ClassVar

import pytest

from portes_testing import Broken, FormatCase, FormatContract, Priced, Sample

SAMPLES = Path(__file__).parent / "samples"
BRAZIL = {"country": "BR", "currency": "BRL"}
FEES = ["GRIS %", "GRIS mín", "ADV %", "ADV mín", "Pedágio", "TRT %", "TRT mín", "EMEX %", "EMEX mín"]
AMOUNTS = ["Despacho", "SUFRAMA", "TAS", "ICMS"]
HEADED = {"weight_unit": "the header states the units"}


@pytest.mark.exhaustive
class TestFrenet(FormatContract):
    case = FormatCase(
        name="frenet",
        samples=[
            Sample(
                SAMPLES / "frenet.csv",
                options={**BRAZIL, "above": "flat"},
                prices=[
                    Priced("", "01310-100", 900, "11.29", (1, 1), value="100.00"),
                    Priced("", "06000-000", 30_001, "57.63", (1, 1), value="0.00"),
                    Priced("", "40000-000", 900, "37.49", (4, 4), value="1000.00"),
                ],
            )
        ],
        broken=[Broken(SAMPLES / "frenet.csv", BRAZIL, where="acima de 30kg", line=2)],
        optional=[*FEES, *AMOUNTS],
        settled=HEADED,
    )
    exempt: ClassVar = {
        "test_a_missing_column_is_told_or_means_the_same": (
            "a header that never named 'até 500g' says that 'até 750g' begins lower, and nobody can tell"
        ),
        "test_zero_prices_are_honoured": "every row of the file charges a percentage beside its price",
    }


@pytest.mark.exhaustive
class TestProposal(FormatContract):
    case = FormatCase(
        name="proposal",
        samples=[
            Sample(
                SAMPLES / "proposal.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "88010-000", 9_000, "30.19", (2, 2), value="100.00"),
                    Priced("", "86010-000", 120_000, "103.90", (3, 3), value="0.00"),
                    Priced("", "85801-000", 9_000, "77.71", (5, 5), value="0.00"),
                ],
                beside={"places": SAMPLES / "proposal-places.csv"},
            ),
            Sample(
                SAMPLES / "proposal-zones.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "93310-000", 25_000, "79.11", (2, 2), value="1000.00"),
                    Priced("", "95670-000", 10_000, "111.52", (6, 6), value="0.00"),
                ],
                beside={"places": SAMPLES / "proposal-zone-places.csv"},
            ),
        ],
        broken=[Broken(SAMPLES / "proposal.csv", BRAZIL, where="Região", line=3)],
        settled=HEADED,
    )
    exempt: ClassVar = {
        "test_a_missing_column_is_told_or_means_the_same": (
            "'exc./kg' counts above the last weight that a header names, and nobody can tell that there was another"
        ),
    }


@pytest.mark.exhaustive
class TestIntelipost(FormatContract):
    case = FormatCase(
        name="intelipost",
        samples=[
            Sample(
                SAMPLES / "intelipost.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "01310-100", 10_000, "20.40", (2, 2), value="100.00"),
                    Priced("", "13500-000", 32_000, "44.00", (4, 4), value="0.00"),
                ],
            ),
            Sample(
                SAMPLES / "intelipost-compared.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "01310-100", 10_000, "39.00", (2, 2), value="100.00"),
                    Priced("", "13010-000", 100_000, "104.00", (3, 3), value="100.00"),
                ],
            ),
        ],
        settled=HEADED,
    )
    exempt: ClassVar = {
        "test_a_missing_column_is_told_or_means_the_same": (
            "one line names the columns of one section alone, and a header that never had a bracket or GRIS is sound"
        ),
        "test_zero_prices_are_honoured": "every row of both files charges a percentage beside its price",
    }


@pytest.mark.exhaustive
class TestAxado(FormatContract):
    case = FormatCase(
        name="axado",
        samples=[
            Sample(
                SAMPLES / "axado-contract.tsv",
                options=BRAZIL,
                prices=[
                    Priced("", "70040-010", 7_000, "124.47", (2, 2), value="100.00", origin="88010-000"),
                    Priced("", "88010-000", 80_000, "689.86", (4, 4), value="0.00", origin="80010-000"),
                    Priced("", "88010-000", 9_999, "99.99", (5, 5), origin="60010-000"),
                ],
                beside={"prices": SAMPLES / "axado-contract-prices.tsv"},
            )
        ],
        broken=[Broken(SAMPLES / "axado-contract.tsv", BRAZIL, where="prices")],
        optional=["limite", "seguro", "icms", "alfandega", "fixa"],
        settled={"weight_unit": "weights are in kg"},
    )
    exempt: ClassVar = {"test_zero_prices_are_honoured": "every row charges for each kg beside its fixed amount"}


@pytest.mark.exhaustive
class TestFees(FormatContract):
    case = FormatCase(
        name="fees",
        samples=[
            Sample(
                SAMPLES / "fees-two-tables.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "90010-000", 60_000, "4.54", (0, 0)),
                    Priced("", "90010-000", 60_001, "11.36", (0, 0)),
                    Priced("", "74900-001", 100_000, "14.00", (0, 0)),
                ],
            ),
            Sample(
                SAMPLES / "fees-by-town.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "72940-000", 1_000, "32.06", (0, 0)),
                    Priced("", "35620-000", 1_000, "50.85", (0, 0)),
                ],
            ),
        ],
        broken=[Broken(SAMPLES / "plain-contract.csv", BRAZIL, where="header")],
        decorations=["Filial", "UNIDADE", "CODIGO DA TARIFA", "Cód. IBGE", "9:9", "2:2"],
        settled=HEADED,
    )
    exempt: ClassVar = {
        "test_a_missing_column_is_told_or_means_the_same": (
            "a header without 'Até 60kgs' says that 'Acima 60kgs' begins lower, and a table without codes has towns"
        ),
    }
