"""Takes the first entry for the first service, whatever it says."""

import json

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.toolbox import HttpResponse, Token


class Saboteur(Parcelpost):
    def _post(self, question: dict[str, object], token: Token, deadline: Deadline) -> HttpResponse:
        received = super()._post(question, token, deadline)
        try:
            tree = json.loads(received.body)
            asked = json.loads(json.dumps(question))["services"]
            for entry, service in zip(tree["quotes"], asked, strict=False):
                entry["service"] = service["code"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return received
        return HttpResponse(received.status, received.headers, json.dumps(tree).encode())
