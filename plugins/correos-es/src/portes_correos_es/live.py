"""Asks Correos: tokens through the token cache, lists of lockers and offices; it knows no quote and no tariff."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from portes.carrier import Deadline
from portes.contract import PickupKind, PickupPoint
from portes.toolbox import HttpResponse, SecretHistory, Token, TokenKey, Tools
from portes_correos_es import wire
from portes_correos_es.settings import CorreosSettings

REFRESH_BEFORE: Final = timedelta(seconds=60)
_EMPTY: Final = SecretStr("")


class Live:
    """The calls to Correos of one carrier. Every method raises a `CarrierError` and keeps its deadline."""

    def __init__(self, settings: CorreosSettings, tools: Tools) -> None:
        self._settings = settings
        self._tools = tools
        self._base = settings.base_url.rstrip("/")
        self._headers = {"User-Agent": settings.user_agent} if settings.user_agent else {}
        self.host = urlsplit(self._base).netloc
        secret = settings.client_secret or _EMPTY
        # the secret is part of the key: one that was reset never borrows the token of the one before it
        account = f"{settings.client_id} {settings.scope}"
        self._key = TokenKey(urlsplit(settings.login_url).netloc, account, secret, lineage=tools.lineage)

    def points(self, kind: PickupKind, postal_code: str, deadline: Deadline) -> tuple[PickupPoint, ...]:
        """The pick-up points of one kind near a Spanish postal code, nearest first."""
        if kind is PickupKind.LOCKER:
            return self.terminals(postal_code, deadline)
        return self.offices(postal_code, deadline)

    def terminals(self, postal_code: str, deadline: Deadline) -> tuple[PickupPoint, ...]:
        """The lockers of a postal code, through the gateway."""
        received = self._through_gateway(wire.TERMINALS, wire.terminals_near(postal_code), deadline)
        return wire.read_terminals(received, self._tools.log_once)

    def offices(self, postal_code: str, deadline: Deadline) -> tuple[PickupPoint, ...]:
        """The offices around a postal code, through the public locator; wider when there is none nearby.

        An empty answer may be a passing fault, so each is asked for once more.
        """
        middle = self._middle(postal_code, deadline) or self._middle(postal_code, deadline)
        if middle is None:
            return ()
        near = self._offices(middle, deadline) or self._offices(middle, deadline)
        return near or self._offices(middle, deadline, wire.WIDE)

    def _middle(self, postal_code: str, deadline: Deadline) -> wire.Middle | None:
        return wire.read_middle(self._get(wire.SUGGESTIONS, {"text": postal_code}, {}, deadline))

    def _offices(self, middle: wire.Middle, deadline: Deadline, distance: int | None = None) -> tuple[PickupPoint, ...]:
        received = self._get(wire.OFFICES, wire.offices_near(middle, distance), {}, deadline)
        return wire.read_offices(received, self._tools.log_once)

    def token(self, deadline: Deadline) -> Token:
        """A token that has not ended, fetched once for all who need it."""
        return self._tools.tokens.token(self._key, self.fetch_token, REFRESH_BEFORE, deadline)

    def fetch_token(self, deadline: Deadline) -> Token:
        """A new token, whatever the token cache holds."""
        settings = self._settings
        secret = (settings.client_secret or _EMPTY).get_secret_value()
        form = wire.token_form(settings.client_id, secret, settings.scope)
        received = self._tools.http.call(
            "POST", settings.login_url, data=form, headers=self._headers | {"Accept-Language": "es"}, deadline=deadline
        )
        return wire.read_token(received, self._tools.clock.now())

    def history(self) -> SecretHistory:
        """What is remembered of the application's secret in Correos ID."""
        return self._tools.tokens.history(self._key)

    def _through_gateway(self, path: str, params: Mapping[str, str], deadline: Deadline) -> HttpResponse:
        token = self.token(deadline)
        received = self._get(path, params, self._pair(token), deadline)
        if not wire.is_stale_token(received):
            return received
        self._tools.tokens.reject(self._key, token)
        return self._get(path, params, self._pair(self.token(deadline)), deadline)

    def _pair(self, token: Token) -> dict[str, str]:
        settings = self._settings
        secret = (settings.gateway_client_secret or _EMPTY).get_secret_value()
        return wire.gateway_headers(token, settings.gateway_client_id, secret)

    def _get(
        self, path: str, params: Mapping[str, str], headers: Mapping[str, str], deadline: Deadline
    ) -> HttpResponse:
        url = f"{self._base}{path}"
        return self._tools.http.call("GET", url, params=params, headers={**self._headers, **headers}, deadline=deadline)


__all__ = ["REFRESH_BEFORE", "Live"]
