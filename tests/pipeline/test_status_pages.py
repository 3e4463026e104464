"""Many pages of the demo's status report: where they are written, and where they are published."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pmo_sync.config import Config
from pmo_sync.config.load import load
from pmo_sync.demo.world import UNTIL
from pmo_sync.pipeline import publishing, reporting
from pmo_sync.pipeline.publishing import Published
from tests.render.page import read

NOW = datetime(2026, 6, 30, 19, tzinfo=UTC)
FILTER = "type = Bug and project is not empty"
MORE = f"""
[[milestones]]
name = "Launch <b> / ../x"
program = "Customer"
target = 2026-09-30
gather = [{{ milestone = "3.0" }}, {{ where = "{FILTER}" }}]

[[publish]]
type = "folder"
path = "public"
"""


def configured(folder: Path, pages: str) -> Config:
    path = folder / "pmo-sync.toml"
    text = path.read_text(encoding="utf-8").replace('pages = "one"', f'pages = "{pages}"')
    text = text.replace('pages = "many"', f'pages = "{pages}"')
    path.write_text(text if MORE in text else text + MORE, encoding="utf-8")
    return load(path)


def published(config: Config, folder: Path) -> Published:
    written = reporting.reports(
        config, ["index", "status", "risk"], UNTIL, ["html", "json"], folder
    )
    (found,) = publishing.publish(config, written, UNTIL, now=NOW)
    return found


def broken(folder: Path) -> list[tuple[str, str]]:
    """The links of all pages below a folder that lead to no file, or to no part of it."""
    pages = {path: read(path.read_text(encoding="utf-8")) for path in folder.rglob("*.html")}
    ids = {path: {e.attributes.get("id") for e in page.all()} for path, page in pages.items()}
    found = []
    for path, page in pages.items():
        for link in page.all("a"):
            parts = urlsplit(link.attributes["href"])
            if parts.scheme:
                continue
            there = path.parent / unquote(parts.path) if parts.path else path
            if there not in ids or (parts.fragment and parts.fragment not in ids[there]):
                found.append((path.name, link.attributes["href"]))
    return found


def test_many_pages_are_published_whole_and_given_up_whole(demo_copy: Path) -> None:
    reports, public = demo_copy / "more", demo_copy / "public"
    config = configured(demo_copy, "many")

    assert published(config, reports).outcome == "published"
    day = UNTIL.isoformat()
    pages = sorted(path.name for path in (reports / day).glob("status-*.html"))
    assert len(pages) == len(config.programs) + len(config.projects)
    for folder in (reports / day, public / day, public / "latest"):
        assert {*pages} <= {path.name for path in folder.iterdir()}
        assert broken(folder) == []
    listed = (public / "index.html").read_text(encoding="utf-8")
    assert f'href="{day}/status.html"' in listed
    assert "status-project" not in listed
    assert published(config, reports).outcome == "unchanged"

    assert published(configured(demo_copy, "one"), reports).outcome == "published"
    assert [path.name for path in (public / "latest").glob("status-*.html")] == []
    assert broken(public / day) == []


def test_many_pages_say_what_one_page_says(demo_copy: Path, tmp_path: Path) -> None:
    """Every figure of a list in the one file opens a list in the many; the JSON is the same."""
    one, many = (
        reporting.report(
            configured(demo_copy, pages), "status", UNTIL, ["html", "json"], tmp_path / pages
        )
        for pages in ("one", "many")
    )
    whole = read(one.contents[0].decode())
    parts = [read(text.decode()) for text in many.contents[:-1]]
    lists = [each.attributes["id"] for part in parts for each in part.of_class("list")]
    assert sorted(lists) == sorted(each.attributes["id"] for each in whole.of_class("list"))
    assert one.contents[-1] == many.contents[-1].replace(b'"pages": "many"', b'"pages": "one"')
