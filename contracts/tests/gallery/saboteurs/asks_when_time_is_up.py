"""Sends first and looks at the clock afterwards."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.toolbox import Token


class Saboteur(Parcelpost):
    def _token(self, deadline: Deadline) -> Token:
        return super()._token(Deadline(1.0) if deadline.passed else deadline)
