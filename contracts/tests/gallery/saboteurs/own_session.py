"""Builds a session of its own, with retries and everything."""

from collections.abc import Sequence

import requests
from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.settings import ParcelpostService, ParcelpostSettings

from portes.carrier import Deadline
from portes.toolbox import HttpResponse, Token, Tools


class Saboteur(Parcelpost):
    def __init__(self, settings: ParcelpostSettings, services: Sequence[ParcelpostService], tools: Tools) -> None:
        super().__init__(settings, services, tools)
        self._session = requests.Session()

    def _post(self, question: dict[str, object], token: Token, deadline: Deadline) -> HttpResponse:
        headers = {"Authorization": f"Bearer {token.value.get_secret_value()}"}
        response = self._session.post(
            f"{self._url}/quotes", json=question, headers=headers, timeout=max(0.01, deadline.remaining())
        )
        return HttpResponse(response.status_code, response.headers, response.content)
