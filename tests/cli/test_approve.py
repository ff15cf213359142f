"""`portes approve`: a sound service is passed, and whatever a marketplace would not stand is found and shown."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from stage import on_loopback
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs
from terminal import Portes

import portes as product
from portes.approval import ApprovalReport, ApprovalTerms, StepOutcome, approve
from portes.errors import SettingsError
from portes.hooks import Watchers
from portes.store import Store, open_store
from portes.web.app import public_app

STORE = Path(product.__file__).parent / "demo_stores" / "platforms"
SECRET = "canary-4711-0815-of-ours"
SECRETS = dict.fromkeys(re.findall(r"\$\{(\w+)\}", (STORE / "portes.toml").read_text()), SECRET)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUICK = ApprovalTerms(uncovered="69900000", seconds=0)
NOTHING = json.dumps({"rates": []}).encode()
Lie = Callable[[Request, Response, bytes], Response]


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in SECRETS.items():
        monkeypatch.setenv(name, text)


@contextmanager
def service(folder: Path = STORE) -> Iterator[tuple[Store, str]]:
    """The demo store of the platforms, or a copy that was changed, and where it answers."""
    with capture_logs(), open_store(folder) as store, on_loopback(public_app([store], Watchers())) as address:
        yield store, address


def approved(
    channel: str, lie: Lie | None = None, terms: ApprovalTerms = QUICK, folder: Path = STORE
) -> ApprovalReport:
    """The report on the service, or on one before which somebody stands who changes its answers."""
    with service(folder) as (store, address):
        if lie is None:
            return approve(store, channel, address, terms, NOW)
        with on_loopback(liar(address, lie)) as before:
            return approve(store, channel, before, terms, NOW)


def liar(address: str, lie: Lie) -> Starlette:
    import requests

    async def answer(request: Request) -> Response:
        body = await request.body()
        headers = {name: value for name, value in request.headers.items() if name not in {"host", "content-length"}}
        with requests.Session() as session:
            session.trust_env = False
            url = f"{address}{request.url.path}?{request.url.query}".rstrip("?")
            true = session.request(request.method, url, data=body, headers=headers, timeout=60)
        return lie(request, Response(true.content, true.status_code, media_type="application/json"), body)

    return Starlette(routes=[Route("/{rest:path}", answer, methods=["GET", "POST", "PUT", "DELETE"])])


def outcomes(report: ApprovalReport) -> dict[str, str]:
    return {step.name: step.outcome.value for step in report.steps}


def failed(report: ApprovalReport) -> list[str]:
    return [step.name for step in report.steps if step.outcome is StepOutcome.FAILED]


def test_a_sound_service_is_passed_and_what_could_not_be_tried_is_said() -> None:
    report = approved("shopify")

    assert report.passed
    assert outcomes(report) == {
        "documented": "passed",
        "again": "passed",
        "several": "passed",
        "uncovered": "passed",
        "fictitious": "passed",
        "odd": "passed",
        "largest": "passed",
        "credentials": "passed",
        "fields": "passed",
        "bodies": "passed",
        "methods": "passed",
        "kept": "skipped",
        "statuses": "passed",
    }
    told = {step.name: step.told for step in report.steps}
    assert "another x-shopify-hmac-sha256: 401" in told["credentials"]
    assert "another body under the same signature: 401" in told["credentials"]
    assert "seen: 200, 401, 405, 413, 422, 503" in told["statuses"]


CHANNELS = re.findall(r"^\[channels\.([\w-]+)\]", (STORE / "portes.toml").read_text(), re.MULTILINE)


@pytest.mark.exhaustive
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_can_be_played(channel: str) -> None:
    assert failed(approved(channel)) == []


def _when(true: Callable[[Request, Response, bytes], bool], reply: Callable[[], Response]) -> Lie:
    return lambda request, answer, body: reply() if true(request, answer, body) else answer


def _answer(status: int, body: bytes = NOTHING) -> Callable[[], Response]:
    return lambda: Response(body, status, media_type="application/json")


_TURN = iter(range(10**9))

LIES: dict[str, tuple[Lie, list[str]]] = {
    "lets strangers in": (_when(lambda _r, a, _b: a.status_code == 401, _answer(200)), ["credentials"]),
    "forbids what it cannot know": (
        _when(lambda _r, a, _b: a.status_code == 401, _answer(403)),
        ["credentials", "statuses"],
    ),
    "says that unknown goods are not delivered": (
        _when(lambda _r, a, b: b"NO-SUCH" in b or b"NO/SUCH" in b, _answer(200)),
        ["fictitious", "odd", "statuses"],
    ),
    "says that a wrong field is not delivered": (
        _when(lambda _r, a, _b: a.status_code == 422, _answer(200)),
        ["fields", "bodies", "statuses"],
    ),
    "crashes at odd fields": (
        _when(lambda _r, a, _b: a.status_code == 422, _answer(500)),
        ["fields", "bodies", "statuses"],
    ),
    "is never sure": (
        lambda _r, a, _b: Response(bytes(a.body).replace(b"1990", b"%d" % next(_TURN)), a.status_code),
        ["again"],
    ),
    "does not deliver anywhere": (
        _when(lambda _r, a, _b: a.status_code == 200, _answer(200)),
        ["documented", "several", "largest", "fields"],
    ),
    "delivers everywhere": (
        _when(lambda _r, _a, b: b"69900000" in b, _answer(503)),
        ["uncovered"],
    ),
    "takes any method": (_when(lambda _r, a, _b: a.status_code == 405, _answer(200)), ["methods"]),
    "denies too large a cart": (
        _when(lambda _r, a, b: a.status_code == 413 and len(b) < 200_000, _answer(200)),
        ["largest"],
    ),
    "breaks the marketplace's rules": (
        lambda _r, a, _b: Response(bytes(a.body).replace(b"service_code", b"serviceCode"), a.status_code),
        ["documented", "several", "largest"],
    ),
}


_BY_DAY = ("lets strangers in",)


@pytest.mark.parametrize(
    "lie", [lie if lie in _BY_DAY else pytest.param(lie, marks=pytest.mark.exhaustive) for lie in LIES]
)
def test_what_a_marketplace_would_not_stand_is_found(lie: str) -> None:
    told, found = LIES[lie]
    report = approved("shopify", told)

    assert not report.passed
    assert set(failed(report)) >= {name for name in found if name != "statuses"}
    assert set(failed(report)) <= set(found)
    worst = next(step for step in report.steps if step.outcome is StepOutcome.FAILED)
    assert worst.fix
    assert worst.evidence


def test_a_service_that_is_not_there_is_found_and_not_answered_for() -> None:
    with open_store(STORE) as store:
        report = approve(store, "shopify", "http://127.0.0.1:9", QUICK, NOW)

    documented = report.steps[0]
    assert (documented.outcome, documented.told) == (StepOutcome.FAILED, "no answer: ConnectionError; 0 options")
    assert documented.evidence[0].status == 0


@pytest.mark.exhaustive
def test_the_pace_of_the_contract_counts_what_is_late_with_the_distance_and_what_is_no_answer() -> None:
    near = approved("shopify", terms=ApprovalTerms(uncovered="69900000", rate=100, seconds=0.2))
    far = approved("shopify", terms=ApprovalTerms(uncovered="69900000", rate=100, seconds=0.2, distance=10.0))

    assert near.pace is not None
    assert far.pace is not None
    assert (near.pace.calls, near.pace.wrong, near.pace.late) == (20, 0, 0)
    assert (far.pace.late, outcomes(far)["pace"]) == (20, "failed")
    assert far.pace.p50 > 10_000


def test_the_command_prints_the_steps_and_writes_reports_without_a_secret(portes: Portes, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    with service() as (_, address):
        quick = ("--url", address, "--seconds", "0", "--uncovered", "69900000")
        plain = portes("approve", STORE, "recharge", *quick)
        full = portes("approve", STORE, "recharge", *quick, "--json", "--html", page)
    report, html = json.loads(full.output), page.read_text()

    assert (plain.exit_code, full.exit_code) == (0, 0)
    assert "✓ Nobody is answered without credentials, or with wrong ones" in plain.output
    assert "The marketplace would be content: 12 passed, 1 skipped." in plain.output
    assert (report["passed"], report["channel"], report["limit"]) == (True, "recharge", 5.0)
    assert report["steps"][0]["evidence"][0]["call"].startswith("POST /v1/demo-platforms/recharge/")
    assert "Approval of recharge for demo-platforms" in html
    assert re.findall(r"<script|https?://(?!127\.0\.0\.1)", html) == []
    for text in (plain.output, full.output, html):
        assert SECRET not in text


@pytest.mark.exhaustive
def test_the_command_fails_where_the_marketplace_would(portes: Portes) -> None:
    with service() as (_, address), on_loopback(liar(address, LIES["lets strangers in"][0])) as before:
        result = portes("approve", STORE, "shopify", "--url", before, "--seconds", "0")

    assert result.exit_code == 1
    assert "✗ Nobody is answered without credentials, or with wrong ones" in result.output
    assert "The marketplace would not be content" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody"], "is no channel of the store"),
        (["shopify", "--distance", "soon"], "soon"),
        (["shopify", "--item", "a:none"], "has no quantity after its last colon"),
    ],
)
def test_what_cannot_be_played_is_said(portes: Portes, arguments: list[str], words: str) -> None:
    result = portes("approve", STORE, *arguments)

    assert result.exit_code == 2
    assert words in result.output


def changed(folder: Path, was: str, new: str) -> Path:
    """A copy of the demo store of which one line of settings says something else."""
    copy = Path(shutil.copytree(STORE, folder / "store"))
    file = copy / "portes.toml"
    text = file.read_text()
    assert was in text
    file.write_text(text.replace(was, new))
    return copy


@pytest.mark.parametrize(
    ("channel", "key"),
    [("ecwid", "app_key"), pytest.param("bigcommerce", "connection_key", marks=pytest.mark.exhaustive)],
)
def test_a_key_that_stands_in_the_body_is_tried_as_another(tmp_path: Path, channel: str, key: str) -> None:
    taken = f'"${{{channel.upper()}_TOKEN}}"'
    folder = changed(tmp_path, f'auth = {{ kind = "url_token", token = {taken} }}', f"{key} = {taken}")

    told = {step.name: step.told for step in approved(channel, folder=folder).steps}
    assert told["credentials"] == "another key in the body: 401"
    assert "credentials" in failed(approved(channel, LIES["lets strangers in"][0], folder=folder))


def test_a_channel_that_shows_nothing_that_could_be_wrong_passes_no_step_by_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portes.approval.refusals.unknown_callers", lambda _channel, _call: ())

    assert outcomes(approved("recharge"))["credentials"] == "skipped"


def test_calls_about_other_goods_name_the_instance_as_the_platform_does(tmp_path: Path) -> None:
    with_domain = 'domain = "shop.example"\napi_url = "https://shop.example/graphql/"'
    folder = changed(tmp_path, "[channels.saleor]\n", f"[channels.saleor]\n{with_domain}\n")

    assert failed(approved("saleor", folder=folder)) == []


def test_a_channel_whose_calls_only_the_platform_can_sign_is_not_played(tmp_path: Path) -> None:
    auth = 'auth = { kind = "header", name = "X-Portes-Key", value = "${SALEOR_KEY}" }'
    folder = changed(tmp_path, auth, 'public_keys = "file:saleor.pem"')
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "saleor.pem").write_bytes(pem)

    with pytest.raises(SettingsError, match="only the marketplace can sign its calls"):
        approved("saleor", folder=folder)
