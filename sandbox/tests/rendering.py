"""Charts as the genuine Helm renders them."""

import subprocess
from pathlib import Path
from typing import Any

import yaml

from sandbox.home import TOOLCHAIN

Objects = dict[tuple[str, str], dict[str, Any]]


def template(folder: Path, values: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """Render the chart in a folder, or say why not."""
    argv = [str(TOOLCHAIN / "bin" / "helm"), "template", folder.name, str(folder), "-n", "there"]
    argv += ["--kube-version", "1.35.4", "-f", "-"]
    given = yaml.safe_dump(values)
    return subprocess.run(argv, input=given, capture_output=True, text=True, timeout=60)


def rendered(folder: Path, values: dict[str, Any]) -> Objects:
    """Render the chart in a folder; objects by kind and name."""
    done = template(folder, values)
    assert done.returncode == 0, done.stderr
    objects = [one for one in yaml.safe_load_all(done.stdout) if one]
    return {(one["kind"], one["metadata"]["name"]): one for one in objects}
