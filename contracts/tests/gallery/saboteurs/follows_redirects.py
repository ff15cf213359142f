"""Goes wherever it is sent, with its token."""

from urllib.parse import urljoin

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.toolbox import HttpResponse, Token


class Saboteur(Parcelpost):
    def _post(self, question: dict[str, object], token: Token, deadline: Deadline) -> HttpResponse:
        received = super()._post(question, token, deadline)
        if received.status != 302:
            return received
        url = urljoin(self._url, received.headers["Location"])
        self._tools.http.call("POST", url, json=question, bearer=token.value, deadline=deadline)
        return received
