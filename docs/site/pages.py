"""
Collects the pages of the site, and writes those that are generated from the code.

Pages keep their places in the repository, so their links lead to the same pages as on GitHub. Each
page must be in the contents below, or the build fails.
"""

import re
import shutil
import sys
from pathlib import Path

import package
import typer

import linkmesh
from linkmesh.cli.__main__ import app

PROJECT = Path(__file__).resolve().parents[2]

# Chapters of the contents: title, and pages in their order. `*` is all others of a folder.
CONTENTS: dict[str, tuple[str, ...]] = {
    "Start": ("README.md", "docs/tutorial.md"),
    "Guides": (
        *("docs/guides/project.md", "docs/guides/install.md", "docs/guides/link.md"),
        *("docs/guides/export.md", "docs/guides/split.md", "docs/guides/authorize.md"),
        "docs/guides/*",
    ),
    "On AWS": ("docs/aws.md", "docs/exposure.md", "docs/eks-defaults.md"),
    "Reference": ("reference/*", "docs/cli.md", "docs/preview.md", "policies/README.md"),
    "Background": (
        *("docs/architecture.md", "docs/scale.md", "docs/conformance.md", "docs/live.md"),
        *("sandbox/docs/*", "examples/*"),
        *("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"),
    ),
    "Decisions": ("docs/decisions/*",),
}

FOLDERS = ("docs", "policies", "examples", "sandbox/docs")

# Pages of the reference, by the beginning of the module that a public name is in.
REFERENCE = {
    "environment": ("descriptions", "Descriptions"),
    "composition": ("mesh", "Mesh: an environment in one program"),
    "linkerd.installation": ("installation", "Installation of Linkerd"),
    "linkerd.identity": ("identity", "Certificates"),
    "linkerd.links": ("links", "Links and exports"),
    "linkerd.mode": ("links", "Links and exports"),
    "linkerd.policy": ("policy", "Who may call a service"),
    "linkerd.proxies": ("proxies", "Proxies"),
    "linkerd.traffic": ("traffic", "Routes and aliases"),
    "": ("clusters", "Clusters and networks"),
}

INTRODUCTION = """
linkmesh lets services in one Kubernetes cluster call services in another, across clouds and
laptops: clusters, Linkerd on each, and links between them, from one short, typed description.

- New here? The [tutorial](docs/tutorial.md) takes two commands to a chain of clusters, and then an
  export, a split and a rotation, on one machine and without a cloud.
- A task? Each [guide](docs/guides/index.md) is about one.
- A name? The [reference](reference/index.md) has every class and every command.
"""


def main(site: Path) -> None:
    """Write all pages into an empty folder."""
    shutil.rmtree(site, ignore_errors=True)
    for page in _pages():
        text = (PROJECT / page).read_text(encoding="utf-8")
        _write(site / page, _adapted(text))
    for file in re.findall(r"\]\(([^)#:]+\.(?:py|ts|go|yaml)|LICENSE)\)", "\n".join(_texts())):
        _copy_linked(file, site)
    _write(site / "reference" / "commands.md", _commands())
    for name, text in _library().items():
        _write(site / "reference" / f"{name}.md", text)
    _write(site / "reference" / "package.md", package.described())
    _contents(site)


def _pages() -> list[Path]:
    found = [*PROJECT.glob("*.md")]
    for folder in FOLDERS:
        found += (PROJECT / folder).rglob("*.md")
    return sorted(
        page.relative_to(PROJECT)
        for page in found
        if not any(part.startswith(".") for part in page.relative_to(PROJECT).parts)
    )


def _texts() -> list[str]:
    return [(PROJECT / page).read_text(encoding="utf-8") for page in _pages()]


def _copy_linked(file: str, site: Path) -> None:
    """Copy a file that is no page, from wherever a page links to it."""
    for page in _pages():
        source = (PROJECT / page).parent / file
        if source.is_file():
            target = site / source.resolve().relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def _adapted(text: str) -> str:
    """Let links to folders lead to their contents."""
    return re.sub(r"\]\(([^):]*/)\)", r"](\1index.md)", text)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _commands() -> str:
    """Describe every command, from its own help."""
    from typer.cli import get_docs_for_click
    from typer.main import get_command

    command = get_command(app)
    context = typer.Context(command, info_name="mesh")
    text = get_docs_for_click(obj=command, ctx=context, name="mesh", title="Commands of mesh")
    # Its list of commands cuts their sentences off; the contents of the page has them too.
    return re.sub(r"\*\*Commands\*\*:\n\n(\* .*\n)+", "", text)


def _library() -> dict[str, str]:
    """Describe every public name, a page for each part of the library."""
    pages: dict[str, list[str]] = {}
    for name in linkmesh.__all__:
        key = max(
            (each for each in REFERENCE if _module(name).startswith(each)),
            key=len,
        )
        pages.setdefault(key, []).append(name)
    made: dict[str, str] = {}
    for key, (page, title) in REFERENCE.items():
        text = made.get(page, f"# {title}\n\n{INTRODUCED[page]}\n")
        made[page] = text + "".join(_described(name) for name in pages[key])
    return made


INTRODUCED = {
    "descriptions": "What a description in `environments/` consists of.",
    "mesh": "A whole environment in a program: [guide](../docs/guides/mesh-in-a-program.md).",
    "installation": "Control plane, multicluster extension and viz on any `Cluster`.",
    "identity": "Trust anchor, identity issuers, and their rotation.",
    "links": "Both halves of a link, and the services that are called over it.",
    "policy": "Which clients may call a service.",
    "proxies": "Which pods have a proxy, and how it is configured.",
    "traffic": "Shares of calls for each cluster, and former names of services.",
    "clusters": "Clusters on EKS and kind, those that exist already, and networks on AWS.",
}


def _module(name: str) -> str:
    return linkmesh._MODULES[name]


def _described(name: str) -> str:
    found = getattr(linkmesh, name)
    kind = "autoclass" if isinstance(found, type) else "autofunction"
    text = f"\n## {name}\n\n```{{eval-rst}}\n.. {kind}:: linkmesh.{name}\n"
    # Fields of a base of ours are as good as its own; those of Pulumi's classes are Pulumi's.
    bases = found.__mro__[1:] if isinstance(found, type) else ()
    if any(base.__module__.startswith("linkmesh.") for base in bases):
        text += "   :inherited-members:\n"
    return f"{text}```\n"


def _contents(site: Path) -> None:
    """Write the first page, and a page with the contents of each folder."""
    everything = {
        str(page.relative_to(site)) for page in site.rglob("*.md") if page.name != "index.md"
    }
    named = {page for pages in CONTENTS.values() for page in pages if not page.endswith("*")}
    toctrees, used = [], set[str]()
    for title, pages in CONTENTS.items():
        listed: list[str] = []
        for page in pages:
            folder = page.removesuffix("*")
            listed += (
                sorted(each for each in everything if each.startswith(folder) and each not in named)
                if page.endswith("*")
                else [page]
            )
        used |= {*listed}
        toctrees.append(_toctree(title, listed))
    if missing := sorted(everything - used):
        raise SystemExit(
            f"each page must be in CONTENTS of {__file__} (these are not: {', '.join(missing)})"
        )
    _write(site / "index.md", f"# linkmesh\n{INTRODUCTION}\n" + "\n".join(toctrees))
    for folder, title in (
        ("docs/decisions", "Decisions"),
        ("docs/guides", "Guides"),
        ("reference", "Reference"),
    ):
        inside = sorted(page for page in everything if Path(page).parent == Path(folder))
        lines = "".join(f"- [{_title(site / page)}]({Path(page).name})\n" for page in inside)
        _write(site / folder / "index.md", f"---\norphan: true\n---\n\n# {title}\n\n{lines}")


def _toctree(title: str, pages: list[str]) -> str:
    named = {"README.md": "Overview <README>"}
    lines = "\n".join(named.get(page, page.removesuffix(".md")) for page in pages)
    return f"```{{toctree}}\n:caption: {title}\n:hidden:\n:maxdepth: 1\n\n{lines}\n```\n"


def _title(page: Path) -> str:
    return next(
        line.removeprefix("# ").replace("`", "")
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("# ")
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
