"""What can go wrong, and the exit code that a scheduler sees for it.

A message says where and what: ``where: what (known: ...)``. It never holds a secret.
"""


class PmoSyncError(Exception):
    """Anything that a user can act on; shown without a traceback."""

    exit_code = 1


class ConfigError(PmoSyncError):
    """The configuration or the command line cannot be used as it is."""

    exit_code = 2


class SourceError(PmoSyncError):
    """A tracker cannot be read: unreachable, refused, or its answers make no sense."""


class AccessError(SourceError):
    """The tracker knows us not, or does not let us: a person must change something there."""


class PartialError(PmoSyncError):
    """Some of the work was done; what was not is named."""

    exit_code = 3


class StoreError(PmoSyncError):
    """The store cannot be opened, read or written."""


class LockedError(StoreError):
    """Another run holds the store."""

    exit_code = 4


def is_interruption(error: BaseException) -> bool:
    """Say whether a signal ended what was at work; in the middle of a query DuckDB tells that by a
    plain RuntimeError."""
    duckdbs = isinstance(error, RuntimeError) and str(error) == "Query interrupted"
    return isinstance(error, KeyboardInterrupt) or duckdbs
