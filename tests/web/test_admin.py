"""The operators' application by itself, before and after workers answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from stage import ENVIRON, browser, on_loopback

from portes.registry import Registry
from portes.store import open_store
from portes.web.admin.app import WorkerStatus, admin_app

ANSWERING: list[int] = []


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
            workers=lambda: WorkerStatus(tuple(ANSWERING), 2),
        )
        with on_loopback(application) as url:
            yield url


@pytest.fixture
def web() -> Iterator[requests.Session]:
    with browser() as session:
        yield session


@pytest.mark.parametrize(("answering", "status"), [([], 503), ([7], 503), ([7, 8], 200)])
def test_it_is_ready_once_all_workers_answer(
    admin: str, web: requests.Session, answering: list[int], status: int
) -> None:
    ANSWERING[:] = answering

    answer = web.get(f"{admin}/readyz")

    assert (answer.status_code, answer.json()["ready"]) == (status, status == 200)
    assert answer.json()["workers"] == {"answering": answering, "silent": [], "wanted": 2}


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
