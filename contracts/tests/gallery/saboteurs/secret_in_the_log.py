"""Logs what it sends, headers and all."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.toolbox import HttpResponse, Token


class Saboteur(Parcelpost):
    def _post(self, question: dict[str, object], token: Token, deadline: Deadline) -> HttpResponse:
        self._tools.log.debug("asking", headers={"Authorization": f"Bearer {token.value.get_secret_value()}"})
        return super()._post(question, token, deadline)
