"""How values become text, and what may become a link."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup

from pmo_sync.render import environment as env
from pmo_sync.reports import words
from tests.render.sample_report import HOSTILE_URLS


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (9, "+9 working days"),
        (1, "+1 working day"),
        (0, "0 working days"),
        (-1, "−1 working day"),
        (-1200, "−1,200 working days"),
    ],
)
def test_distance(days: int, text: str) -> None:
    assert words.distance(days) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (9, "in 9 working days"),
        (1, "in 1 working day"),
        (0, "today"),
        (-1, "1 working day ago"),
        (-1200, "1,200 working days ago"),
    ],
)
def test_a_date_is_ahead_or_behind_and_has_no_sign_like_a_slip(days: int, text: str) -> None:
    assert words.away(days) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "no data"), (0, "0"), (4312, "4,312"), (2.5, "2.5"), (3.0, "3"), (1234.56, "1,234.6")],
)
def test_number(value: float | None, text: str) -> None:
    assert env.number(value) == text


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (0, "under an hour"),
        (0.9, "under an hour"),
        (1.9, "1 hour"),
        (47.9, "47 hours"),
        (48, "2 days"),
        (98, "4 days"),
    ],
)
def test_hours(age: float, text: str) -> None:
    assert env.hours(age) == text


def test_dates_are_the_same_in_every_locale() -> None:
    assert words.day(date(2026, 3, 4)) == "4 Mar 2026"
    late = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)
    assert words.moment(late, "Europe/Berlin") == "15 Mar 2026, 00:30"
    assert words.moment(late, "UTC") == "14 Mar 2026, 23:30"


@pytest.mark.parametrize("url", [*HOSTILE_URLS, "", "http://", "https:///x", "http://[::1"])
def test_no_link(url: str) -> None:
    assert env.http_url(url) == ""


@pytest.mark.parametrize(
    "url", ["https://jira.example.com/browse/A-1", "http://127.0.0.1:8080/x?jql=a%20%3D%20b#top"]
)
def test_link(url: str) -> None:
    assert env.http_url(url) == url


@given(st.lists(st.text(), min_size=2, max_size=8, unique=True))
def test_anchors_are_safe_and_differ_where_names_differ(names: list[str]) -> None:
    anchors = [env.anchor(name, "list") for name in names]
    assert len(set(anchors)) == len(names)
    assert set("".join(anchors)) <= set(string.ascii_lowercase + string.digits + "-")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<b>", "&lt;b&gt;"),
        ("a\u202eb\x1b", "ab"),
        (Markup("<b>"), "<b>"),
        (5, "5"),
    ],
)
def test_values_are_cleaned_and_escaped_but_for_markup_of_our_own(value: object, text: str) -> None:
    assert env.environment().from_string("{{ value }}").render(value=value) == text


def test_what_is_not_defined_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        env.environment().from_string("{{ nothing }}").render()


@pytest.mark.parametrize("place", ["pmo_sync/report_templates", "report_templates"])
def test_templates_are_in_the_installed_package_or_beside_it(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / place).mkdir(parents=True)
    monkeypatch.setattr(env, "__file__", str(tmp_path / "pmo_sync" / "render" / "environment.py"))
    assert env.template_folder() == tmp_path / place


def test_templates_are_found() -> None:
    names = {path.name for path in env.template_folder().iterdir()}
    assert {"status.html.j2", "_macros.html.j2", "style.css", "script.js"} <= names
