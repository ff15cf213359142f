"""`portes explain` of a question whose lines are answered each for itself."""

from pathlib import Path
from typing import Any

import pytest
from shop import item, request
from stage import ENVIRON, EXPRESS, NORMAL, write_store
from terminal import Portes

from portes.store import open_store


def test_the_verdict_is_told_line_by_line_and_not_by_what_all_have_in_common(
    portes: Portes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    carriers: dict[str, dict[str, Any]] = {"near": {"prefixes": ["0"]}, "crash": {"crashes": True}}
    services: dict[str, list[dict[str, Any]]] = {"near": [{**NORMAL, "most_grams": 1000}], "crash": [EXPRESS]}
    file = write_store(tmp_path, "shop", carriers, services=services, more='[service]\nstate = "state"\n')
    with open_store(file) as store:
        light, heavy = item("light", weight=500), item("heavy", weight=5000)
        quote = store.quote(request(light, heavy, answered_apart=True))
    told = portes("explain", quote.id, "--store", file)
    full = portes("explain", quote.id, "--store", file, "--full")

    assert "uncertain express: it might serve a line that lacks it too" in told.stdout
    assert "each line is answered for itself; so the whole is served" in full.stdout
    assert "with what failed some line could have express too" in full.stdout
    assert "common to all lines" not in full.stdout
