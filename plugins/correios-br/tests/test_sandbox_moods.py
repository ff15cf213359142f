"""The moods that the simulator can be put in do what they say."""

from base64 import b64encode
from datetime import timedelta

import pytest
from correios_client import BASIC, CARD, PRICE, TIME, TOKEN, Client, errors, message


@pytest.mark.parametrize(
    ("mood", "status"),
    [("down", 503), ("html", 200), ("wrong_password", 401), ("card_unknown", 400), ("code_too_new", 401)],
)
def test_a_mood_that_gives_no_token_does_what_it_says(mood: str, status: int) -> None:
    status_told, body = Client(mood).ask(TOKEN, CARD, BASIC)

    assert status_told == status
    assert "expiraEm" not in str(body)


@pytest.mark.parametrize(("mood", "status"), [("throttled", 429), ("api_not_enabled", 403), ("partial", 206)])
def test_a_mood_that_gives_tokens_does_what_it_says(mood: str, status: int) -> None:
    client = Client(mood)
    client.log_in()

    assert client.times(TIME, {**TIME, "coProduto": "03298", "nuRequisicao": "2"})[0] == status


def test_only_the_first_token_expires_early() -> None:
    client = Client("token_expired_early")
    client.log_in()
    first = client.prices(PRICE)
    client.log_in()

    assert (message(first), client.prices(PRICE)[0]) == ((403, "GTW-008"), 200)


def test_a_code_is_too_new_until_two_hours_after_it_was_first_shown() -> None:
    client = Client("code_too_new")
    another = "Basic " + b64encode(b"shop:another").decode()

    def told(authorization: str) -> int:
        return client.ask(TOKEN, CARD, authorization)[0]

    assert told(BASIC) == 401
    client.clock.moment += timedelta(hours=1, minutes=59)
    assert (told(BASIC), told(another)) == (401, 401)
    client.clock.moment += timedelta(minutes=1)
    assert (told(BASIC), told(another)) == (201, 401)
    client.clock.moment += timedelta(hours=2)
    assert told(another) == 201


def test_one_card_of_two_is_unknown() -> None:
    client = Client("pac_card_unknown")

    assert [client.ask(TOKEN, {"numero": f"001234567{last}"}, BASIC)[0] for last in (1, 2)] == [201, 400]


def test_all_cards_stand_on_one_contract() -> None:
    cards = [Client().log_in(TOKEN, {"numero": number})["cartaoPostagem"] for number in ("0012345671", "0087654322")]

    assert {(card["contrato"], card["dr"]) for card in cards} == {("9912345679", 29)}


def test_a_mood_in_which_we_are_wrong_blames_each_entry() -> None:
    for mood, blamed in (("origin_unknown", ["ERP-005", "ERP-005"]), ("pac_not_on_card", ["", "CON-011"])):
        client = Client(mood)
        client.log_in()
        pac = {"coProduto": "03298", "nuRequisicao": "2"}

        assert errors(client.prices(PRICE, {**PRICE, **pac})) == blamed
        assert errors(client.times(TIME, {**TIME, **pac})) == blamed


@pytest.mark.parametrize(("mood", "without"), [("sunk_by_pac", 200), ("bad_request", 400)])
def test_a_mood_that_sinks_batches_names_no_entry(mood: str, without: int) -> None:
    client = Client(mood)
    client.log_in()
    pac = {"coProduto": "03298", "nuRequisicao": "2"}

    assert message(client.prices(PRICE, {**PRICE, **pac})) == (400, "PRC-101")
    assert message(client.times(TIME, {**TIME, **pac})) == (400, "PRZ-101")
    assert (client.prices(PRICE)[0], client.times(TIME)[0]) == (without, without)
