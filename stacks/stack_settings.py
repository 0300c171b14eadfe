"""
The settings file of a stack, `Pulumi.<stack>.yaml`, read without starting `pulumi`.

A setting that no program reads is an error: with one letter too few in the name of a trust anchor,
everything would be deployed with an anchor of our own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from linkmesh.environment.parts import CLUSTER, TRUST, kind_of

from .errors import LoadError
from .project import project_folder
from .rotation import ROTATION, TOKEN_GENERATIONS, TRUST_STATE

_OURS = "linkmesh:"

# The setting with a trust anchor that was made elsewhere; more generations have a number as well.
ANCHOR_CERTIFICATE, ANCHOR_KEY = "anchorCertificate", "anchorKey"
_GENERATION = re.compile(r"-([2-9]|[1-9]\d+)$")

# The setting with the kubeconfig of an existing cluster, in the stack of that cluster.
KUBECONFIG = "linkmesh:kubeconfig"

# Where charts are is often set for all stacks at once.
_OF_ALL = ("linkmesh:charts", "linkmesh:awsCharts", "linkmesh:chartValues")
_OF_KIND = {
    TRUST: (f"{_OURS}{ANCHOR_CERTIFICATE}", f"{_OURS}{ANCHOR_KEY}", TRUST_STATE, ROTATION),
    CLUSTER: (KUBECONFIG, TOKEN_GENERATIONS),
}


def settings_file(folder: Path, stack: str) -> Path:
    """Return where the settings of a stack are."""
    return folder / f"Pulumi.{stack}.yaml"


def read_settings(file: Path) -> Mapping[str, Any]:
    """Return the settings in a file; none if it cannot be read: Pulumi says what is wrong then."""
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return read if isinstance(read, Mapping) else {}


def check_settings(name: str, parts: Iterable[str]) -> None:
    """
    Check the settings of stacks of an environment, as far as they are in files of the project.

    Raises: LoadError if a program reads none of its name, or that of another stack does.
    """
    folder = project_folder()
    found: list[str] = []
    for part in parts:
        config = read_settings(settings_file(folder, f"{name}.{part}")).get("config")
        found += _problems(f"{name}.{part}", kind_of(part), config)
    if found:
        raise LoadError("\n".join(found))


def _problems(stack: str, kind: str, config: object) -> Iterator[str]:
    if not isinstance(config, Mapping):
        return
    known = [*_OF_ALL, *_OF_KIND.get(kind, ())]
    for key in map(str, config):
        plain = _GENERATION.sub("", key) if kind == TRUST else key
        if key.startswith(_OURS) and plain not in known:
            near = get_close_matches(plain, known, n=1, cutoff=0.8)
            use = f"the name {near[0]}, or " if near else ""
            yield (
                f"setting {key} of stack {stack} must be one that its program reads (it is not). "
                f"It would have no effect. Read are {', '.join(known)}. Use: {use}pulumi config rm "
                f"{key} --stack {stack}"
            )
