"""Tells strangers what to send."""

from gallery.till.channel import Till

from portes.channels.problems import problem
from portes.channels.protocol import ChannelReply
from portes.errors import RequestError, UnauthorizedError


class Saboteur(Till):
    def refuse(self, error: RequestError) -> ChannelReply:
        if not isinstance(error, UnauthorizedError):
            return super().refuse(error)
        return problem(401, "Unauthorized", f"send {self.credentials[0].headers()}")
