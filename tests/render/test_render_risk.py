"""The risk page: well-formed, inert whatever the trackers say, and to be read without colour."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from pmo_sync.render.html import render_html
from pmo_sync.reports.risk import build
from tests.render.page import Element, read
from tests.render.sample_report import HOSTILE, HOSTILE_URLS
from tests.reports.risk_world import CONFIG, DAY, risk_world


@cache
def page(texts: tuple[str, ...] = (), urls: tuple[str, ...] = ()) -> Element:
    report = build(risk_world(texts, urls).tables("pandas"), CONFIG, DAY)
    return read(render_html("risk", report))


def test_ids_are_unique_and_every_link_within_the_page_arrives() -> None:
    ids = [e.attributes["id"] for e in page().all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    inside = [a.attributes["href"] for a in page().all("a") if a.attributes["href"][0] == "#"]
    assert {href[1:] for href in inside} <= set(ids)


def test_it_can_be_read_by_assistive_technology() -> None:
    scopes = ("col", "row", "colgroup")
    assert all(th.attributes.get("scope") in scopes for th in page().all("th"))
    assert all(table.all("caption") and table.all("thead") for table in page().all("table"))
    levels = [int(heading.tag[1]) for heading in page().all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))


def test_every_cell_of_the_matrix_says_its_level_without_colour() -> None:
    (matrix,) = page().of_class("matrix")
    cells = [td for td in matrix.all("td") if td.classes]
    assert len(cells) == 25
    words = {"high": "High", "medium": "Medium", "low": "Low"}
    for cell in cells:
        (level,) = cell.classes
        assert cell.text().endswith(words[level])
        assert cell.all("svg")


def test_every_count_of_the_matrix_opens_its_list() -> None:
    (matrix,) = page().of_class("matrix")
    opened = {a.attributes["href"][1:] for a in matrix.all("a")}
    assert len(opened) == 3
    assert all(page().by_id(id).tag == "details" for id in opened)


def test_tracker_text_stays_text() -> None:
    hostile = page(HOSTILE)
    shape = [(e.tag, sorted(e.attributes)) for e in hostile.all("script", "style", "img", "form")]
    assert shape == [(e.tag, sorted(e.attributes)) for e in page().all("script", "style")]
    assert not [name for e in hostile.all() for name in e.attributes if name.startswith("on")]
    assert HOSTILE[0] in hostile.by_id("dependencies").text()


def test_an_address_that_is_none_is_no_link() -> None:
    for link in page((), HOSTILE_URLS).all("a"):
        target = link.attributes["href"]
        assert re.match(r"#|https?://", target) and "secret" not in target
