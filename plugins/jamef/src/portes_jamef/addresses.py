"""Addresses of Jamef's API, and those of generations that are gone, each told with what came in its place.

It knows no setting by name.
"""

import re
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

PRODUCTION: Final = "https://api.jamef.com.br"
QA: Final = "https://api-qa.jamef.com.br"
"""Homologation: it answers at once with the login of the portal."""
OWNER: Final = "jamef.com.br"

LOGIN: Final = "/auth/v1/login"
QUOTE: Final = "/calculo-frete/v1/cotacao"


class _Gone(NamedTuple):
    """What an address tells that is Jamef's no longer, or never was."""

    pattern: re.Pattern[str]
    """Found in host, path and query, in lower case."""
    cause: str


def _gone(pattern: str, cause: str) -> _Gone:
    return _Gone(re.compile(pattern), cause)


_GENERATIONS: Final = (
    _gone(r"calculafrete(_xml)?\.asp", "belongs to the ASP pages of before 2014, a generation that is gone"),
    _gone(
        r"\.apw|wsdl|jamef\.com\.br/webservice",
        "belongs to the SOAP service of 2015 to 2020, a generation that is gone",
    ),
    _gone(
        r"/frete/rest/|^api-sandbox\.jamef\.",
        "belongs to the first REST service of 2018 to 2022, a generation that is gone",
    ),
    _gone(
        r"^api\.jamef\.com\.br/(login|rastreamento)",
        "belongs to the tracking service of 2021, a generation that is gone",
    ),
    _gone(r"jamef\.com\.br/(operacional|frete)/", "is a path that no document of Jamef's has"),
    _gone(r"^(www\.)?jamef\.com\.br", "is the company's site, where only generations answered that are gone"),
    _gone(r"^(cliente|developers)\.jamef\.", "is a site for people, not the API"),
)


def checked(url: str, public: str, other: str, instead: str) -> str:
    """The address without a slash at its end.

    `public` is Jamef's own for this purpose, `other` the one for the other purpose, and `instead` what to write for
    that. Raises `ValueError` with the cause and, after a semicolon, the fix.
    """
    parts = urlsplit(url.strip())
    fix = f"write {public}, or leave the key out"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"is no address of a server; {fix}")
    _refuse_gone(parts, fix)
    if parts.hostname == urlsplit(other).hostname:
        raise ValueError(f"is the address of the other environment; {instead}")
    _refuse_odd(parts, fix)
    return url.strip().rstrip("/")


def _refuse_gone(parts: SplitResult, fix: str) -> None:
    place = f"{parts.hostname}{parts.path}?{parts.query}".lower()
    for pattern, cause in _GENERATIONS:
        if pattern.search(place):
            raise ValueError(f"{cause}; {fix}; user and password are those of developers.jamef.com.br")


def _refuse_odd(parts: SplitResult, fix: str) -> None:
    if parts.query or parts.fragment or parts.path.endswith((LOGIN, QUOTE)):
        raise ValueError(f"is the address of one call; {fix}: the paths are added")
    if is_jamefs(parts.hostname or "") and (parts.scheme != "https" or parts.path.strip("/")):
        raise ValueError(f"is not how Jamef's API is reached; {fix}")


def is_jamefs(host: str) -> bool:
    """Whether a host is Jamef's own."""
    return host == OWNER or host.endswith(f".{OWNER}")


__all__ = ["LOGIN", "PRODUCTION", "QA", "QUOTE", "checked", "is_jamefs"]
