"""
The sandbox's commands: python -m sandbox COMMAND.
"""

import os
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from sandbox import world
from sandbox.home import HOME_VARIABLE, STATE, TOOLCHAIN, Home, SandboxError, clean
from sandbox.toolchain import FOR_TESTS, RECIPES, build_toolchain, generate_sdk, install_browser

app = typer.Typer(
    help="Everything an environment needs, on one machine: no cloud, no Docker, no internet.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

HomeOption = Annotated[
    Path, typer.Option("--home", envvar=HOME_VARIABLE, help="Folder of the sandbox.")
]
DEFAULT_HOME = STATE / "sandbox"


@app.command("toolchain")
def toolchain_command(
    tests: Annotated[bool, typer.Option("--tests", help="And those that only tests run.")] = False,
) -> None:
    """Build the programs of the sandbox, once; for tests, install the browser too."""
    build_toolchain(say=_say, recipes=(*RECIPES, *FOR_TESTS) if tests else RECIPES)
    if tests:
        install_browser(say=_say, folder=TOOLCHAIN)


@app.command("sdks")
def sdks_command() -> None:
    """Generate the SDKs in sdks/ from their schemas."""
    generate_sdk(say=_say)


@app.command("start")
def start_command(home: HomeOption = DEFAULT_HOME) -> None:
    """Start the sandbox, or what of it does not run."""
    world.start(Home(home.resolve()), say=_say)


@app.command("stop")
def stop_command(home: HomeOption = DEFAULT_HOME) -> None:
    """End the sandbox and forget everything in it."""
    world.stop(Home(home.resolve()))


@app.command("status")
def status_command(home: HomeOption = DEFAULT_HOME) -> None:
    """Show what runs; exit code 0 only if everything that should does."""
    seen = world.status(Home(home.resolve()))
    if not seen.started:
        print(f"sandbox: not started ({home})")
        raise typer.Exit(1)
    clusters = {f"cluster {name}": runs for name, runs in seen.clusters.items()}
    for name, runs in {"AWS": seen.aws, **seen.controllers, **clusters}.items():
        print(f"{name:26} {'running' if runs else 'stopped'}")
    raise typer.Exit(0 if seen.is_well else 1)


@app.command("env")
def env_command(home: HomeOption = DEFAULT_HOME) -> None:
    """Print the sandbox's variables for a shell: eval "$(python -m sandbox env)"."""
    wanted = world.variables(Home(home.resolve()))
    for name in sorted(set(os.environ) - set(wanted)):
        print(f"unset {name}")
    for name, value in sorted(wanted.items()):
        if os.environ.get(name) != value:
            print(f"export {name}={shlex.quote(value)}")


@app.command("run", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run_command(context: typer.Context, home: HomeOption = DEFAULT_HOME) -> None:
    """Run a command in the sandbox's environment: python -m sandbox run -- pulumi stack ls."""
    if not context.args:
        raise SandboxError(
            "run must be given a command (got none). Use: python -m sandbox run -- CMD"
        )
    wanted = world.variables(Home(home.resolve()))
    # Takes our place: signals and exit code are the command's own.
    try:
        os.execvpe(context.args[0], context.args, wanted)
    except FileNotFoundError:
        raise SandboxError(f"{context.args[0]!r} must be a program (there is none).") from None


@app.command("clean")
def clean_command() -> None:
    """End every sandbox of this project and delete all caches and programs."""
    clean()


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    """Run a command; what a person can mend is one message."""
    try:
        app()
    except SandboxError as error:
        sys.exit(f"sandbox: {error}")


if __name__ == "__main__":
    main()
