"""Takes every body for UTF-8."""

from dataclasses import replace

from gallery.till.channel import Till

from portes.channels.protocol import ChannelRequest
from portes.contract import QuoteRequest


class Saboteur(Till):
    def read(self, asked: ChannelRequest) -> QuoteRequest:
        return super().read(replace(asked, body=asked.body.decode().encode()))
