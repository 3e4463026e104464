"""How many requests go at once, and when: the pace, and what is asked ahead."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from threading import Event, Lock, Thread

import pytest

from pmo_sync.connectors.jira import JiraClient, Patience
from pmo_sync.connectors.jira.ahead import Ahead
from pmo_sync.connectors.jira.crew import side_by_side
from pmo_sync.connectors.jira.pacing import STEADY, Pace, rest_asked
from pmo_sync.errors import SourceError
from tests.connectors.jira.jira_wire import TOKEN, Said, reply, scripted, source, user

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def turns(pace: Pace, number: int) -> None:
    for _ in range(number):
        with pace.turn():
            pass


def test_a_refusal_halves_what_goes_at_once_and_quiet_raises_it_again() -> None:
    clock = Clock()
    pace = Pace(8, clock)
    pace.slow(5)
    pace.slow(7)  # of requests that were under way together
    assert pace.limit == 4
    clock.now = 7
    turns(pace, 4 * STEADY)
    assert pace.limit == 5
    turns(pace, 100 * STEADY)
    assert pace.limit == 8
    for _ in range(9):
        clock.now += 1
        pace.slow(0.5)
    assert pace.limit == 1


def test_nobody_goes_before_the_moment_that_was_named() -> None:
    pace = Pace(2)
    pace.slow(0.05)
    began = time.monotonic()
    turns(pace, 1)
    assert time.monotonic() - began >= 0.05


def test_who_waits_longest_goes_first() -> None:
    """Those who ask again and again let the one in between that others wait for."""
    pace, order = Pace(1), []

    def another() -> None:
        with pace.turn():
            order.append("waited")

    thread = Thread(target=another)
    with pace.turn():
        thread.start()
        thread.join(0.1)  # until it waits
    with pace.turn():
        order.append("came back")
    thread.join()
    assert order == ["waited", "came back"]


def test_no_more_go_at_once_than_may() -> None:
    pace, entered = Pace(2), Event()

    def enter() -> None:
        turns(pace, 1)
        entered.set()

    third = Thread(target=enter)
    with ExitStack() as held:
        for _ in range(2):
            held.enter_context(pace.turn())
        third.start()
        assert not entered.wait(0.02)
    third.join()
    assert entered.is_set()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"X-RateLimit-Remaining": "7", "X-RateLimit-Interval-Seconds": "60"}, 0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-07-01T12:00:30Z"}, 30),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-07-01T11:00Z"}, 0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Interval-Seconds": "60"}, 60),
        ({"X-RateLimit-Remaining": "0"}, 0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon",
          "X-RateLimit-Interval-Seconds": "?"}, 0),
        ({"Beta-RateLimit": '"global-app-quota";r=0;t=1200'}, 1200),
        ({"Beta-RateLimit": '"global-app-quota";r=10;t=1200'}, 0),
    ],
)  # fmt: skip
def test_what_an_answer_says_of_its_limit(headers: dict[str, str], seconds: float) -> None:
    assert rest_asked(headers, NOW) == seconds


def test_an_answer_that_used_the_limit_up_is_followed_by_a_wait() -> None:
    said = Said()
    used_up = reply(user("ada"), X_RateLimit_Remaining="0", X_RateLimit_Interval_Seconds="0.1")
    with scripted(used_up, reply(user("ada"))) as server:
        client = JiraClient(source(f"http://{server.host}"), said, Patience(backoff=0.001))
        client.expect("Cloud")
        began = time.monotonic()
        client.myself()
        client.myself()
    assert time.monotonic() - began >= 0.1
    assert said.waits == [(0.1, "the rate limit is used up for now")]


def test_all_waits_together_have_an_end_that_names_the_request() -> None:
    hurry = Patience(attempts=9, total=0.5)
    with scripted(reply(b"", 429, Retry_After="1")) as server:
        client = JiraClient(source(f"http://{server.host}"), Said(), hurry)
        client.expect("Cloud")
        with pytest.raises(SourceError, match="GET /rest/api/3/myself: waited 1 seconds") as told:
            client.myself()
        assert len(server.asked) == 1
    assert TOKEN not in str(told.value)


def test_answers_come_in_the_order_of_the_questions_and_few_are_held() -> None:
    lock = Lock()
    asked: list[int] = []

    def ask(number: int) -> int:
        with lock:
            asked.append(number)
        time.sleep(0.002 * (number % 3))
        return number

    answers = side_by_side(ask, iter(range(1000)), Pace(4))
    assert [next(answers) for _ in range(10)] == list(range(10))
    time.sleep(0.03)
    assert len(asked) <= 10 + 2 * 4
    answers.close()  # type: ignore[attr-defined]
    assert len(asked) < 30


def test_an_error_ends_all_questions() -> None:
    asked: list[int] = []

    def ask(number: int) -> int:
        asked.append(number)
        if number == 3:
            raise SourceError("no")
        return number

    def every() -> Iterator[int]:
        yield from range(100_000)

    with pytest.raises(SourceError, match="no"):
        list(side_by_side(ask, every(), Pace(2)))
    assert len(asked) < 10


def test_who_goes_away_waits_for_no_limit() -> None:
    pace = Pace(2)

    def ask(number: int) -> int:
        with pace.turn():
            if number == 1:
                pace.slow(60)
                pace.rest(60)
            return number

    answers, began = side_by_side(ask, range(10), pace), time.monotonic()
    assert next(answers) == 0
    answers.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 10


def test_pages_are_asked_for_once_and_ahead_where_nothing_moves() -> None:
    asked: list[int] = []

    def ask(start: int) -> int:
        asked.append(start)
        return start

    def following(start: int, _: int) -> range:
        return range(start + 10, 100, 10)

    with Ahead(ask, following, Pace(3)) as pages:
        assert [pages.page(start) for start in (0, 10, 20)] == [0, 10, 20]
        assert len(asked) == len(set(asked))
        assert pages.page(15) == 15, "the reader stepped back"
        assert pages.page(25) == 25
    assert {0, 10, 20, 15, 25} <= {*asked}
