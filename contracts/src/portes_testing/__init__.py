"""The contract kit of Portes: suites for carriers, table formats, rules, packers, channels, catalogues; recordings.

Names are loaded when they are first used: pytest imports this package in every run, also where no carrier is tried.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from portes_testing.case import (
        RATE,
        Absent,
        AllowedOutcomes,
        Case,
        OwnFault,
        Published,
        Scenario,
        StoreProfile,
        Tokens,
        parcel,
        shipment,
    )
    from portes_testing.catalogues.case import CatalogueCase
    from portes_testing.catalogues.suite import CatalogueContract
    from portes_testing.channels.case import BROKEN, AskedLine, Asks, ChannelCase, ReplySample, RequestSample
    from portes_testing.channels.signing import body_signature
    from portes_testing.channels.suite import ChannelContract
    from portes_testing.formats.case import Broken, FormatCase, Priced, Sample
    from portes_testing.formats.suite import FormatContract
    from portes_testing.harness.calls import CallResult, ask
    from portes_testing.harness.carrier_under_test import CarrierUnderTest, carrier_under_test
    from portes_testing.harness.errors import BrokenContractError
    from portes_testing.harness.sandbox import ServedSandbox, served_sandbox
    from portes_testing.overrides import replaces
    from portes_testing.packers.case import PackerCase
    from portes_testing.packers.suite import PackerContract
    from portes_testing.recordings.exchange import Exchange, SentRequest, read_cassette, write_cassette
    from portes_testing.recordings.tapes import replayed
    from portes_testing.rules.case import RuleCase
    from portes_testing.rules.suite import RuleContract
    from portes_testing.suite import CarrierContract

_HOMES: Final = {
    "harness.calls": ("CallResult", "ask"),
    "harness.carrier_under_test": ("CarrierUnderTest", "carrier_under_test"),
    "case": (
        "RATE",
        "Absent",
        "Case",
        "OwnFault",
        "Published",
        "Scenario",
        "StoreProfile",
        "AllowedOutcomes",
        "Tokens",
        "parcel",
        "shipment",
    ),
    "suite": ("CarrierContract",),
    "channels.case": ("BROKEN", "AskedLine", "Asks", "ChannelCase", "ReplySample", "RequestSample"),
    "channels.signing": ("body_signature",),
    "channels.suite": ("ChannelContract",),
    "catalogues.case": ("CatalogueCase",),
    "catalogues.suite": ("CatalogueContract",),
    "formats.case": ("Broken", "FormatCase", "Priced", "Sample"),
    "formats.suite": ("FormatContract",),
    "recordings.exchange": ("Exchange", "SentRequest", "read_cassette", "write_cassette"),
    "overrides": ("replaces",),
    "harness.sandbox": ("ServedSandbox", "served_sandbox"),
    "recordings.tapes": ("replayed",),
    "harness.errors": ("BrokenContractError",),
    "packers.case": ("PackerCase",),
    "packers.suite": ("PackerContract",),
    "rules.case": ("RuleCase",),
    "rules.suite": ("RuleContract",),
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 — whatever the name stands for
    if name not in _HOME_OF:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)


__all__ = [
    "BROKEN",
    "RATE",
    "Absent",
    "AllowedOutcomes",
    "AskedLine",
    "Asks",
    "Broken",
    "BrokenContractError",
    "CallResult",
    "CarrierContract",
    "CarrierUnderTest",
    "Case",
    "CatalogueCase",
    "CatalogueContract",
    "ChannelCase",
    "ChannelContract",
    "Exchange",
    "FormatCase",
    "FormatContract",
    "OwnFault",
    "PackerCase",
    "PackerContract",
    "Priced",
    "Published",
    "ReplySample",
    "RequestSample",
    "RuleCase",
    "RuleContract",
    "Sample",
    "Scenario",
    "SentRequest",
    "ServedSandbox",
    "StoreProfile",
    "Tokens",
    "ask",
    "body_signature",
    "carrier_under_test",
    "parcel",
    "read_cassette",
    "replaces",
    "replayed",
    "served_sandbox",
    "shipment",
    "write_cassette",
]
