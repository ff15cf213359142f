"""Takes a long body for a forged one."""

from gallery.till.channel import Till

from portes.channels.protocol import ChannelRequest
from portes.errors import Problem, UnauthorizedError


class Saboteur(Till):
    def verify(self, asked: ChannelRequest) -> None:
        super().verify(asked)
        if len(asked.body) > 350:
            raise UnauthorizedError(Problem("headers", "", "is forged"))
