from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.connectors.github.spans import Change, in_order, member_rows, single_rows

START = datetime(2024, 1, 1, tzinfo=UTC)
changes = st.lists(
    st.builds(
        Change,
        st.integers(0, 9).map(lambda days: START + timedelta(days=days)),
        st.sampled_from(["a", "b", None]),
        st.none(),
    )
)


@given(changes)
def test_rows_of_one_value_follow_each_other_without_gap_or_overlap(told: list[Change]) -> None:
    rows = single_rows("i", "status", in_order(told))
    for row, following in pairwise(rows):
        assert row.valid_to == following.valid_from
        assert row.value != following.value
    assert all(row.valid_to is None or row.valid_from < row.valid_to for row in rows)
    assert not rows or rows[-1].valid_to is None


@given(changes)
def test_at_any_time_the_last_change_until_then_holds(told: list[Change]) -> None:
    rows = single_rows("i", "status", in_order(told))
    for days in range(10):
        at = START + timedelta(days=days)
        until = [change for change in told if change.at <= at]
        latest = max((change.at for change in until), default=None)
        expected = [change.value for change in until if change.at == latest][-1:] or [None]
        held = [r.value for r in rows if r.valid_from <= at and (not r.valid_to or at < r.valid_to)]
        assert (held or [None]) == expected


@given(changes)
def test_a_field_that_never_held_a_value_has_no_rows(told: list[Change]) -> None:
    rows = single_rows("i", "parent", in_order(told))
    assert bool(rows) == any(row.value is not None for row in rows)


@given(changes)
def test_repetitions_of_what_was_told_change_nothing(told: list[Change]) -> None:
    assert single_rows("i", "f", in_order(told + told)) == single_rows("i", "f", in_order(told))
    assert all(row.value for row in member_rows("i", "label", in_order(told)))
