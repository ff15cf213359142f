"""Calls whose body holds a key of ours: for platforms that keep one for a shop and send it beside each question."""

import hmac
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

import orjson

from portes.channels.base import MarketplaceChannel, TimedSettings
from portes.channels.credentials import Credential, Key
from portes.channels.problems import ChallengedError
from portes.channels.protocol import ChannelRequest, Storefront
from portes.errors import Problem

_CHALLENGE: Final = 'Key realm="portes"'
_MASK: Final = "••••"


class BodyKey:
    """A key at one place of a JSON body, which is compared in constant time. Thread-safe."""

    def __init__(self, path: Sequence[str], keys: Sequence[Key]) -> None:
        self._path = tuple(path)
        self._keys = tuple([key.get_secret_value().encode() for key in keys])

    def stands_in(self, body: bytes) -> bool:
        """Whether a body holds one of the keys; a body that is no JSON holds none."""
        found: Any = None
        with suppress(orjson.JSONDecodeError):
            found = orjson.loads(body)
        for name in self._path:
            found = found.get(name) if isinstance(found, dict) else None
        given = found.encode(errors="surrogatepass") if isinstance(found, str) else b""
        return any([hmac.compare_digest(given, key) for key in self._keys])  # noqa: C419 -- no short cut

    def check(self, asked: ChannelRequest) -> None:
        """Raise `UnauthorizedError` for a call whose body holds none of the keys."""
        if not self.stands_in(asked.body):
            cause = f"the key at {'.'.join(self._path)} is missing, or not the one that is set up here"
            raise ChallengedError(Problem(where="body", value="", cause=cause), _CHALLENGE)

    def masked(self, body: bytes) -> bytes:
        """The body with the key in it masked, where it holds any."""
        whole = orjson.loads(body)
        held: Any = whole
        for name in self._path[:-1]:
            held = held.get(name, {})
        if self._path[-1] in held:
            held[self._path[-1]] = _MASK
        return orjson.dumps(whole)

    def held(self) -> str:
        """The first key in clear, for examples."""
        return self._keys[0].decode()


class BodyKeyChannel(MarketplaceChannel):
    """Base of a channel whose calls show a key in the body, credentials in headers or address, or both."""

    def __init__(
        self, settings: TimedSettings, storefront: Storefront, auth: Iterable[Credential] | None, key: BodyKey | None
    ) -> None:
        super().__init__(settings, storefront, auth or ())
        self._key = key

    def authenticate(self, asked: ChannelRequest) -> None:
        """Check what is set up of headers and address. Raises `UnauthorizedError`."""
        if self.credentials:
            super().authenticate(asked)

    def verify(self, asked: ChannelRequest) -> None:
        """Check the key in the body, where one is set up. Raises `UnauthorizedError`."""
        if self._key is not None:
            self._key.check(asked)

    def masked(self, body: bytes) -> bytes:
        """A body of this channel as pages may show it: its key masked."""
        return body if self._key is None else self._key.masked(body)
