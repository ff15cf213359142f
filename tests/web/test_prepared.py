"""What stands ready before the first question comes."""

from pathlib import Path

from stage import ENVIRON

from portes.store import open_store


def test_a_carrier_far_away_can_be_called_at_once_when_its_store_is_open(stores: list[Path]) -> None:
    """Loading an HTTP client within the first question would make that one late."""
    by_name = {path.stem: path for path in stores}
    with open_store(by_name["late"], environ=ENVIRON) as slow, open_store(by_name["shop"], environ=ENVIRON) as instant:
        prepared = {key: bool(tools._sessions) for key, tools in {**slow.tools, **instant.tools}.items()}

    assert prepared == {"slow": True, "near": False}
