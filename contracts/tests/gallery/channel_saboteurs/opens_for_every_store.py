"""Takes the key and the signature of any store that it has ever known."""

from collections.abc import Callable
from typing import Any

from gallery.till.channel import Till, TillSettings

from portes.channels.protocol import ChannelRequest, Storefront
from portes.errors import UnauthorizedError


class Saboteur(Till):
    def __init__(self, settings: TillSettings, storefront: Storefront) -> None:
        super().__init__(settings, storefront)
        KNOWN.append(self)

    def authenticate(self, asked: ChannelRequest) -> None:
        try:
            super().authenticate(asked)
        except UnauthorizedError:
            if not any(opens(Till.authenticate, one, asked) for one in KNOWN):
                raise

    def verify(self, asked: ChannelRequest) -> None:
        try:
            super().verify(asked)
        except UnauthorizedError:
            if not any(opens(Till.verify, one, asked) for one in KNOWN):
                raise


KNOWN: list[Saboteur] = []


def opens(check: Callable[[Any, ChannelRequest], None], one: Saboteur, asked: ChannelRequest) -> bool:
    try:
        check(one, asked)
    except UnauthorizedError:
        return False
    return True
