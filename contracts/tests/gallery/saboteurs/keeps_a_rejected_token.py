"""Goes on with the token that was just rejected."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.toolbox import HttpResponse


class Saboteur(Parcelpost):
    def _asked(self, question: dict[str, object], deadline: Deadline) -> HttpResponse:
        received = self._post(question, self._token(deadline), deadline)
        return received if received.status != 401 else self._post(question, self._token(deadline), deadline)
