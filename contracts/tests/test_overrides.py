"""A plugin departs from the suite openly, with a reason, or not at all."""

import pytest

from portes_testing import CarrierContract, replaces
from portes_testing.harness.carrier_under_test import CarrierUnderTest


def test_replacing_a_test_without_a_reason_does_not_import() -> None:
    with pytest.raises(TypeError, match=r"test_served_is_rated replaces a test of the suite: mark it"):

        class Silent(CarrierContract):
            def test_served_is_rated(self, under_test: CarrierUnderTest) -> None:
                del under_test


def test_replacing_a_test_with_a_reason_is_fine() -> None:
    class Open(CarrierContract):
        @replaces("this carrier rates by auction")
        def test_served_is_rated(self, under_test: CarrierUnderTest) -> None:
            del under_test

    assert Open.test_served_is_rated is not CarrierContract.test_served_is_rated


def test_a_reason_for_replacing_nothing_does_not_import() -> None:
    with pytest.raises(TypeError, match="the suite has none of that name"):

        class Confused(CarrierContract):
            @replaces("this carrier rates by auction")
            def test_served_is_ratted(self) -> None: ...


def test_a_reason_must_say_something() -> None:
    with pytest.raises(TypeError, match="say why"):
        replaces(" ")


def test_tests_of_ones_own_are_welcome() -> None:
    class More(CarrierContract):
        def test_a_thing_of_our_own(self) -> None: ...

    assert More.exempt == {}


def test_an_exemption_from_a_test_that_is_not_there_does_not_import() -> None:
    with pytest.raises(TypeError, match="the suite has no such test"):

        class Obsolete(CarrierContract):
            exempt = {"test_it_can_fly": "it cannot"}  # noqa: RUF012 — as plugins write it


def test_an_exemption_without_a_reason_does_not_import() -> None:
    with pytest.raises(TypeError, match="is exempt without a reason"):

        class Lazy(CarrierContract):
            exempt = {"test_served_is_rated": ""}  # noqa: RUF012 — as plugins write it


def test_one_parameter_of_a_test_can_be_exempt() -> None:
    class Partly(CarrierContract):
        exempt = {"test_a_fault_is_told_as_what_it_is[served-1-POST-token-redirect]": "it redirects"}  # noqa: RUF012 — as plugins write it

    assert len(Partly.exempt) == 1
