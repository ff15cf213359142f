"""The carrier breaks in every way it can, while questions arrive: no wrong price, no false refusal, none late.

What is promised in every test is held in `Story.check`; the tests say what happens, and what shows that it did.
"""

import time
from collections.abc import Callable

import pytest
import trustme
from proxy import Fault
from scene import Scene
from story import LIVE

Switch = Callable[[], object]


def wire(scene: Scene, fault: Fault) -> tuple[Switch, Switch]:
    """Begin and end a fault between here and the carrier."""

    def end() -> None:
        scene.proxy.fault = Fault.NONE
        scene.proxy.cut()  # calls that hang would go on doing so until the carrier's timeout

    return lambda: setattr(scene.proxy, "fault", fault), end


def carrier(scene: Scene, **told: object) -> tuple[Switch, Switch]:
    """Make the carrier another one, and what it was."""
    before = {name: getattr(scene.faraway, name) for name in told}
    return lambda: vars(scene.faraway).update(told), lambda: vars(scene.faraway).update(before)


@pytest.mark.parametrize(
    ("fault", "kinds"),
    [
        pytest.param(Fault.HANG, {"late"}, id="hang"),
        pytest.param(Fault.DRIP, {"late"}, id="drip", marks=pytest.mark.exhaustive),
        pytest.param(Fault.RESET, {"unreachable", "garbled"}, id="reset", marks=pytest.mark.exhaustive),
        pytest.param(Fault.NOISE, {"unreachable"}, id="broken encryption", marks=pytest.mark.exhaustive),
    ],
)
def test_what_breaks_on_the_wire_costs_neither_the_deadline_nor_the_sale(
    scene: Scene, fault: Fault, kinds: set[str]
) -> None:
    story = scene.through(*wire(scene, fault))

    story.went_dark()
    assert story.kinds() & kinds


@pytest.mark.exhaustive
def test_a_certificate_of_nobody_we_trust_is_a_carrier_that_cannot_be_reached(scene: Scene) -> None:
    def certified_by(authority: trustme.CA) -> Switch:
        def certify() -> None:
            scene.faraway.certify(authority)
            scene.proxy.cut()

        return certify

    story = scene.through(certified_by(trustme.CA()), certified_by(scene.authority))

    story.went_dark()
    assert "unreachable" in story.kinds()


@pytest.mark.exhaustive
def test_a_name_that_no_longer_resolves_is_a_carrier_that_cannot_be_reached(scene: Scene) -> None:
    gone = scene.ropes / "no-names"

    def forget() -> None:
        gone.touch()
        scene.proxy.cut()

    story = scene.through(forget, gone.unlink)

    story.went_dark()
    assert "unreachable" in story.kinds()


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("status", "kind"), [pytest.param(500, "unreachable", id="500"), pytest.param(429, "throttled", id="429")]
)
def test_a_storm_of_errors_is_weathered(scene: Scene, status: int, kind: str) -> None:
    story = scene.through(*carrier(scene, status=status))

    story.went_dark()
    assert kind in story.kinds()


@pytest.mark.exhaustive
def test_a_key_that_is_no_longer_known_is_probed_until_it_is_again(scene: Scene) -> None:
    story = scene.through(*carrier(scene, key="another key"))

    story.went_dark()
    assert "rejected_credentials" in story.kinds()


@pytest.mark.exhaustive
def test_a_carrier_that_changes_its_prices_is_quoted_at_the_old_or_the_new_ones(scene: Scene) -> None:
    with scene.story() as story:
        story.fault_at = time.monotonic()
        scene.faraway.base = story.base = 2000
        story.bases.add(2000)
        story.traffic.until(story.is_calm)
        scene.faraway.base = story.base = LIVE

    assert story.answered == {200}
