"""The yardstick of the HTTP benchmark: the same server and the same question checked, but always the same answer."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portes.channels.netshoes.wire import NetshoesRequest

ANSWER = (
    b'{"id":"6dccffe9-52e7-456c-b814-b72ae3e49cc1","zipCode":"01512651","shippingQuotes":[{"skuCode":"sku-1234-01",'
    b'"deliveryOptions":[{"deliveryMinHH":72,"deliveryMaxHH":120,"freightType":"NORMAL","priceInCents":1524,'
    b'"carrierId":1,"carrierName":"Example","originWareHouseId":1},{"deliveryMinHH":24,"deliveryMaxHH":48,'
    b'"freightType":"EXPRESSA","priceInCents":3575,"carrierId":1,"carrierName":"Example","originWareHouseId":1}]}]}'
)


async def answer(request: Request) -> Response:
    """Check the question and say what is always said."""
    NetshoesRequest.model_validate_json(await request.body())
    return Response(ANSWER, media_type="application/json")


def main(port: int) -> None:
    """Serve until stopped."""
    app = Starlette(routes=[Route("/v1/shop/netshoes", answer, methods=["POST"])])
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]))
