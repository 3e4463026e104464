"""Whose thresholds a project is judged by: the policy's, its programs', its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace

from pmo_sync.config import Config, Project
from pmo_sync.policy import HealthChanges, HealthPolicy
from pmo_sync.rollups.membership import program_chain


def thresholds(config: Config, project: Project) -> HealthPolicy:
    """Return the policy's thresholds with what the project's programs, the outermost first, and
    the project itself say otherwise."""
    chain = program_chain(config.programs).get(project.program or "", ())
    programs = {program.name: program.health for program in config.programs}
    return _changed(config.policy.health, [*(programs[n] for n in reversed(chain)), project.health])


def _changed(base: HealthPolicy, changes: Iterable[HealthChanges | None]) -> HealthPolicy:
    for change in changes:
        if change:
            given = {key: value for key, value in asdict(change).items() if value is not None}
            base = replace(base, **given)
    return base
