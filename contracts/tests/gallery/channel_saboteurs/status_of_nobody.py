"""Answers what is unknown with a status that its page lacks."""

from collections.abc import Mapping
from dataclasses import replace

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply


class Saboteur(Till):
    def excuse(self, status: int, detail: str, headers: Mapping[str, str]) -> ChannelReply:
        return replace(super().excuse(status, detail, headers), status=504 if status == 503 else status)
