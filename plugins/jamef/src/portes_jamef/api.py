"""Jamef's two calls, a login and a question, made with the token that the token cache keeps; it knows no shipment."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from portes.carrier import Deadline
from portes.errors import ThrottledError
from portes.toolbox import FetchLimit, HttpResponse, SecretHistory, Token, TokenKey, Tools
from portes_jamef import wire
from portes_jamef.addresses import LOGIN, QUOTE
from portes_jamef.complaints import WELL, Complaint, complaint_of
from portes_jamef.wire import LOGIN_PAUSE, NoOffer, Price, Question

REFRESH_BEFORE: Final = timedelta(minutes=5)
"""A token lives an hour; public clients keep it for 55 minutes."""
_LIMIT_SECONDS: Final = LOGIN_PAUSE + 1
"""A second more, because calls are not equally long under way."""
_NO_LONGER_ACCEPTED: Final = "Jamef no longer accepts its token, and gives one a minute"

Witness = Callable[[Complaint], object]
"""Is shown what each answer says of itself, in the order of the answers."""


class Api:
    """One environment of Jamef for one login. Thread-safe."""

    def __init__(self, url: str, user: str, password: SecretStr, tools: Tools, witness: Witness | None = None) -> None:
        self._url = url
        self._user = user
        self._password = password
        self._tools = tools
        self._witness = witness
        host = urlsplit(url).netloc
        self._key = TokenKey(host, user, password, tools.lineage)
        self._limit = FetchLimit(f"jamef {host}", 1, _LIMIT_SECONDS)

    @property
    def history(self) -> SecretHistory:
        """What is remembered of the password: since when it works, or until when it did."""
        return self._tools.tokens.history(self._key)

    def token(self, deadline: Deadline) -> Token:
        """The token, kept by the token cache; at most one a minute is fetched from a host. Raises a `CarrierError`."""
        return self._tools.tokens.token(self._key, self._login, REFRESH_BEFORE, deadline, self._limit)

    def quote(self, question: Question, token: Token, deadline: Deadline) -> Price | NoOffer:
        """What Jamef says to a question; when it rejects the token, to the question with another one, if there is one.

        Raises a `CarrierError`.
        """
        body = wire.quote_body(question)
        received = self._ask(body, token, question.transport, deadline)
        if received.status == 401:
            self._tools.tokens.reject(self._key, token)
            received = self._ask(body, self._another(deadline), question.transport, deadline)
        return wire.read_quote(received, question)

    def _another(self, deadline: Deadline) -> Token:
        try:
            return self.token(deadline)
        except ThrottledError as wait:
            seconds = wait.retry_after
        raise ThrottledError(_NO_LONGER_ACCEPTED, retry_after=seconds)

    def _login(self, deadline: Deadline) -> Token:
        now = self._tools.clock.now()
        body = wire.login_body(self._user, self._password)
        received = self._tools.http.call("POST", f"{self._url}{LOGIN}", json=body, deadline=deadline)
        return wire.read_login(self._noted(received, "login"), now)

    def _ask(self, body: bytes, token: Token, transport: str, deadline: Deadline) -> HttpResponse:
        url, headers = f"{self._url}{QUOTE}", {"Content-Type": "application/json"}
        received = self._tools.http.call("POST", url, data=body, headers=headers, bearer=token.value, deadline=deadline)
        return self._noted(received, "quote", transport=transport)

    def _noted(self, received: HttpResponse, call: str, **about: str) -> HttpResponse:
        """Log an answer under Jamef's own id of it; the same answer."""
        complaint = complaint_of(received)
        told = {"call": call, **about, "status": complaint.status, "correlation_id": complaint.correlation_id}
        if complaint.status in WELL:
            self._tools.log.debug("Jamef answered", **told)
        else:
            self._tools.log.warning("Jamef complained", **told, said=complaint.words, component=complaint.component)
        for name in complaint.odd:
            self._tools.log_once(f"Jamef says {name} in another type than it documents; no price hangs on it")
        if self._witness:
            self._witness(complaint)
        return received


__all__ = ["Api", "Witness"]
