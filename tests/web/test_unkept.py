"""What the state folder does not take: a worker says so, `/readyz` and the metrics tell it, and it goes by itself."""

import shutil
from importlib.resources import files
from pathlib import Path

from logins import full_folder
from prometheus_client import CollectorRegistry, generate_latest
from shop import request

from portes.store import open_store
from portes.web.monitoring.gauges import Gauges, vitals_gauges
from portes.web.monitoring.vitals import WorkerVitals, vitals_of
from portes.web.monitoring.worker_monitor import unkept_json

ENVIRON = {"NETSHOES_PASSWORD": "canary-4711-password", "NATIVE_KEY": "canary-0815-native-key"}


def asked(folder: Path) -> WorkerVitals:
    """The vitals of a worker whose one store was asked once and has written what it could."""
    with open_store(folder, environ=ENVIRON) as store:
        assert store.quote(request(to="01512651")).lines[0].offers
        assert store.receipts is not None
        store.receipts.close()
        return vitals_of([store])


def test_a_full_disk_shows_until_there_is_room_again(tmp_path: Path) -> None:
    shutil.copytree(Path(str(files("portes") / "demo_stores")) / "brazil", tmp_path, dirs_exist_ok=True)
    settings = tmp_path / "portes.toml"
    settings.write_text(settings.read_text() + '[service]\nstate = "state"\n')

    with full_folder(0):
        full = asked(tmp_path)
    told = unkept_json([full], "demo-store")
    assert told.keys() == {"tables", "receipts"}
    assert all("File too large" in cause or "I/O error" in cause for cause in told.values()), told
    registry = CollectorRegistry()
    registry.register(Gauges(vitals_gauges([full])))
    assert 'portes_state_unkept{part="tables",store="demo-store"} 1.0' in generate_latest(registry).decode()

    asked(tmp_path)  # SKUs that the catalogue lacks are written when a store closes
    assert unkept_json([asked(tmp_path)], "demo-store") == {}
