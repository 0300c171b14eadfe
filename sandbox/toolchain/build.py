"""
Building what is missing, with a live word on how long it takes.

Each program is stamped with its module's fingerprint, so that a second run compares a few hashes
and is done. Go keeps finished packages in its cache: an interrupted build goes on where it was.
Programs are moved into place whole, hence a running sandbox keeps its own while a new one is built.
"""

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from sandbox.files import lock_file, write_atomically
from sandbox.home import TOOLCHAIN, SandboxError
from sandbox.toolchain.go import find_go, go_environment
from sandbox.toolchain.recipes import RECIPES, Recipe

Say = Callable[[str], None]

# Often enough that nobody thinks it hangs, seldom enough for a log.
WORD_EVERY_SECONDS = 30.0


def build_toolchain(
    *, say: Say = print, folder: Path = TOOLCHAIN, recipes: Sequence[Recipe] = RECIPES
) -> None:
    """Bring the sandbox's programs, or those of some recipes, up to date; at once if they are."""
    if not missing(folder, recipes):
        return
    with lock_file(folder / "lock"):
        if not (left := missing(folder, recipes)):
            return
        go = find_go(say)
        minutes = sum(recipe.minutes for recipe in left)
        say(
            f"toolchain: building {', '.join(_names(recipe) for recipe in left)} from Go modules. "
            f"Once; about {minutes} min on two cores from an empty Go cache. It may be interrupted "
            "and goes on later."
        )
        began = time.monotonic()
        for recipe in left:
            _build(recipe, go=go, folder=folder, say=say)
        say(f"toolchain: ready in {folder / 'bin'} after {_duration(time.monotonic() - began)}")


def missing(folder: Path = TOOLCHAIN, recipes: Sequence[Recipe] = RECIPES) -> list[Recipe]:
    """List the recipes of which a program is not there, or was built from something else."""
    return [recipe for recipe in recipes if not _is_current(recipe, folder)]


def _is_current(recipe: Recipe, folder: Path) -> bool:
    fingerprint = recipe.fingerprint()
    return (
        all(
            (folder / "bin" / name).exists()
            for name in (*recipe.programs, *recipe.links, *recipe.scripts)
        )
        and all(_stamp(folder, name) == fingerprint for name in recipe.programs)
        and (not recipe.stages or any((folder / "stages").glob("*.yaml")))
    )


def _stamp(folder: Path, program: str) -> str:
    try:
        return (folder / "stamps" / program).read_text()
    except FileNotFoundError:
        return ""


def _build(recipe: Recipe, *, go: Path, folder: Path, say: Say) -> None:
    """Build one module's programs into a folder of drafts, then move them into place."""
    drafts = folder / "drafts"
    shutil.rmtree(drafts, ignore_errors=True)
    drafts.mkdir(parents=True)
    argv = [str(go), "build", "-trimpath", "-ldflags", recipe.linker_flags()]
    argv += [*(("-tags", ",".join(recipe.tags)) if recipe.tags else ()), "-o", f"{drafts}/"]
    _run_go(
        [*argv, *recipe.programs.values()],
        cwd=recipe.folder,
        log=folder / "logs" / f"{recipe.module}.log",
        what=_names(recipe),
        say=say,
    )
    (folder / "bin").mkdir(exist_ok=True)
    if recipe.source:
        _copy_files(_module_folder(go, recipe), recipe, folder)
    (folder / "stamps").mkdir(exist_ok=True)
    for program in recipe.programs:
        stamp = folder / "stamps" / program
        stamp.unlink(missing_ok=True)
        (drafts / program).replace(folder / "bin" / program)
        stamp.write_text(recipe.fingerprint())
    for name, program in recipe.links.items():
        link = folder / "bin" / f".{name}"
        link.unlink(missing_ok=True)
        link.symlink_to(program)
        link.replace(folder / "bin" / name)
    shutil.rmtree(drafts)


def _module_folder(go: Path, recipe: Recipe) -> Path:
    """Find where Go's module cache has the files of a recipe's source."""
    listed = subprocess.run(
        [str(go), "list", "-m", "-f", "{{.Dir}}", recipe.source],
        cwd=recipe.folder,
        env=go_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(listed.stdout.strip())


def _copy_files(source: Path, recipe: Recipe, folder: Path) -> None:
    """Copy a module's scripts, and KWOK's own stages, which a Stage of ours would replace."""
    # Not copy(): files of the module cache are read-only, and a second build would fail on them.
    for name, path in recipe.scripts.items():
        write_atomically(folder / "bin" / name, (source / path).read_text(), mode=0o755)
    if recipe.stages:
        (folder / "stages").mkdir(exist_ok=True)
        for kind in ("node", "pod"):
            stages = source / recipe.stages / kind / "fast"
            for file in sorted(stages.glob(f"{kind}-*.yaml")):
                shutil.copyfile(file, folder / "stages" / file.name)


def _run_go(argv: list[str], *, cwd: Path, log: Path, what: str, say: Say) -> None:
    """Run a long Go command and tell the time it takes; what it says goes into a log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=go_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            while process.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(WORD_EVERY_SECONDS)
                    break
                say(f"  {what}: {_duration(time.monotonic() - began)}")
        finally:
            process.terminate()
            process.wait()
    if process.returncode != 0:
        raise SandboxError(_failure(what, log))
    say(f"  {what}: built in {_duration(time.monotonic() - began)}")


def _failure(what: str, log: Path) -> str:
    said = "\n".join(log.read_text(errors="replace").splitlines()[-12:])
    return (
        f"building {what} must succeed (it did not). Go said:\n"
        f"{said}\n"
        "It needs the Go module proxy (GOPROXY) and about 9 GB for Go's caches (go env GOCACHE "
        f"GOMODCACHE). Then run it again: what is finished is kept. Everything it said is in {log}."
    )


def _names(recipe: Recipe) -> str:
    programs = [*recipe.programs, *recipe.links]
    return ", ".join(name for name in programs if name not in recipe.links.values())


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{seconds:.0f} s"
