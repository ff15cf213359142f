"""Excuses itself in a form that its document does not have."""

from collections.abc import Mapping

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply


class Saboteur(Till):
    def excuse(self, status: int, detail: str, headers: Mapping[str, str]) -> ChannelReply:
        return ChannelReply(status, {**headers, "content-type": "application/json"}, b'{"sorry": true}')
