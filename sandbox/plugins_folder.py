"""
Where the Pulumi engine finds language host, provider plugins and the programs it calls.

What is genuine is linked from the toolchain; each imitation is a shell script of two lines that
runs a module of this project, unless a folder that the user names has the genuine plugin. Two
places matter: the language host lies beside the `pulumi` program itself and providers below
PULUMI_HOME; found on PATH instead, each would be announced with a warning in every run.
"""

import importlib.util
import json
import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from sandbox.files import write_atomically
from sandbox.home import HOME_VARIABLE, PROJECT, TOOLCHAIN, Home, SandboxError

# Not symbolic links: Pulumi looks for its neighbours beside the real file it was started from.
BESIDE_PULUMI = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
    "pulumi-analyzer-policy-python",
)


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """A provider plugin that the product's SDKs ask for."""

    sdk: str
    """The Python package that asks for it, at the version in its pulumi-plugin.json."""
    imitation: str | None = None
    """Our imitation, a module of sandbox.plugins; None: the toolchain builds the genuine one."""


PLUGINS = (
    Plugin(sdk="pulumi_kubernetes"),
    Plugin(sdk="pulumi_tls"),
    Plugin(sdk="pulumi_aws", imitation="aws"),
    # The provider of any Terraform provider, told by a parameter to be tehcyx/kind.
    Plugin(sdk="pulumi_kind", imitation="kind"),
)


def write_plugins(home: Home, genuine: Path | None) -> list[str]:
    """Write programs and plugins of a home; return the names of those that are imitated."""
    found = _genuine_files(genuine)
    _link_programs(home)
    imitated = []
    paths = _provider_paths(home)
    for plugin, path in paths.items():
        if plugin.imitation is None:
            _place(TOOLCHAIN / "bin" / path.name, path)
        elif path.name in found:
            _place(found[path.name], path)
        else:
            _write_shim(home, path, f"sandbox.plugins.{plugin.imitation}")
            imitated.append(plugin.imitation)
    wanted = {path.parent for path in paths.values()}
    for other in (home.pulumi / "plugins").iterdir():
        # Beside the folders lie files in which the engine notes when it used which.
        if other.is_dir() and other not in wanted:
            shutil.rmtree(other)  # of a version that no SDK asks for any more
    _write_shim(home, home.bin / "aws", "sandbox.aws_cli")
    return imitated


def _provider_paths(home: Home) -> dict[Plugin, Path]:
    """Give the place where the engine looks for each provider: a folder of its exact version."""
    paths = {}
    for plugin in PLUGINS:
        name, version = plugin_version(plugin.sdk)
        folder = home.pulumi / "plugins" / f"resource-{name}-v{version}"
        paths[plugin] = folder / f"pulumi-resource-{name}"
    return paths


def plugin_version(sdk: str) -> tuple[str, str]:
    """Read which plugin an installed SDK asks for: its name and version."""
    spec = importlib.util.find_spec(sdk)
    if spec is None or spec.origin is None:
        raise SandboxError(
            f"the package {sdk} must be installed (it is not). Its plugin's version is read from "
            "it. Install it: make setup"
        )
    asked = json.loads((Path(spec.origin).parent / "pulumi-plugin.json").read_text())
    return asked["name"], asked["version"]


def shim(home: Home, module: str) -> str:
    """Make a script that runs a module's main() for this home, with this Python, isolated."""
    program = f"import sys; sys.path.insert(0, {str(PROJECT)!r}); from {module} import main; main()"
    return (
        "#!/bin/sh\n"
        f"export {HOME_VARIABLE}={shlex.quote(str(home.root))}\n"
        f'exec {shlex.quote(sys.executable)} -I -c {shlex.quote(program)} "$@"\n'
    )


def _write_shim(home: Home, path: Path, module: str) -> None:
    # A new file, never new content: what lies there may be a link to somebody's genuine plugin.
    write_atomically(path, shim(home, module), mode=0o755)


def _genuine_files(folder: Path | None) -> dict[str, Path]:
    """Find the user's plugin programs by name; a folder with none is a slip, not a wish."""
    if folder is None:
        return {}
    known = sorted(
        f"pulumi-resource-{plugin_version(plugin.sdk)[0]}" for plugin in PLUGINS if plugin.imitation
    )
    found = {name: folder / name for name in known if (folder / name).is_file()}
    if not found:
        raise SandboxError(
            f"LINKMESH_PLUGINS must be a folder with at least one of {', '.join(known)} (got "
            f"{folder}, which {'has none' if folder.is_dir() else 'does not exist'}). Those found "
            "replace our imitations. Correct the path, or unset LINKMESH_PLUGINS."
        )
    not_executable = [name for name, file in found.items() if not os.access(file, os.X_OK)]
    if not_executable:
        raise SandboxError(
            f"plugins must be executable (in {folder} not: {', '.join(not_executable)}). The "
            "engine starts them as programs. Run: chmod +x "
            f"{' '.join(str(found[name]) for name in not_executable)}"
        )
    return found


def _link_programs(home: Home) -> None:
    """Put the toolchain's programs on the sandbox's PATH."""
    home.bin.mkdir(parents=True, exist_ok=True)
    for name in BESIDE_PULUMI:
        _place(TOOLCHAIN / "bin" / name, home.bin / name)
    for name in ("kubectl", "helm"):
        link = home.bin / name
        link.unlink(missing_ok=True)
        link.symlink_to(TOOLCHAIN / "bin" / name)


def _place(source: Path, target: Path) -> None:
    """Give a program a second name; a copy where the file system cannot."""
    if target.exists() and target.samefile(source):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source.resolve())
    except OSError:
        shutil.copy2(source, target)
