"""Keys and their ids, in a few bytes each: as a dictionary would have them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.connectors.jira.keys import GAP, Keys

numbers = st.one_of(
    st.integers(0, 50).map(str),
    st.sampled_from(["007", "", "x", "٣", "9" * 30, str(GAP - 1), str(GAP), str(3 * GAP)]),
)
keys = st.builds("{}-{}".format, st.sampled_from(["PAY", "A-B", ""]), numbers) | st.just("PAY")


@given(st.lists(st.tuples(keys, numbers)))
def test_they_are_what_a_dictionary_holds(seen: list[tuple[str, str]]) -> None:
    kept = Keys()
    for key, native in seen:
        kept.note(key, native)
    assert dict(kept) == dict(seen)
    assert "PAY-51" not in kept


def test_a_number_that_is_far_away_takes_no_room() -> None:
    kept = Keys()
    kept.note("PAY-999999999", "1")
    assert kept["PAY-999999999"] == "1"
    assert sum(map(len, kept._ids.values())) == 0
