"""Waits for as long as it takes."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.toolbox import HttpResponse, Token


class Saboteur(Parcelpost):
    def _post(self, question: dict[str, object], token: Token, deadline: Deadline) -> HttpResponse:
        return super()._post(question, token, _ample(deadline))

    def _token(self, deadline: Deadline) -> Token:
        return super()._token(_ample(deadline))


def _ample(deadline: Deadline) -> Deadline:
    return deadline if deadline.passed else Deadline(1.6)
