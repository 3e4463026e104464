"""In which column of the portfolio's board an item stood, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pmo_sync.demo.facts import Item
from pmo_sync.demo.github_names import GithubNames

TODO, DOING, WAITING, DONE = COLUMNS = ("Todo", "In progress", "Blocked", "Done")
_OF_CATEGORY = {"todo": TODO, "in_progress": DOING, "done": DONE}


@dataclass(frozen=True, slots=True)
class Move:
    """An item came into a column; ``before`` is empty where it came onto the board."""

    at: datetime
    actor: str | None
    before: str
    after: str

    @property
    def automated(self) -> bool:
        """Whether the board's own workflows did it: they follow the issue's state."""
        return not self.before or DONE in (self.before, self.after)


def moves(names: GithubNames, item: Item) -> Iterator[Move]:
    """Yield an item's moves, oldest first."""
    column, category, blocked = "", "todo", False
    for event in item.events:
        if event.field == "status":
            category = names.category(item, event.new)
        elif event.field == "blocked":
            blocked = event.new is not None
        else:
            continue
        after = WAITING if blocked and category != "done" else _OF_CATEGORY[category]
        if after != column:
            yield Move(event.at, event.actor, column, after)
            column = after
