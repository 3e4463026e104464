"""What goes wrong between a client and the trackers: the plan, and how it is written.

A plan is drawn from a seed, request by request, for each tracker by itself: which request meets
which fault depends on the seed and the request's ordinal alone (``injector.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from pmo_sync.demo.facts import Tracker
from pmo_sync.errors import ConfigError

Kind = Literal[
    "429", "secondary", "5xx", "timeout", "truncated", "dropped",
    "duplicated", "reordered", "repeated", "partial",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Closed:
    """A Jira project or GitHub repository that the login loses at a request: ``hidden`` (it is
    not there any more, 404) or else forbidden (403)."""

    container: str
    since: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class Faults:
    """A plan. ``rates`` are shares of the requests, at most 1 together; times are in seconds.

    ``hold`` is how long an answer is held that never comes, ``wait`` what a rate limit asks for,
    ``budget`` how many requests meet a fault at most (None: without end), ``expired`` the first
    request whose token is refused, ``only`` the one tracker that is disturbed.
    """

    rates: Mapping[Kind, float] = field(default_factory=dict)
    seed: int = 0
    latency: float = 0.0
    hold: float = 75.0
    wait: int = 1
    budget: int | None = None
    expired: int | None = None
    closed: Closed | None = None
    only: Tracker | None = None

    def __post_init__(self) -> None:
        total = sum(self.rates.values())
        if total > 1:
            raise ConfigError(f"faults: the shares add up to {total:g}, more than all requests")


def parse_faults(text: str, seed: int = 0) -> Faults:
    """Read ``latency=150ms,429=0.05,expired=40,hidden=PAY@30``; raise ConfigError naming what is
    wrong with which part."""
    rates: dict[Kind, float] = {}
    settings: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = part.partition("=")
        if name in KINDS:
            rates[name] = _read(part, _share, value, "a share between 0 and 1, e.g. 0.05")
        elif name in _SETTINGS:
            key, read, wanted = _SETTINGS[name]
            settings[key] = _read(part, read, value, wanted)
        else:
            known = ", ".join([*KINDS, *_SETTINGS])
            raise ConfigError(f"faults: no fault {name!r} (known: {known})")
    return Faults(rates, seed, **settings)


def _read(part: str, read: Callable[[str], Any], value: str, wanted: str) -> Any:
    try:
        return read(value)
    except ValueError:
        raise ConfigError(f"faults: {part}: want {wanted}") from None


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share


def _seconds(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", text)
    if match is None:
        raise ValueError(text)
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def _whole_seconds(text: str) -> int:
    if re.fullmatch(r"\d+s?", text) is None:
        raise ValueError(text)
    return int(text.removesuffix("s"))


def _ordinal(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _closed(hidden: bool) -> Callable[[str], Closed]:
    def read(text: str) -> Closed:
        container, _, since = text.rpartition("@")
        if not container:
            raise ValueError(text)
        return Closed(container, _ordinal(since), hidden)

    return read


def _tracker(text: str) -> Tracker:
    if text not in get_args(Tracker):
        raise ValueError(text)
    return text  # type: ignore[return-value]


_A_TIME = "a time, e.g. 150ms or 2s"
_A_REQUEST = "the number of a request, from 1 on"
_A_CONTAINER = "a project or repository and the number of a request, e.g. PAY@30"
_SETTINGS: Mapping[str, tuple[str, Callable[[str], Any], str]] = {
    "latency": ("latency", _seconds, _A_TIME),
    "hold": ("hold", _seconds, _A_TIME),
    "wait": ("wait", _whole_seconds, "whole seconds, e.g. 2s"),
    "budget": ("budget", _ordinal, "a number of faults, from 1 on"),
    "expired": ("expired", _ordinal, _A_REQUEST),
    "hidden": ("closed", _closed(hidden=True), _A_CONTAINER),
    "forbidden": ("closed", _closed(hidden=False), _A_CONTAINER),
    "only": ("only", _tracker, ", ".join(get_args(Tracker))),
}
