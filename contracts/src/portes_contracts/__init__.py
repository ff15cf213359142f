"""The contract kit of Portes: one suite that every carrier plugin passes, and the recordings it lives on.

Names are loaded when they are first used: pytest imports this package in every run, also where no carrier is tried.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from portes_contracts.asking import Said, ask
    from portes_contracts.bench import Bench, bench_of
    from portes_contracts.case import (
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
    from portes_contracts.contract import CarrierContract
    from portes_contracts.exchange import Exchange, Sent, read_cassette, write_cassette
    from portes_contracts.overrides import replaces
    from portes_contracts.stage import Stage, staged
    from portes_contracts.tapes import replayed
    from portes_contracts.verdicts import BrokenContractError

_HOMES: Final = {
    "asking": ("Said", "ask"),
    "bench": ("Bench", "bench_of"),
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
    "contract": ("CarrierContract",),
    "exchange": ("Exchange", "Sent", "read_cassette", "write_cassette"),
    "overrides": ("replaces",),
    "stage": ("Stage", "staged"),
    "tapes": ("replayed",),
    "verdicts": ("BrokenContractError",),
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
