"""The examples in other languages: what each needs before it runs, and one that is wrong."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.environments.conftest import LIMIT_SECONDS, ONE_CHECKPOINT, Sandbox, run
from tests.project import PROJECT

STACK = "trial"


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A mistake in an example, and how the package names it."""

    file: str
    right: str
    wrong: str
    message: str


WRONG = {
    "yaml": Wrong(
        file="Pulumi.yaml",
        right="mode: gateway",
        wrong="mode: sideways",
        message="property exports[0].mode with value '{sideways}' has a problem: must be "
        "'gateway', 'flat' or 'federated' (got 'sideways')",
    ),
    "typescript": Wrong(
        file="index.ts",
        right='targets: [{ name: "cloud" }]',
        wrong='targets: [{ name: "cloud", probePort: 41.5 }]',
        message="property targets[0].probePort with value '{41.5}' has a problem: must be a whole "
        "number (got 41.5)",
    ),
    "go": Wrong(
        file="main.go",
        right='Cluster: "cloud", Port: 80',
        wrong='Cluster: "clod", Port: 80',
        message="services must be on clusters of the mesh (got 'orders' on 'clod'). Use one of: "
        "office, cloud",
    ),
}


@dataclass(frozen=True)
class Program:
    """A copy of an example, and the commands on it."""

    language: str
    sandbox: Sandbox
    folder: Path

    def pulumi(self, *argv: str, given: str | None = None, fails: bool = False) -> str:
        """Run `pulumi` on the program; return all that it said."""
        done = run(
            *("pulumi", *argv, "--non-interactive", "--color=never", "--stack", STACK),
            folder=self.folder,
            variables=self._variables,
            given=given,
            check=False,
        )
        assert (done.returncode != 0) == fails, f"{' '.join(argv)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    @property
    def outputs(self) -> Mapping[str, object]:
        """Its outputs; secrets are hidden."""
        shown = self.pulumi("stack", "output", "--json")
        return dict(json.loads(shown))

    @property
    def _variables(self) -> dict[str, str]:
        if self.language == "go":
            return {**self.sandbox.variables, **self.sandbox.go_variables, **ONE_CHECKPOINT}
        inside = with_node(self.sandbox) if self.language == "typescript" else None
        return {**(inside or self.sandbox.variables), **ONE_CHECKPOINT}

    def preview_of_wrong(self) -> str:
        """Preview the program with a mistake in it, and correct it again."""
        wrong = WRONG[self.language]
        file = self.folder / wrong.file
        right = file.read_text()
        assert wrong.right in right
        file.write_text(right.replace(wrong.right, wrong.wrong))
        try:
            return self.pulumi("preview", fails=True)
        finally:
            file.write_text(right)


def prepared(language: str, sandbox: Sandbox, schema: Path) -> Program:
    """Copy an example, with the SDK that `pulumi package add` would make."""
    folder = sandbox.home.root / language
    ignored = shutil.ignore_patterns("sdks", "node_modules", "bin")
    shutil.copytree(PROJECT / "examples" / language, folder, ignore=ignored)
    if language == "go":
        sandbox.generate_sdk("go", schema, folder / "sdks" / "linkmesh")
    if language == "typescript":
        sandbox.generate_sdk("nodejs", schema, folder / "sdks" / "linkmesh")
        _npm(sandbox, folder, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    return Program(language, sandbox, folder)


def _npm(sandbox: Sandbox, folder: Path, *argv: str) -> None:
    npm = sandbox.node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run(
        [sandbox.node / "bin" / "node", npm, *argv],
        cwd=folder,
        env=with_node(sandbox),
        check=True,
        timeout=LIMIT_SECONDS,
    )


def with_node(sandbox: Sandbox) -> dict[str, str]:
    """Return the environment of programs in TypeScript."""
    inside = sandbox.variables
    return {**inside, "PATH": f"{sandbox.node / 'bin'}:{inside['PATH']}"}


def configure(program: Program, kubeconfigs: Mapping[str, str]) -> None:
    """Give a program its settings: kubeconfigs, and the charts of the sandbox."""
    program.pulumi("stack", "init", "--secrets-provider", program.sandbox.secrets_provider)
    variables = program.sandbox.variables
    values = yaml.safe_load(Path(variables["LINKMESH_CHART_VALUES"]).read_text())
    policy = values["linkerd-control-plane"]["webhookFailurePolicy"]
    path = "chartValues.linkerd-control-plane.webhookFailurePolicy"
    settings = {"charts": variables["LINKMESH_CHARTS"], path: policy}
    plain = [f"--plaintext={key}={value}" for key, value in settings.items()]
    program.pulumi("config", "set-all", "--path", *plain)
    for cluster, kubeconfig in kubeconfigs.items():
        program.pulumi("config", "set", "--secret", f"{cluster}Kubeconfig", given=kubeconfig)
