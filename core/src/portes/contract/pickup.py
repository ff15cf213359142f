"""Where a shopper may fetch a parcel."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from portes.contract.base import Natural, Noun, Text, Words
from portes.contract.bounds import FARTHEST


class PickupKind(StrEnum):
    """The kind of a pickup point: who hands the parcel over there."""

    OFFICE = "office"
    """A counter: a post office or a shop."""
    LOCKER = "locker"
    """A machine that opens with a code."""


class PickupPoint(Noun):
    """An office, a shop or a locker near the destination; what the carrier does not tell stays empty."""

    id: Text
    """The carrier's code of it: what an order to be fetched there must name."""
    kind: PickupKind
    name: Text
    address: Words = ""
    """Street and number, in one line."""
    postal_code: Words = ""
    """Text, as the carrier writes it."""
    town: Words = ""
    hours: Words = ""
    """When it is open, in the carrier's words."""
    distance: Annotated[Natural, Field(le=FARTHEST)] | None = None
    """Metres from the middle of the destination's postal code; None when the carrier does not say."""
