"""``python -m pmo_sync``: the command line, where a script is not on the path."""

from pmo_sync.cli import main

main(prog_name="pmo-sync")
