"""The operators' application by itself, before and after workers answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from stage import ENVIRON, browser, on_loopback

from portes.registry import Registry
from portes.store import open_store
from portes.web.admin.app import admin_app
from portes.web.monitoring.vitals import WorkerStatus

ANSWERING: list[int] = []
SILENT: list[int] = []


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Install a distribution whose packer is not where it says, in words that would disturb a terminal."""
    site = tmp_path_factory.mktemp("site")
    (site / "torn-2.0.dist-info").mkdir()
    (site / "torn-2.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: torn\nVersion: 2.0\n")
    (site / "torn-2.0.dist-info" / "entry_points.txt").write_text("[portes.packers]\ntorn = torn:pack\n")
    (site / "torn.py").write_text(r'raise ImportError("nowhere_at_all \x1b[2J \x9b31m \x7f \u202e \udc80")')
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        yield


@pytest.fixture(scope="module")
def admin(stores: list[Path], torn: None) -> Iterator[str]:
    with open_store(stores[0], environ=ENVIRON) as store:
        application = admin_app(
            lambda: [store],
            registry=Registry(),
            public_url="http://shop.example",
            workers=lambda: WorkerStatus(tuple(ANSWERING), 2, dict.fromkeys(SILENT, 6.0)),
            names=["Ops.example"],
        )
        with on_loopback(application) as url:
            yield url


@pytest.fixture
def web() -> Iterator[requests.Session]:
    with browser() as session:
        yield session


@pytest.mark.parametrize(
    ("answering", "silent", "status"),
    [([], [], 503), ([7], [], 200), ([7, 8], [], 200), ([7, 8], [7], 200), ([7, 8], [7, 8], 503)],
)
def test_it_is_ready_while_any_worker_answers(
    admin: str, web: requests.Session, answering: list[int], silent: list[int], status: int
) -> None:
    ANSWERING[:], SILENT[:] = answering, silent

    answer, own = web.get(f"{admin}/readyz"), web.get(f"{admin}/readyz/shop")

    assert (answer.status_code, answer.json()["ready"]) == (status, status == 200)
    told = answer.json()["workers"]
    assert (told["answering"], told["silent"], told["wanted"]) == (answering, silent, 2)
    assert (own.status_code, own.json()["ready"]) == (status, status == 200)
    assert own.json()["answering"] == [pid for pid in answering if pid not in silent]


def test_a_store_that_nobody_has_is_not_found(admin: str, web: requests.Session) -> None:
    assert web.get(f"{admin}/readyz/nobody").status_code == 404


def test_its_front_door_leads_to_the_documents(admin: str, web: requests.Session) -> None:
    answer = web.get(admin)

    assert (answer.url, answer.headers["content-type"]) == (f"{admin}/docs", "text/html; charset=utf-8")
    assert "http://shop.example" in answer.text


def test_plugins_that_do_not_load_are_told_with_cause_and_fix(admin: str, web: requests.Session) -> None:
    page = web.get(f"{admin}/readyz")
    (broken,) = page.json()["plugins"]["portes.packers"]["broken"]

    assert page.text.isprintable()
    assert "\x1b[2J \x9b31m \x7f \u202e \udc80" in broken["cause"]
    assert (broken["name"], broken["distribution"]) == ("torn", "torn")
    assert "nowhere_at_all" in broken["cause"]
    assert "torn" in broken["fix"]


def test_its_own_counts_are_in_the_text_form_of_prometheus(admin: str, web: requests.Session) -> None:
    answer = web.get(f"{admin}/metrics")

    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "# TYPE portes_requests_total counter" in answer.text


def test_a_page_it_does_not_have_is_a_problem_body(admin: str, web: requests.Session) -> None:
    answer = web.get(f"{admin}/nothing")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:9080", 200),
        ("LOCALHOST.", 200),
        ("127.0.0.1", 200),
        ("[::1]:9080", 200),
        ("10.0.0.7:9080", 200),
        ("ops.example:9080", 200),
        ("evil.example", 421),
        ("evil.example:9080", 421),
        ("127.0.0.1.evil.example", 421),
        ("[evil.example]", 421),
        ("ops.example.evil.example", 421),
    ],
)
def test_it_answers_to_its_own_names_so_that_no_other_site_reads_it(
    admin: str, web: requests.Session, host: str, status: int
) -> None:
    answer = web.get(f"{admin}/slo", headers={"Host": host})

    assert answer.status_code == status
    assert ("--admin-name" in answer.text) == (status == 421)


@pytest.mark.parametrize("path", ["/readyz", "/metrics", "/slo", "/openapi.json", "/docs", "/nothing"])
def test_no_browser_guesses_what_a_page_of_it_is(admin: str, web: requests.Session, path: str) -> None:
    assert web.get(admin + path).headers["x-content-type-options"] == "nosniff"


def test_every_way_to_be_let_in_is_in_the_document_and_no_secret(admin: str, web: requests.Session) -> None:
    document = web.get(f"{admin}/openapi.json").json()

    assert document["paths"]["/v1/shop/netshoes"]["post"]["security"] == [
        {"basic": []},
        {"app_key": [], "app_token": []},
        {"authorization": []},
    ]
    assert document["paths"]["/v1/shop/trapdoor"]["post"]["security"] == []
    assert document["components"]["securitySchemes"] == {
        "basic": {"type": "http", "scheme": "basic"},
        "app_key": {"type": "apiKey", "in": "header", "name": "app_key"},
        "app_token": {"type": "apiKey", "in": "header", "name": "app_token"},
        "authorization": {"type": "apiKey", "in": "header", "name": "authorization"},
    }
    assert not any(secret in str(document) for secret in (*ENVIRON.values(), "word-for-word"))
    page = web.get(f"{admin}/docs").text
    assert "<code>basic</code> or <code>app_key + app_token</code> or <code>authorization</code>" in page
