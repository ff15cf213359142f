"""The simulator itself: routes, moods and WSGI; it knows no formula."""

import time as machine
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Final

from portes.toolbox import Clock, SystemClock
from portes_correios_br.sandbox import prices, times
from portes_correios_br.sandbox.calls import Call, Rejected, Reply
from portes_correios_br.sandbox.entries import Complaint, Fields, answered, not_on_card
from portes_correios_br.sandbox.products import PRODUCTS
from portes_correios_br.sandbox.tokens import BRASILIA, PRICES, TIMES, Grant, Tokens

SLOW: Final = 1.5
"""Seconds that an answer takes in the mood `slow`."""
DRIP: Final = 0.05
"""Seconds between two bytes."""
_PAGE: Final = "<!DOCTYPE html><html><head><title>Correios</title></head><body><h1>Em manutenção</h1></body></html>"


class Sandbox:
    """Correios' APIs, simulated; thread-safe. Served by `portes sandbox correios-br`."""

    moods: ClassVar[Mapping[str, str]] = {
        "slow": "answers every call after a second and a half",
        "dripping": "answers every call one byte at a time, twenty a second",
        "down": "answers 503 to every call",
        "html": "answers a page of HTML with status 200 to every call",
        "throttled": "answers 429 with Retry-After: 7 to every call for prices or times",
        "wrong_password": "accepts no login",
        "code_too_new": "accepts no access code until two hours after its first login, as if it were just made",
        "card_unknown": "knows no posting card",
        "pac_card_unknown": "knows no posting card that ends in 2, one of PAC alone",
        "api_not_enabled": "gives tokens, but neither prices (34) nor times (35) are on the contract",
        "token_expired_early": "refuses the first token it gives, as if that had expired",
        "swap": "prices 04960 whenever 04227 is asked for",
        "origin_unknown": "knows no CEP as an origin (ERP-005)",
        "pac_not_on_card": "has PAC on no posting card (CON-011)",
        "sunk_by_pac": "calls every batch malformed that holds PAC (400 PRC-101 or PRZ-101)",
        "bad_request": "calls every batch malformed (400 PRC-101 or PRZ-101)",
        "partial": "has no SEDEX on any lane, so that batches come back in part (206)",
    }

    def __init__(self, moods: Sequence[str] = (), clock: Clock | None = None) -> None:
        self._moods = frozenset(moods)
        self._clock = clock or SystemClock()
        self._tokens = Tokens(self._moods, self._clock)
        self._routes: Mapping[str, Callable[[Call], Reply]] = {
            "POST /token/v1/autentica": self._tokens.issue,
            "POST /token/v1/autentica/cartaopostagem": self._tokens.issue,
            "POST /preco/v1/nacional": self._prices,
            "POST /prazo/v1/nacional": self._times,
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one call, as a WSGI application does."""
        if "slow" in self._moods:
            machine.sleep(SLOW)
        reply = self._reply(Call.of(environ))
        headers = {"Content-Type": reply.kind, "Content-Length": str(len(reply.body)), **reply.headers}
        start_response(f"{reply.status} Simulated", list(headers.items()))
        return _dripping(reply.body) if "dripping" in self._moods else [reply.body]

    def _reply(self, call: Call) -> Reply:
        if "down" in self._moods:
            return Reply(503)
        if "html" in self._moods:
            return Reply(200, _PAGE.encode(), "text/html; charset=utf-8")
        route = self._routes.get(call.route)
        try:
            return route(call) if route else Reply.error(404, "Recurso não encontrado.", call)
        except Rejected as rejected:
            return rejected.reply

    def _prices(self, call: Call) -> Reply:
        grant = self._opened(call, PRICES)
        price = partial(prices.price, grant=grant, swapped="swap" in self._moods)
        return self._answered(call, "parametrosProduto", prices.CODE, price)

    def _times(self, call: Call) -> Reply:
        grant = self._opened(call, TIMES)
        today = self._clock.now().astimezone(BRASILIA).date()
        without = "sedex" if "partial" in self._moods else ""
        time = partial(times.time, grant=grant, today=today, without=without)
        return self._answered(call, "parametrosPrazo", times.CODE, time)

    def _opened(self, call: Call, api: int) -> Grant:
        self._throttle()
        return self._tokens.grant(call, api)

    def _answered(self, call: Call, name: str, code: str, answer: Callable[[Fields], Fields]) -> Reply:
        """A batch in the moods in which we are wrong."""
        entries = call.fields.get(name)
        sinking = "sunk_by_pac" in self._moods and isinstance(entries, list) and any(map(_is_pac, entries))
        if sinking or "bad_request" in self._moods:
            raise Rejected(Reply.error(400, f"{code}: Parâmetro inválido.", call))
        return answered(call, name, code, partial(self._one, answer))

    def _one(self, answer: Callable[[Fields], Fields], fields: Fields) -> Fields:
        if "origin_unknown" in self._moods:
            raise Complaint(f"ERP-005: CEP inexistente ({fields.get('cepOrigem')}). --> UF ORIGEM")
        if "pac_not_on_card" in self._moods and _is_pac(fields):
            raise not_on_card(str(fields["coProduto"]))
        return answer(fields)

    def _throttle(self) -> None:
        if "throttled" in self._moods:
            raise Rejected(Reply(429, headers={"Retry-After": "7"}))


def _is_pac(fields: object) -> bool:
    product = PRODUCTS.get(str(fields.get("coProduto"))) if isinstance(fields, dict) else None
    return product is not None and product.family == "pac"


def _dripping(body: bytes) -> Iterator[bytes]:
    for position in range(len(body)):
        machine.sleep(DRIP)
        yield body[position : position + 1]
