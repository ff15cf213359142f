"""A watcher that raises whatever it hears, as a distribution of its own."""

from portes.hooks import hookimpl


@hookimpl
def portes_asked() -> None:
    raise RuntimeError("asked")


@hookimpl
def portes_answered() -> None:
    raise RuntimeError("answered")


@hookimpl
def portes_quoted() -> None:
    raise RuntimeError("quoted")


@hookimpl
def portes_replied() -> None:
    raise RuntimeError("replied")
