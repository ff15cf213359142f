"""Asks the machine what time it is."""

from datetime import UTC
from datetime import datetime as moment

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        self._tools.log.debug("asked", at=moment.now(UTC).isoformat())
        return super()._answer(shipment, deadline)
