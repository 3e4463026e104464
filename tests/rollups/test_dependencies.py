"""Chains of blocking links: the longest way to each end, and circles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_sync.rollups.dependencies import Dependency, End, State, chains


def link(text: str, state: State = "open") -> Dependency:
    """``a>b``: a blocks b; capital letters are of another project."""
    one, other = text.split(">")
    crosses = ("project",) if one.isupper() != other.isupper() else ()
    return Dependency(End(one, one, "s"), End(other, other, "s"), None, state, crosses)


def paths(links: Sequence[Dependency]) -> list[str]:
    return [
        "".join([way[0].blocker.key, *(each.blocked.key for each in way)]) for way in chains(links)
    ]


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ("", []),
        ("a>B", []),
        ("a>B B>c", ["aBc"]),
        ("a>b b>c", []),
        ("a>b b>C", ["abC"]),
        ("a>B B>c a>c", ["aBc"]),
        ("a>B B>d a>C C>d C>e", ["aCd", "aCe"]),
        ("x>B a>b b>C C>B", ["abCB"]),
        ("a>B B>a", ["BaB"]),
        ("a>B B>c c>B", ["BcB"]),
        ("a>B B>c c>B B>d", ["BcB"]),
        ("a>b b>a", []),
    ],
)
def test_paths(links: str, expected: list[str]) -> None:
    found = paths([link(each) for each in links.split()])
    assert found == expected


def test_only_open_links_make_a_chain() -> None:
    assert paths([link("a>B"), link("B>c", "over")]) == []


PAIRS = st.lists(st.tuples(st.sampled_from("abcdeABCDE"), st.sampled_from("abcdeABCDE")))


@given(PAIRS)
def test_every_path_is_made_of_links_and_visits_nothing_twice(pairs: list[tuple[str, str]]) -> None:
    known = sorted({pair for pair in pairs if pair[0] != pair[1]})
    for way in chains([link(f"{one}>{other}") for one, other in known]):
        steps = [(each.blocker.key, each.blocked.key) for each in way]
        assert set(steps) <= set(known)
        assert all(here[1] == there[0] for here, there in pairwise(steps))
        assert len({there for _, there in steps}) == len(steps) > 1
