"""Does not take 500 for an answer."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.toolbox import HttpResponse, Token


class Saboteur(Parcelpost):
    def _post(self, question: dict[str, object], token: Token, deadline: Deadline) -> HttpResponse:
        for _ in range(30):
            received = super()._post(question, token, deadline)
            if received.status < 500:
                break
        return received
