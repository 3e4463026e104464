"""Fields of issues and boards: whose they are, what their values become, what history there is."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pmo_sync.connectors.github.board_payloads import BoardField
from pmo_sync.connectors.github.fields import field_names
from pmo_sync.connectors.github.values import Said, value_of
from pmo_sync.errors import ConfigError
from pmo_sync.model import Term
from tests.connectors.github.github_samples import CONTEXT, SITE, event, mapped, rows

ISSUE_FIELDS = {"priority": "priority", "effort": "points", "target date": "due"}
OWN = replace(CONTEXT, issue_fields=ISSUE_FIELDS)


@pytest.mark.parametrize(
    ("ours", "said", "value"),
    [
        ("points", Said(number=5), "5.0"),
        ("points", Said(text="3"), "3.0"),
        ("points", Said(text="XL"), None),
        ("points", Said(number=-1), None),
        ("points", Said(number=float("nan")), None),
        ("priority", Said(text=" High "), "high"),
        ("due", Said(day=date(2024, 3, 1)), "2024-03-01"),
        ("due", Said(text="soon"), None),
        ("impact", Said(number=4), "4"),
        ("impact", Said(text="4 - Major"), "4 - Major"),
        ("proximity", Said(day=date(2024, 3, 1)), "2024-03-01"),
        ("response", Said(text=""), None),
    ],
)
def test_a_value_is_told_in_our_words(ours: str, said: Said, value: str | None) -> None:
    assert value_of(ours, said) == value


def fields(*named: tuple[str, str]) -> list[BoardField]:
    return [BoardField(name, name, kind) for name, kind in named]


@pytest.mark.parametrize(
    ("config", "board", "expected"),
    [
        ({}, [("Estimate", "NUMBER"), ("Size", "NUMBER")], {"Estimate": "points"}),
        ({}, [("Size", "SINGLE_SELECT"), ("SIZE", "NUMBER")], {"SIZE": "points"}),
        ({"points": "size"}, [("Size", "SINGLE_SELECT")], {"Size": "points"}),
        ({"points": "size/*"}, [("Estimate", "NUMBER")], {}),
        ({"points": "Hours"}, [("Estimate", "NUMBER")], {}),
        ({}, [("Target date", "DATE"), ("Start", "DATE")],
         {"Target date": "due", "Start": "start"}),
        ({}, [("Quarter", "ITERATION"), ("Sprint", "ITERATION")], {"Quarter": "iteration"}),
        ({"iteration": "sprint"}, [("Quarter", "ITERATION"), ("Sprint", "ITERATION")],
         {"Sprint": "iteration"}),
        ({}, [("Impact", "SINGLE_SELECT")], {}),
        ({"impact": "Impact"}, [("Impact", "SINGLE_SELECT")], {"Impact": "impact"}),
    ],
)  # fmt: skip
def test_a_field_of_a_board_is_found_by_its_name_and_kind(
    config: dict[str, str], board: list[tuple[str, str]], expected: dict[str, str]
) -> None:
    assert field_names(config).of_board(fields(*board)) == expected


def test_an_issues_own_field_tells_what_no_board_does() -> None:
    names = field_names({"points": "Weight", "priority": "P:*", "impact": "Impact"})
    found = names.of_issues({"due"})
    assert set(found.values()) == {"points", "impact", "start"}
    assert found["weight"] == "points"


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"size": "x"}, "GitHub has no size to map"),
        ({"due": "due/*"}, "due is not told by a label pattern here: see a board's field"),
        ({"impact": "i*"}, r"see \[policy.risk\] label_patterns"),
        ({"points": "label:x"}, "wants a [*] where the value is"),
    ],
)
def test_what_cannot_be_mapped_is_refused(config: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        field_names(config)


def own(called: str, **value: Any) -> dict[str, Any]:
    return {"field": {"name": called}, **value}


def values(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"issueFieldValues": {"nodes": list(nodes)}}


def test_an_issue_field_without_events_is_observed() -> None:
    result = mapped(
        event("LabeledEvent", 1, label={"name": "priority: low"}),
        labels={"nodes": [{"name": "priority: low"}]},
        context=OWN,
        **values(own("Priority", name="Urgent"), own("Effort", number=3),
                 own("Target Date", date="2024-05-01"), own("Unknown", text="x"), {}),
    )  # fmt: skip
    assert {one.field: one.value for one in result.record.observations} == {
        "priority": "urgent", "points": "3.0", "due": "2024-05-01",
    }  # fmt: skip
    assert rows(result, "priority") == [], "no label tells it too"
    assert result.terms == (Term(SITE, "priority", "urgent", "Urgent", rank=0),)


def test_an_issue_field_with_events_has_a_history() -> None:
    field = {"issueField": {"name": "Priority"}}
    result = mapped(
        event("IssueFieldAddedEvent", 2, value="Low", **field),
        event("IssueFieldChangedEvent", 5, previousValue="Low", newValue="High", **field),
        event("IssueFieldAddedEvent", 6, value="2024-05-01", issueField={"name": "Target date"}),
        event("IssueFieldRemovedEvent", 9, issueField={"name": "Target date"}),
        context=OWN,
        **values(own("Priority", name="High")),
    )
    assert rows(result, "priority") == [(None, 0, 2), ("low", 2, 5), ("high", 5, None)]
    assert rows(result, "due") == [(None, 0, 6), ("2024-05-01", 6, 9), (None, 9, None)]
    assert (result.record.observations, set(result.record.empty)) == (
        (),
        set(OWN.issue_fields.values()),
    )
    assert {(term.value, term.name) for term in result.terms} == {("low", "Low"), ("high", "High")}


def test_labels_tell_where_an_issue_has_no_such_field() -> None:
    labelled = {"labels": {"nodes": [{"name": "size/8"}]}}
    assert rows(mapped(context=OWN, **labelled, **values()), "points") == [("8.0", 0, None)]
    assert rows(mapped(context=OWN, **labelled), "points") == [("8.0", 0, None)], "an old server"
