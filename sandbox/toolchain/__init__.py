"""
The sandbox's programs, built from small Go modules in this folder, one of them for tests only.

Nothing of it can be downloaded prebuilt where only package registries are reachable, but all of it
is on the Go module proxy. What to build and which version is in the modules' go.mod files;
`recipes.py` reads them, `go.py` finds a Go toolchain, `build.py` builds what is missing. A program
whose module did not change is not built again.
"""

from sandbox.toolchain.browser import install_browser
from sandbox.toolchain.build import build_toolchain
from sandbox.toolchain.recipes import (
    FOR_TESTS,
    RECIPES,
    Recipe,
    program_versions,
    required_version,
)
from sandbox.toolchain.sdk import generate_sdk

__all__ = [
    "FOR_TESTS",
    "RECIPES",
    "Recipe",
    "build_toolchain",
    "generate_sdk",
    "install_browser",
    "program_versions",
    "required_version",
]
