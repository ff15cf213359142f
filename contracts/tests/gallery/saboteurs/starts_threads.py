"""Warms up its log in a thread of its own."""

import threading
from collections.abc import Sequence

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.contract import Answer, Shipment


class Saboteur(Parcelpost):
    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        aside = threading.Thread(target=self._tools.log.debug, args=("asking",))
        aside.start()
        aside.join()
        return super().quote(shipments, deadline)
