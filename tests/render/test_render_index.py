"""The page that joins reports, and the one that lists editions: links lead, text is harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pmo_sync.render.html import Around, render_editions, render_html
from pmo_sync.reports.base import Concern, Decision, Figure, Reason, Summary
from pmo_sync.reports.editions import Listed
from pmo_sync.reports.index import IndexReport, join
from pmo_sync.reports.status import StatusReport
from pmo_sync.reports.status.summary import concern, decisions
from tests.render.page import Element, read
from tests.render.sample_report import HOSTILE, empty_report, status_report

BESIDE = [("Portfolio", "index.html"), ("Status", "status.html")]


def status() -> StatusReport:
    """The sample, with the summary that a built report would have."""
    made = status_report()
    projects = (*made.attention, *made.steady)
    summary = Summary(
        title="Status",
        headline=made.headline,
        figures=made.totals,
        exceptions=tuple(concern(project) for project in made.attention),
        steady=tuple(concern(project) for project in made.steady),
        decisions=tuple(decisions(projects)),
        changes=made.changes,
    )
    return replace(made, summary=summary)


def page(report: IndexReport) -> Element:
    return read(render_html("index", report, Around(BESIDE)))


def links(element: Element) -> list[str]:
    return [each.attributes["href"] for each in element.all("a")]


def test_every_link_leads_to_this_page_or_to_a_place_that_the_other_has() -> None:
    built = status()
    other = {
        e.attributes.get("id") for e in read(render_html("status", built, Around(BESIDE))).all()
    }
    index = page(join([built]))
    own = {each.attributes.get("id") for each in index.all()}
    for link in links(index):
        place, _, anchor = link.partition("#")
        assert place in ("", "status.html"), link
        assert not anchor or anchor in (other if place else own), link
    assert sum(link.startswith("status.html#") for link in links(index)) > 10


def test_the_pages_of_an_edition_lead_to_each_other() -> None:
    (nav,) = read(render_html("status", status(), Around(BESIDE))).of_class("edition")
    assert links(nav) == ["index.html"]
    assert nav.text() == "Portfolio Status"
    assert not read(render_html("status", status())).of_class("edition")


def test_page_one_is_in_the_order_of_reading() -> None:
    titles = [each.text() for each in page(join([status()])).all("h2")]
    told = [title.split(" since")[0].rstrip("0123456789 ") for title in titles]
    assert told == [
        "Summary", "Decisions needed", "Needs attention", "What changed", "The reports",
        "Not computed yet",
    ]  # fmt: skip


def test_what_is_in_order_collapses_and_is_counted_in_words() -> None:
    index = page(join([status()]))
    (folded,) = index.of_class("list")
    assert "open" not in folded.attributes
    (summary,) = folded.all("summary")
    assert summary.text() == "3 more 1 on track, 1 no data, 1 not active"


def test_a_risk_is_not_called_as_a_project_is() -> None:
    risk = Concern("Fire", "off_track", (Reason("r", "off_track", "no owner"),), word="High")
    told = Summary("Risk", "One risk.", (), (risk,))
    (section,) = [e for e in page(join([replace(status(), summary=told)])).all("section")
                  if e.attributes.get("id") == "attention"]  # fmt: skip
    assert "High" in section.text()
    assert "Off track" not in section.text()


def test_a_share_says_of_how_many_it_is_as_in_its_own_report() -> None:
    shares = (("Estimated", Figure(0.32, "32 %", of=604)), ("Held", Figure(3, "3 of 4", of=4)))
    told = page(join([replace(status(), summary=Summary("Resources", "Two.", shares, ()))]))
    assert [each.text() for each in told.of_class("figures")[-1].all("dd")] == [
        "32 % of 604",
        "3 of 4",
    ]


def test_a_percentage_never_breaks_before_its_sign() -> None:
    why = Reason("r", "off_track", "done with odds of 5 %")
    one = Concern("Fire", "off_track", (why,), (("Next 4 weeks", "158 % (254 of 160 h)"),))
    asked = Decision("Fire", "Cut", "85 % are reached late", "Ada", "", "project")
    shares = (("At 85 %", Figure(0.5, "50 %", note="of 80 %")),)
    told = Summary("Status", "Odds of 85 %.", shares, (one,), (), (asked,))
    (main,) = page(join([replace(status(), summary=told)])).all("main")
    assert " %" not in "".join(main.pieces)


def test_a_failed_source_stands_before_everything_else() -> None:
    index = page(join([status()]))
    first = index.of_class("caution")[0]
    assert first.text().startswith("GitHub The last sync failed: 502")
    (main,) = index.all("main")
    assert first not in main.all()


def test_nothing_to_tell_is_said_and_not_left_empty() -> None:
    bare = replace(empty_report(), summary=Summary("Status", "Nothing yet.", (), ()))
    index = page(join([bare]))
    assert [each.text() for each in index.of_class("empty")] == [
        "No rule of these reports asks for a decision.",
        "These reports assessed nothing: no project is defined in the configuration.",
        "Nothing changed since 7 Mar 2026.",
    ]


def test_more_exceptions_than_are_shown_are_said_to_be_more() -> None:
    many = tuple(Concern(f"Item {n}", "at_risk") for n in range(30))
    built = replace(status(), summary=Summary("Risk", "Many.", (), many))
    text = page(join([built])).text()
    assert "Only the first 25 of 30 are here; all of them are in the report." in text
    assert "Item 24" in text
    assert "Item 25" not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_trackers_and_people_does_no_harm(text: str) -> None:
    one = Concern(text, "off_track", facts=((text, text),), id=text, kind="project")
    asked = Decision(text, text, text, text, text, "project")
    built = replace(status(), summary=Summary(text, text, (), (one,), (one,), (asked,)))
    report = replace(join([built]), portfolio=text)
    element = read(
        render_html("index", report, Around([(text, "index.html"), ("Status", "status.html")]))
    )
    assert len(element.all("script")) == 1
    assert not element.all("img")
    listing = read(render_editions(text, [Listed(date(2026, 3, 1), text, ((text, "a"),))]).decode())
    assert len(listing.all("script")) == 1
    assert not listing.all("img")


def test_the_list_of_editions_leads_to_each_editions_pages() -> None:
    editions = [
        Listed(date(2026, 3, 8), "1 of 2 is late.", (("Portfolio", "2026-03-08/index.html"),
                                                      ("Status", "2026-03-08/status.html"))),
        Listed(date(2026, 3, 1), "", ()),
    ]  # fmt: skip
    listing = read(render_editions("Ours", editions).decode())
    rows = listing.all("tbody")[0].all("tr")
    assert [[cell.text() for cell in row.all("th", "td")] for row in rows] == [
        ["8 Mar 2026", "1 of 2 is late.", "Portfolio, Status"], ["1 Mar 2026", "–", ""],
    ]  # fmt: skip
    assert links(listing) == [
        "2026-03-08/index.html", "2026-03-08/index.html", "2026-03-08/status.html",
    ]  # fmt: skip
