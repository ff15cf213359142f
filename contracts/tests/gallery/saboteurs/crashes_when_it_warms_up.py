"""Was never warmed up with the carrier down."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.errors import CarrierError


class Saboteur(Parcelpost):
    def warm(self, deadline: Deadline) -> None:
        try:
            super().warm(deadline)
        except CarrierError as problem:
            raise RuntimeError(problem.hint) from None
