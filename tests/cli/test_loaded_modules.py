"""Which modules commands load: one that a command does not need costs time in each of its runs."""

import subprocess
import sys

from tests.project import PROJECT

# What a program of a stack loads, in a process of its own: SDKs, and what these load.
SDKS = (
    "pulumi_aws",
    "pulumi_kind",
    "pulumi_tls",
    "pulumi_kubernetes.core.v1._inputs",
    "requests",
)

# Large packages, none of which is needed to read a description. pulumi loads grpc and more.
LARGE = ("pulumi", "grpc", "asyncio", "cryptography", "lightkube", "httpx2", "rich.table")


def loaded(program: str) -> set[str]:
    """Run a program; return the modules that it has loaded at its end."""
    listing = "import sys; print(*sys.modules, sep='\\n', file=sys.stderr)"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import atexit; atexit.register(lambda: exec({listing!r}))\n{program}",
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines())


def mesh(*arguments: str) -> set[str]:
    """Run `mesh`; return the modules that it has loaded at its end."""
    return loaded(
        f"import sys; sys.argv = {['mesh', *arguments]!r}; import linkmesh.cli as c; c.main()"
    )


def test_no_module_of_commands_loads_what_only_programs_of_stacks_need() -> None:
    every = (
        "import importlib, pkgutil, linkmesh.cli\n"
        "for each in pkgutil.walk_packages(linkmesh.cli.__path__, 'linkmesh.cli.'):\n"
        "    if '__main__' not in each.name: importlib.import_module(each.name)"
    )

    found = loaded(every)

    assert "linkmesh.cli.status.collect" in found
    assert found & {*SDKS} == set()


def test_status_loads_a_client_of_clusters_and_nothing_of_pulumi() -> None:
    found = loaded("from linkmesh.cli.status import collect, command, evaluate, render")

    assert "lightkube" in found
    assert found & {"pulumi", "grpc", *SDKS} == set()


def test_commands_about_a_description_load_nothing_large() -> None:
    for arguments in (["--help"], ["plan", "demo"], ["diagram", "demo"], ["matrix", "demo"]):
        found = mesh(*arguments)

        assert "linkmesh.cli.__main__" in found or "__main__" in found
        assert found & {*LARGE} == set(), arguments
