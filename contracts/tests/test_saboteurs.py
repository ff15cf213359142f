"""The suite itself under test: each saboteur is caught by the check meant for it, and by no check without cause."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from checking import broken, case_of, checks
from gallery.case import make_case

GALLERY = Path(__file__).parent / "gallery" / "saboteurs"
QUOTES = "a_fault_is_told_as_what_it_is /v2/quotes"
TOKEN = "a_fault_is_told_as_what_it_is /v2/token"
STRUCK = "an_own_fault_is_a_failure"
COVERED = "an_own_fault_leads_to_the_fallback"
FORGOTTEN = "an_own_fault_is_not_remembered"
NAMED = "a_diagnosis_names_an_own_fault"
OWN = [own.name for own in make_case().known_own_faults]


@dataclass(frozen=True)
class Sabotage:
    check: str
    """The check meant for it."""
    words: str
    """What it says."""
    also: tuple[str, ...] = ()
    """Checks that the same sabotage breaks as well, and must."""
    faults: bool = False
    """Whether it shows in a fault, so that these are done to it as well."""


WORDING = ("a_recording_replays_to_its_end", "a_scenario_ends_as_declared")

NAMED_ONLY = "only_what_is_named_is_answered"
UNASKED = "nobody_is_asked_about_what_is_not_named"

UNSELLABLE = (  # the engine's guard makes a failure of a rate that nobody can sell by
    *WORDING,
    "a_rejected_token_is_dropped",
    "a_token_is_fetched_once_for_many_threads",
    "a_token_is_renewed_when_it_ends",
    "served_is_rated",
    "several_parcels_are_priced_together",
    *(f"{FORGOTTEN} {own}" for own in OWN),
)

SABOTAGES = {
    # answers
    "float_price": Sabotage("money_days_and_units_are_sane", "type float", UNSELLABLE),
    "negative_price": Sabotage("money_days_and_units_are_sane", "a cost of -", UNSELLABLE),
    "wrong_currency": Sabotage(
        "money_days_and_units_are_sane",
        "an amount in USD",
        UNSELLABLE,
    ),
    "calendar_of_nowhere": Sabotage("money_days_and_units_are_sane", "no calendar", UNSELLABLE),
    "loses_a_service": Sabotage(
        "every_active_service_is_accounted_for",
        "nothing about STD",
        (*WORDING, "unserved_is_refused", "too_heavy_is_refused"),
    ),
    "doubles_a_service": Sabotage(
        "every_active_service_is_accounted_for",
        "STD 2 times",
        (*WORDING, "unserved_is_refused", "too_heavy_is_refused"),
    ),
    "answers_for_inactive_services": Sabotage("an_inactive_service_is_absent", "STD, which is not active"),
    "answers_all_services": Sabotage(NAMED_ONLY, "EXP, which it does not name", (UNASKED,)),
    "answers_the_first_named": Sabotage(NAMED_ONLY, "served-0 STD+EXP: EXP is nothing where it is named"),
    "prices_named_services_as_others": Sabotage(NAMED_ONLY, "where it is named", (UNASKED,)),
    "asks_about_all_services": Sabotage(UNASKED, "POST /v2/quotes for STD"),
    "answers_out_of_order": Sabotage("answers_keep_the_order_of_the_shipments", "asked about served-0"),
    "batch_too_large": Sabotage("a_full_batch_is_answered_as_each_alone", "among others"),
    "mutates_the_shipment": Sabotage("shipments_are_left_as_they_were", "the shipment was", WORDING[:1]),
    "moody_prices": Sabotage(
        "the_same_question_gets_the_same_answer",
        "asked twice",
        (
            "a_full_batch_is_answered_as_each_alone",
            "equal_parcels_cost_the_same_however_they_are_listed",
            "many_threads_get_the_answers_of_one",
            NAMED_ONLY,
            "the_dispatch_date_matters_only_to_a_dated_carrier",
        ),
    ),
    "secretly_dated": Sabotage("the_dispatch_date_matters_only_to_a_dated_carrier", "declare the ability `dated`"),
    "forgets_the_count": Sabotage("equal_parcels_cost_the_same_however_they_are_listed", "two equal parcels"),
    "prices_the_first_parcel": Sabotage("several_parcels_are_priced_together", "the first alone", WORDING[:1]),
    "treats_not_served_as_failure": Sabotage("unserved_is_refused", "not_served expected, unreachable came", WORDING),
    "leaks_an_exception": Sabotage(
        "unserved_is_refused",
        "KeyError escaped from quote()",
        (
            *WORDING,
            "a_full_batch_is_answered_as_each_alone",
            "answers_keep_the_order_of_the_shipments",
            "every_active_service_is_accounted_for",
            "instant_is_what_it_says",
            "it_opens_no_connection_of_its_own",
            "it_reads_no_clock_of_its_own",
            "it_reads_no_environment",
            "it_starts_no_thread_of_its_own",
            "many_threads_get_the_answers_of_one",
            "money_days_and_units_are_sane",
            "no_secret_leaves",
            NAMED_ONLY,
            "shipments_are_left_as_they_were",
            "the_sandbox_answers_as_it_was_recorded",
            "too_heavy_is_refused",
        ),
    ),
    # settings and abilities
    "undescribed_setting": Sabotage("every_setting_is_described", "MysteriousSettings.mode"),
    "loose_settings": Sabotage("settings_are_strict", "takes a misspelled key in silence"),
    "secret_as_plain_text": Sabotage("secrets_are_discreet", "PlainSettings.password"),
    "secret_in_the_repr": Sabotage("secrets_are_discreet", "password", ("no_secret_leaves",)),
    "changes_its_abilities": Sabotage("abilities_are_stable", "after one quote"),
    "falsely_instant": Sabotage("instant_is_what_it_says", "does without tools.gather", ("the_deadline_is_kept",)),
    # time
    "sleeps_past_the_deadline": Sabotage("the_deadline_is_kept", "with a timeout of 0.4 s it gave a call 1.6 s"),
    "asks_when_time_is_up": Sabotage("a_passed_deadline_costs_nothing", "no time was left, and it sent"),
    # purity
    "own_session": Sabotage("it_opens_no_connection_of_its_own", "uses requests.Session"),
    "reads_the_clock": Sabotage("it_reads_no_clock_of_its_own", "uses datetime.datetime.now"),
    "hides_its_clock": Sabotage("it_reads_no_clock_of_its_own", "calls time.monotonic"),
    "sleeps_between_calls": Sabotage("it_reads_no_clock_of_its_own", "uses time.sleep"),
    "reads_the_environment": Sabotage("it_reads_no_environment", "uses os.environ"),
    "starts_threads": Sabotage("it_starts_no_thread_of_its_own", "uses threading.Thread"),
    "thread_unsafe": Sabotage("many_threads_get_the_answers_of_one", "mixes its answers up"),
    # tokens and secrets
    "token_per_call": Sabotage(
        "a_token_is_fetched_once_for_many_threads", "fetched 20 tokens", ("a_rejected_token_is_dropped",)
    ),
    "token_for_ever": Sabotage("a_token_is_renewed_when_it_ends", "more calls were sent than before, in vain"),
    "keeps_a_rejected_token": Sabotage("a_rejected_token_is_dropped", "0 new ones were fetched"),
    "secret_in_the_log": Sabotage("no_secret_leaves", "a token or a credential"),
    "secret_in_an_error": Sabotage("no_secret_leaves", "password", ("a_diagnosis_can_be_read",)),
    # beside quotes
    "crashes_when_it_warms_up": Sabotage("warming_up_changes_no_answer", "RuntimeError escaped from warm()"),
    "diagnoses_nothing": Sabotage(
        "a_diagnosis_can_be_read", "it finds nothing wrong", tuple(f"{NAMED} {own}" for own in OWN)
    ),
    "breaks_off_its_diagnosis": Sabotage(
        "a_diagnosis_can_be_read",
        "UnreachableError escaped from diagnose() after login",
        tuple(f"{NAMED} {own}" for own in OWN),
    ),
    # our own faults
    "blames_the_lane": Sabotage(
        f"{STRUCK} origin_unknown",
        "border, STD: not_served came in place of a failure",
        (
            f"{STRUCK} no_contract",
            f"{COVERED} origin_unknown",
            f"{COVERED} no_contract",
            f"{FORGOTTEN} no_contract",
        ),
    ),
    "bears_a_grudge": Sabotage(f"{FORGOTTEN} no_contract", "served, EXP: rejected_request"),
    "diagnoses_the_login_alone": Sabotage(
        f"{NAMED} origin_unknown",
        "what the doctor finds is nothing",
        (f"{NAMED} no_contract", f"{NAMED} malformed"),
    ),
    # recordings and faults
    "changes_its_question": Sabotage(
        "a_recording_replays_to_its_end", "never recorded like this", ("the_sandbox_answers_as_it_was_recorded",)
    ),
    "asks_less_than_recorded": Sabotage(
        "a_recording_replays_to_its_end", "no longer asked", ("the_sandbox_answers_as_it_was_recorded",)
    ),
    "retries_for_ever": Sabotage(
        f"{QUOTES} server_error", "was asked 30 times, recorded 1", (f"{QUOTES} bad_gateway",), faults=True
    ),
    "treats_a_500_as_not_served": Sabotage(
        f"{QUOTES} server_error",
        "not_served came, unreachable is right",
        tuple(
            f"{call} {fault}"
            for call in (QUOTES, TOKEN)
            for fault in ("refused", "reset", "server_error", "bad_gateway", "redirect")
        ),
        faults=True,
    ),
    "matches_by_position": Sabotage(
        f"{QUOTES} missing_entry", "rate came, garbled is right", (f"{QUOTES} foreign_service",), faults=True
    ),
    "takes_a_stranger_for_a_no": Sabotage(
        f"{QUOTES} foreign_service",
        "service_unavailable came, garbled is right",
        (f"{QUOTES} missing_entry",),
        faults=True,
    ),
    "forgets_to_wait": Sabotage(f"{QUOTES} throttled", "in 7 s", (f"{TOKEN} throttled",), faults=True),
    "follows_redirects": Sabotage(f"{QUOTES} redirect", "it followed a redirect", faults=True),
}


EACH = pytest.mark.parametrize("saboteur", SABOTAGES)


@EACH
def test_a_saboteur_is_caught_by_the_check_meant_for_it(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]

    found = broken(lambda: case_of(saboteur), [sabotage.check])

    assert sabotage.words in found.get(sabotage.check, f"{sabotage.check} is not broken")


@pytest.mark.exhaustive
@EACH
def test_a_saboteur_breaks_no_other_check_without_cause(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]

    found = broken(lambda: case_of(saboteur), checks(faults=sabotage.faults))

    assert {sabotage.check, *sabotage.also} == set(found)


@pytest.mark.exhaustive
def test_the_sound_carrier_breaks_nothing() -> None:
    assert broken(make_case, checks(faults=True)) == {}


def test_every_saboteur_of_the_gallery_is_tried() -> None:
    assert {path.stem for path in GALLERY.glob("*.py")} == set(SABOTAGES)
