"""The contract suite, held against the table carrier."""

from datetime import UTC, date, datetime
from pathlib import Path

from portes.contract import FailureKind, Origin, Parcel, Place, RefusalKind, Shipment
from portes_testing import RATE, Absent, CarrierContract, Case, Scenario, StoreProfile, parcel, shipment

HERE = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
BOX = parcel(1000, 200, 150, 100, value="100.00 BRL")


def to(name: str, postal_code: str, *parcels: Parcel) -> Shipment:
    place = Place(country="BR", postal_code=postal_code)
    return shipment(name, *parcels, origin=HERE, to=place, on=date(2026, 11, 24))


class TestTable(CarrierContract):
    case = Case(
        plugin="table",
        settings={"file": "small.csv", "limits": {"weight": 100_000}, "cubic_factor": "300"},
        services=(
            {"code": "economy", "delivery": "normal"},
            {"code": "03298", "delivery": "express", "table_service": "express"},
            {"code": "old", "delivery": "normal", "active": False},
        ),
        store=StoreProfile(
            country="BR",
            currency="BRL",
            timezone="America/Sao_Paulo",
            calendar="BR-SP",
            folder=Path(__file__).parent / "tables",
        ),
        moment=datetime(2026, 11, 23, 13, 0, tzinfo=UTC),
        served=Scenario("served", to("served", "01512651", BOX), {"economy": RATE, "03298": RATE}),
        unserved=Scenario(
            "unserved",
            to("unserved", "69980000", BOX),
            {"economy": RefusalKind.NOT_SERVED, "03298": RefusalKind.NOT_SERVED},
        ),
        too_heavy=Scenario(
            "too_heavy",
            to("too_heavy", "01512651", parcel(100_001, 200, 150, 100, value="100.00 BRL")),
            {"economy": RefusalKind.TOO_HEAVY, "03298": RefusalKind.TOO_HEAVY},
        ),
        several=Scenario(
            "several",
            to("several", "01512651", BOX, parcel(2500, 300, 200, 100, value="50.00 BRL")),
            {"economy": RATE, "03298": RATE},
        ),
        more=(
            Scenario("interior", to("interior", "13010000", BOX), {"economy": RATE, "03298": RefusalKind.NOT_SERVED}),
            Scenario(
                "without_a_value",
                to("without_a_value", "01512651", parcel(1000, 200, 150, 100)),
                {"economy": FailureKind.INCOMPLETE, "03298": RATE},
            ),
        ),
        tokens=Absent("a table needs no credentials"),
        base_urls=(),
    )
