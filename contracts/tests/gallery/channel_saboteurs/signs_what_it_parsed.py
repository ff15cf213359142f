"""Makes the signature of what it understood, written anew."""

import json
from dataclasses import replace

from gallery.till.channel import Till

from portes.channels.protocol import ChannelRequest
from portes.errors import Problem, UnauthorizedError


class Saboteur(Till):
    def verify(self, asked: ChannelRequest) -> None:
        try:
            super().verify(asked)
        except UnauthorizedError:
            try:
                anew = json.dumps(json.loads(asked.body)).encode()
            except (ValueError, RecursionError):
                raise UnauthorizedError(Problem("headers", "", "is forged")) from None
            super().verify(replace(asked, body=anew))
