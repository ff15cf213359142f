"""Runs a carrier's own calls side by side, on a bounded pool of its own; it knows no engine and no HTTP."""

from concurrent.futures import ThreadPoolExecutor


class Gather:
    """One per carrier; apart from the pool that the engine asks carriers on, so that neither can starve the other."""

    def __init__(self, threads: int, name: str = "carrier") -> None:
        self._pool = ThreadPoolExecutor(threads, f"portes-gather-{name}")

    def close(self) -> None:
        """Take no more calls; those that run end by their own time limits."""
        self._pool.shutdown(wait=False, cancel_futures=True)
