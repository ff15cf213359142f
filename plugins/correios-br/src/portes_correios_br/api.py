"""One call of Correios' API each: a token, prices, times; it knows no shipment and reads no body itself."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from portes.carrier import Deadline
from portes.errors import CarrierError
from portes.toolbox import FetchLimit, HttpResponse, SecretHistory, Token, TokenKey, Tools
from portes_correios_br import wire
from portes_correios_br.questions import PriceQuestion, TimeQuestion
from portes_correios_br.services import No
from portes_correios_br.settings import CorreiosSettings
from portes_correios_br.tokens import account_of, card_body, read_card_token, read_login_token
from portes_correios_br.wire import Price, Time

REFRESH_BEFORE: Final = timedelta(minutes=30)
"""Correios gives a new token in the last half hour of the old one, and not before."""
LOGIN_PATH: Final = "/token/v1/autentica"
CARD_PATH: Final = "/token/v1/autentica/cartaopostagem"
_FETCHES: Final = 3
_SECONDS: Final = 1.1
"""Correios allows three token calls a second; a tenth more, because calls are not equally long under way."""


class Access(NamedTuple):
    """A posting card and the token that it got."""

    card: str
    token: Token


class Api:
    """Correios for one login. Thread-safe."""

    def __init__(self, settings: CorreiosSettings, tools: Tools) -> None:
        self._settings = settings
        self._tools = tools
        self.host = urlsplit(settings.base_url).netloc
        """As it stands in the settings, with its port."""
        self._limit = FetchLimit(f"correios-br {self.host}", _FETCHES, _SECONDS)
        self._prices = f"{settings.base_url}/preco/{settings.price_version}/nacional"
        self._times = f"{settings.base_url}/prazo/{settings.time_version}/nacional"

    def prices(
        self, access: Access, questions: Sequence[PriceQuestion], deadline: Deadline
    ) -> list[Price | No | CarrierError]:
        """What was said to each question. Raises a `CarrierError` when the whole call came to nothing."""
        numbers = self._tools.numbers(len(questions))
        body = wire.price_body(questions, numbers, account_of(access.token), self._settings)
        received = self._asked(self._prices, access, body, deadline)
        return wire.read_prices(received, questions, numbers, self._tools.log_once)

    def times(
        self, access: Access, questions: Sequence[TimeQuestion], deadline: Deadline
    ) -> list[Time | No | CarrierError]:
        """What was said to each question. Raises a `CarrierError` when the whole call came to nothing."""
        numbers = self._tools.numbers(len(questions))
        body = wire.time_body(questions, numbers, self._settings)
        received = self._asked(self._times, access, body, deadline)
        return wire.read_times(received, questions, numbers, self._tools.log_once)

    def access(self, card: str, deadline: Deadline) -> Access:
        """A posting card with its token, kept by the token cache. Raises a `CarrierError`."""

        def fetch(within: Deadline) -> Token:
            return read_card_token(self._login(CARD_PATH, card_body(card), within), card, self._settings.zone_offset)

        token = self._tools.tokens.token(self._key(card), fetch, REFRESH_BEFORE, deadline, self._limit)
        return Access(card, token)

    def reject(self, access: Access) -> None:
        """Forget a token that was not accepted."""
        self._tools.tokens.reject(self._key(access.card), access.token)

    def history(self, card: str) -> SecretHistory:
        """What is remembered of the access code: by a posting card, or of the login alone for an empty one."""
        return self._tools.tokens.history(self._key(card))

    def check_login(self, deadline: Deadline) -> None:
        """Log in without a posting card, keeping nothing. Raises a `CarrierError` that says what is wrong."""

        def fetch(within: Deadline) -> Token:
            return read_login_token(self._login(LOGIN_PATH, None, within), self._settings.zone_offset)

        key = self._key("")
        token = self._tools.tokens.token(key, fetch, REFRESH_BEFORE, deadline, self._limit)
        self._tools.tokens.reject(key, token)

    def _key(self, card: str) -> TokenKey:
        """Whose token it is; for a posting card the one of the former code serves until the new one is accepted."""
        settings, lineage = self._settings, self._tools.lineage
        account = f"{settings.user} {card} {settings.contract_number}".rstrip()
        return TokenKey(self.host, account, settings.access_code, lineage, inherits=bool(card))

    def _login(self, path: str, body: dict[str, Any] | None, deadline: Deadline) -> HttpResponse:
        login = self._settings.user, self._settings.access_code.get_secret_value()
        url = f"{self._settings.base_url}{path}"
        return self._tools.http.call("POST", url, json=body, basic=login, deadline=deadline)

    def _asked(self, url: str, access: Access, body: dict[str, Any], deadline: Deadline) -> HttpResponse:
        return self._tools.http.call("POST", url, json=body, bearer=access.token.value, deadline=deadline)


__all__ = ["CARD_PATH", "LOGIN_PATH", "Access", "Api"]
