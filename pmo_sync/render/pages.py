"""A report as its pages: most are one, the status report may be many."""

from __future__ import annotations

from collections.abc import Mapping

from pmo_sync.render.html import Around, render_html, render_part
from pmo_sync.render.places import spread
from pmo_sync.reports.status.page import StatusReport
from pmo_sync.reports.status.pages import split

__all__ = ["Around", "render_pages", "spread"]


def render_pages(name: str, report: object, around: Around | None = None) -> Mapping[str, str]:
    """Write a report: file -> page, the one that all others are reached from first."""
    around = around or Around()
    front = f"{name}.html"
    if not isinstance(report, StatusReport) or report.pages == "one":
        return {front: render_html(name, report, around)}
    pages = split(report)
    held = [each.id for each in report.lists]
    written = {front: render_part(name, pages.front, front, around, held)}
    for page in pages.others:
        file = f"{page.stem}.html"
        written[file] = render_part(name, page.report, file, around, held, page)
    return written
