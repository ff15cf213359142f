"""The simulator's token API: any login opens it, every card of ten digits stands on one contract; it knows no price.

Ours, because nobody published them: the texts of errors, the status of an unknown card and of a code that is too new,
whom the limit of three calls a second counts, that one contract has all cards, and that a card's last digit says
which products are on it.
"""

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from threading import Lock
from typing import Any, Final

from portes.toolbox import Clock
from portes_correios_br.sandbox.calls import Call, Rejected, Reply

LIFE: Final = timedelta(hours=24)
BRASILIA: Final = timezone(timedelta(hours=-3))
CALLS_A_SECOND: Final = 3
"""Of one login for one card; then 429."""
NEW: Final = timedelta(hours=2)
"""How long a new access code is refused, in the mood that plays it."""
CONTRACT: Final = "9912345679"
REGION: Final = 29
"""The regional board of the contract."""
PRICES, TIMES = 34, 35
_APIS: Final = (PRICES, TIMES, 36, 41, 76, 78, 80, 83, 87, 566, 586, 587)
_WITHOUT: Final = tuple(api for api in _APIS if api not in {PRICES, TIMES})


@dataclass(frozen=True)
class Grant:
    """What a token opens."""

    card: str
    """Empty for the token of a login alone, which opens neither prices nor times."""
    ends: datetime
    dead: bool
    """Whether it is refused from its birth: the mood in which tokens end before they should."""


class Tokens:
    """Issues tokens and checks them. Thread-safe."""

    def __init__(self, moods: Collection[str], clock: Clock) -> None:
        self._moods = moods
        self._clock = clock
        self._lock = Lock()
        self._grants: dict[str, Grant] = {}
        self._asked: dict[tuple[str, str], list[datetime]] = {}
        self._first_shown: dict[str, datetime] = {}

    def issue(self, call: Call) -> Reply:
        """Answer a call for a token. Raises `Rejected`."""
        login, code = _login(call)
        now = self._clock.now()
        with self._lock:
            first = self._first_shown.setdefault(code, now)
        if "wrong_password" in self._moods or ("code_too_new" in self._moods and now - first < NEW):
            raise Rejected(Reply(401))
        card = self._card(call) if call.path.endswith("/cartaopostagem") else ""
        with self._lock:
            self._count(login, card, now)
            token = sha256(f"simulated token {len(self._grants)} of {card}".encode()).hexdigest()
            grant = Grant(card, now + LIFE, dead=not self._grants and "token_expired_early" in self._moods)
            self._grants[token] = grant
        return Reply.of(201, self._answer(login, token, grant, now))

    def grant(self, call: Call, api: int) -> Grant:
        """What the token of a call opens. Raises `Rejected` when it does not open this API."""
        scheme, _, token = call.authorization.partition(" ")
        if scheme != "Bearer":
            raise Rejected(Reply.error(412, "Token (Bearer) não informado.", call))
        grant = self._grants.get(token)
        if grant is None or grant.dead or grant.ends <= self._clock.now():
            raise Rejected(Reply.error(403, "GTW-008: Token não válido para este ambiente.", call))
        if not grant.card or "api_not_enabled" in self._moods:
            raise Rejected(Reply.error(403, f"GTW-012: Acesso restrito. API: {api}", call))
        return grant

    def _card(self, call: Call) -> str:
        number = call.fields.get("numero")
        well_formed = isinstance(number, str) and number.isdigit() and len(number) == 10
        unknown = "card_unknown" in self._moods or ("pac_card_unknown" in self._moods and str(number).endswith("2"))
        if not well_formed or unknown:
            raise Rejected(Reply.error(400, "Cartão de postagem inexistente ou inválido.", call))
        return str(number)

    def _count(self, login: str, card: str, now: datetime) -> None:
        recent = [each for each in self._asked.get((login, card), []) if each > now - timedelta(seconds=1)]
        if len(recent) >= CALLS_A_SECOND:
            raise Rejected(Reply(429))
        self._asked[login, card] = [*recent, now]

    def _answer(self, login: str, token: str, grant: Grant, now: datetime) -> dict[str, Any]:
        answer = {
            "ambiente": "LOCAL",
            "id": login,
            "ip": "127.0.0.1",
            "perfil": "PJ",
            "cnpj": "00000000000000",
            "emissao": _local(now),
            "expiraEm": _local(grant.ends),
            "zoneOffset": "-03:00",
            "token": token,
        }
        if not grant.card:
            return answer
        apis = _WITHOUT if "api_not_enabled" in self._moods else _APIS
        card = {"contrato": CONTRACT, "numero": grant.card, "dr": REGION, "api": list(apis)}
        return answer | {"cartaoPostagem": {**card, "apis": [{"api": api} for api in apis]}}


def _local(moment: datetime) -> str:
    return moment.astimezone(BRASILIA).replace(tzinfo=None, microsecond=0).isoformat()


def _login(call: Call) -> tuple[str, str]:
    """User and access code of a Basic header. Raises `Rejected`."""
    scheme, _, credential = call.authorization.partition(" ")
    if scheme == "Bearer":
        raise Rejected(Reply.error(401, "GTW-014: Utilize autenticação Basic para obter o token.", call))
    try:
        user, _, code = base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        user, code = "", ""
    if scheme != "Basic" or not user or not code:
        raise Rejected(Reply.error(401, "Senha não informada.", call))
    return user, code
