"""
What is built from which Go module, and with which version stamps.

The versions stand in the go.mod files alone. Stamps matter: an unstamped API server says v0.0.0 to
kubectl and Helm, and an unstamped Helm tells charts that Kubernetes is v1.20, which Linkerd's
charts refuse.
"""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
REQUIREMENTS = HERE.parent.parent / "requirements.txt"

CONTROL_PLANE = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
"""The names by which the multi-call program `kube` is called."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How to build the programs of one Go module."""

    module: str
    """Folder of the module, beside this file."""
    programs: dict[str, str]
    """Name of the program -> Go package."""
    stamps: dict[str, str]
    """Go variable -> text the linker writes into it."""
    minutes: int
    """How long it takes on two cores, with an empty Go cache."""
    links: dict[str, str] = field(default_factory=dict)
    """Further names -> the program they link to."""
    tags: tuple[str, ...] = ()
    """Build tags, e.g. those that leave out what is not used."""
    scripts: dict[str, str] = field(default_factory=dict)
    """Scripts that are installed beside the programs: name -> path below the module `source`."""
    stages: str = ""
    """Folder of KWOK's stages below the module `source`."""
    source: str = ""
    """The Go module whose scripts or stages are copied."""

    @property
    def folder(self) -> Path:
        """The module's folder."""
        return HERE / self.module

    def linker_flags(self) -> str:
        """Make the text for -ldflags: no symbol tables, and the stamps."""
        return " ".join(["-s -w", *(f"-X {key}={value}" for key, value in self.stamps.items())])

    def fingerprint(self) -> str:
        """Make a text that changes whenever something that goes into the programs changes."""
        built_of = (self.programs, self.linker_flags(), self.scripts, self.stages, *self.tags)
        digest = hashlib.sha256(repr(built_of).encode())
        # The generator of SDKs lies in a module of another program, but is no part of it.
        sources = [one for one in self.folder.rglob("*") if one.suffix in {".go", ".mod", ".sum"}]
        if "gensdk" not in self.programs:
            sources = [one for one in sources if one.parent.name != "gensdk"]
        for source in sorted(sources):
            digest.update(source.name.encode() + b"\0" + source.read_bytes())
        return digest.hexdigest()


def required_version(module: str, requirement: str) -> str:
    """Read the version of a required Go module, or of Go itself (`go`), from a go.mod file."""
    text = (HERE / module / "go.mod").read_text()
    found = re.search(
        rf"^\s*(?:require )?{re.escape(requirement)} (v?[0-9]\S*)", text, re.MULTILINE
    )
    if found is None:
        raise ValueError(
            f"sandbox/toolchain/{module}/go.mod must require {requirement} (it does not). "
            "Its version is stamped into a program. Add it, then: go mod tidy"
        )
    return found[1]


def sdk_version(name: str) -> str:
    """Read the version of a Pulumi SDK that the project requires, which is its provider's too."""
    pinned = re.search(rf"^pulumi-{name}==(\S+)$", REQUIREMENTS.read_text(), re.MULTILINE)
    if pinned is None:
        raise ValueError(
            f"requirements.txt must pin pulumi-{name} with == (it does not). The provider in the "
            "sandbox is built for that version."
        )
    return pinned[1]


def go_version() -> str:
    """Give the oldest Go that builds every module."""
    versions = [required_version(recipe.module, "go") for recipe in (*RECIPES, *FOR_TESTS)]
    return max(versions, key=version_numbers)


def program_versions() -> dict[str, str]:
    """Name what the sandbox's genuine programs are, each with its version, for a person."""
    return {
        "Pulumi": required_version("pulumi", "github.com/pulumi/pulumi/pkg/v3"),
        "its Python language host": required_version("language", "github.com/pulumi/pulumi/sdk/v3"),
        "its Kubernetes provider": _commit_date(
            required_version("kubernetes", "github.com/pulumi/pulumi-kubernetes/provider/v4")
        ),
        "its tls provider": "bridge "
        + required_version("tls", "github.com/pulumi/pulumi-terraform-bridge/v3"),
        "Kubernetes": required_version("kubernetes", "k8s.io/kubernetes"),
        "etcd": required_version("kubernetes", "go.etcd.io/etcd/server/v3"),
        "Helm": required_version("kubernetes", "helm.sh/helm/v3"),
    }


def _commit_date(pseudo_version: str) -> str:
    """Name a commit by the date in a pseudo-version: v4.0.0-20260115033456-f47bc2d6f199."""
    day = pseudo_version.split("-")[1]
    return f"of {day[:4]}-{day[4:6]}-{day[6:8]}"


def version_numbers(version: str) -> tuple[int, ...]:
    """Make versions comparable: v3.259.0 -> (3, 259, 0)."""
    return tuple(int(number) for number in re.findall(r"\d+", version.partition("-")[0]))


_PULUMI = "github.com/pulumi/pulumi"
_PROVIDER = "github.com/pulumi/pulumi-kubernetes/provider/v4"
_YAML = "github.com/pulumi/pulumi-yaml"

# Without Google's direct path to its storage: an eighth of what `pulumi` would be built of.
# Source: cloud.google.com/go/storage, grpc_dp.go.
_PULUMI_TAGS = ("disable_grpc_modules",)

_KUBERNETES = required_version("kubernetes", "k8s.io/kubernetes")
_MAJOR, _MINOR, _ = version_numbers(_KUBERNETES)

# The module's v0.313.5 is Prometheus 3.13.5.
_, _METRICS, _PATCH = version_numbers(
    required_version("prometheus", "github.com/prometheus/prometheus")
)

RECIPES = (
    Recipe(
        module="pulumi",
        programs={"pulumi": f"{_PULUMI}/pkg/v3/cmd/pulumi"},
        stamps={
            f"{_PULUMI}/sdk/v3/go/common/version.Version": required_version(
                "pulumi", f"{_PULUMI}/pkg/v3"
            )
        },
        minutes=6,
        tags=_PULUMI_TAGS,
    ),
    Recipe(
        module="kubernetes",
        programs={
            "kube": "linkmesh/sandbox/toolchain/kubernetes/kube",
            "kubectl": "k8s.io/kubernetes/cmd/kubectl",
            "helm": "helm.sh/helm/v3/cmd/helm",
            "kwok": "sigs.k8s.io/kwok/cmd/kwok",
            "kwokctl": "sigs.k8s.io/kwok/cmd/kwokctl",
            "pulumi-resource-kubernetes": (
                "linkmesh/sandbox/toolchain/kubernetes/pulumi-resource-kubernetes"
            ),
        },
        stamps={
            "k8s.io/component-base/version.gitVersion": _KUBERNETES,
            "k8s.io/component-base/version.gitMajor": str(_MAJOR),
            "k8s.io/component-base/version.gitMinor": str(_MINOR),
            "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": str(_MAJOR),
            "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": str(_MINOR),
            "helm.sh/helm/v3/internal/version.version": required_version(
                "kubernetes", "helm.sh/helm/v3"
            ),
            # The engine warns of a provider that is older than the SDK that asks for it.
            f"{_PROVIDER}/pkg/version.Version": sdk_version("kubernetes"),
        },
        minutes=8,
        links=dict.fromkeys(CONTROL_PLANE, "kube"),
        source="sigs.k8s.io/kwok",
        stages="kustomize/stage",
    ),
    Recipe(
        module="tls",
        programs={
            "pulumi-resource-tls": (
                "github.com/hashicorp/terraform-provider-tls/linkmesh/pulumi-resource-tls"
            )
        },
        stamps={"main.version": sdk_version("tls")},
        minutes=2,
    ),
    Recipe(
        module="language",
        programs={"pulumi-language-python": f"{_PULUMI}/sdk/v3/python/cmd/pulumi-language-python"},
        stamps={},
        minutes=1,
        source=f"{_PULUMI}/sdk/v3",
        scripts={
            "pulumi-language-python-exec": "python/cmd/pulumi-language-python-exec",
            # Dynamic resources and policy packs are Pulumi's own Python packages; these start them.
            "pulumi-resource-pulumi-python": "python/dist/pulumi-resource-pulumi-python",
            "pulumi-analyzer-policy-python": "python/dist/pulumi-analyzer-policy-python",
        },
    ),
)
"""Everything that a sandbox runs, the longest to build first."""

FOR_TESTS = (
    Recipe(
        module="prometheus",
        programs={"prometheus": "github.com/prometheus/prometheus/cmd/prometheus"},
        stamps={
            "github.com/prometheus/common/version.Version": (
                f"{_METRICS // 100}.{_METRICS % 100}.{_PATCH}"
            )
        },
        minutes=1,
        # Two thirds of what it would be built of are libraries of clouds to discover targets in.
        tags=("remove_all_sd",),
    ),
    # The generator of SDKs shares all but itself with the CLI, which is built before.
    Recipe(
        module="pulumi",
        programs={"gensdk": "linkmesh/sandbox/toolchain/pulumi/gensdk"},
        stamps={},
        minutes=1,
        tags=_PULUMI_TAGS,
    ),
    # The language host for YAML. It is of the time of the providers' version of Pulumi's packages.
    Recipe(
        module="yaml",
        programs={"pulumi-language-yaml": f"{_YAML}/cmd/pulumi-language-yaml"},
        stamps={f"{_YAML}/pkg/version.Version": required_version("yaml", _YAML)},
        minutes=1,
    ),
    Recipe(
        module="languages",
        programs={
            "pulumi-language-go": f"{_PULUMI}/sdk/v3/go/pulumi-language-go",
            "pulumi-language-nodejs": f"{_PULUMI}/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
        },
        stamps={},
        minutes=1,
    ),
)
"""What only tests run, so that a sandbox does not wait for it."""
