"""Numbers that tie answers to questions: recordings with other numbers play, and nobody may ignore a wrong one."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from checking import broken
from gallery.case import make_case
from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.sandbox import Sandbox

from portes.carrier import Deadline
from portes.toolbox import HttpResponse, Token, check_echo
from portes.toolbox.http import Session
from portes_testing import BrokenContractError, Case, Exchange, SentRequest, replayed, write_cassette
from portes_testing.harness.carrier_under_test import carrier_under_test
from portes_testing.recordings.provenance import Against
from portes_testing.recordings.record import record
from portes_testing.recordings.scrubbing import Scrubber

URL = "https://api.parcelpost.example/v2/quotes"


class EchoingSandbox(Sandbox):
    """Sends the number of a question back."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        told: list[Any] = []
        said = json.loads(b"".join(super().__call__(environ, lambda *head: told.extend(head))))
        if "quotes" in said:
            said["ref"] = json.loads(body)["ref"]
        content = json.dumps(said).encode()
        start_response(told[0], [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
        return [content]


class Careless(Parcelpost):
    """Numbers its questions and does not look at the numbers of the answers."""

    def _post(self, question: dict[str, object], token: Token, deadline: Deadline) -> HttpResponse:
        (number,) = self._tools.numbers(1)
        received = super()._post({**question, "ref": number}, token, deadline)
        self._look_at(number, received)
        return received

    def _look_at(self, number: str, received: HttpResponse) -> None:
        pass


class Careful(Careless):
    """Looks at the numbers."""

    def _look_at(self, number: str, received: HttpResponse) -> None:
        if received.status == 200:
            try:
                came = json.loads(received.body)["ref"]
            except (ValueError, KeyError, TypeError, RecursionError):
                return
            check_echo(received, [number], [str(came)], "Parcelpost")


@pytest.fixture(scope="module")
def recorded_echo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[type], Case]:
    folder = tmp_path_factory.mktemp("parcelpost")
    case = replace(make_case(), carrier=Careful, sandbox=EchoingSandbox, more=(), cassettes=folder, echo="ref")
    record(case, case.served, Against.SANDBOX, folder, {})
    return lambda carrier: replace(case, carrier=carrier)


CHECK = "a_fault_is_told_as_what_it_is /v2/quotes other_question"


def test_a_carrier_that_ignores_the_number_of_an_answer_is_caught(recorded_echo: Callable[[type], Case]) -> None:
    found = broken(lambda: recorded_echo(Careless), [CHECK])

    assert "every service answers as if nothing had happened" in found[CHECK]


def test_a_carrier_that_looks_at_it_passes(recorded_echo: Callable[[type], Case]) -> None:
    case = recorded_echo(Careful)

    assert broken(lambda: case, [CHECK]) == {}
    assert broken(lambda: replace(case, echo=""), [CHECK]) == {}


def test_numbers_begin_at_one_in_each_call_of_the_kit(recorded_echo: Callable[[type], Case]) -> None:
    with carrier_under_test(recorded_echo(Careful)) as under_test:
        tools = under_test.new_carrier()._tools  # type: ignore[attr-defined]

    assert [tools.numbers(2), tools.numbers(1)] == [["1", "2"], ["1"]]


def question(*numbers: str, grams: int = 500) -> str:
    return json.dumps({"lines": [{"grams": grams, "ref": number} for number in numbers]})


def answer(*numbers: Any) -> str:
    return json.dumps([{"price": "1.00", "ref": number} for number in numbers])


def ask(path: Path, body: str) -> Any:
    with replayed(path, Scrubber({}), "ref"):
        return json.loads(Session().call("POST", URL, data=body.encode(), deadline=Deadline(20)).body)


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    exchange = Exchange(
        SentRequest("POST", URL, {}, question("10018", "10017").encode()),
        HttpResponse(200, {}, answer("10017", 10018, "4711", None).encode()),
    )
    write_cassette(tmp_path / "tape.yaml", [exchange])
    return tmp_path / "tape.yaml"


def test_a_recording_with_other_numbers_plays_and_its_answer_follows(tape: Path) -> None:
    assert [each["ref"] for each in ask(tape, question("1", "2"))] == ["2", 1, "4711", None]


@pytest.mark.parametrize(
    "body",
    [question("1", "2", grams=501), question("1"), question("1", "2", "3"), question("1", "1"), question("2", "1")],
)
def test_every_other_difference_is_another_question(tape: Path, body: str) -> None:
    with pytest.raises(BrokenContractError, match="never recorded"):
        ask(tape, body)


@pytest.mark.parametrize("numbers", [("1", "2"), ()])
def test_a_recording_that_needs_no_other_numbers_stays_as_it_is(tmp_path: Path, numbers: Sequence[str]) -> None:
    body = answer(*numbers).replace(" ", "  ")
    exchange = Exchange(SentRequest("POST", URL, {}, question(*numbers).encode()), HttpResponse(200, {}, body.encode()))
    write_cassette(tmp_path / "tape.yaml", [exchange])

    with replayed(tmp_path / "tape.yaml", Scrubber({}), "ref"):
        said = Session().call("POST", URL, data=question(*numbers).encode(), deadline=Deadline(20)).body

    assert said.decode() == body
