"""`mesh`: commands over a whole environment."""

import runpy


def main() -> None:
    """
    Run `mesh`, as `python -m linkmesh.cli` does; the console script of the distribution.

    Like this, processes that it forks do not import the script, and with it every command.
    """
    runpy.run_module("linkmesh.cli", run_name="__main__", alter_sys=True)
