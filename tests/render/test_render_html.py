"""The page: well-formed, self-contained, inert whatever the trackers say, and honest."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest

from pmo_sync.errors import PmoSyncError
from pmo_sync.render.environment import anchor
from pmo_sync.render.html import render_html
from pmo_sync.render.json import render_json
from pmo_sync.render.text import clean
from pmo_sync.reports.base import Figure
from pmo_sync.reports.status import StatusReport
from tests.render.page import Element, read
from tests.render.sample_report import (
    HOSTILE,
    HOSTILE_URLS,
    empty_report,
    status_report,
    unknown_report,
)

REPORTS: dict[str, Callable[[], StatusReport]] = {
    "full": status_report,
    "empty": empty_report,
    "unknown": unknown_report,
}


@pytest.fixture(scope="module", params=REPORTS)
def page(request: pytest.FixtureRequest) -> Element:
    return read(render_html("status", REPORTS[request.param]()))


@pytest.fixture(scope="module")
def full() -> Element:
    return read(render_html("status", status_report()))


def figures(value: object) -> Iterator[Figure]:
    """Every Figure in a view-model, wherever it is."""
    if isinstance(value, Figure):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from figures(getattr(value, each.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from figures(part)


def test_ids_are_unique_and_every_link_within_the_page_arrives(page: Element) -> None:
    ids = [e.attributes["id"] for e in page.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    inside = [a.attributes["href"] for a in page.all("a") if a.attributes["href"][0] == "#"]
    assert {href[1:] for href in inside} <= set(ids)
    labels = " ".join(e.attributes.get("aria-labelledby", "") for e in page.all()).split()
    assert set(labels) <= set(ids)


def test_is_a_document_that_assistive_technology_can_read(page: Element) -> None:
    (html,) = page.all("html")
    assert html.attributes["lang"] == "en"
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert all(th.attributes.get("scope") in ("col", "row") for th in page.all("th"))
    assert all(table.all("caption") and table.all("thead") for table in page.all("table"))
    assert page.all("a")[0].attributes["href"] == "#main"
    pictures = [s for s in page.all("svg") if s.attributes.get("aria-hidden") != "true"]
    for picture in pictures:
        assert picture.attributes["role"] == "img"
        assert picture.all("title")[0].text() and picture.all("desc")[0].text()


def test_headings_skip_no_level(page: Element) -> None:
    levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_nothing_is_loaded_from_anywhere(page: Element) -> None:
    for element in page.all():
        assert element.tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert not {"src", "srcset", "style", "action", "xlink:href"} & set(element.attributes)
        assert not [name for name in element.attributes if name.startswith("on")]
    assert all(re.match(r"#|https?://", a.attributes["href"]) for a in page.all("a"))
    (style,) = page.all("style")
    assert not re.search(r"url\(|@import|@font-face", "".join(style.pieces))


def test_content_policy_allows_these_two_blocks_only(page: Element) -> None:
    (policy,) = [
        meta.attributes["content"]
        for meta in page.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for tag in ("style", "script"):
        (block,) = page.all(tag)
        digest = hashlib.sha256("".join(block.pieces).encode()).digest()
        assert rules[f"{tag}-src"] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert rules["default-src"] == "'none'"
    assert set(rules) == {"default-src", "style-src", "script-src", "base-uri", "form-action"}


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_are_shown_as_text(full: Element, title: str) -> None:
    cells = [cell.text() for cell in full.of_class("title")]
    assert " ".join(clean(title).split()) in cells


def test_hostile_text_makes_no_element_and_no_deception(full: Element) -> None:
    page = render_html("status", status_report())
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f]", page
    )
    assert len(full.all("script")) == len(full.all("style")) == 1
    assert "{{ 7 * 7 }}" in full.text()


def test_only_web_addresses_become_links(full: Element) -> None:
    targets = {a.attributes["href"] for a in full.all("a")}
    assert not targets & set(HOSTILE_URLS)
    outside = {target for target in targets if not target.startswith("#")}
    hosts = r"https://(jira\.example\.com|github\.com)/?[\w/?=&%.-]*"
    assert outside and all(re.fullmatch(hosts, target) for target in outside)


def test_every_figure_with_a_list_opens_it_and_comes_back(full: Element) -> None:
    report = status_report()
    for name in {figure.items for figure in figures(report) if figure.items}:
        box = full.by_id(anchor(name, "list"))
        openers = [a for a in full.all("a") if a.attributes["href"] == f"#{box.attributes['id']}"]
        (back,) = box.of_class("back")
        returns = {a.attributes["href"][1:] for a in back.all("a")}
        assert returns <= {opener.attributes["id"] for opener in openers}
        assert returns


def test_the_link_of_a_figure_is_its_own_text(full: Element) -> None:
    opened = {(a.attributes["href"], a.text()) for a in full.of_class("open")}
    for figure in figures(status_report()):
        if figure.items:
            assert (f"#{anchor(figure.items, 'list')}", figure.text) in opened


def test_a_figure_whose_list_is_not_on_the_page_is_no_link() -> None:
    report = replace(status_report(), lists=())
    page = read(render_html("status", report))
    assert page.of_class("open") == []


def test_a_list_says_how_much_of_it_is_missing(full: Element) -> None:
    for each in status_report().lists:
        box = full.by_id(anchor(each.id, "list"))
        (summary,) = box.all("summary")
        assert summary.text().endswith(f"{len(each.rows)} of {each.total:,}")
        assert box.all("code")[0].text() == each.command
        assert ("Only the first" in box.text()) == (len(each.rows) < each.total)
        assert len(box.all("tr")) == (len(each.rows) + 1 if each.rows else 0)


def test_no_data_is_never_green() -> None:
    page = read(render_html("status", unknown_report()))
    main = page.by_id("main")
    assert not main.of_class("on_track")
    assert "On track" not in [badge.text() for badge in main.of_class("badge")]
    assert "3 of 3 projects have no data for a status: that is not the same as on track" in (
        main.text()
    )


def test_a_project_that_is_not_active_shows_its_lifecycle_and_no_colour(full: Element) -> None:
    (ledger,) = [box for box in full.of_class("project") if "Ledger" in box.all("h3")[0].text()]
    (badge,) = ledger.all("summary")[0].of_class("badge")
    assert (badge.text(), badge.classes) == ("On hold", {"badge", "lifecycle"})


def test_status_is_word_and_shape_and_colour(full: Element) -> None:
    shapes = {}
    for badge in full.by_id("attention").of_class("badge"):
        (picture,) = badge.all("svg")
        (mark,) = picture.all()
        shapes[badge.text()] = (mark.tag, "hollow" in mark.classes)
    assert shapes == {
        "Off track": ("rect", False),
        "At risk": ("path", False),
        "On track": ("circle", False),
        "No data": ("circle", True),
        "On hold": ("path", True),
    }


def test_reading_order() -> None:
    page = read(render_html("status", status_report()))
    main = page.by_id("main")
    titles = [heading.text().split("  ")[0] for heading in main.all("h2")]
    wanted = ["Summary", "Needs attention", "What changed", "Programs", "Projects",
              "Data quality", "Method", "Items"]  # fmt: skip
    assert [title[: len(want)] for title, want in zip(titles, wanted, strict=True)] == wanted
    rows = main.by_id("attention").all("tbody")[0].all("th")
    assert [row.all("a")[0].text()[:7] for row in rows] == ["Payment", "Mobile", "<script"]


def test_a_target_that_moved_is_told_on_page_one_with_its_project(full: Element) -> None:
    moves = [line.text() for line in full.of_class("moved")[0].all("li")]
    report = status_report()
    told = {
        f"{project.name}: {change.text}"
        for project in report.attention + report.steady
        for change in project.changes
        if change.kind == "re_dated"
    }
    assert told
    assert {clean(line) for line in told} == set(moves)


def test_moved_targets_are_a_change_even_if_nothing_else_is() -> None:
    page = read(render_html("status", replace(status_report(), changes=())))
    assert page.of_class("moved")
    assert "Nothing changed since" not in page.by_id("changes").text()


def test_no_slip_is_said_in_words() -> None:
    report = status_report()
    project = report.attention[0]
    still = replace(project, target=replace(project.target, slip=0))
    page = read(render_html("status", replace(report, attention=(still,))))
    assert "Not moved since" in page.by_id("attention").text()
    assert "0 working days" not in page.by_id("attention").text()


def test_a_phone_shows_every_column_of_the_programs_by_name(full: Element) -> None:
    cells = full.of_class("programs")[0].all("td")
    heads = [head.text() for head in full.of_class("programs")[0].all("th")][1:9]
    assert [cell.attributes["data-label"] for cell in cells[:8]] == heads


def test_a_percent_sign_stays_with_its_number(full: Element) -> None:
    names = ["".join(name.pieces) for name in full.all("dt")]
    assert not [name for name in names if " %" in name]


def test_a_program_s_columns_add_up_to_its_projects(full: Element) -> None:
    for row in full.by_id("programs").all("tbody")[0].all("tr"):
        projects, *parts = [int(cell.text()) for cell in row.all("td")[:6]]
        assert sum(parts) == projects


def test_json_has_every_figure_of_the_page(full: Element) -> None:
    report = status_report()
    document = render_json(report).decode()
    for element in full.of_class("value"):
        assert f'"text": "{element.text()}"' in document
    assert {f.text for f in figures(report)} >= {e.text() for e in full.of_class("value")}


def test_values_that_are_not_there_are_never_printed_as_none(page: Element) -> None:
    assert not re.search(r"\b(None|nan|undefined)\b", page.by_id("main").text())


def test_charts_have_their_numbers_beside_them(full: Element) -> None:
    (payments,) = [b for b in full.of_class("project") if b.all("h3")[0].text() == "Payments"]
    chart = payments.of_class("chart")[1]
    cells = [cell.text() for cell in chart.all("tbody")[0].all("tr")[2].all("th", "td")]
    assert cells == ["20 Dec 2025", "8", "10"]
    drawing = chart.all("svg")[-1]
    assert len(drawing.of_class("bar")) == 2 * 14


def test_an_empty_report_says_so() -> None:
    text = read(render_html("status", empty_report())).text()
    assert "No project is defined in the configuration" in text
    assert "No source is configured" in text
    assert "need attention" not in text.replace("Needs attention", "")


def test_same_report_same_bytes_in_every_process() -> None:
    program = (
        "import sys, hashlib; from sample_report import status_report as report\n"
        "from pmo_sync.render.html import render_html\n"
        "from pmo_sync.render.json import render_json\n"
        "data = render_html('status', report()).encode() + render_json(report())\n"
        "print(hashlib.sha256(data).hexdigest())"
    )
    here = Path(__file__).parent
    seen = set()
    for seed in ("1", "2"):
        path = os.pathsep.join([str(here), str(here.parents[1])])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, check=True
        )
        seen.add(done.stdout)
    assert len(seen) == 1


def test_a_report_without_a_template_is_named() -> None:
    with pytest.raises(PmoSyncError, match=r"report risks: no template \(known: .*status.*\)"):
        render_html("risks", status_report())
