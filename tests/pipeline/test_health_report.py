"""The status report's health, from a small store to JSON, and what ends a pipeline."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from msgspec import structs

from pmo_sync.cli import main
from pmo_sync.model import HistoryRow, ItemRecord, Milestone, Observation
from pmo_sync.store import Store
from tests.docs.schema import PATH as SCHEMA
from tests.store.test_store import SITE, at, batch, item, run_sync

CONFIG = """
[portfolio]
as_of = 2026-02-20

[store]
path = "store"

[[sources]]
name = "jira"
type = "jira"
url = "https://tracker.example"

[[projects]]
name = "P"
owner = "Ada"
start = 2026-01-05
target = 2026-06-30
select = [{ source = "jira", container = "A" }]
"""


def recorded(target: str) -> list[Observation]:
    return [Observation("project", "P", "target", target)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two done items; the target is on record from 10 January on."""
    (tmp_path / "pmo-sync.toml").write_text(CONFIG, encoding="utf-8")
    run_sync(Store(tmp_path / "store"), batch(item(1), item(2)), day=10,
             observations=recorded("2026-06-30"))  # fmt: skip
    return tmp_path


def ask(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(folder / "pmo-sync.toml"), *words])


def report(folder: Path, *words: str, day: str = "2026-02-20") -> Any:
    done = ask(folder, "report", "status", "--format", "json", "--as-of", day, *words)
    assert done.exit_code in (0, 5), done.output
    document = json.loads((folder / "reports" / day / "status.json").read_bytes())
    jsonschema.validate(document, json.loads(SCHEMA.read_bytes()))
    return document


def health(folder: Path, day: str = "2026-02-20") -> Any:
    return report(folder, day=day)["projects"][0]["health"]


def add(folder: Path, text: str) -> None:
    path = folder / "pmo-sync.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_each_dimension_tells_its_rule_and_what_would_make_it_green(folder: Path) -> None:
    found = health(folder)
    rules = {name: found[name]["rule"] for name in
             ("schedule", "scope", "cost", "resource", "risk")}  # fmt: skip
    assert rules == {
        "schedule": "schedule.slip", "scope": "scope.no_baseline", "cost": "cost.no_budget",
        "resource": "resource.unestimated", "risk": "risk.no_register",
    }  # fmt: skip
    assert found["scope"]["to_green"] == "a baseline: pmo-sync baseline set"
    assert found["overall"]["level"] == "on_track"


def test_growth_since_a_baseline_is_judged_with_its_items(folder: Path) -> None:
    ask(folder, "baseline", "set", "Plan", "--as-of", "2026-01-20")
    late = [item(n) for n in range(3, 6)]
    run_sync(Store(folder / "store"), batch(item(1), *late), day=25)
    told = report(folder)
    (project,) = told["projects"]
    assert project["health"]["scope"]["level"] == "off_track"
    assert project["health"]["scope"]["inputs"] == {
        "growth": 1.5, "base": 2, "added": 3, "removed": 0, "approved": None,
    }  # fmt: skip
    (rows,) = [each for each in told["lists"] if each["id"] == project["scope"]["added"]["items"]]
    assert sorted(row["key"] for row in rows["rows"]) == ["A-3", "A-4", "A-5"]
    listed = ask(folder, "items", "--where", "baseline = added", "--format", "json")
    assert len(json.loads(listed.stdout)) == 3


def test_a_re_dated_target_is_off_track_until_it_is_agreed(folder: Path) -> None:
    path = folder / "pmo-sync.toml"
    path.write_text(CONFIG.replace("2026-06-30", "2026-12-31"), encoding="utf-8")
    run_sync(Store(folder / "store"), batch(item(1)), day=28, observations=recorded("2026-12-31"))
    assert health(folder)["schedule"]["level"] == "off_track"
    assert health(folder, "2026-01-27")["schedule"]["level"] == "on_track"
    ask(folder, "baseline", "set", "New plan", "--as-of", "2026-02-01", "--by", "Board")
    assert health(folder)["schedule"]["level"] == "on_track"


def test_better_is_shown_after_two_periods(folder: Path) -> None:
    """A baseline of 18 February makes it green, and a week before it was red."""
    path = folder / "pmo-sync.toml"
    path.write_text(CONFIG.replace("2026-06-30", "2026-12-31"), encoding="utf-8")
    run_sync(Store(folder / "store"), batch(item(1)), day=28, observations=recorded("2026-12-31"))
    ask(folder, "baseline", "set", "New plan", "--as-of", "2026-02-18")
    levels = {
        day: (health(folder, day)["computed"], health(folder, day)["overall"]["level"])
        for day in ("2026-02-17", "2026-02-20", "2026-02-25")
    }
    assert levels == {
        "2026-02-17": ("off_track", "off_track"),
        "2026-02-20": ("on_track", "off_track"),
        "2026-02-25": ("on_track", "on_track"),
    }


def test_an_override_shows_and_what_is_computed_stays_visible(folder: Path) -> None:
    add(folder, """
[[projects.overrides]]
level = "at_risk"
by = "Ada"
since = 2026-02-01
expires = 2026-02-20
""")  # fmt: skip
    found = health(folder)
    assert (found["overall"]["level"], found["computed"]) == ("at_risk", "on_track")
    assert found["override"]["by"] == "Ada"
    (told, *_) = report(folder)["projects"][0]["reasons"]
    assert told["text"] == "set by Ada until 20 Feb 2026; computed On track"
    day_after = (date(2026, 2, 20) + timedelta(days=1)).isoformat()
    assert health(folder, day_after)["overall"]["level"] == "on_track"


def test_what_was_declared_stands_beside_with_its_age(folder: Path) -> None:
    add(folder, """
[[projects.notes]]
text = "The supplier is <late>."
day = 2026-02-02
by = "Bo"
level = "off_track"

[[projects.notes]]
text = "Not said yet."
day = 2026-02-21
""")  # fmt: skip
    (project,) = report(folder)["projects"]
    declared = project["declared"]
    assert {key: declared[key] for key in ("level", "text", "by", "age", "stale", "differs")} == {
        "level": "off_track", "text": "The supplier is <late>.", "by": "Bo", "age": 18,
        "stale": True, "differs": "worse",
    }  # fmt: skip
    assert "declared.differs" in {reason["rule"] for reason in project["reasons"]}


def test_green_outside_and_red_inside_is_called_a_watermelon(folder: Path) -> None:
    """Declared on the item that stands for the project; from July on the target is past."""
    path = folder / "pmo-sync.toml"
    text = CONFIG.replace(
        'url = "https://tracker.example"',
        'url = "https://tracker.example"\nfields = { health = "Health" }',
    )
    text = text.replace("target = 2026-06-30", 'target = 2026-06-30\ndeclared = ['
                        '{ source = "jira", item = "A-1" }]')  # fmt: skip
    path.write_text(text, encoding="utf-8")
    speaking = item(1)
    rows = [
        HistoryRow("item", speaking.item.item_id, "health", "Green", at(7)),
        HistoryRow("item", speaking.item.item_id, "health_text", "<b>All</b> is well", at(7)),
    ]
    begun = HistoryRow("item", speaking.item.item_id, "status", "1", at(1))
    spoken = ItemRecord(structs.replace(speaking.item, status="1"), (begun, *rows))
    run_sync(Store(folder / "store"), batch(spoken, item(2)), day=26)
    told = report(folder, day="2026-07-15")
    (project,) = told["projects"]
    declared = project["declared"]
    assert {key: declared[key] for key in ("level", "text", "age", "source", "differs", "since",
                                           "after", "days", "watermelon", "stale")} == {
        "level": "on_track", "text": "<b>All</b> is well", "age": 189, "source": "A-1",
        "differs": "better", "since": "2026-07-01", "after": None, "days": 14,
        "watermelon": True, "stale": True,
    }  # fmt: skip
    texts = {reason["rule"]: reason["text"] for reason in project["reasons"]}
    assert texts["declared.watermelon"] == (
        "a watermelon: declared On track 189 days ago, computed Off track, since 1 Jul 2026 or"
        " before (14 days or more)"
    )
    assert "declared.stale" in texts
    ask(folder, "report", "status", "--as-of", "2026-07-15")
    page = (folder / "reports" / "2026-07-15" / "status.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;All&lt;/b&gt; is well" in page
    assert "<b>All" not in page
    (before,) = report(folder, day="2026-01-05")["projects"]
    assert before["declared"] is None


def test_a_difference_that_is_younger_than_a_period_says_when_they_agreed(folder: Path) -> None:
    add(folder, """
[[projects.notes]]
text = "Delivered."
day = 2026-02-19
level = "at_risk"
""")  # fmt: skip
    (project,) = report(folder)["projects"]
    assert project["declared"]["differs"] == "worse"
    assert project["declared"]["after"] == "2026-02-13"


@pytest.mark.parametrize(
    ("since", "kinds"),
    [("2026-02-13", {"re_estimated"}), ("2026-01-20", {"re_dated", "owner", "health"})],
)
def test_what_changed_is_told_since_any_day(folder: Path, since: str, kinds: set[str]) -> None:
    """The target moved and the owner changed on 28 January."""
    path = folder / "pmo-sync.toml"
    path.write_text(CONFIG.replace("2026-06-30", "2026-12-31"), encoding="utf-8")
    named = [Observation("project", "P", "owner", name) for name in ("Ada", "Bo")]
    run_sync(Store(folder / "store"), batch(item(1)), day=15, observations=[named[0]])
    run_sync(Store(folder / "store"), batch(item(1)), day=28,
             observations=[*recorded("2026-12-31"), named[1]])  # fmt: skip
    told = report(folder, "--since", since)
    (project,) = told["projects"]
    found = {change["kind"] for change in project["changes"]}
    assert {"re_dated", "owner", "health"} & found == {"re_dated", "owner", "health"} & kinds
    assert told["previous"] == since
    assert f"Since {int(since[-2:])} " in told["headline"]
    (usual,) = report(folder)["projects"]
    assert usual["health"] == project["health"]


@pytest.mark.parametrize("since", ["2026-02-20", "2026-02-21"])
def test_since_a_day_that_is_not_before_is_refused(folder: Path, since: str) -> None:
    done = ask(folder, "report", "status", "--since", since)
    assert done.exit_code == 2
    assert f"--since {since}: must be before the report's day, 2026-02-20" in done.stderr


def test_the_five_level_scale_is_a_choice_of_words(folder: Path) -> None:
    add(folder, '\n[policy]\nlevel_words = "five"\n')
    assert health(folder)["word"] == "Green"


@pytest.mark.parametrize(
    ("as_of", "gate", "code"),
    [("2026-02-20", "red", 0), ("2026-02-20", "at_risk", 0), ("2026-07-15", "red", 5),
     ("2026-07-15", "off_track", 5)],
)  # fmt: skip
def test_a_gate_ends_with_a_code_of_its_own(folder: Path, as_of: str, gate: str, code: int) -> None:
    """In July the target is past, and an item is open."""
    undone = item(9)
    still_open = batch(item(1), undone.__class__(undone.item, undone.history[:1]))
    run_sync(Store(folder / "store"), still_open, day=26)
    ended = ask(folder, "report", "status", "--as-of", as_of, "--fail-on", gate)
    assert ended.exit_code == code, ended.output
    assert ("P (off track)" in ended.stderr) == (code == 5)


def test_what_changed_of_the_project_itself_is_listed(folder: Path) -> None:
    """In the week to 1 February the target moved and the owner changed; a baseline is of that
    week."""
    path = folder / "pmo-sync.toml"
    path.write_text(CONFIG.replace("2026-06-30", "2026-12-31"), encoding="utf-8")
    named = [Observation("project", "P", "owner", name) for name in ("Ada", "Bo")]
    run_sync(Store(folder / "store"), batch(item(1)), day=25, observations=[named[0]])
    changed = [*recorded("2026-12-31"), named[1]]
    run_sync(Store(folder / "store"), batch(item(1)), day=28, observations=changed)
    ask(folder, "baseline", "set", "Plan", "--as-of", "2026-01-30", "--by", "Board")
    (project,) = report(folder, day="2026-02-01")["projects"]
    told = {change["kind"]: change["text"] for change in project["changes"]}
    assert told["re_dated"] == "target moved from 30 Jun 2026 to 31 Dec 2026 on 28 Jan 2026"
    assert told["owner"] == "owner changed from Ada to Bo on 28 Jan 2026"
    assert told["baseline"].startswith("baseline Plan was set by Board")
    (later,) = report(folder)["projects"]
    assert {"re_dated", "owner", "baseline"}.isdisjoint({c["kind"] for c in later["changes"]})


def test_the_same_store_day_and_configuration_give_the_same_bytes(folder: Path) -> None:
    ask(folder, "baseline", "set", "Plan", "--as-of", "2026-01-20")
    path = folder / "reports" / "2026-02-20" / "status.json"
    report(folder)
    first = path.read_bytes()
    report(folder)
    assert path.read_bytes() == first


def version(place: str, due: date) -> Milestone:
    return Milestone(f"{SITE}#{place}", SITE, place, "1.0", "unreleased", "", due=due)


def in_version(number: int, place: str, status: str = "1") -> ItemRecord:
    """An item of a place and its version 1.0 since 1 January, open unless said otherwise."""
    one = item(number)
    id = one.item.item_id
    return structs.replace(
        one,
        item=structs.replace(one.item, container=place, status=status, key=f"{place}-{number}"),
        history=(
            HistoryRow("item", id, "status", status, at(1)),
            HistoryRow("item", id, "milestone", f"site#{place}", at(1)),
        ),
    )


def test_a_version_past_its_date_is_a_reason_with_its_open_items(folder: Path) -> None:
    """Of the same name is one in another place that is not due yet."""
    both = 'container = "A" }, { source = "jira", container = "B" }'
    text = CONFIG.replace('container = "A" }', both)
    (folder / "pmo-sync.toml").write_text(text, encoding="utf-8")
    versions = (version("A", date(2026, 2, 13)), version("B", date(2026, 3, 1)))
    items = (in_version(1, "A"), in_version(2, "A", "3"), in_version(3, "B"))
    run_sync(Store(folder / "store"), replace(batch(*items), milestones=versions), day=12)
    told = report(folder)
    (project,) = told["attention"]
    found = {each["rule"]: each for each in project["reasons"]}
    late = found["milestone.overdue"]
    assert late["text"] == (
        "version 1.0 was due on 13 Feb 2026: 5 working days past, with 1 open item in it"
    )
    (listed,) = [each for each in told["lists"] if each["id"] == late["items"]]
    assert [row["key"] for row in listed["rows"]] == ["A-1"]
    where = shlex.split(listed["command"])[-1]
    rows = json.loads(ask(folder, "items", "--where", where, "--format", "json").stdout)
    assert [row["key"] for row in rows] == ["A-1"]


@pytest.mark.parametrize(
    ("target", "level", "how"),
    [
        ("2026-06-30", "note", "its schedule is judged only by how its target moved"),
        (None, "no_data", "too little data for a forecast: 0 finished in 6 weeks, fewer than 5"),
    ],
)
def test_too_little_data_for_a_forecast_is_a_reason_of_its_own(
    tmp_path: Path, target: str | None, level: str, how: str
) -> None:
    """Where no target was on record for a period, nothing judges the schedule."""
    (tmp_path / "pmo-sync.toml").write_text(CONFIG, encoding="utf-8")
    observed = [Observation("project", "P", "target", target)] if target else []
    run_sync(Store(tmp_path / "store"), batch(in_version(1, "A")), day=10, observations=observed)
    (project,) = report(tmp_path)["attention"]
    (found,) = [one for one in project["reasons"] if one["rule"] == "schedule.too_little_data"]
    assert found["level"] == level
    assert how in found["text"]


def test_of_many_late_versions_the_first_are_told_and_the_others_counted(folder: Path) -> None:
    versions = [
        replace(version("A", date(2026, 2, day)), milestone_id=f"{SITE}#{day}", name=f"{day}.0")
        for day in range(1, 6)
    ]
    one = in_version(1, "A")
    held = tuple(
        HistoryRow("item", one.item.item_id, "milestone", each.milestone_id, at(1))
        for each in versions
    )
    items = batch(structs.replace(one, history=(one.history[0], *held)))
    run_sync(Store(folder / "store"), replace(items, milestones=tuple(versions)), day=12)
    told = report(folder)
    (project,) = told["attention"]
    texts = [one for one in project["reasons"] if one["rule"] == "milestone.overdue"]
    assert [each["text"].split(" was")[0] for each in texts[:3]] == [
        "version 1.0", "version 2.0", "version 3.0",
    ]  # fmt: skip
    assert (
        texts[3]["text"] == "2 more milestones past their date with work open: 5 milestones in all"
    )
    lists = {each["id"]: each for each in told["lists"]}
    assert [row["key"] for row in lists[texts[3]["items"]]["rows"]] == ["A-1"]


def test_a_page_with_more_items_than_room_keeps_those_of_page_one(folder: Path) -> None:
    """Every list says how many it has, and the command that lists them."""
    run_sync(Store(folder / "store"), batch(*(in_version(n, "A") for n in range(3, 12))), day=12)
    whole = report(folder)
    add(folder, "\n[policy]\npage_rows = 25\n")
    told = report(folder)
    assert sum(len(each["rows"]) for each in whole["lists"]) > 25
    assert sum(len(each["rows"]) for each in told["lists"]) <= 25
    assert [(one["id"], one["total"], one["command"]) for one in told["lists"]] == [
        (one["id"], one["total"], one["command"]) for one in whole["lists"]
    ]
    shown = {each["id"]: len(each["rows"]) for each in told["lists"]}
    assert all(shown.values())
    first = dict(told["totals"])["To do"]["items"]
    assert shown[first] == max(shown.values())
