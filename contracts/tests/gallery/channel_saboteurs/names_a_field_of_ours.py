"""Tells the sender of lines, which it does not have."""

from gallery.till.channel import Till

from portes.channels.protocol import ChannelRequest
from portes.contract import QuoteRequest
from portes.errors import RequestError


class Saboteur(Till):
    def read(self, asked: ChannelRequest) -> QuoteRequest:
        try:
            return super().read(asked)
        except RequestError as error:
            raise RequestError([one.at(one.where.replace("items", "lines")) for one in error.problems]) from None
