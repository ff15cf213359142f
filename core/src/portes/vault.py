"""Keeps carriers' access tokens: one fetch for all who wait, across threads and processes; it knows no HTTP."""

from pathlib import Path

from portes.clock import Clock, SystemClock


class Vault:
    """One per process and state folder; without a folder tokens live in this process only."""

    def __init__(self, folder: Path | None = None, clock: Clock | None = None) -> None:
        self._folder = folder
        self._clock = clock or SystemClock()
