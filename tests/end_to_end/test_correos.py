"""The Spanish demo store: a tariff of Correos behind the native channel, over real HTTP and on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from stage import browser, on_loopback
from terminal import cells, run

from portes.carrier import Deadline, Diagnosable, Severity
from portes.hooks import Watchers
from portes.simulators.serving import build_sandbox, serving
from portes.store import Store, open_store
from portes.web.app import public_app

ROOT = Path(__file__).parents[2]
STORE = ROOT / "examples" / "demo-store-es"
KEY = "canary-native-4711"
CREDENTIALS = """
client_id = "01234567-89ab-cdef-0123-456789abcdef"
client_secret = "${CORREOS_CLIENT_SECRET}"
gateway_client_id = "0123456789abcdef0123456789abcdef"
gateway_client_secret = "${CORREOS_GATEWAY_SECRET}"
base_url = "${CORREOS_URL}"
login_url = "${CORREOS_URL}/Api/Authorize/Token"
"""


@pytest.fixture
def web() -> Iterator[requests.Session]:
    with browser() as session:
        yield session


@contextmanager
def served(store: Store) -> Iterator[str]:
    with on_loopback(public_app([store], Watchers())) as url:
        yield f"{url}/v1/demo-store-es/quotes"


def ask(web: requests.Session, url: str, to: str, grams: int = 1500, *, status: int = 200) -> Any:
    item = {"sku": "sku-1", "quantity": 1, "weight": grams, "size": {"length": 300, "width": 200, "height": 150}}
    asked = {"destination": {"country": "ES", "postal_code": to}, "lines": [item]}
    answer = web.post(url, json=asked, headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == status, answer.text
    return answer.json()


def offers(quote: Any) -> dict[str, Any]:
    return {offer["rate"]["service"]: offer for offer in quote["lines"][0]["offers"]}


def parts(offer: Any) -> dict[str, int]:
    return {part["name"]: part["amount"]["minor"] for part in offer["rate"]["surcharges"]}


@pytest.fixture
def plain() -> Iterator[Store]:
    """The demo store as it is: a sample tariff, and no credentials at all."""
    with open_store(STORE, environ={"NATIVE_KEY": KEY}) as store:
        yield store


def write_shop(folder: Path) -> None:
    """The demo store with credentials, in a folder of the test's own."""
    text = (STORE / "portes.toml").read_text(encoding="utf-8")
    settings = text.replace('sample_tariff = "canarias-2023"', f'sample_tariff = "canarias-2023"\n{CREDENTIALS}')
    (folder / "portes.toml").write_text(settings, encoding="utf-8")
    (folder / "times.csv").write_bytes((STORE / "times.csv").read_bytes())


def environ(port: int) -> dict[str, str]:
    return {
        "NATIVE_KEY": KEY,
        "CORREOS_CLIENT_SECRET": "canary-correos-0815",
        "CORREOS_GATEWAY_SECRET": "canary-gateway-0815",
        "CORREOS_URL": f"http://127.0.0.1:{port}",
    }


@contextmanager
def with_credentials(folder: Path, *moods: str) -> Iterator[Store]:
    """That store, and a simulated Correos in these moods."""
    write_shop(folder)
    with serving(build_sandbox("correos-es", moods)) as port, open_store(folder, environ=environ(port)) as store:
        yield store


@pytest.mark.parametrize(
    ("to", "parted", "days"),
    [
        ("28013", {"base": 2865, "tax": 0}, (6, 9)),
        ("07001", {"base": 2865, "tax": 0}, (6, 9)),
        ("35600", {"base": 1318, "tax": 92}, (2, 4)),
    ],
    ids=["Madrid", "Palma", "the next island"],
)
def test_the_demo_store_answers_to_the_cent_with_tax_apart(
    plain: Store, web: requests.Session, to: str, parted: dict[str, int], days: tuple[int, int]
) -> None:
    with served(plain) as url:
        quote = ask(web, url, to)

    assert quote["verdict"] == "served"
    assert set(offers(quote)) == {"S0132", "estandar-office"}
    for offer in offers(quote).values():
        assert parts(offer) == parted
        assert offer["price"] == {"minor": sum(parted.values()), "currency": "EUR"}
        assert (offer["lead_time"]["min"], offer["lead_time"]["max"]) in {days, (days[0] + 1, days[1] + 1)}
        assert "public tariff 2023, sample, not your contract" in [note["text"] for note in offer["rate"]["notes"]]
        assert offer["rate"]["source"] == "table"


def test_a_zone_that_the_tariff_lacks_is_unknown_and_not_unserved(plain: Store, web: requests.Session) -> None:
    with served(plain) as url:
        quote = ask(web, url, "38001", status=503)["quote"]

    assert quote["verdict"] == "unknown"
    assert {failed["failure"]["kind"] for failed in quote["lines"][0]["failures"]} == {"incomplete"}


def test_check_names_the_credentials_that_are_missing_beside_those_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_shop(tmp_path)
    text = (tmp_path / "portes.toml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("gateway_client")]
    (tmp_path / "portes.toml").write_text("\n".join(kept), encoding="utf-8")
    for name, value in environ(1).items():
        monkeypatch.setenv(name, value)

    told = run("check", tmp_path)

    assert told.exit_code == 0
    assert "gateway_client_id, gateway_client_secret" in told.stderr


def test_without_credentials_it_quotes_and_the_doctor_says_what_is_missing(plain: Store) -> None:
    (member,) = plain.members
    assert isinstance(member.carrier, Diagnosable)

    findings = {finding.check: finding for finding in member.carrier.diagnose(Deadline(5))}

    assert findings["credentials"].severity is Severity.WARNING
    assert "client_id, client_secret, gateway_client_id, gateway_client_secret" in findings["credentials"].cause["en"]
    assert "Los precios no necesitan credenciales" in findings["credentials"].cause["es"]


def test_pickup_points_are_there_from_the_second_question_on(web: requests.Session, tmp_path: Path) -> None:
    with with_credentials(tmp_path) as store, served(store) as url:
        first = offers(ask(web, url, "28013"))
        assert store.tools["correos"].background.settle(Deadline(5))
        second = offers(ask(web, url, "28013"))

    assert first["estandar-office"]["pickup_points"] == []
    assert [point["id"] for point in second["estandar-office"]["pickup_points"]] == ["2801301", "2801302"]
    assert second["estandar-office"]["price"] == first["estandar-office"]["price"]
    assert second["S0132"]["pickup_points"] == []


@pytest.mark.parametrize("mood", ["down", "firewall", "slow"])
def test_nothing_that_ails_correos_costs_a_price(web: requests.Session, tmp_path: Path, mood: str) -> None:
    with with_credentials(tmp_path, mood) as store, served(store) as url:
        quotes = [ask(web, url, "28013") for _ in range(3)]
        assert store.tools["correos"].background.settle(Deadline(10))

    assert [offers(quote)["estandar-office"]["price"]["minor"] for quote in quotes] == [2865] * 3


def test_the_terminal_shows_offers_with_tax_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NATIVE_KEY", KEY)

    told = run("quote", "--store", STORE, "--to", "28013", "--item", "sku-1:1:1.5kg:30x20x15cm")

    assert told.exit_code == 0
    rows = cells(told.stdout)
    for service in ("S0132", "estandar-office"):
        assert ["28.65 EUR", service, "base 28.65 + tax 0.00"] in [[row[3], row[-2], row[-1]] for row in rows]
        assert ["Correos", service, "sample_tariff", "public tariff 2023, sample, not your contract"] in rows


def test_the_terminal_shows_pickup_points_when_it_may_wait_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_shop(tmp_path)
    asked = ("quote", "--store", tmp_path, "--to", "28013", "--item", "sku-1:1:1.5kg:30x20x15cm")
    with serving(build_sandbox("correos-es", ())) as port:
        for name, value in environ(port).items():
            monkeypatch.setenv(name, value)
        told = {seconds: run(*asked, *(("--wait", seconds) if seconds else ())) for seconds in ("", "5")}

    points = {
        seconds: [row[2:] for row in cells(answer.stdout) if "SUC. EJEMPLO 1" in row]
        for seconds, answer in told.items()
    }
    assert points == {
        "": [],
        "5": [["2801301", "SUC. EJEMPLO 1", "CALLE EJEMPLO 1, 28013 EJEMPLO", "L-V 08:30-20:30; S 09:30-13:00", "350"]],
    }


def test_the_package_brings_the_one_copy_of_the_spanish_demo_store() -> None:
    shipped = ROOT / "core/src/portes/demo_stores/spain"

    assert shipped.resolve() == STORE.resolve()
