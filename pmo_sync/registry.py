"""Plug-ins by name: the built-in ones, then those that other packages announce.

A package adds a tracker, a report or a publisher by an entry point in the group of the same
name, e.g. ``[project.entry-points."pmo_sync.connectors"]``.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from pmo_sync.errors import ConfigError

CONNECTORS = {
    "jira": "pmo_sync.connectors.jira:JiraConnector",
    "github": "pmo_sync.connectors.github:GithubConnector",
}
REPORTS = {"status": "pmo_sync.reports.status:build"}
PUBLISHERS = {"folder": "pmo_sync.publishers.folder:Folder"}

GROUPS = {
    "pmo_sync.connectors": CONNECTORS,
    "pmo_sync.reports": REPORTS,
    "pmo_sync.publishers": PUBLISHERS,
}


def names(group: str) -> list[str]:
    """List the plug-ins of a group, the built-in ones first."""
    extra = [point.name for point in _announced(group)]
    return [*GROUPS[group], *(name for name in extra if name not in GROUPS[group])]


def load(group: str, name: str) -> Any:
    """Import the plug-in called ``name``; nothing of the others is imported."""
    if name in GROUPS[group]:
        module, _, attribute = GROUPS[group][name].partition(":")
        return getattr(import_module(module), attribute)
    for point in _announced(group):
        if point.name == name:
            return point.load()
    raise ConfigError(f"{group}: no plug-in {name!r} (known: {', '.join(names(group))})")


def _announced(group: str) -> Iterable[Any]:
    from importlib.metadata import entry_points  # 30 ms, which --help need not pay

    return entry_points(group=group)
