"""
The Python SDK in sdks/, generated from the schema beside it.

The package comes from a Terraform provider by parameterization; `pulumi package add` would download
two plugins to learn the same schema. Generating calls the same Go package that Pulumi's command
does.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from sandbox.home import PROJECT, TOOLCHAIN
from sandbox.toolchain.build import build_toolchain
from sandbox.toolchain.recipes import FOR_TESTS

SCHEMA = PROJECT / "sdks" / "kind.schema.json"
"""What `pulumi package get-schema terraform-provider tehcyx/kind 0.11.0` gives."""

SDK = PROJECT / "sdks" / "kind"


def generate_sdk(
    *, say: Callable[[str], None] = print, schema: Path = SCHEMA, folder: Path = SDK
) -> None:
    """Generate the SDK of a package schema into a folder, replacing what was there."""
    build_toolchain(say=say, recipes=[one for one in FOR_TESTS if "gensdk" in one.programs])
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([TOOLCHAIN / "bin" / "gensdk", "python", schema, folder], check=True)
