"""One call of Correios' API each: a token, prices, times; it knows no shipment and reads no body itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from portes.carrier import Deadline
from portes.errors import CarrierError
from portes.toolbox import MASK, FetchLimit, Received, Token, TokenKey, Tools
from portes_correios_br import wire
from portes_correios_br.codes import rejects_token
from portes_correios_br.services import No
from portes_correios_br.settings import CorreiosSettings
from portes_correios_br.tokens import account_of, card_body, read_card_token, read_login_token
from portes_correios_br.wire import Price, PriceQuestion, Time, TimeQuestion

REFRESH_BEFORE: Final = timedelta(minutes=30)
"""Correios gives a new token in the last half hour of the old one, and not before."""
LOGIN_PATH: Final = "/token/v1/autentica"
CARD_PATH: Final = "/token/v1/autentica/cartaopostagem"
_WORDLESS: Final = frozenset({200, 201})
"""All is well: the body holds no error text."""
_FETCHES: Final = 3
_SECONDS: Final = 1.1
"""Correios allows three token calls a second; a tenth more, because calls are not equally long under way."""


class Api:
    """Correios for one login. Thread-safe."""

    def __init__(self, settings: CorreiosSettings, tools: Tools) -> None:
        self._settings = settings
        self._tools = tools
        self._host = urlsplit(settings.base_url).netloc
        self._limit = FetchLimit(f"correios-br {self._host}", _FETCHES, _SECONDS)
        self._prices = f"{settings.base_url}/preco/{settings.price_version}/nacional"
        self._times = f"{settings.base_url}/prazo/{settings.time_version}/nacional"

    def prices(
        self, card: str, questions: Sequence[PriceQuestion], deadline: Deadline
    ) -> list[Price | No | CarrierError]:
        """What was said to each question. Raises a `CarrierError` when the whole call came to nothing."""
        received = self._asked(
            self._prices, card, lambda token: wire.price_body(questions, account_of(token), self._settings), deadline
        )
        return wire.read_prices(received, questions)

    def times(self, card: str, questions: Sequence[TimeQuestion], deadline: Deadline) -> list[Time | No | CarrierError]:
        """What was said to each question. Raises a `CarrierError` when the whole call came to nothing."""
        body = wire.time_body(questions, self._settings)
        return wire.read_times(self._asked(self._times, card, lambda _: body, deadline), questions)

    def token(self, card: str, deadline: Deadline) -> Token:
        """The token of a posting card, kept by the vault. Raises a `CarrierError`."""

        def fetch(within: Deadline) -> Token:
            return read_card_token(self._login(CARD_PATH, card_body(card), within), card, self._settings.zone_offset)

        return self._tools.vault.token(self._key(card), fetch, REFRESH_BEFORE, deadline, self._limit)

    def check_login(self, deadline: Deadline) -> None:
        """Log in without a posting card, keeping nothing. Raises a `CarrierError` that says what is wrong."""

        def fetch(within: Deadline) -> Token:
            return read_login_token(self._login(LOGIN_PATH, None, within), self._settings.zone_offset)

        key = self._key("")
        token = self._tools.vault.token(key, fetch, REFRESH_BEFORE, deadline, self._limit)
        self._tools.vault.reject(key, token)

    def _key(self, card: str) -> TokenKey:
        return TokenKey(self._host, f"{self._settings.user} {card}", self._settings.access_code)

    def _login(self, path: str, body: dict[str, Any] | None, deadline: Deadline) -> Received:
        login = self._settings.user, self._settings.access_code.get_secret_value()
        url = f"{self._settings.base_url}{path}"
        return self._discreet(self._tools.http.call("POST", url, json=body, basic=login, deadline=deadline))

    def _asked(self, url: str, card: str, body: Callable[[Token], dict[str, Any]], deadline: Deadline) -> Received:
        """Ask; when the token is rejected, ask once more with a new one."""
        token = self.token(card, deadline)
        received = self._post(url, body(token), token, deadline)
        if not rejects_token(received):
            return received
        self._tools.vault.reject(self._key(card), token)
        token = self.token(card, deadline)
        return self._post(url, body(token), token, deadline)

    def _post(self, url: str, body: dict[str, Any], token: Token, deadline: Deadline) -> Received:
        bearer = token.value.get_secret_value()
        headers = {"Authorization": f"Bearer {bearer}"}
        return self._discreet(self._tools.http.call("POST", url, json=body, headers=headers, deadline=deadline), bearer)

    def _discreet(self, received: Received, bearer: str = "") -> Received:
        """The answer without our secrets, where it is one whose words may be shown to people."""
        if received.status in _WORDLESS:
            return received
        body = self._tools.redactor.clean(received.body)
        return replace(received, body=body.replace(bearer.encode(), MASK.encode()) if bearer else body)


__all__ = ["CARD_PATH", "LOGIN_PATH", "Api"]
