"""Refuses things with a status that its document lacks."""

from dataclasses import replace

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply
from portes.errors import RequestError


class Saboteur(Till):
    def refuse(self, error: RequestError) -> ChannelReply:
        of_things = any(one.where.startswith("items") for one in error.problems)
        return replace(super().refuse(error), status=418) if of_things else super().refuse(error)
