"""`mesh`: commands over a whole environment."""

import runpy
import sys


def main() -> None:
    """
    Run `mesh`, as `python -m linkmesh.cli` does; the console script of the distribution.

    Like this, processes that it forks do not import the script, and with it every command.
    """
    try:
        runpy.run_module("linkmesh.cli", run_name="__main__", alter_sys=True)
    except KeyboardInterrupt:
        # While modules are imported. Later, each command says how to continue.
        print("Interrupted before anything was changed.", file=sys.stderr)
        raise SystemExit(130) from None
