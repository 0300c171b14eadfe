"""The files of a new project, as text by path; pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path, PurePosixPath

import yaml

from linkmesh.stacks.packages import KIND_SDK

TEMPLATES = Path(__file__).resolve().parent / "templates"

PROGRAM = "from linkmesh.stacks import deploy\n\ndeploy()\n"

# Source: Pulumi, sdk/go/common/tokens, ValidateProjectName
_NOT_OF_A_PROJECT = re.compile(r"[^A-Za-z0-9_.-]+")
PROJECT_NAME_LENGTH = 100

Files = Mapping[PurePosixPath, str]


class Template(StrEnum):
    """The environment that a new project describes."""

    CHAIN = "chain"
    HUB = "hub"
    MESH = "mesh"
    BLUEGREEN = "bluegreen"
    HYBRID = "hybrid"
    KIND = "kind"

    @property
    def text(self) -> str:
        """The description."""
        return (TEMPLATES / "environments" / f"{self}.py").read_text(encoding="utf-8")

    @property
    def has_eks(self) -> bool:
        """Whether it has clusters on EKS."""
        return " Eks(" in self.text

    @property
    def has_kind(self) -> bool:
        """Whether it has kind clusters."""
        return " Kind(" in self.text or "[Kind(" in self.text


def project_name(folder: str) -> str:
    """Return the name of the project in a folder: what Pulumi accepts of the folder's name."""
    return _NOT_OF_A_PROJECT.sub("-", folder)[:PROJECT_NAME_LENGTH].strip("-") or "mesh"


def files(project: str, name: str, template: Template, requirements: str) -> Files:
    """
    Write the files of a project.

    Args:
        project: name of the Pulumi project.
        name: name of its environment.
        requirements: content of requirements.txt.
    """
    given = TEMPLATES / "project"
    texts = {
        "Pulumi.yaml": pulumi_yaml(project, has_kind=template.has_kind),
        "__main__.py": PROGRAM,
        "requirements.txt": requirements,
        f"environments/{name}.py": template.text,
        ".gitignore": (given / "gitignore").read_text(encoding="utf-8"),
        "README.md": (given / "README.md")
        .read_text(encoding="utf-8")
        .format(project=project, name=name, part="west"),
        ".github/workflows/preview.yml": (given / "preview.yml")
        .read_text(encoding="utf-8")
        .replace("[ENVIRONMENT]", f"[{name}]"),
    }
    sdk = _kind_sdk() if template.has_kind else {}
    return {PurePosixPath(path): text for path, text in {**texts, **sdk}.items()}


def pulumi_yaml(project: str, *, has_kind: bool) -> str:
    """Write Pulumi.yaml."""
    content: dict[str, object] = {
        "name": project,
        "description": "Kubernetes clusters linked by Linkerd",
        "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}},
    }
    if has_kind:
        content["packages"] = {"kind": _kind_package()}
    return yaml.safe_dump(content, sort_keys=False)


def _kind_package() -> dict[str, object]:
    """Return the entry that `pulumi package add` writes; its versions are those of the SDK."""
    plugin = yaml.safe_load((KIND_SDK / "pulumi_kind" / "pulumi-plugin.json").read_text())
    return {
        "source": plugin["name"],
        "version": plugin["version"],
        "parameters": ["tehcyx/kind", plugin["parameterization"]["version"]],
    }


def _kind_sdk() -> dict[str, str]:
    """Return the SDK of kind, in the folder in which `pulumi package add` generates it."""
    sources = [KIND_SDK / "pyproject.toml", *sorted((KIND_SDK / "pulumi_kind").glob("*.*"))]
    return {
        f"sdks/kind/{source.relative_to(KIND_SDK).as_posix()}": source.read_text(encoding="utf-8")
        for source in sources
    }
