"""A report as one self-contained HTML page: nothing is fetched, nothing but our script runs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import TemplateNotFound
from markupsafe import Markup

from pmo_sync import __version__
from pmo_sync.errors import PmoSyncError
from pmo_sync.render.charts import plot, stack
from pmo_sync.render.environment import environment, template_folder
from pmo_sync.render.items import item_rows
from pmo_sync.render.links import Links
from pmo_sync.render.marks import chart_marks, chart_rows
from pmo_sync.render.places import Addresses, Places
from pmo_sync.render.trend import trend_plot
from pmo_sync.reports.base import LEVEL_WORDS
from pmo_sync.reports.editions import Listed

SUFFIX = ".html.j2"


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around a page: ``beside`` are the reports of its edition, each as (title, relative
    address), itself among them; ``spread`` says of each by name what is on other pages of it."""

    beside: Sequence[tuple[str, str]] = ()
    spread: Mapping[str, Addresses] = field(default_factory=dict)


def render_html(name: str, report: object, around: Around | None = None) -> str:
    """Write ``report`` by the template of its ``name``; equal reports give equal pages."""
    lists = [each.id for each in getattr(report, "lists", ())]
    return render_part(name, report, f"{name}.html", around or Around(), lists)


def render_part(
    name: str,
    report: object,
    file: str,
    around: Around,
    lists: Sequence[str],
    part: object | None = None,
) -> str:
    """Write one page of a report into ``file``: the ``part`` of it, or what no part holds.
    ``lists`` are the ids of all lists that the report's pages have."""
    try:
        template = environment().get_template(name + SUFFIX)
    except TemplateNotFound as error:
        raise PmoSyncError(f"report {name}: no template (known: {', '.join(_known())})") from error
    page = template.render(
        report=report,
        part=part,
        own=file,
        beside=around.beside,
        spread=around.spread,
        places=Places(file, f"{name}.html", around.spread.get(name, {})),
        links=Links(lists),
        item_rows=item_rows,
        plot=plot,
        chart_marks=chart_marks,
        chart_rows=chart_rows,
        stack=stack,
        trend_plot=trend_plot,
        **_around(),
    )
    return page.lstrip()


def render_editions(portfolio: str, editions: Sequence[Listed]) -> bytes:
    """Write the page that lists a published portfolio's editions, in the order given."""
    template = environment().get_template("_editions" + SUFFIX)
    page = template.render(portfolio=portfolio, editions=editions, links=Links(()), **_around())
    return page.lstrip().encode()


def _around() -> dict[str, object]:
    """Return what every page is given: style, script, and what the browser shall allow."""
    style, script = _asset("style.css"), _asset("script.js")
    return {
        "csp": content_policy(style, script),
        "style": Markup(style),  # noqa: S704 - our own file, no tracker text
        "script": Markup(script),  # noqa: S704 - our own file, no tracker text
        "level_words": LEVEL_WORDS,
        "program_version": __version__,
    }


def content_policy(style: str, script: str) -> str:
    """Return a Content-Security-Policy that allows these two inline blocks and nothing else."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(block: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()


def _asset(name: str) -> str:
    # A browser hashes what it parsed: line ends are \n there, whatever they are in the file.
    return Path(template_folder() / name).read_text(encoding="utf-8")


def _known() -> list[str]:
    found = (path.name.removesuffix(SUFFIX) for path in template_folder().glob("*" + SUFFIX))
    return sorted(name for name in found if not name.startswith("_"))
