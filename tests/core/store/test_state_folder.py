"""A store and its state folder: what is not ours there is refused, and what takes nothing is done without."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from logins import full_folder
from shop import request
from structlog.testing import capture_logs

from portes.files import UNKEPT
from portes.store import check_store, open_store
from portes.store.state_folder import FILES, ROOMS

STORE = """
[service]
state = "{state}"
keep_cache = true
{service}
[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR"
[[origins]]
id = 1
postal_code = "01001000"
[carriers.table]
use = "table"
id = 1
settings = {{ file = "table.csv" }}
services = [{{ code = "n", delivery = "normal" }}]
"""
TABLE = "postal_from;postal_to;weight_from_g;weight_to_g;price;days_max\n01000000;99999999;0;30000;{price};3\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store's folder."""
    store = tmp_path / "store"
    store.mkdir()
    return store


def write(folder: Path, state: str = "state", service: str = "", price: str = "12,90") -> Path:
    (folder / "table.csv").write_text(TABLE.format(price=price))
    (folder / "portes.toml").write_text(STORE.format(state=state, service=service))
    return folder


def prices(folder: Path) -> list[str]:
    with open_store(folder) as store:
        return [str(offer.price) for line in store.quote(request(to="01512651")).lines for offer in line.offers]


def test_all_that_a_store_leaves_in_its_folder_is_ours_by_name(folder: Path) -> None:
    prices(write(folder))
    (folder / "state" / "tokens").mkdir()

    assert {path.name for path in (folder / "state").iterdir()} <= {*ROOMS, *FILES}
    assert check_store(folder) == []


@pytest.mark.parametrize("name", [*ROOMS, *FILES])
def test_a_planted_link_is_refused_by_check_and_at_the_start(folder: Path, tmp_path: Path, name: str) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir() if name in ROOMS else theirs.touch()
    write(folder)
    (folder / "state").mkdir()
    (folder / "state" / name).symlink_to(theirs)

    (problem,) = check_store(folder)

    assert (problem.where, problem.value, problem.cause) == ("service.state", str(folder / "state" / name), "is a link")
    assert problem.fix == "remove it, or choose another state folder"


@pytest.mark.parametrize(("make", "cause"), [(Path.touch, "is no folder"), (os.mkfifo, "is no folder")])
def test_what_is_no_folder_is_refused(folder: Path, make: Callable[[Path], None], cause: str) -> None:
    make(write(folder) / "state")

    assert [(problem.where, problem.cause) for problem in check_store(folder)] == [("service.state", cause)]


def test_a_link_out_of_the_store_s_folder_is_refused_unless_links_may_lead_there(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (write(folder) / "state").symlink_to(tmp_path / "elsewhere")

    ((where, cause),) = ((problem.where, problem.cause) for problem in check_store(folder))
    assert (where, cause) == ("service.state", "is a link that leads out of the store's folder")

    assert check_store(write(folder, service="follow_links = true")) == []
    assert check_store(write(folder, state=str(tmp_path / "elsewhere"))) == []


def test_a_folder_that_anybody_may_write_to_is_told(folder: Path) -> None:
    (write(folder) / "state").mkdir()
    (folder / "state").chmod(0o777)

    with capture_logs() as log:
        prices(folder)

    assert [line["folder"] for line in log if "anybody" in line["event"]] == [str(folder / "state")]


def test_a_store_that_keeps_its_state_beside_secrets_leaves_them_where_they_are(folder: Path) -> None:
    write(folder, state=".")
    theirs = [folder / name / file for name in ROOMS for file in ("jamef.password", "mine.rates", "0.token", "x.new")]
    for path in (*theirs, folder / "secret", folder / "old.new"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("hunter2")
        os.utime(path, (0, 0))

    assert prices(folder) == ["12.90 BRL"]

    assert {path.read_text() for path in (*theirs, folder / "secret", folder / "old.new")} == {"hunter2"}


def test_a_store_starts_and_answers_on_a_disk_without_room_and_takes_changed_tables_up(folder: Path) -> None:
    state = write(folder) / "state"
    with full_folder(0) as log, open_store(folder) as store:
        first = store.quote(request(to="01512651")).lines[0].offers[0].price

    changed = TABLE.format(price="13,90")
    (folder / "table.csv").write_text(changed)
    with full_folder(0):
        assert prices(folder) == ["13.90 BRL"]
    assert str(first) == "12.90 BRL"
    assert {line["event"] for line in log} >= {"compiled tables are not kept and take memory in each process"}
    assert UNKEPT.of(state).keys() >= {"tables", "receipts"}

    assert prices(folder) == ["13.90 BRL"]
    assert UNKEPT.of(state) == {}


def test_a_store_answers_where_its_state_folder_cannot_be_made(folder: Path) -> None:
    assert prices(write(folder, state="/proc/self/portes")) == ["12.90 BRL"]
