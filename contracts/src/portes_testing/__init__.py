"""The contract kit of Portes: one suite that every carrier plugin passes, and the recordings it lives on.

Names are loaded when they are first used: pytest imports this package in every run, also where no carrier is tried.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from portes_testing.case import (
        RATE,
        Absent,
        Case,
        Published,
        Scenario,
        StoreProfile,
        Tokens,
        Told,
        parcel,
        shipment,
    )
    from portes_testing.harness.calls import Said, ask
    from portes_testing.harness.carrier_under_test import Bench, bench_of
    from portes_testing.harness.errors import BrokenContractError
    from portes_testing.harness.sandbox import Stage, staged
    from portes_testing.overrides import replaces
    from portes_testing.recordings.exchange import Exchange, Sent, read_cassette, write_cassette
    from portes_testing.recordings.tapes import replayed
    from portes_testing.suite import CarrierContract

_HOMES: Final = {
    "harness.calls": ("Said", "ask"),
    "harness.carrier_under_test": ("Bench", "bench_of"),
    "case": (
        "RATE",
        "Absent",
        "Case",
        "Published",
        "Scenario",
        "StoreProfile",
        "Told",
        "Tokens",
        "parcel",
        "shipment",
    ),
    "suite": ("CarrierContract",),
    "recordings.exchange": ("Exchange", "Sent", "read_cassette", "write_cassette"),
    "overrides": ("replaces",),
    "harness.sandbox": ("Stage", "staged"),
    "recordings.tapes": ("replayed",),
    "harness.errors": ("BrokenContractError",),
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 — whatever the name stands for
    if name not in _HOME_OF:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)


__all__ = [
    "RATE",
    "Absent",
    "Bench",
    "BrokenContractError",
    "CarrierContract",
    "Case",
    "Exchange",
    "Published",
    "Said",
    "Scenario",
    "Sent",
    "Stage",
    "StoreProfile",
    "Tokens",
    "Told",
    "ask",
    "bench_of",
    "parcel",
    "read_cassette",
    "replaces",
    "replayed",
    "shipment",
    "staged",
    "write_cassette",
]
