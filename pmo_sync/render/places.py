"""Where the parts of a report are: on the page that is written, or on another one beside it."""

from __future__ import annotations

from collections.abc import Mapping

from pmo_sync.render.environment import anchor
from pmo_sync.reports.status.page import StatusReport
from pmo_sync.reports.status.pages import anchors

Addresses = Mapping[str, str]
"""Anchor -> the file that it is in, of what is not on its report's first page."""


class Places:
    """Leads from one page of a report to the parts of that report."""

    def __init__(self, own: str, front: str, addresses: Addresses) -> None:
        """Take the file that is written, the report's first page, and what is on other ones."""
        self._own, self._front, self._addresses = own, front, addresses

    def to(self, anchor: str) -> str:
        """Return the address of a part; it has no name of a file where it is on this page."""
        file = self._addresses.get(anchor, self._front)
        return f"#{anchor}" if file == self._own else f"{file}#{anchor}"


def addresses(report: object) -> Addresses:
    """Return where the parts of a report are that has several pages; nothing where it is one."""
    if not isinstance(report, StatusReport) or report.pages == "one":
        return {}
    return {anchor(id, kind): f"{stem}.html" for stem, kind, id in anchors(report)}


def spread(reports: Mapping[str, object]) -> Mapping[str, Addresses]:
    """Return the addresses of each report by its name."""
    return {name: addresses(report) for name, report in reports.items()}
