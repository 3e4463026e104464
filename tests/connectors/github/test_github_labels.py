import pytest

from pmo_sync.connectors.github.labels import label_fields
from pmo_sync.errors import ConfigError


@pytest.mark.parametrize(
    ("labels", "points"),
    [
        ([], None),
        (["bug"], None),
        (["size/5"], "5.0"),
        (["points: 0.5"], "0.5"),
        (["Points:8"], "8.0"),
        (["sp: 3", "size/5"], "5.0"),
        (["size/XL"], None),
        (["size/nan"], None),
        (["size/-1"], None),
    ],
)
def test_points_by_default(labels: list[str], points: str | None) -> None:
    assert label_fields({}).points.of(tuple(labels)) == points


@pytest.mark.parametrize(
    ("labels", "priority"),
    [
        (["priority: High"], "high"),
        (["priority/low", "priority: critical"], "critical"),
        (["priority: whenever", "priority: low"], "low"),
        (["high"], None),
    ],
)
def test_priority_by_default(labels: list[str], priority: str | None) -> None:
    assert label_fields({}).priority.of(tuple(labels)) == priority


def test_a_source_may_name_its_own_patterns() -> None:
    fields = label_fields({"points": "label:estimate (*)", "priority": "P-*"})
    assert fields.points.of(("estimate (13)", "size/5")) == "13.0"
    assert fields.priority.of(("P-1", "priority: low")) == "1"


@pytest.mark.parametrize(
    ("fields", "message"),
    [({"points": "size"}, r"wants a \*"), ({"start": "begin: *"}, "known: points, priority")],
)
def test_a_pattern_that_cannot_work_is_refused(fields: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        label_fields(fields)
