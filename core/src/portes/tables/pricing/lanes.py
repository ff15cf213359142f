"""From state to state: what the regions of Brazil are, and the rate of tax on a lane."""

from typing import Final, NamedTuple

from portes.tables.pricing.tariff import ANY_LANE, ONE_PERCENT, Tax

_SOUTH: Final = frozenset(["PR", "RS", "SC"])
_SOUTHEAST: Final = frozenset(["ES", "MG", "RJ", "SP"])
REGIONS: Final = {
    "N": frozenset(["AC", "AM", "AP", "PA", "RO", "RR", "TO"]),
    "NE": frozenset(["AL", "BA", "CE", "MA", "PB", "PE", "PI", "RN", "SE"]),
    "CO": frozenset(["DF", "GO", "MS", "MT"]),
    "SE": _SOUTHEAST,
    "S": _SOUTH,
}
"""The five regions of Brazil (IBGE) by their letters, and their states."""

_RICHER: Final = (_SOUTH | _SOUTHEAST) - {"ES"}
_REDUCED: Final = 7 * ONE_PERCENT
_GENERAL: Final = 12 * ONE_PERCENT


class Lane(NamedTuple):
    """The states that goods go from and to: `SC`, `PR`; empty where nobody asks or knows."""

    origin: str = ""
    destination: str = ""


UNKNOWN_STATE: Final = "the state of a postal code is not known, and the tariff asks for it"


class FactNeededError(ValueError):
    """A price that too little is known for; its words say what, and where to write it."""


def tax_rate(tax: Tax, lane: Lane) -> int:
    """The rate of tax on a lane, in millionths of a percent: of the lane itself, its origin, its destination, any lane.

    The general rates between states come before those of any lane.
    Raises `FactNeededError` where none is given, or a state is not known.
    """
    origin, destination = lane
    if tax.by_state and not (origin and destination):
        raise FactNeededError(UNKNOWN_STATE)
    keys = [(origin, destination), (origin, "*"), ("*", destination)]
    rate = next((tax.rates[key] for key in keys if key in tax.rates), None)
    if rate is None and tax.interstate == "BR" and origin != destination:
        return _interstate(origin, destination)
    if rate is None:
        rate = tax.rates.get(ANY_LANE)
    if rate is None:
        words = f"{origin}-{destination}"
        raise FactNeededError(
            f'no rate of tax is given for {words}; write "{words}" = "…" in settings.tariff.tax.rates'
        )
    return rate


def _interstate(origin: str, destination: str) -> int:
    """The rate of ICMS between two states, in millionths of a percent.

    Seven percent from the South and Southeast without ES to everywhere else, twelve percent otherwise (resolution 22
    of the Senate, 1989). The rates from elsewhere are the general rule and were met in no document.
    """
    return _REDUCED if origin in _RICHER and destination not in _RICHER else _GENERAL
