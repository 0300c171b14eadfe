"""
Starting, looking at and ending the sandbox, and the environment in which programs meet it.

What was chosen at the start (genuine plugins, other charts, no controllers of ours) is written
down, so that every later command means the same sandbox. A second start keeps what runs and
starts again what died.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sandbox.aws_api import PROCESS as AWS
from sandbox.aws_api import REGION, aws_endpoint, has_forgotten, start_aws
from sandbox.cluster_folder import cluster_names
from sandbox.clusters import is_running, restart_cluster
from sandbox.files import write_atomically
from sandbox.home import (
    HOME_VARIABLE,
    PROJECT,
    Home,
    SandboxError,
    delete_home,
    end_process,
    locked,
    running_pid,
    start_process,
)
from sandbox.plugins_folder import write_plugins
from sandbox.settings import Settings, read_settings, settings_file
from sandbox.toolchain import build_toolchain, program_versions

BALANCERS = "balancers"

# What plays in clusters, by the name of its module and process, unless its setting is off; and what
# is missing without it.
CONTROLLERS = {
    "mirror": ("mirror controllers", "no mirror service appears"),
    BALANCERS: ("load balancer controllers", "no gateway has an address"),
}
OUR_CHARTS = PROJECT / "sandbox" / "charts"
CHART_VALUES = PROJECT / "sandbox" / "chart_values.yaml"

# Variables that are the same in every sandbox.
CONSTANT = {
    # Protects nothing but throw-away state, and may be known to everybody.
    "PULUMI_CONFIG_PASSPHRASE": "sandbox",
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}

# Settings of the caller that would lead programs out of the sandbox, or into it with somebody's
# credentials.
NOT_INHERITED_PREFIXES = ("AWS_", "HELM_", "KUBE", "KWOK_")
NOT_INHERITED = frozenset(
    {
        "PULUMI_ACCESS_TOKEN",
        "PULUMI_API",
        "PULUMI_BACKEND_URL",
        "PULUMI_CONFIG",
        "PULUMI_CONFIG_PASSPHRASE_FILE",
        "PULUMI_CREDENTIALS_PATH",
        "PULUMI_HOME",
        "PULUMI_STACK",
    }
)

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Status:
    """What of a sandbox runs."""

    started: bool
    aws: bool = False
    controllers: Mapping[str, bool] = field(default_factory=dict)
    """Those that are not switched off, by what they are."""
    clusters: Mapping[str, bool] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        """Whether everything that should run does."""
        others = (*self.controllers.values(), *self.clusters.values())
        return self.started and self.aws and all(others)


def start(home: Home, *, say: Say = print, environment: Mapping[str, str] = os.environ) -> None:
    """Start the sandbox; keep what runs, start again what died."""
    if not sys.platform.startswith("linux"):
        raise SandboxError(
            f"the sandbox must run on Linux (got {sys.platform}). Its clusters are plain processes "
            "that are known by /proc. Elsewhere use a Linux machine or container."
        )
    settings = Settings.from_environment(environment)
    build_toolchain(say=say)
    began = time.monotonic()
    with locked(home, "world"):
        home.state.mkdir(parents=True, exist_ok=True)
        imitated = write_plugins(home, None if settings.plugins is None else Path(settings.plugins))
        before = read_settings(home)
        if before is not None and before.mirror != settings.mirror:
            # What it was told at its start depends on who resolves names.
            end_process(home, BALANCERS)
        write_atomically(settings_file(home), json.dumps(asdict(settings)))
        _check_aws_memory(home)
        _start_controllers(home, settings, "mirror")
        start_aws(home)
        _start_controllers(home, settings, BALANCERS)
        for name in cluster_names(home):
            if not is_running(home, name):
                say(f"sandbox: cluster {name} had stopped; starting it again")
                restart_cluster(home, name)
        _check_controllers(home, settings)
    for line in _statement(home, settings, imitated):
        say(line)
    say(f"sandbox: started in {time.monotonic() - began:.1f} s")


def stop(home: Home) -> None:
    """End everything of the sandbox and delete its folder, Pulumi's state included."""
    delete_home(home)


def status(home: Home) -> Status:
    """Look at what runs."""
    settings = read_settings(home)
    return Status(
        started=settings is not None,
        aws=running_pid(home, AWS) is not None,
        controllers={
            what: running_pid(home, name) is not None
            for name, (what, _) in CONTROLLERS.items()
            if settings is not None and getattr(settings, name)
        },
        clusters={name: is_running(home, name) for name in cluster_names(home)},
    )


def variables(home: Home, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Make the whole environment with which `pulumi` and `mesh` are run in this sandbox."""
    settings, endpoint = read_settings(home), aws_endpoint(home)
    if settings is None or endpoint is None:
        raise SandboxError(
            f"the sandbox in {home.root} must be started (it is not). There is nothing to point "
            "programs to. Start it: make start"
        )
    inherited = {
        key: value
        for key, value in environment.items()
        if not key.startswith(NOT_INHERITED_PREFIXES) and key not in NOT_INHERITED
    }
    own_path = [str(home.bin), str(Path(sys.executable).parent)]
    loopback = [environment.get("NO_PROXY", ""), "127.0.0.1", "localhost"]
    return {
        **inherited,
        **CONSTANT,
        "PATH": os.pathsep.join([*own_path, environment.get("PATH", os.defpath)]),
        "NO_PROXY": ",".join(one for one in loopback if one),
        HOME_VARIABLE: str(home.root),
        "PULUMI_HOME": str(home.pulumi),
        "PULUMI_BACKEND_URL": home.state.as_uri(),
        "AWS_ENDPOINT_URL": endpoint,
        # A program that forgets to name its cluster meets none, not the user's own.
        "KUBECONFIG": str(home.root / "no-kubeconfig"),
        # Their caches, which would else lie in the user's home.
        "KUBECACHEDIR": str(home.root / "caches" / "kubectl"),
        "HELM_CACHE_HOME": str(home.root / "caches" / "helm"),
        "HELM_CONFIG_HOME": str(home.root / "caches" / "helm-config"),
        "HELM_DATA_HOME": str(home.root / "caches" / "helm-data"),
        "LINKMESH_CHARTS": environment.get("LINKMESH_CHARTS") or settings.charts or str(OUR_CHARTS),
        "LINKMESH_AWS_CHARTS": (
            environment.get("LINKMESH_AWS_CHARTS") or settings.aws_charts or str(OUR_CHARTS)
        ),
        "LINKMESH_CHART_VALUES": str(CHART_VALUES),
    }


def _start_controllers(home: Home, settings: Settings, name: str) -> None:
    """Start imitated controllers, or end them."""
    # Genuine mirror controllers ask DNS for a load balancer's name, and there is none.
    flags = ["--addresses"] if name == BALANCERS and not settings.mirror else []
    if not getattr(settings, name):
        end_process(home, name)
    elif running_pid(home, name) is None:
        start_process(
            home,
            name,
            [sys.executable, "-m", f"sandbox.{name}", *flags],
            env={**os.environ, HOME_VARIABLE: str(home.root)},
            cwd=PROJECT,
        )


def _check_controllers(home: Home, settings: Settings) -> None:
    """Refuse to say that all is well if controllers ended at once."""
    for name, (what, lack) in CONTROLLERS.items():
        if getattr(settings, name) and running_pid(home, name) is None:
            raise SandboxError(
                f"the {what} must run (they ended). Without them {lack}. What they said: "
                f"{home.log(name)}"
            )


def _check_aws_memory(home: Home) -> None:
    """Refuse to go on with an AWS that forgot what Pulumi's state says it has."""
    if has_forgotten(home):
        raise SandboxError(
            "the emulated AWS must know what it was told (it was ended hard and knows nothing). "
            "Stacks in this sandbox would find their clusters gone. Begin anew: make stop start"
        )


def _statement(home: Home, settings: Settings, imitated: list[str]) -> list[str]:
    """Say what is genuine here and what is not."""
    built = ", ".join(f"{name} {version}" for name, version in program_versions().items())
    genuine = [built]
    not_genuine = ["nodes and pods (by KWOK: they say Running, nothing runs)", "AWS (by ministack)"]
    if imitated:
        not_genuine.append(f"Pulumi plugins: {', '.join(imitated)}")
    if settings.plugins is not None:
        genuine.append(f"plugins found in {settings.plugins}")
    for what, charts in (
        ("Linkerd's charts", settings.charts),
        ("the load balancer controller's chart", settings.aws_charts),
    ):
        if charts is None:
            not_genuine.append(what)
        else:
            genuine.append(f"{what} of {charts}")
    if settings.mirror:
        not_genuine.append("mirror controllers, DNS")
    if settings.balancers:
        named = "" if settings.mirror else " (addresses in place of names: there is no DNS)"
        not_genuine.append(f"load balancer controllers{named}")
    return [
        f"sandbox: {home.root}, on 127.0.0.1 only",
        f"  genuine:  {'; '.join(genuine)}",
        f"  imitated: {'; '.join(not_genuine)}",
    ]
