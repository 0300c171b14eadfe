"""`mesh`: commands over a whole environment."""

import gc
import runpy
import sys
import time

# When the command began, in seconds since the epoch: before it read anything.
BEGAN = time.time()

# The modules that a command imports stay. To look through them as often as by default takes a tenth
# of the processor time of a command.
COLLECT_AFTER = 50_000


def main() -> None:
    """
    Run `mesh`, as `python -m linkmesh.cli` does; the console script of the distribution.

    Like this, processes that it forks do not import the script, and with it every command.
    """
    gc.set_threshold(COLLECT_AFTER)
    try:
        runpy.run_module("linkmesh.cli", run_name="__main__", alter_sys=True)
    except KeyboardInterrupt:
        # While modules are imported. Later, each command says how to continue.
        print("Interrupted before anything was changed.", file=sys.stderr)
        raise SystemExit(130) from None
