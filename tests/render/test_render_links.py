"""Figures lead to lists, and lists back."""

from __future__ import annotations

from pmo_sync.render.links import Links, Opener


def test_a_list_leads_back_to_its_first_figure_in_each_part() -> None:
    links = Links(["open", "done"])
    opened = [links.open("open", where) for where in ("Summary", "Summary", "Payments")]
    assert len(set(opened)) == 3
    assert links.back("open") == [Opener(opened[0], "Summary"), Opener(opened[2], "Payments")]
    assert links.back("done") == []


def test_only_lists_of_the_page_can_be_led_to() -> None:
    links = Links(["open"])
    assert [links.leads(name) for name in ("open", "elsewhere", None)] == [True, False, False]
