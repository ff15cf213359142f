"""The operator changes things under way, rightly and wrongly, while questions arrive."""

import time

import pytest
from proxy import Fault
from scene import TABLE, Scene, fallback_table
from stage import browser, wait_until


def refused(scene: Scene) -> bool:
    """Whether the metrics say that the shop's files make no store."""
    with browser() as web:
        return 'portes_store_refused{store="shop"} 1.0' in web.get(f"{scene.service.admin}/metrics").text


@pytest.mark.exhaustive
def test_a_new_key_in_its_file_ends_the_rejection_of_the_old_one(scene: Scene) -> None:
    with scene.story() as story:
        story.fault_at = time.monotonic()
        scene.faraway.key = "second key"
        story.traffic.go_on(1)
        (scene.folder / "key").write_text("second key")

    story.went_dark()
    assert "rejected_credentials" in story.kinds()


@pytest.mark.exhaustive
def test_a_tariff_swapped_while_it_is_the_fallback_is_the_old_or_the_new_one(scene: Scene) -> None:
    with scene.story() as story:
        story.fault_at = time.monotonic()
        story.fallbacks.add(7000)
        scene.proxy.fault = Fault.RESET
        story.traffic.go_on(0.5)
        (scene.folder / "table.csv").write_text(fallback_table("70.00"))
        story.traffic.until(lambda asked: asked.store == "bare" or not asked.served or asked.prices == [7000])
        (scene.folder / "table.csv").write_text(fallback_table())
        story.traffic.until(lambda asked: asked.store == "bare" or not asked.served or asked.prices == [9000])
        scene.proxy.fault = Fault.NONE

    story.went_dark()


@pytest.mark.parametrize(
    ("file", "broken"),
    [
        pytest.param("shop.toml", "[store\n", id="settings"),
        pytest.param(
            "table.csv", f"{TABLE}n,00000000,89999999,0,30000,ninety,5,7\n", id="tariff", marks=pytest.mark.exhaustive
        ),
        pytest.param("key", "", id="secret", marks=pytest.mark.exhaustive),
    ],
)
def test_a_file_broken_and_then_mended_changes_no_answer(scene: Scene, file: str, broken: str) -> None:
    sound = (scene.folder / file).read_text()
    with scene.story() as story:
        story.fault_at = time.monotonic()
        (scene.folder / file).write_text(broken)
        try:
            wait_until(lambda: refused(scene))
        finally:
            (scene.folder / file).write_text(sound)
        wait_until(lambda: not refused(scene))

    assert story.answered == {200}
