"""What a shop's services are, by words or by Correos's codes, and what each takes and where; all of it offline."""

from typing import Any

import pytest

from portes.contract import FailureKind, Rate, RefusalKind
from portes.errors import SettingsError
from portes_correos_es.products import Mode, catalogue
from portes_correos_es.services import service_lines
from portes_correos_es.settings import CorreosService, CorreosSettings


def meant(code: str, **keys: Any) -> tuple[str, Mode]:
    settings = CorreosSettings(sample_tariff="canarias-2023")
    service = CorreosService.model_validate({"code": code, "delivery": "normal", **keys})
    try:
        (line,) = service_lines(settings, [service], Everything())  # type: ignore[arg-type]  # only asked what it offers
    except SettingsError as error:
        return error.problems[0].cause, Mode.HOME
    return line.product.key, line.mode


class Everything:
    name = "everything.csv"

    def offers(self, product: str, mode: Mode) -> bool:
        return True


@pytest.mark.parametrize(
    ("code", "product", "mode"),
    [
        ("S0132", "paq_estandar", "home"),
        ("S0133", "paq_estandar", "office"),
        ("S0178", "paq_estandar", "citypaq"),
        ("S0235", "paq_premium", "home"),
        ("S0236", "paq_premium", "office"),
        ("S0176", "paq_premium", "citypaq"),
        ("S0179", "paq_ligero", "letterbox"),
        ("S0148", "paq_retorno", "home"),
        ("S0159", "paq_retorno_internacional", "home"),
        ("S0410", "paq_estandar_internacional", "home"),
        ("S0411", "paq_premium_internacional", "home"),
        ("S0360", "paq_light_internacional", "letterbox"),
        ("PAAZE", "paq_retorno", "home"),
        ("PAAZE+DOURUA", "paq_retorno", "home"),
        ("PAAZV DOURUA", "paq_retorno_premium", "home"),
        ("paaxi", "paq_estandar_internacional", "home"),
    ],
)
def test_a_code_of_correos_says_product_and_mode(code: str, product: str, mode: str) -> None:
    assert meant(code) == (product, mode)


def test_words_win_over_codes() -> None:
    assert meant("PAFXB", product="paq_premium", mode="office") == ("paq_premium", "office")
    assert meant("my-own-code", product="paq_ligero") == ("paq_ligero", "letterbox")


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("PAFXB+DOUAOF", "may be paq_estandar: public sources contradict each other, or name several modes"),
        ("PADXA", "may be paq_premium: public sources contradict each other, or name several modes"),
        ("S9999", "is no code of Correos that is publicly known"),
    ],
)
def test_a_doubtful_or_unknown_code_asks_for_words(code: str, cause: str) -> None:
    assert meant(code)[0] == cause


def test_services_that_are_nothing_are_named_all_at_once(desk: Any) -> None:
    services = [
        desk.service("A", product="paq_volante"),
        desk.service("B", product="paq_ligero", mode="citypaq"),
        CorreosService.model_validate({"code": "S0000", "delivery": "normal"}),
        desk.service("D", product="paq_ligero", mode="letterbox"),
        desk.service("E", product="nothing", active=False),
    ]

    with pytest.raises(SettingsError) as caught:
        desk.carrier(*services)

    assert [(problem.where, problem.cause) for problem in caught.value.problems] == [
        ("services.0.product", "is no product"),
        ("services.1.mode", "is no mode of paq_ligero"),
        ("services.2.code", "is no code of Correos that is publicly known"),
        ("services.3", "the tariff has no row of paq_ligero letterbox"),
    ]
    assert all(problem.fix for problem in caught.value.problems)


def test_every_old_and_new_code_belongs_to_one_product_only() -> None:
    codes = [
        code
        for product in catalogue().products.values()
        for known in product.modes.values()
        for code in {known.old, f"{known.new}+{known.method}"} - {"", "+"}
    ]

    assert len(codes) == len(set(codes)) > 20


LANES = {
    # service, from, to: what becomes of it
    ("paq_estandar", "home", "28013", "08001"): None,
    ("paq_estandar", "home", "28013", "PT 1100"): None,
    ("paq_estandar", "home", "28013", "AD AD500"): None,
    ("paq_estandar", "home", "28013", "FR 75001"): "Paq Estándar does not go abroad",
    ("paq_estandar", "office", "28013", "PT 1100"): "in Portugal nothing can be fetched at an office or a Citypaq",
    ("paq_premium", "citypaq", "28013", "PT 1100"): "in Portugal nothing can be fetched at an office or a Citypaq",
    ("paq_estandar", "citypaq", "28013", "35001"): "Citypaq does not go to or from Canarias",
    ("paq_estandar", "citypaq", "38001", "28013"): "Citypaq does not go to or from Canarias",
    ("paq_estandar", "citypaq", "28013", "07001"): None,
    ("paq_estandar", "office", "28013", "35001"): None,
    ("paq_today", "home", "28013", "28001"): None,
    ("paq_today", "home", "28013", "08001"): "Paq Today stays in its province",
    ("paq_estandar_internacional", "home", "28013", "FR 75001"): None,
    ("paq_estandar_internacional", "home", "28013", "PT 1100"): None,
    ("paq_estandar_internacional", "home", "28013", "08001"): "Paq Estándar Internacional does not go to ES",
    ("paq_light_internacional", "letterbox", "28013", "AD AD500"): "Paq Light Internacional does not go to AD",
}


@pytest.mark.parametrize(("product", "mode", "origin", "to"), LANES)
def test_a_service_runs_where_the_published_rules_let_it(
    desk: Any, everything: Any, product: str, mode: str, origin: str, to: str
) -> None:
    said = desk.outcome(everything(desk.service(product=product, mode=mode)), origin=origin, to=to)
    why = LANES[product, mode, origin, to]

    if why is None:
        assert isinstance(said, Rate)
    else:
        assert (said.kind, said.text) == (RefusalKind.NOT_SERVED, why)


def test_citypaq_to_canarias_is_a_setting(desk: Any, everything: Any) -> None:
    citypaq = desk.service(mode="citypaq")

    assert isinstance(desk.outcome(everything(citypaq, citypaq_canarias=True), to="35001"), Rate)


def test_a_price_without_a_time_is_no_rate(desk: Any) -> None:
    """What Correos has not published is not guessed."""
    carrier = desk.carrier(desk.service(), desk.service("P", product="paq_premium"), times="")

    said = desk.ask(carrier, to="07001")

    assert said["HOME"].kind is FailureKind.INCOMPLETE
    assert said["HOME"].hint == (
        "no transit time of Paq Estándar is known on this lane; put it into a file of your times"
    )
    assert (said["P"].transit.min, said["P"].transit.max) == (1, 2)


@pytest.mark.parametrize(
    ("product", "to", "days"),
    [
        ("paq_premium", "08001", (1, 2)),
        ("paq_premium", "07001", (1, 2)),
        ("paq_premium", "07701", (2, 3)),
        ("paq_premium", "35001", (3, 4)),
        ("paq_premium", "51001", (3, 4)),
        ("paq_estandar", "08001", (2, 3)),
    ],
)
def test_a_published_commitment_is_a_range_and_says_so(desk: Any, product: str, to: str, days: tuple[int, int]) -> None:
    rate = desk.outcome(desk.carrier(desk.service(product=product), times=""), to=to)

    assert (rate.transit.min, rate.transit.max, rate.transit.calendar) == (*days, "ES-MD")
    (note,) = [note.text for note in rate.notes if note.kind == "time_source"]
    assert note.startswith("published commitment of Correos: Paq ")


def test_the_shops_own_times_win_and_published_ones_fill_the_gaps(desk: Any) -> None:
    text = "product,origin,destination,min_days,max_days\npaq_premium,any,35,4,6\n"
    carrier = desk.carrier(desk.service(product="paq_premium"), times=desk.write("times.csv", text))

    spans = [desk.outcome(carrier, to=to).transit for to in ("35001", "38001", "08001")]

    assert [(span.min, span.max) for span in spans] == [(4, 6), (3, 4), (1, 2)]


def test_wrong_times_are_told_with_their_lines(desk: Any) -> None:
    text = (
        "product,origin,destination,min_days,max_days\n"
        "paq_volante,any,any,1,2\npaq_premium,moon,any,1,2\npaq_premium,any,mars,1,2\npaq_premium,any,any,3,2\n"
        "paq_ligero,any,any,1,2\npaq_ligero,any,any,1,3\n"
    )

    with pytest.raises(SettingsError) as caught:
        desk.carrier(times=desk.write("times.csv", text))

    assert [(problem.line, problem.where) for problem in caught.value.problems] == [
        (2, "product"),
        (3, "origin"),
        (4, "destination"),
        (5, "max_days"),
        (7, "destination"),
    ]


def test_problems_of_all_files_are_told_at_once(desk: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        desk.carrier(tariff="none.csv", zones="no.csv", times=desk.write("t.csv", "product\n"))

    assert {problem.where for problem in caught.value.problems} == {
        "settings.zones",
        "settings.tariff",
        "header",
    }


def test_a_store_in_another_currency_cannot_use_it(desk: Any) -> None:
    with pytest.raises(SettingsError, match="Correos's tariffs are in EUR"):
        desk.carrier(tools=desk.tools(currency="BRL"))


def test_the_carrier_says_what_it_is(desk: Any) -> None:
    abilities = desk.carrier().abilities

    assert (abilities.price_source, abilities.time_source) == ("table", "published")
    assert (abilities.instant, abilities.dated) == (True, True)
    assert abilities.countries == {"ES", "AD", "PT"}
    assert not desk.carrier(sample_tariff="canarias-2023").abilities.dated


def test_the_version_changes_with_every_file(desk: Any) -> None:
    name = desk.write("mine.csv", (desk.tariffs / "contract.csv").read_text())
    before = desk.carrier(tariff=name).abilities.version
    desk.write("mine.csv", (desk.tariffs / "contract.csv").read_text().replace("4.00", "4.01"))

    assert before != desk.carrier(tariff=name).abilities.version
    assert before != desk.carrier(tariff=name, times="").abilities.version


def test_no_days_at_all_are_for_the_product_that_correos_promises_for_the_same_day(desk: Any) -> None:
    text = "product,origin,destination,min_days,max_days\npaq_premium,any,any,0,0\npaq_today,any,same_province,0,0\n"

    with pytest.raises(SettingsError) as caught:
        desk.carrier(times=desk.write("times.csv", text))

    (problem,) = caught.value.problems
    assert (problem.line, problem.where, problem.fix) == (2, "max_days", "write 1 or more")
    assert problem.cause == "promises the day of hand-over, which Correos does not promise for paq_premium"


def test_a_calendar_of_another_country_is_refused_with_the_one_that_is_meant(desk: Any) -> None:
    with pytest.raises(SettingsError, match=r"settings.calendar: is a calendar of another .* write ES-MD"):
        desk.carrier(calendar="MD")
