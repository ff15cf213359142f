"""Asks the machine what time it is, by another name."""

import time

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        read = getattr(time, "mono" + "tonic")
        self._tools.log.debug("asked", at=read())
        return super()._answer(shipment, deadline)
