"""Whom an error text of Correios blames: which of two CEPs, which end of a range; it knows no code."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

from portes.contract.names import without_accents
from portes_correios_br.questions import Lane

ORIGIN_UNKNOWN: Final = "the origin's CEP {} does not exist for Correios: correct postal_code of that origin"
"""What a hint says of an origin that does not exist, with its CEP."""
_WHICH_CEP: Final = "it does not say which CEP is meant: the origin's, {}, or the destination's, {}"
_WHICH_END: Final = "it does not say whether the declared value is too high or too low"
_LOW: Final = 'the declared value is too low: write value_min = "{}" for this service'
_LOW_UNTOLD: Final = "the declared value is too low: write value_min for this service"

_DESTINATION: Final = re.compile(r"destin(?:o|at)")
_ORIGIN: Final = re.compile(r"orige[mn]|origin(?!al)|remetente")
_CEP: Final = re.compile(r"(?<!\d)(\d{2})\.?(\d{3})-?(\d{3})(?!\d)")
_AMOUNT: Final = re.compile(r"r\$\s*(\d[\d.]*(?:,\d{2})?)|(?<![\d.,])(\d[\d.]*,\d{2})(?!\d)")
_LONGEST: Final = 20
"""Characters of an amount; what is longer limits no declared value."""
_DOTTED: Final = re.compile(r"\d+\.\d{2}")
_TOO_HIGH: Final = re.compile(r"maxim|superior|acima|exced|ultrapass|maior")
_TOO_LOW: Final = re.compile(r"minim|inferior|abaixo|menor")


class PlaceBlame(NamedTuple):
    """Whether a text about a CEP blames the destination, and what to do when it does not."""

    destination: bool
    advice: str


class ValueBlame(NamedTuple):
    """Whether a text about a declared value says that it is too high, and what to do when it does not."""

    too_high: bool
    advice: str


def blamed_place(text: str, lane: Lane) -> PlaceBlame:
    """The CEP that a text means, by its side or by its digits: without a side, or with both, nobody knows."""
    plain = _plain(text)
    ceps = {"".join(found) for found in _CEP.findall(plain)} if lane.origin != lane.destination else set()
    destination = _DESTINATION.search(plain) is not None or lane.destination in ceps
    origin = _ORIGIN.search(plain) is not None or lane.origin in ceps
    if origin == destination:
        return PlaceBlame(False, _WHICH_CEP.format(lane.origin, lane.destination))  # noqa: FBT003 — its first field
    return PlaceBlame(destination, ORIGIN_UNKNOWN.format(lane.origin))


def blamed_value(text: str, centavos: int | None) -> ValueBlame:
    """The end of the range that a declared value passed; by the amounts that a text names, else by its words."""
    plain = _plain(text)
    texts = {first or second for first, second in _AMOUNT.findall(plain)}
    told = {_centavos(text) for text in texts if len(text) <= _LONGEST} - {centavos}
    if centavos is None:
        return ValueBlame(too_high=False, advice=_WHICH_END)
    if told:
        least = min(told)
        high, low = centavos > max(told), centavos < least
        advice = _LOW.format(f"{least // 100}.{least % 100:02}")
    else:
        high, low = (pattern.search(plain) is not None for pattern in (_TOO_HIGH, _TOO_LOW))
        advice = _LOW_UNTOLD
    return ValueBlame(high and not low, advice if low and not high else _WHICH_END)


def _centavos(text: str) -> int:
    exact = text if _DOTTED.fullmatch(text) else text.replace(".", "").replace(",", ".")
    return int(Decimal(exact) * 100)


def _plain(text: str) -> str:
    """A text in small letters without accents."""
    return without_accents(text).casefold()


__all__ = ["ORIGIN_UNKNOWN", "PlaceBlame", "ValueBlame", "blamed_place", "blamed_value"]
