"""Logs in before each question."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.toolbox import Token


class Saboteur(Parcelpost):
    def _token(self, deadline: Deadline) -> Token:
        return self._fetch(deadline)
