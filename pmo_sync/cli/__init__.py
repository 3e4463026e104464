"""The command line: options in, one call of the pipeline, words and an exit code out.

``main.py`` is the group, ``session.py`` what every command starts from, ``types.py`` what options
may be, ``options.py`` what several have, ``gate.py`` how a report ends a pipeline; the commands are
in ``baseline.py``, ``data.py``, ``forecast.py``, ``questions.py``, ``reports.py``, ``run.py`` and
``start.py``. Nothing heavy is imported before a command runs, so that ``--help`` answers at once.
"""

from pmo_sync.cli.baseline import baseline
from pmo_sync.cli.data import check, store, sync
from pmo_sync.cli.forecast import forecast
from pmo_sync.cli.main import main
from pmo_sync.cli.questions import items, rollup
from pmo_sync.cli.reports import report
from pmo_sync.cli.run import run
from pmo_sync.cli.start import demo, init

__all__ = ["main"]

COMMANDS = (
    baseline, check, demo, forecast, init, items, report, rollup, run, store, sync,
)  # fmt: skip

for command in COMMANDS:
    main.add_command(command)
