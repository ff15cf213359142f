"""Believes that a token never ends."""

from dataclasses import replace
from datetime import timedelta

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.toolbox import HttpResponse, Token


class Saboteur(Parcelpost):
    def _fetch(self, deadline: Deadline) -> Token:
        token = super()._fetch(deadline)
        return replace(token, expires=token.expires + timedelta(days=3650))

    def _asked(self, question: dict[str, object], deadline: Deadline) -> HttpResponse:
        received = super()._asked(question, deadline)
        return received if received.status != 401 else self._post(question, self._token(deadline), deadline)
