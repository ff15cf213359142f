"""What `check` refuses of a rule's conditions, and what it tells of rules that can never apply."""

from pathlib import Path
from typing import Any

import pytest
from acme import AROUND, problems, write
from shop import request

from portes.contract import Verdict
from portes.store import open_store

MORE = '[[carriers.table.services]]\ncode = "x"\ndelivery = "express"\nactive = false\n[[rules]]\n'


def advice(folder: Path, rule: str) -> list[str]:
    """What is told of a store with a rule; it opens all the same."""
    with open_store(write(folder / "shoes", more=MORE + rule), **AROUND) as store:
        told = [each for each in store.advice if each.where.startswith("rules")]
        return [f"{each.where}: {each.cause}" for each in told]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("when = { value_from = '2.00', value_to = '1.00' }", "when.value_from: begins at 2.00 and ends at 1.00"),
        ("when = { line_units_from = 5, line_units_to = 4 }", "when.line_units_from: begins at 5 and ends at 4"),
        ("when = { line_weight_from = 9, weight_to = 8 }", "when.line_weight_from: asks more of a line than weight_to"),
        ("when = { services = ['table:y'] }", "when.services: fits no active service of the store"),
        ("when = { services = ['x'] }", "when.services: fits no active service of the store"),
        ("when = { delivery_types = ['express'] }", "when.delivery_types: fits no active service of the store"),
        (
            "delivery_types = ['express']\nwhen = { services = ['n'] }",
            "when.services: together with the rule's other conditions on services and delivery_types fits no active",
        ),
        ("when = { date_to = 2026-03-01 }", "when.date_to: is over"),
        ("when = { date_from = 2026-04-02, date_to = 2026-04-01 }", "when.date_from: begins on 2026-04-02 and ends on"),
        (
            "when = { date_to = 2026-03-08, seasons = ['11-20..12-24'] }",
            "when.seasons: leaves no day until 2026-03-08",
        ),
        (
            "when = { date_from = 2026-03-04, date_to = 2026-03-05, weekdays = ['sun'] }",
            "when.weekdays: leaves no day until 2026-03-05",
        ),
        ("when = { regions = ['PT:1000..1999'] }", "when.regions: lies outside BR, the country of the store"),
        ("when = { regions = ['ES-28'] }", "when.regions: lies outside BR, the country of the store"),
        (
            "regions = ['69']\nwhen = { regions = ['BR-SP'] }",
            "when.regions: shares no place with the regions beside it",
        ),
        (
            "storefronts = ['A']\nwhen = { storefronts = ['B'] }",
            "when.storefronts: shares nothing with the storefronts",
        ),
        ("when = { channels = ['netshoe'] }", "when.channels: names no channel that is installed"),
    ],
)
def test_a_rule_that_can_never_apply_is_told_and_the_store_opens(tmp_path: Path, rule: str, told: str) -> None:
    (said,) = advice(tmp_path, f'use = "markup"\npercent = 5\n{rule}\n')

    assert said.startswith(f"rules.0.{told}")


def test_a_channel_that_only_a_host_of_its_own_may_ask_by_is_not_said_to_be_impossible(tmp_path: Path) -> None:
    rule = "use = 'price'\nset = '1.00'\nwhen = { channels = ['test'] }\n"
    with open_store(write(tmp_path / "shoes", more=MORE + rule), **AROUND) as store:
        (told,) = [each.cause for each in store.advice if each.where == "rules.0.when.channels"]
        (offer,) = store.quote(request()).lines[0].offers

    assert told == "names no channel that is installed, so that only a host's own questions by the library can meet it"
    assert offer.price.minor == 100


@pytest.mark.parametrize(
    "rule",
    [
        "when = { value_from = '2.00', value_to = '2.00', line_value_from = '1.00' }",
        "when = { services = ['table:n'], delivery_types = ['normal'], carriers = ['table'] }",
        "when = { date_to = 2026-03-02 }",
        "when = { date_from = 2030-01-01, weekdays = ['sun'] }",
        "when = { date_from = 9990-01-01, date_to = 9999-12-31, weekdays = ['sun'] }",
        "when = { seasons = ['02-29..02-29'], weekdays = ['mon'] }",
        "when = { regions = ['PT:1000..1999', '69'] }",
        "regions = ['BR-SP']\nwhen = { regions = ['BR/capital'] }",
        "storefronts = ['A', 'B']\nwhen = { storefronts = ['B', 'C'] }",
        "when = { channels = ['netshoes', 'mine'] }",
        "when = { tags = ['a'], skus = ['b'], needs = 'all' }",
    ],
)
def test_a_rule_that_may_apply_is_not_told(tmp_path: Path, rule: str) -> None:
    assert advice(tmp_path, f'use = "markup"\npercent = 5\n{rule}\n') == []


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        (
            'use = "markup"\npercent = 5\nwhen = { carriers = ["table", "acme"] }',
            "when.carriers: is no carrier of this",
        ),
        ('use = "markup"\npercent = 5\nwhen = { services = ["acme:n"] }', "when.services: is no carrier of this store"),
        ('use = "markup"\npercent = 5\nwhen = { origins = [1, 7] }', "when.origins: is no origin of this store"),
        ('use = "markup"\npercent = 5\nwhen = { regions = ["01", "1000000"] }', "when.regions.1: has 7 digits"),
        ('use = "markup"\npercent = 5\nwhen = { regions = ["BR-SP/north"] }', "when.regions.0: names the part north"),
        ('use = "markup"\npercent = 5\nwhen = { regions = ["BR-DF/interior"] }', "when.regions.0: has no interior"),
        ('use = "markup"\npercent = 5\nwhen = { seasons = ["2-30..3-1"] }', "when.seasons.0: is no season"),
        ('use = "markup"\npercent = 5\nwhen = { seasons = ["02-30..03-01"] }', "when.seasons.0: names the day 02-30"),
        ('use = "markup"\npercent = 5\nwhen = { value_from = "1.005" }', "when.value_from"),
        ('use = "exclude"\nwhen = { carriers = ["table"] }', ": would exclude always"),
        ('use = "exclude"\nwhen = { services = ["n"] }', ": would exclude always"),
        ('use = "keep"\nwhich = "preferred"', ": needs carriers with which"),
        ('use = "days"\nmore = 0', "more: "),
        ('use = "subsidy"\nup_to = "0.00"', "up_to: "),
    ],
)
def test_a_condition_that_means_nothing_in_the_store_is_refused(tmp_path: Path, rule: str, refused: str) -> None:
    (said,) = problems(write(tmp_path / "shoes", more=f"[[rules]]\n{rule}\n"))

    assert said.startswith(f"rules.0{'' if refused.startswith(':') else '.'}{refused}")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ('use = "free"\nwhich = "express"', "rules.0.which: fits no active service of the store"),
        (
            'use = "free_shipping"\nthreshold = "9.00"\nwhich = "super_express"',
            "rules.0.which: fits no active service of the store",
        ),
        (
            'use = "keep"\nwhich = "preferred"\ncarriers = ["off"]',
            "rules.0.carriers: fits no active service of the store",
        ),
        ('use = "preferred"\ncarriers = ["off"]', "rules.0.carriers: fits no active service of the store"),
        ('use = "free"\nwhich = "normal"', None),
        ('use = "keep"\nwhich = "cheapest"', None),
        ('use = "keep"\nwhich = "preferred"\ncarriers = ["off", "table"]', None),
    ],
)
def test_a_rule_that_prefers_or_frees_what_the_store_does_not_offer_is_told(
    tmp_path: Path, rule: str, told: str | None
) -> None:
    off = '[carriers.off]\nuse = "table"\nid = 9\nactive = false\n'

    said = advice(tmp_path, f"{rule}\n{off}")

    assert [each.partition(", so the rule")[0] for each in said] == ([told] if told else [])


def test_every_problem_of_a_rule_is_told_at_once(tmp_path: Path) -> None:
    rule = 'use = "markup"\npercent = 5\nwhen = { carriers = ["acme"], origins = [7], regions = ["1000000"] }'

    told = problems(write(tmp_path / "shoes", more=f"[[rules]]\n{rule}\n"))

    assert {each.partition(":")[0] for each in told} == {
        "rules.0.when.carriers",
        "rules.0.when.origins",
        "rules.0.when.regions.0",
    }


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ('when = { notes = ["risk_area"] }', Verdict.SERVED),
        ('when = { delivery_types = ["normal"] }', Verdict.NOT_SERVED),
        ("when = { origins = [1] }", Verdict.NOT_SERVED),
        ("when = { weight_from = 600 }", Verdict.SERVED),
    ],
)
def test_exclude_acts_before_or_after_the_answer_as_its_conditions_need(
    tmp_path: Path, rule: str, verdict: Verdict
) -> None:
    file = write(tmp_path / "shoes", more=f'[[rules]]\nuse = "exclude"\n{rule}\n')
    around: dict[str, Any] = AROUND
    with open_store(file, **around) as store:
        assert store.quote(request()).verdict is verdict
