"""
Runs one Pulumi program, in the program's own Python, against the engine that asked for it.

This file is started by path and must need nothing but the Pulumi SDK: the program's environment
need not have this project's packages, and must not see its modules.
Source: pulumi/pulumi, sdk/python/cmd/pulumi-language-python-exec; exit codes and messages are equal
"""

import sys

# Python puts a script's folder first on the path; `import kubernetes` in a program is not ours.
sys.path.pop(0)

import argparse
import asyncio
import inspect
import logging
import os
import runpy
import traceback
from concurrent.futures import ThreadPoolExecutor

try:
    import pulumi
    import pulumi.runtime
except ImportError:
    traceback.print_exc()
    print(
        "\nIt looks like the Pulumi SDK has not been installed. Have you run pip install?\n"
        "If you are running in a virtualenv, you must run pip install -r requirements.txt "
        "from inside the virtualenv.",
        file=sys.stderr,
    )
    sys.exit(1)

# Tells the language host that the user has seen the reason.
USER_HAS_SEEN_THE_ERROR = 32
FAILED = 1
INTERRUPTED = 130

# The SDK waits in threads for the engine's answers. Source: pulumi-language-python-exec
THREADS_PER_OPERATION = 4


def main() -> int:
    """Configure the SDK, run the program, and give the exit code."""
    arguments = _arguments()
    pulumi.runtime.set_all_config(
        pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env()
    )
    pulumi.runtime.configure(_settings(arguments))
    sys.argv = [arguments.program, *arguments.rest]
    if arguments.pwd:
        os.chdir(arguments.pwd)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    executor = ThreadPoolExecutor(max(int(arguments.parallel), 1) * THREADS_PER_OPERATION)
    loop.set_default_executor(executor)
    # A failed program leaves futures that nobody awaits; asyncio would tell the user about each.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        return _run(arguments.program, loop)
    except KeyboardInterrupt:
        _leave(INTERRUPTED)  # without waiting for answers that nobody wants any more
        raise
    finally:
        executor.shutdown(wait=True)
        loop.close()
        sys.stdout.flush()
        sys.stderr.flush()


def _run(program: str, loop: asyncio.AbstractEventLoop) -> int:
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: _run_program(program)))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return FAILED
    except Exception:
        pulumi.log.error(
            f"Program failed with an unhandled exception:\n{_traceback_of_the_user(program)}"
        )
        return USER_HAS_SEEN_THE_ERROR
    return 0


def _run_program(program: str) -> None:
    try:
        runpy.run_path(program, run_name="__main__")
    except ImportError as error:
        files = {frame.filename for frame in traceback.extract_tb(error.__traceback__)}
        if files <= {__file__, runpy.__file__, "<frozen runpy>"}:
            pulumi.log.error(
                f"unable to find main python program `__main__.py` in `{os.path.abspath(program)}`"
            )
            sys.exit(USER_HAS_SEEN_THE_ERROR)
        raise


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run a Pulumi program in Python")
    for name in ("project", "root-directory", "stack", "pwd", "monitor", "engine", "organization"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--parallel", default="1")
    parser.add_argument("--dry-run", default="false")
    parser.add_argument("program")
    parser.add_argument("rest", nargs="*")
    return parser.parse_args()


def _settings(arguments: argparse.Namespace) -> pulumi.runtime.Settings:
    wanted = {
        "monitor": arguments.monitor,
        "engine": arguments.engine,
        "project": arguments.project,
        "stack": arguments.stack,
        "parallel": int(arguments.parallel),
        "dry_run": arguments.dry_run == "true",
        "organization": arguments.organization,
        "root_directory": arguments.root_directory,
    }
    # An older SDK knows fewer of them.
    known = inspect.signature(pulumi.runtime.Settings).parameters
    return pulumi.runtime.Settings(**{key: wanted[key] for key in wanted if key in known})


def _traceback_of_the_user(program: str) -> str:
    """Give the traceback from the program's first line on, without our own frames."""
    frames = traceback.extract_tb(sys.exc_info()[2])
    for index, frame in enumerate(frames):
        if _main_file(frame.filename) == _main_file(program):
            return traceback.format_exc(limit=index - len(frames))
    return traceback.format_exc()


def _main_file(path: str) -> str:
    stem, extension = os.path.splitext(path)
    return os.path.abspath(stem if extension else os.path.join(stem, "__main__"))


def _leave(code: int) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
