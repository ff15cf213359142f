"""Reads a page of a running service's admin address."""

from typing import Any, Final

import click

DEFAULT: Final = "http://127.0.0.1:9080"
_SECONDS: Final = 5.0

admin_option = click.option(
    "--admin", default=DEFAULT, show_default=True, metavar="URL", help="Admin address of the running service."
)


def admin_page(address: str, path: str, key: str) -> Any:  # noqa: ANN401 — whatever JSON the page has
    """The JSON of a page; one that says 503 about the service has a body all the same.

    An address without a scheme is one of HTTP. Raises `SettingsError` when nothing answers there as a service of ours
    would, or something whose page lacks `key`: the public address, say.
    """
    import requests

    from portes.errors import Problem, SettingsError, shown

    url = address if "://" in address else f"http://{address}"
    with requests.Session() as session:
        session.trust_env = False  # the address is this machine's, and no proxy leads there
        try:
            page = session.get(f"{url.rstrip('/')}{path}", timeout=_SECONDS).json()
        except (requests.RequestException, ValueError) as error:
            cause = f"no running service answers there ({type(error).__name__})"
            fix = "start it with portes serve, or name its admin address as portes serve printed it"
            raise SettingsError(Problem("--admin", shown(address), cause, fix)) from None
    if not isinstance(page, dict) or key not in page:
        cause, fix = "is not an admin address", "name the one that portes serve printed for operators"
        raise SettingsError(Problem("--admin", shown(address), cause, fix))
    return page
