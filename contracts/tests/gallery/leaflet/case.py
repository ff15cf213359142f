"""The case of the gallery's sound format, and of each that was made of it."""

from pathlib import Path

from portes_testing import Broken, FormatCase, Priced, Sample

HERE = Path(__file__).parent
DECLARED = {"country": "BR", "currency": "BRL", "weight_unit": "kg"}


def leaflet_case(name: str) -> FormatCase:
    """The case of Leaflet, for a format of this name."""
    return FormatCase(
        name=name,
        samples=[
            Sample(
                HERE / "good.csv",
                options=DECLARED,
                prices=[
                    Priced(service="Econômico", postal_code="01310-100", weight=900, cost="12.90", days=(3, 3)),
                    Priced(service="Econômico", postal_code="20040-002", weight=1600, cost="31.55", days=(5, 5)),
                    Priced(service="Expresso", postal_code="01310-100", weight=900, cost="40.00", days=(1, 1)),
                ],
            )
        ],
        broken=[Broken(HERE / "broken.csv", DECLARED, where="Frete", line=3)],
        decorations=["Observação"],
        optional=["Observação"],
    )
