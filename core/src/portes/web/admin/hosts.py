"""Which names the admin address answers to: a page of another site must not read it through a visitor's browser."""

from collections.abc import Collection, Iterable
from ipaddress import ip_address

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from portes.web.problems import on_refusal


def by_known_names(application: ASGIApp, names: Iterable[str]) -> ASGIApp:
    """The application, for calls to `localhost`, to one of these names, or to an address in figures.

    Whoever owns a name can have it lead here and then reads what its own page fetches (DNS rebinding); an address in
    figures belongs to nobody else. A browser always says in `Host` what it was told to call.
    """
    known = {"localhost", *(name.lower() for name in names)}

    async def check(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_known(Request(scope).headers.get("host", ""), known):
            detail = "this address does not answer to that name; start the service with --admin-name for each it has"
            refused = await on_refusal(Request(scope), HTTPException(421, detail))
            await refused(scope, receive, send)
        else:
            await application(scope, receive, send)

    return check


def _is_known(host: str, known: Collection[str]) -> bool:
    bracketed = host.startswith("[")
    name = host[1:].partition("]")[0] if bracketed else host.partition(":")[0].lower().removesuffix(".")
    try:
        ip_address(name)
    except ValueError:
        return name in known or not host  # HTTP/1.0 has no header Host, and no browser speaks it
    return True
