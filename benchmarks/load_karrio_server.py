"""karrio's SDK behind HTTP, for comparison: it asks the same far carriers; run in an environment that has karrio.

`python load_karrio_server.py PORT URL…`. karrio has no service without its whole platform, so this is the least one:
a Starlette endpoint that asks the SDK in a thread, and a carrier made of karrio's own parts (a gateway with mapper and
proxy) that calls with karrio's own HTTP client. It checks nothing of what it is asked.
"""

import json
import sys
from importlib import import_module
from typing import Any

ADDRESS = {"country_code": "BR", "postal_code": "01001000"}


def gateway(number: int, url: str) -> Any:  # noqa: ANN401 — karrio's own, which is not installed where this is checked
    """A connection of karrio's to one far carrier."""
    lib: Any = import_module("karrio.lib")
    models: Any = import_module("karrio.core.models")
    name = f"far{number}"

    class Settings(import_module("karrio.core.settings").Settings):  # type: ignore[misc]  # karrio is not here
        carrier_name = name

    class Proxy(import_module("karrio.api.proxy").Proxy):  # type: ignore[misc]  # the same
        def get_rates(self, request: Any) -> Any:  # noqa: ANN401 — the same
            answer = lib.request(url=url, data=lib.to_json(request.serialize()), method="POST", timeout=4)
            return lib.Deserializable(answer, lib.to_dict)

    class Mapper(import_module("karrio.api.mapper").Mapper):  # type: ignore[misc]  # the same
        def create_rate_request(self, payload: Any) -> Any:  # noqa: ANN401 — the same
            grams = round(sum(parcel.weight for parcel in payload.parcels) * 1000)
            return lib.Serializable({"zip": payload.recipient.postal_code, "grams": grams})

        def parse_rate_response(self, response: Any) -> Any:  # noqa: ANN401 — the same
            told = response.deserialize()
            rate = models.RateDetails(
                carrier_name=name,
                carrier_id=name,
                service="normal",
                currency="BRL",
                total_charge=told["cents"] / 100,
                transit_days=told["days"],
            )
            return [rate], []

    settings = Settings(carrier_id=name)
    settings.tracer = lib.Tracer()
    parts: Any = import_module("karrio.api.gateway")
    hooks = import_module("karrio.api.hooks").Hooks(settings)
    return parts.Gateway(
        is_hub=False,
        proxy=Proxy(settings),
        mapper=Mapper(settings),
        tracer=settings.tracer,
        settings=settings,
        hooks=hooks,
    )


def answer(sdk: Any, gateways: list[Any], asked: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 — karrio's module
    """Ask all, and say the cheapest as the marketplace wants to hear it."""
    sizes = ("weight", "width", "height", "length")
    parcels = [
        {**{side: product[side] for side in sizes}, "weight_unit": "KG", "dimension_unit": "CM"}
        for product in asked["products"]
    ]
    recipient = {"country_code": "BR", "postal_code": asked["zipCode"]}
    request = {"shipper": ADDRESS, "recipient": recipient, "parcels": parcels}
    rates, messages = sdk.Rating.fetch(request).from_(*gateways).parse()
    if len(rates) < len(gateways):
        raise RuntimeError(messages)
    best = min(rates, key=lambda rate: rate.total_charge)
    offer = {"freightType": "NORMAL", "priceInCents": round(best.total_charge * 100), "carrierName": best.carrier_name}
    return {"id": asked["id"], "zipCode": asked["zipCode"], "shippingQuotes": [{"deliveryOptions": [offer]}]}


def main(port: int, urls: list[str]) -> None:
    """Serve until stopped."""
    logging: Any = import_module("karrio.core.utils.logger")
    logging.logger.remove()  # it writes every question and answer otherwise
    sdk: Any = import_module("karrio.sdk")
    gateways = [gateway(number, url) for number, url in enumerate(urls)]

    from contextlib import asynccontextmanager

    import uvicorn
    from anyio import to_thread
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def quote(request: Request) -> JSONResponse:
        asked = json.loads(await request.body())
        return JSONResponse(await to_thread.run_sync(answer, sdk, gateways, asked))

    @asynccontextmanager
    async def roomy(_: Starlette) -> Any:  # noqa: ANN401 — an iterator of nothing
        to_thread.current_default_thread_limiter().total_tokens = 256
        yield

    app = Starlette(routes=[Route("/v1/shop/netshoes", quote, methods=["POST"])], lifespan=roomy)
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
