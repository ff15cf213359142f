"""Takes as long as somebody says."""

from gallery.till.channel import Till

from portes.channels.protocol import ChannelRequest


class Saboteur(Till):
    def within(self, asked: ChannelRequest) -> float:
        shorter = super().within(asked)
        return 9.0 if asked.headers.get("till-wait") == "9s" else shorter
