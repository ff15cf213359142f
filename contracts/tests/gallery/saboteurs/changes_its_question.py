"""Sends a field that the recordings do not know."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.toolbox import Received
from portes.toolbox.tokens.models import Token


class Saboteur(Parcelpost):
    def _post(self, question: dict[str, object], token: Token, deadline: Deadline) -> Received:
        return super()._post({**question, "currency": "BRL"}, token, deadline)
