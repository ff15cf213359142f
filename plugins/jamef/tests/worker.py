"""One process of a service: a carrier of a store that keeps its state in a folder, asked once when it is told to.

Called as `worker.py URL STATE USER`; it says that it is ready, waits for a line, and prints the answer as JSON.
"""

import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from portes.carrier import Deadline
from portes.contract import Origin, Place
from portes.toolbox import StoreFacts, tools_for
from portes_jamef.carrier import Jamef
from portes_jamef.settings import JamefService, JamefSettings
from portes_testing import parcel, shipment

HERE = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
BOX = parcel(7500, 400, 300, 250, value="899.90 BRL")
SENT = shipment("there", BOX, origin=HERE, to=Place(country="BR", postal_code="20040020"), on=date(2026, 11, 24))


def main(url: str, state: str, user: str) -> None:
    store = StoreFacts("shop", "BR", "BRL", ZoneInfo("America/Sao_Paulo"), "BR-SP", Path(), Path(state))
    keys = {"user": user, "password": "canary-4711", "payer": "11222333000181", "branch": "07", "base_url": url}
    services = [JamefService.model_validate({"code": code, "delivery": "normal"}) for code in "12"]
    carrier = Jamef(JamefSettings.model_validate(keys), services, tools_for(store, "jamef"))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(carrier.quote([SENT], Deadline(20))[0].model_dump_json())


if __name__ == "__main__":
    main(*sys.argv[1:])
