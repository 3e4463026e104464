"""The least requests for a list, in whatever pieces its rows come."""

from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.connectors.least import Least


@given(st.lists(st.integers(0, 250), min_size=1), st.integers(1, 100))
def test_a_list_needs_the_pages_of_its_rows_and_an_empty_one_a_page(
    pieces: list[int], a_page: int
) -> None:
    least = Least()
    listed = least.listed(a_page)
    for rows in pieces:
        listed.came(rows)
    needed = least.count
    assert (needed - 1) * a_page < max(1, sum(pieces)) <= needed * a_page


def test_lists_and_questions_add_up_until_all_is_read_anew() -> None:
    least = Least()
    least.listed(100).came(101)
    least.listed(100).came(99)
    least.add(3)
    assert least.count == 2 + 1 + 3
    least.clear()
    assert least.count == 0
