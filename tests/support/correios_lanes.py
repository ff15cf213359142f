"""The formula of Correios' simulator as an oracle for sampling: documents from São Paulo by PAC and SEDEX."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from portes.contingency.sampling import LaneAnswer, LanePoint, LanePrice, Outcome
from portes_correios_br.sandbox.entries import Complaint
from portes_correios_br.sandbox.prices import price
from portes_correios_br.sandbox.times import time
from portes_correios_br.sandbox.tokens import CONTRACT, REGION, Grant

PRODUCTS = {"normal": "03298", "express": "03220"}
GRANT = Grant(card="0012345678", ends=datetime(2030, 1, 1, tzinfo=UTC), dead=False)
DAY = date(2026, 12, 1)


class CorreiosLanes:
    """Asks the simulator's own functions, without a call over HTTP."""

    def __init__(self, origin: str = "01001000") -> None:
        self._origin = origin

    def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
        return [self.answer(*point) for point in points]

    def answer(self, postal_code: str, weight: int) -> LaneAnswer:
        return {service: self._outcome(product, postal_code, weight) for service, product in PRODUCTS.items()}

    def _outcome(self, product: str, postal_code: str, weight: int) -> Outcome:
        fields = {
            "coProduto": product,
            "nuRequisicao": "1",
            "cepOrigem": self._origin,
            "cepDestino": postal_code,
            "psObjeto": str(weight),
            "tpObjeto": "1",
            "nuContrato": CONTRACT,
            "nuDR": REGION,
        }
        try:
            cents = int(price(fields, GRANT, swapped=False)["pcFinal"].replace(",", ""))
            days = time(fields, GRANT, DAY, without="")["prazoEntrega"]
        except Complaint:
            return None
        return LanePrice(cents, days, days)
