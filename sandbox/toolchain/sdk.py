"""
The Python SDK in sdks/, generated from the schema beside it.

The package comes from a Terraform provider by parameterization; `pulumi package add` would download
two plugins to learn the same schema. Generating calls the same Go package that Pulumi's command
does.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from sandbox.home import PROJECT, TOOLCHAIN
from sandbox.toolchain.build import run_go
from sandbox.toolchain.go import find_go
from sandbox.toolchain.recipes import HERE

SCHEMA = PROJECT / "sdks" / "kind.schema.json"
"""What `pulumi package get-schema terraform-provider tehcyx/kind 0.11.0` gives."""

SDK = PROJECT / "sdks" / "kind"


def generate_sdk(
    *, say: Callable[[str], None] = print, schema: Path = SCHEMA, folder: Path = SDK
) -> None:
    """Generate the SDK of a package schema into a folder, replacing what was there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".generating-") as draft:
        run_go(
            [str(find_go(say)), "run", "./gensdk", "python", str(schema), f"{draft}/sdk"],
            cwd=HERE / "pulumi",
            log=TOOLCHAIN / "logs" / "gensdk.log",
            what="the SDK generator",
            say=say,
        )
        shutil.rmtree(folder, ignore_errors=True)
        (Path(draft) / "sdk").rename(folder)
