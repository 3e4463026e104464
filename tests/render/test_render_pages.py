"""The status report in one file and in many: the same figures, and every link arrives."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from pmo_sync.render.pages import Around, render_pages, spread
from pmo_sync.reports.index import join
from pmo_sync.reports.status import StatusReport
from pmo_sync.reports.status.pages import split, stem
from tests.render.page import Element, read
from tests.render.sample_report import HOSTILE, empty_report, status_report, unknown_report

REPORTS = {"full": status_report, "empty": empty_report, "unknown": unknown_report}


def many(report: StatusReport) -> StatusReport:
    return replace(report, pages="many")


def edition(report: StatusReport) -> dict[str, str]:
    """The pages of a status report, and the portfolio's page one beside it."""
    index = join([report])
    beside = [("Portfolio", "index.html"), ("Status", "status.html")]
    around = Around(beside, spread({"status": report, "index": index}))
    return {**render_pages("status", report, around), **render_pages("index", index, around)}


def ids(page: Element) -> list[str]:
    return [each.attributes["id"] for each in page.all() if "id" in each.attributes]


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("pages", ["one", "many"])
def test_every_link_arrives_on_every_page(name: str, pages: str) -> None:
    report = REPORTS[name]()
    written = edition(many(report) if pages == "many" else report)
    read_pages = {file: read(text) for file, text in written.items()}
    for file, page in read_pages.items():
        assert len(ids(page)) == len({*ids(page)}), file
        for link in page.all("a"):
            parts = urlsplit(link.attributes["href"])
            if not parts.scheme:
                there = read_pages[parts.path or file]
                assert not parts.fragment or parts.fragment in ids(there), (file, link.attributes)


def test_each_program_and_project_has_a_page_and_page_one_leads_to_it() -> None:
    report = many(status_report())
    written = render_pages("status", report)
    assert next(iter(written)) == "status.html"
    assert len(written) == 1 + len(report.programs) + len(report.attention) + len(report.steady)
    front = read(
        render_pages("status", report, Around((), spread({"status": report})))["status.html"]
    )
    led = {urlsplit(link.attributes["href"]).path for link in front.all("a")}
    assert {*written} - {"status.html"} <= led
    titles = {read(text).all("h1")[0].text() for text in written.values()}
    assert {report.portfolio, "Commerce", "Payments"} <= titles
    assert len(titles) == len(written)


def test_all_lists_are_somewhere_and_none_is_twice() -> None:
    report = many(status_report())
    pages = split(report)
    held = [each.id for page in (pages.front, *(p.report for p in pages.others))
            for each in page.lists]  # fmt: skip
    assert sorted(held) == sorted(each.id for each in report.lists)


NAMES = (
    *HOSTILE, "a", "A", "a ", "../../etc/passwd", "..\\..\\x", "con", "NUL", ".", "/", "a/b", "a-b",
    "a\x00b", "x" * 500, "ﬀ", "ff", "\ud800", "status", "Ä", "ä",
)  # fmt: skip


def test_files_names_are_plain_short_and_never_the_same() -> None:
    stems = [stem(kind, name) for kind in ("program", "project") for name in NAMES]
    assert len({each.casefold() for each in stems}) == len(stems)
    for each in stems:
        assert re.fullmatch(r"status-(program|project)-[a-z0-9-]{1,40}-[0-9a-f]{8}", each)


def test_the_same_name_has_the_same_file_wherever_it_stands() -> None:
    report = many(status_report())
    turned = replace(report, attention=report.attention[::-1], programs=report.programs[::-1])
    assert {*render_pages("status", report)} == {*render_pages("status", turned)}


def test_two_processes_write_the_same_bytes() -> None:
    script = (
        "import sys\n"
        "from tests.render.test_render_pages import edition, many, status_report\n"
        "import hashlib\n"
        "for file, text in edition(many(status_report())).items():\n"
        "    print(file, hashlib.sha256(text.encode()).hexdigest())\n"
    )
    outputs = {
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True,
                       env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    (output,) = outputs
    assert output.count(b"\n") == len(edition(many(status_report())))


def test_paper_says_what_it_leaves_out_of_a_list() -> None:
    page = read(render_pages("status", status_report())["status.html"])
    told = {each.attributes["id"]: each for each in page.of_class("list")}
    for each in status_report().lists:
        box = next(box for id, box in told.items() if each.title in box.all("h3")[0].text()
                   or id.startswith(f"list-{each.id}"))  # fmt: skip
        said = [p.text() for p in box.of_class("on-paper")]
        more = each.total - 3
        assert said == ([f"{more:,} more: {each.command}"] if more > 0 else [])
