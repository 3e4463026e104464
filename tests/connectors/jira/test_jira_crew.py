"""Who asks for others: what is asked meanwhile, and how all go home when the reader leaves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from pmo_sync.connectors.jira.crew import Begun, Crew, side_by_side
from pmo_sync.connectors.jira.pacing import EndedError, Pace
from pmo_sync.errors import SourceError
from tests.connectors.jira.jira_small_site import served, synced


def limited(pace: Pace) -> None:
    """Ask, and be told to come back in a minute."""
    with pace.turn():
        pace.slow(60)
        pace.rest(60)


def test_one_value_is_made_ahead_and_no_more() -> None:
    made: list[int] = []

    def values() -> Iterator[int]:
        for number in range(5):
            made.append(number)
            yield number

    with Begun(values(), Pace(2)) as begun:
        _wait_for(lambda: len(made) == 1)
        assert next(begun) == 0
        _wait_for(lambda: len(made) == 2)
        time.sleep(0.02)
        assert made == [0, 1]
        assert list(begun) == [1, 2, 3, 4]


def test_what_goes_wrong_ahead_is_told_in_its_turn() -> None:
    def values() -> Iterator[int]:
        yield 1
        raise SourceError("no")

    with Begun(values(), Pace(2)) as begun:
        assert next(begun) == 1
        with pytest.raises(SourceError, match="no"):
            next(begun)


def test_who_leaves_takes_along_what_was_set_off_by_others_for_it() -> None:
    """Side by side in a thread of their own, they wait for a limit that nobody waits for now."""
    pace = Pace(2)
    answers = side_by_side(lambda _: limited(pace), range(10), pace)
    began = time.monotonic()
    with Begun(answers, pace):
        _wait_for(lambda: pace.limit == 1)
    assert time.monotonic() - began < 10


def test_who_leaves_takes_nobody_else_along() -> None:
    pace, free = Pace(1), Event()

    def held() -> None:
        with pace.turn():
            free.wait(10)

    with Crew(pace) as others:
        holding = others.ask(held)
        _wait_for(lambda: pace._active == 1)
        waiting = others.ask(limited, pace)
        with Crew(pace) as crew:
            gone = crew.ask(limited, pace)
            time.sleep(0.02)
        assert isinstance(gone.exception(), EndedError)
        assert not waiting.done()
        free.set()
        holding.result()
        _wait_for(lambda: pace._until > 0)


def test_what_is_gone_is_looked_for_while_issues_are_still_read() -> None:
    """As soon as all that changed is listed: it is not waited for, one after the other."""
    swept = Event()
    with served() as server:
        server.before["/rest/api/3/issue/bulkfetch"] = lambda: waited.append(swept.wait(10))
        server.before["/rest/api/3/worklog/updated"] = swept.set
        waited: list[bool] = []
        synced(server)
    assert waited == [True]


def _wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.001)
