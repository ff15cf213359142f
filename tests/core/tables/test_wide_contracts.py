"""Formats with a column for each bracket, and of files that belong together, pass the suite of formats."""

from pathlib import Path
from typing import ClassVar

from portes_testing import Broken, FormatCase, FormatContract, Priced, Sample

SAMPLES = Path(__file__).parent / "samples"
BRAZIL = {"country": "BR", "currency": "BRL"}
FEES = ["GRIS %", "GRIS mín", "ADV %", "ADV mín", "Pedágio", "TRT %", "TRT mín", "EMEX %", "EMEX mín"]
AMOUNTS = ["Despacho", "SUFRAMA", "TAS", "ICMS"]
HEADED = {"weight_unit": "the header states the units"}


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
