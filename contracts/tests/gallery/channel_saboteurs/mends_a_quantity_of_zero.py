"""Sells one of what nobody wants."""

from dataclasses import replace

from gallery.till.channel import Till

from portes.channels.protocol import ChannelRequest
from portes.contract import QuoteRequest


class Saboteur(Till):
    def read(self, asked: ChannelRequest) -> QuoteRequest:
        return super().read(replace(asked, body=asked.body.replace(b'"count": 0', b'"count": 1')))
