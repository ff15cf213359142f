"""The doctor: what is wrong, told in English and Spanish, with what to do about it; it registers nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portes.carrier import Deadline, Diagnosable, Finding, Severity
from portes.simulators.serving import serving
from portes_correos_es.words import SAYINGS

CODES = {"contract_number": "54012345", "client_number": "81012345", "labeller_code": "1ABC"}
HEADER = "version,valid_from,valid_to,product,mode,zone,over_kg,up_to_kg,net_eur\n"


def found(carrier: Any) -> list[Finding]:
    assert isinstance(carrier, Diagnosable)
    findings = list(carrier.diagnose(Deadline(5)))
    for finding in findings:
        assert set(finding.cause) == {"en", "es"}
        assert set(finding.remedy) in (set(), {"en", "es"})
        assert finding.severity is Severity.OK or finding.remedy
    return findings


def rungs(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.check, str(finding.severity)) for finding in findings]


def live(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.check not in {"tariff", "origin", "codes"}]


def test_all_is_well(desk: Any, simulated: Any) -> None:
    findings = found(desk.carrier(**simulated.settings, **CODES))

    assert rungs(findings) == [
        ("tariff", "ok"),
        ("origin", "ok"),
        ("codes", "ok"),
        ("login", "ok"),
        ("citypaq", "ok"),
        ("offices", "ok"),
    ]
    assert findings[0].cause["es"] == "La tarifa está vigente hoy: test 2026, 2026-01-01 - 2026-12-31."


def test_it_registers_no_parcel(desk: Any, simulated: Any) -> None:
    found(desk.carrier(**simulated.settings))

    assert simulated.paths == ["Token", "Token", "homepaqs", "suggestions", "offices"]
    assert {call["REQUEST_METHOD"] for call in simulated.calls[2:]} == {"GET"}


def test_without_credentials_it_says_which_are_missing_and_asks_nobody(desk: Any) -> None:
    (missing,) = live(found(desk.carrier(client_id="x", gateway_client_secret="y")))

    assert (missing.check, missing.severity) == ("credentials", Severity.WARNING)
    assert "client_secret, gateway_client_id" in missing.cause["en"]
    assert missing.cause["es"].endswith("y faltan: client_secret, gateway_client_id.")
    assert "identidad.correos.es" in missing.remedy["es"]


def test_it_asks_nobody_before_what_is_known_without_asking_was_told(desk: Any, simulated: Any) -> None:
    findings = iter(desk.carrier(**simulated.settings, **CODES).diagnose(Deadline(5)))

    told = [next(findings).check for _ in range(3)]

    assert (told, simulated.paths) == (["tariff", "origin", "codes"], [])
    assert (next(findings).check, simulated.paths) == ("login", ["Token"])
    assert (next(findings).check, simulated.paths[-1]) == ("citypaq", "homepaqs")


def test_the_login_is_tried_before_the_portal_has_given_its_pair(desk: Any, simulated: Any) -> None:
    keys = {**simulated.settings, "gateway_client_id": "", "gateway_client_secret": None}

    findings = live(found(desk.carrier(**keys)))

    assert rungs(findings) == [("credentials", "warning"), ("login", "ok")]
    assert "these are missing: gateway_client_id, gateway_client_secret" in findings[0].cause["en"]


def test_the_lists_are_told_with_the_postal_code_that_was_asked_about(desk: Any, simulated: Any) -> None:
    for finding in live(found(desk.carrier(**simulated.settings)))[1:]:
        assert "28013" in finding.cause["en"]
        assert "28013" in finding.cause["es"]


TROUBLES = {
    "secret_reset": ("login", "no acepta client_id y client_secret", "Copie ambos de nuevo"),
    "not_activated": ("login", "nadie la ha activado todavía", "«Por favor, activen nuestra aplicación"),
    "token_unseen": ("citypaq", "no lo ha visto o entendido", "ningún proxy intermedio quite la cabecera"),
    "wrong_scope": ("citypaq", "responde «Invalid token.»", "Pida al soporte de Correos el scope"),
    "not_subscribed": ("citypaq", "no permite a la aplicación del portal", "solicite acceso a la API de terminales"),
    "malformed": ("citypaq", "rechaza nuestra llamada por mal formada", "base_url y login_url"),
    "firewall": ("login", "Un cortafuegos delante de 127.0.0.1", "lista de direcciones permitidas"),
    "throttled": ("citypaq", "no ha dado una respuesta útil", "Inténtelo más tarde"),
    "ill": ("citypaq", "no ha dado una respuesta útil", "Inténtelo más tarde"),
    "down": ("login", "no ha dado una respuesta útil", "Los precios siguen sin ello"),
}


@pytest.mark.parametrize("mood", TROUBLES)
def test_each_trouble_is_named_at_the_rung_where_it_breaks(desk: Any, simulated: Any, mood: str) -> None:
    check, cause, remedy = TROUBLES[mood]
    simulated.feel(mood)

    *before, trouble = live(found(desk.carrier(**simulated.settings, **CODES)))

    assert [finding.severity for finding in before] == [Severity.OK] * len(before)
    assert (trouble.check, trouble.severity) == (check, Severity.ERROR)
    assert cause in trouble.cause["es"]
    assert remedy in trouble.remedy["es"]
    assert trouble.evidence


def test_the_sentence_for_the_sales_manager_names_application_and_contract(desk: Any, simulated: Any) -> None:
    simulated.feel("not_activated")

    trouble = live(found(desk.carrier(**simulated.settings, **CODES)))[-1]

    for language in ("en", "es"):
        assert "01234567-89ab-cdef-0123-456789abcdef" in trouble.remedy[language]
        assert "54012345" in trouble.remedy[language]


def test_a_secret_that_was_good_and_is_no_more_was_reset_and_it_says_until_when(
    desk: Any, simulated: Any, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    tools = desk.tools(state=state)
    desk.outcome(desk.carrier(desk.service(mode="citypaq"), tools=tools, **simulated.settings))
    tools.background.settle(Deadline(5))
    simulated.feel("secret_reset")
    desk.clock.advance(timedelta(days=40))

    trouble = live(found(desk.carrier(tools=desk.tools(state=state), **simulated.settings)))[-1]

    assert (
        "accepted this very client_secret until 2026-11-23 13:00 and does not now: it was reset" in trouble.cause["en"]
    )
    assert "aceptó este mismo client_secret hasta el 2026-11-23 13:00 y ya no" in trouble.cause["es"]
    assert trouble.remedy["es"] == "Ponga el secreto nuevo en la configuración."


def test_a_secret_that_never_worked_is_told_with_the_day_of_its_first_try(
    desk: Any, simulated: Any, tmp_path: Path
) -> None:
    simulated.feel("secret_reset")
    tools = desk.tools(state=tmp_path / "state")
    carrier = desk.carrier(desk.service(mode="citypaq"), tools=tools, **simulated.settings)
    desk.outcome(carrier)
    tools.background.settle(Deadline(5))

    trouble = live(found(carrier))[-1]

    assert "has not since this secret was first tried on 2026-11-23 13:00" in trouble.cause["en"]
    assert "desde que se probó este secreto por primera vez el 2026-11-23 13:00" in trouble.cause["es"]
    assert "Copie ambos de nuevo" in trouble.remedy["es"]


def test_of_a_secret_that_was_never_tried_nothing_is_known(desk: Any, simulated: Any) -> None:
    simulated.feel("secret_reset")

    trouble = live(found(desk.carrier(**simulated.settings)))[-1]

    assert "one of them is wrong, or the secret was reset" in trouble.cause["en"]


def test_the_new_secret_is_found_good(desk: Any, simulated: Any) -> None:
    simulated.feel("secret_reset")
    keys = {**simulated.settings, "client_secret": "new-secret-1234"}

    assert [finding.severity for finding in live(found(desk.carrier(**keys)))] == [Severity.OK] * 3


def test_nobody_at_home_is_told_with_the_host(desk: Any, simulated: Any) -> None:
    with serving(lambda *_: []) as port:
        pass
    keys = {**simulated.settings, "login_url": f"http://127.0.0.1:{port}/Api/Authorize/Token"}

    trouble = live(found(desk.carrier(**keys)))[-1]

    assert trouble.cause["en"] == f"127.0.0.1:{port} gave no useful answer."
    assert trouble.evidence == "unreachable: 127.0.0.1: no connection could be opened"


def test_the_sample_tariff_is_pointed_out(desk: Any) -> None:
    finding = found(desk.carrier(sample_tariff="canarias-2023"))[0]

    assert (finding.check, finding.severity) == ("tariff", Severity.WARNING)
    assert "una muestra; no son los de su contrato" in finding.cause["es"]
    assert 'tariff = "tariff.csv"' in finding.remedy["en"]


def test_a_tariff_out_of_date_is_an_error(desk: Any) -> None:
    desk.clock.advance(timedelta(days=60))

    finding = found(desk.carrier())[0]

    assert (finding.check, finding.severity) == ("tariff", Severity.ERROR)
    assert "test 2026, 2026-01-01 - 2026-12-31" in finding.cause["en"]
    assert "contract.csv" in finding.remedy["es"]


def test_what_is_odd_about_a_tariff_is_counted_and_the_first_shown(desk: Any) -> None:
    rows = "".join(
        f"c,2026-01-01,,paq_estandar,home,{zone},{over},{up_to},{net}\n"
        for zone, over, up_to, net in [(3, 0, 1, 5), (3, 2, 3, 4), (7, 0, 1, 9)]
    )
    tariff = desk.write("odd.csv", HEADER + rows)

    well, odd = [finding for finding in found(desk.carrier(tariff=tariff)) if finding.check == "tariff"]

    assert (well.severity, odd.severity) == (Severity.OK, Severity.WARNING)
    assert odd.cause["es"].startswith("La tarifa tiene 3 anomalía(s): ")
    assert "odd.csv:3: over_kg: leaves weights from 1 kg to 2 kg" in odd.cause["en"]


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("contract_number", "540123456"),
        ("contract_number", "5401234X"),
        ("client_number", "810123"),
        ("client_number", "1181012345"),
        ("labeller_code", "1ABCD"),
        ("labeller_code", "1-A"),
    ],
)
def test_a_code_of_the_wrong_form_is_an_error_that_does_not_show_it(desk: Any, key: str, wrong: str) -> None:
    findings = [one for one in found(desk.carrier(**{**CODES, key: wrong})) if one.check == "codes"]

    assert [finding.severity for finding in findings] == [Severity.ERROR, Severity.OK]
    assert findings[0].cause["en"].startswith(f"{key} does not have the right form: ")
    assert wrong not in findings[0].model_dump_json()


@pytest.mark.parametrize("number", ["81012345", "9981012345"])
def test_a_client_number_may_have_99_in_front(desk: Any, number: str) -> None:
    (finding,) = [one for one in found(desk.carrier(**{**CODES, "client_number": number})) if one.check == "codes"]

    assert finding.severity is Severity.OK


def test_missing_codes_are_a_warning_because_prices_do_not_need_them(desk: Any) -> None:
    findings = [finding for finding in found(desk.carrier()) if finding.check == "codes"]

    assert [finding.severity for finding in findings] == [Severity.WARNING] * 3


def test_everything_that_can_be_said_stands_in_both_languages() -> None:
    for name, saying in SAYINGS.items():
        for texts in filter(None, (saying.cause, saying.remedy)):
            assert set(texts) == {"en", "es"}, name
            assert all(texts.values()), name
