"""Spares the other side by a pause before each question, whatever its deadline."""

import time

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        time.sleep(0.001)
        return super()._answer(shipment, deadline)
