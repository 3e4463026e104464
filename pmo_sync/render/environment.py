"""The jinja2 environment: where templates are, and how values become text in them."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pmo_sync.render.compiled import compiled
from pmo_sync.render.pieces import day_element, isolated
from pmo_sync.render.text import clean
from pmo_sync.reports.words import day, distance, moment, several

NO_DATA = "no data"
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~/-]*)?")
"""Nothing in it that could deceive: what nearly every item has, and a page has thousands."""
HOURS_AS_HOURS = 48
"""Younger ages are told in hours, older ones in days."""


def template_folder() -> Path:
    """Find the templates: in the installed package, or beside the package in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "report_templates"
    return installed if installed.is_dir() else package.parent / "report_templates"


@cache
def environment() -> Environment:
    """Make the environment, once: the pages of an edition compile what they share a single time.
    Everything escaped and cleaned, nothing undefined let through."""
    made = Environment(
        loader=FileSystemLoader(template_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    made.bytecode_cache = compiled(made)
    made.filters |= {
        "anchor": anchor,
        "isolated": isolated,
        "day_element": day_element,
        "day": day,
        "distance": distance,
        "hours": hours,
        "http_url": http_url,
        "moment": moment,
        "number": number,
        "sentence": sentence,
        "words": words,
    }
    return made


def _harmless(value: object) -> object:
    # Markup is a subclass of str and was made from parts that have been here already.
    return clean(value) if type(value) is str else value


def hours(age: float) -> str:
    """Write an age in hours as ``6 hours`` or ``3 days``, rounded down."""
    if age < 1:
        return "under an hour"
    count, unit = (age, "hour") if age < HOURS_AS_HOURS else (age / 24, "day")
    return several(int(count), unit)


def number(value: float | None) -> str:
    """Write a number as ``4,312`` or ``2.5``, and None as ``no data``."""
    if value is None:
        return NO_DATA
    return f"{value:,.1f}".removesuffix(".0") if isinstance(value, float) else f"{value:,}"


def sentence(text: str) -> str:
    """Begin ``text`` with a capital letter and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def words(name: str) -> str:
    """Write an identifier as words: ``on_hold`` is ``On hold``."""
    return sentence(name.replace("_", " "))


def http_url(url: str) -> str:
    """Return ``url`` if it may become a link, else nothing.

    Only http and https, with a host, without a login in it and without blanks.
    """
    if _PLAIN_URL.fullmatch(url):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    plain = url == clean(url) and not re.search(r"[\s\\]", url)
    web = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return url if plain and web else ""


def anchor(name: str, prefix: str) -> str:
    """Return an id for ``name`` that is safe in HTML and in a URL; equal only for equal names."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    if slug != name:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        slug = f"{slug}-{digest}" if slug else digest
    return f"{prefix}-{slug}"
