"""
Twelve faults, made with kubectl on genuine API servers: `mesh status` finds each, with its remedy.

Faults that do not hide each other are made together, then reverted, or fixed as the report says;
after that everything must be healthy again.
"""

import base64
import json
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.environments.conftest import Sandbox, eventually

pytestmark = pytest.mark.sandbox(long=True)

# A service through the gateway, one more to lose its pods, and one from pod to pod.
WATCHED = '''"""Two clusters, one of which calls three services of the other."""

from linkmesh.environment import (
    Eks,
    Environment,
    Export,
    Injection,
    InstallProfile,
    Linkerd,
    LinkMode,
    NatGateways,
    Yelb,
    chain,
)

ENVIRONMENT = Environment(
    clusters=[
        Eks("front", region="eu-west-1", cidr="10.30.0.0/16", nat=NatGateways.SINGLE),
        Eks("back", region="eu-west-1", cidr="10.40.0.0/16", nat=NatGateways.SINGLE),
    ],
    links=chain("front", "back"),
    linkerd=Linkerd(profile=InstallProfile.SMALL, viz=False),
    injection=Injection.PER_DEPLOYMENT,
    exports=[
        Export("yelb-appserver", namespace="yelb", of="back"),
        Export("redis-server", namespace="yelb", of="back"),
        Export("yelb-db", namespace="yelb", of="back", mode=LinkMode.FLAT),
    ],
    application=Yelb(ui="front", appserver="back", database="back"),
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
'''

LINK = "front -> back"
LINKERD = ("-n", "linkerd")
MULTICLUSTER = ("-n", "linkerd-multicluster")
YELB = ("-n", "yelb")
CREDENTIALS = "cluster-credentials-back"

# A token that ended on 14 November 2023.
CLAIMS = '{"sub": "system:serviceaccount:linkerd-multicluster:gone", "exp": 1700000000}'
EXPIRED = f"eyJhbGciOiJSUzI1NiJ9.{base64.b64encode(CLAIMS.encode()).decode().rstrip('=')}.c2ln"

# Faults that are made together, by group.
MADE = {
    "reverted": {
        "anchors-differ",
        "credentials-old",
        "export-label",
        "foreign-service",
        "mirror-without-endpoints",
        "networks-overlap",
        "stale-mirror",
    },
    "of the gateway": {"probe-failing"},
    "fixed as reported": {"controller-missing", "credentials-rejected"},
    "of which one is left": {"controller-missing"},
    "that stay": {"gateway-without-address", "namespace-missing"},
}

# Probes fail three times, three seconds apart, before a gateway counts as down.
FOUND_SECONDS = 120

# A pod network on the caller's cluster that is part of the other's.
INTRUDER = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {"name": "intruder"},
    "spec": {"podCIDR": "10.40.7.0/24"},
}

# Linkerd does not remove a mirror whose Link was removed.
STALE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {
        "name": "api-gone",
        "labels": {
            "mirror.linkerd.io/mirrored-service": "true",
            "mirror.linkerd.io/cluster-name": "gone",
        },
    },
    "spec": {"ports": [{"port": 80}]},
}


@dataclass
class Reports:
    """The reports of `mesh status`, and everything that it printed."""

    by_group: dict[str, dict[str, Any]] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)
    away: dict[str, Any] = field(default_factory=dict)

    def finding(self, fault: str) -> dict[str, Any]:
        """Return the only finding of a fault; repeated ones count once."""
        every = [each for report in self.by_group.values() for each in report["findings"]]
        found = {str(each): each for each in every if each["fault"] == fault}
        assert len(found) == 1, found
        return dict(*found.values())


@dataclass
class Operator:
    """A person with kubectl."""

    sandbox: Sandbox
    reports: Reports

    def on(self, cluster: str, *argv: str) -> str:
        """Run `kubectl`."""
        return self.sandbox.kubectl(cluster, *argv)

    def read(self, cluster: str, *argv: str) -> dict[str, Any]:
        """Read an object."""
        return dict(json.loads(self.on(cluster, "get", *argv, "-o", "json")))

    def make(self, cluster: str, manifest: Mapping[str, Any], *argv: str) -> None:
        """Create an object, or change it."""
        file = self.sandbox.home.root / "manifest.json"
        file.write_text(json.dumps(manifest))
        self.on(cluster, "apply", "--server-side", "--force-conflicts", *argv, f"--filename={file}")

    def change(self, cluster: str, change: Mapping[str, Any], *argv: str) -> None:
        """Change an object by a merge patch."""
        self.on(cluster, "patch", *argv, "--type=merge", f"--patch={json.dumps(change)}")

    def status(self) -> dict[str, Any]:
        """Run `mesh status`; its exit code and its report agree."""
        done = self.sandbox.mesh("status", "watched", "--json", check=False)
        self.reports.printed.append(done.stdout + done.stderr)
        report = json.loads(done.stdout)
        assert done.returncode == (0 if report["healthy"] else 1)
        return dict(report)

    @contextmanager
    def probed(self, state: str) -> Iterator[None]:
        """Change the gateway, and wait until probes find it `up` or `down`."""
        log = self.sandbox.home.log("mirror")
        before = len(log.read_text())
        yield
        line = f"the gateway is {state}"
        assert eventually(lambda: line in log.read_text()[before:], seconds=FOUND_SECONDS)

    def see(self, name: str) -> None:
        """Run it until all faults of a group are found, and store that report."""
        end, expected, found = time.monotonic() + FOUND_SECONDS, MADE[name], set[str]()
        while not expected <= found:
            assert time.monotonic() < end, f"{expected - found} must be found, besides {found}"
            report = self.status()
            found = {each["fault"] for each in report["findings"]}
        self.reports.by_group[name] = report


@pytest.fixture(scope="module")
def operator(sandbox: Sandbox) -> Operator:
    """Bring the environment up."""
    sandbox.described("watched").write_text(WATCHED)
    sandbox.mesh("up", "watched")
    sandbox.healthy("watched")
    return Operator(sandbox, Reports())


@pytest.fixture(scope="module")
def reports(operator: Operator) -> Reports:
    """Make the faults in four groups, the last of which stays."""
    reverted(operator)
    of_the_gateway(operator)
    fixed_as_reported(operator)
    that_stay(operator)
    return operator.reports


def reverted(operator: Operator) -> None:
    """Make faults and revert them."""
    roots = operator.read("back", *LINKERD, "configmap", "linkerd-identity-trust-roots")["data"]
    issuer = operator.read("back", *LINKERD, "secret", "linkerd-identity-issuer")["data"]
    other = base64.b64decode(issuer.get("tls.crt") or issuer["crt.pem"]).decode()
    token = {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "kubernetes.io/service-account-token",
        "metadata": {
            "name": "linkerd-service-mirror-remote-access-front-token-2",
            "annotations": {
                "kubernetes.io/service-account.name": "linkerd-service-mirror-remote-access-front"
            },
        },
    }
    mirror = (*YELB, "service", "yelb-appserver-back")
    exported = (*YELB, "service", "yelb-db", "mirror.linkerd.io/exported")
    redis = (*YELB, "deployment", "redis-server")
    replicas = operator.read("back", *redis)["spec"]["replicas"]
    operator.change(
        "back",
        {"data": {"ca-bundle.crt": other}},
        *LINKERD,
        "configmap/linkerd-identity-trust-roots",
    )
    operator.make("back", token, *MULTICLUSTER)
    operator.make("front", INTRUDER)
    operator.make("front", STALE, *YELB)
    operator.on("front", "label", *mirror, "mirror.linkerd.io/mirrored-service-")
    operator.on("back", "label", *exported[:-1], f"{exported[-1]}-")
    operator.on("back", "scale", *redis, "--replicas=0")

    operator.see("reverted")

    operator.change("back", {"data": roots}, *LINKERD, "configmap/linkerd-identity-trust-roots")
    operator.on("back", "delete", *MULTICLUSTER, "secret", token["metadata"]["name"])  # type: ignore[index]
    operator.on("front", "delete", "node", "intruder")
    for command in (
        operator.reports.finding("stale-mirror")["remedy"].removeprefix("remove them: ").split("; ")
    ):
        operator.on("front", *command.removeprefix("kubectl ").split())
    operator.on("front", "label", *mirror, "mirror.linkerd.io/mirrored-service=true")
    operator.on("back", "label", *exported[:-1], f"{exported[-1]}=remote-discovery")
    operator.on("back", "scale", *redis, f"--replicas={replicas}")
    operator.sandbox.healthy("watched")


def of_the_gateway(operator: Operator) -> None:
    """Make probes fail."""
    gateway = (*MULTICLUSTER, "deployment", "linkerd-gateway")
    replicas = operator.read("back", *gateway)["spec"]["replicas"]
    with operator.probed("down"):
        operator.on("back", "scale", *gateway, "--replicas=0")

    operator.see("of the gateway")

    with operator.probed("up"):
        operator.on("back", "scale", *gateway, f"--replicas={replicas}")
    operator.sandbox.healthy("watched")


def fixed_as_reported(operator: Operator) -> None:
    """Make faults that only the remedies of the report fix."""
    for where in (MULTICLUSTER, LINKERD):
        data = operator.read("front", *where, "secret", CREDENTIALS)["data"]
        for key, value in data.items():
            config = base64.b64decode(value).decode()
            start, found, rest = config.partition("token: ")
            if found:
                data[key] = encoded(f"{start}{found}{EXPIRED}\n{rest.partition(chr(10))[2]}")
        operator.change("front", {"data": data}, *where, f"secret/{CREDENTIALS}")
    operator.on("front", "delete", *MULTICLUSTER, "deployment", "controller-back")

    operator.see("fixed as reported")

    assert "mesh up watched" in operator.reports.finding("credentials-rejected")["remedy"]
    operator.sandbox.pulumi("refresh", "--stack", "watched.links.front", "--yes")
    operator.sandbox.mesh("up", "watched", "--wait", "0")
    operator.see("of which one is left")
    kubeconfig = f"--kubeconfig={operator.sandbox.home.cluster('front') / 'kubeconfig'}"
    helm = ("helm", kubeconfig, *MULTICLUSTER)
    [release] = json.loads(operator.sandbox.run(*helm, "list", "--output=json").stdout)
    operator.sandbox.run(*helm, "rollback", release["name"], release["revision"])
    operator.sandbox.healthy("watched")


def that_stay(operator: Operator) -> None:
    """Remove what cannot be restored: a namespace, and the address of a load balancer."""
    service = operator.read("back", *MULTICLUSTER, "service", "linkerd-gateway")
    service.pop("status")
    for key in ("uid", "resourceVersion", "creationTimestamp", "finalizers", "managedFields"):
        service["metadata"].pop(key, None)
    for key in ("clusterIP", "clusterIPs", "healthCheckNodePort"):
        service["spec"].pop(key, None)
    service["spec"]["loadBalancerClass"] = "example.org/none"
    operator.on("back", "delete", *MULTICLUSTER, "service", "linkerd-gateway")
    operator.make("back", service, *MULTICLUSTER)
    operator.on("front", "delete", "namespace", "yelb")

    operator.see("that stay")

    server = operator.sandbox.api_server_pid("back")
    os.kill(server, signal.SIGSTOP)
    try:
        operator.reports.away = operator.status()
    finally:
        os.kill(server, signal.SIGCONT)


def encoded(text: str) -> str:
    """Write a text in base64."""
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("fault", "subject", "cause", "remedy"),
    [
        ("controller-missing", LINK, "has no mirror controller of 'back'", "helm -n linkerd-mul"),
        ("credentials-rejected", LINK, "expired on 2023-11-14 22:13 UTC", "pulumi refresh --stack"),
        (
            "credentials-old",
            LINK,
            "front-token-2 is newer",
            "pulumi refresh --stack watched.links.front",
        ),
        ("gateway-without-address", LINK, "has no address", "describe service linkerd-gateway"),
        ("probe-failing", LINK, "does not answer the probes of", "get deployment linkerd-gate"),
        ("anchors-differ", LINK, "and 0 of them are the same", "mesh rotate watched anchor"),
        ("networks-overlap", LINK, "10.40.7.0/24 of 'front'", "another network, or export through"),
        ("export-label", "yelb-db", "label", "pulumi refresh --stack watched.apps.back"),
        ("mirror-without-endpoints", "redis-server", "no ready", "check its pods"),
        ("foreign-service", "yelb-appserver", "yelb-appserver-back", "rename or remove it"),
        ("stale-mirror", "front", "yelb/api-gone", "cluster-name=gone"),
    ],
)
def test_a_fault_is_found_with_its_cause_and_its_remedy(
    reports: Reports, fault: str, subject: str, cause: str, remedy: str
) -> None:
    found = reports.finding(fault)

    assert subject in found["subject"]
    assert cause in found["cause"]
    assert remedy in found["remedy"]


def test_a_missing_namespace_is_a_fault_of_each_mirror_in_it(reports: Reports) -> None:
    found = [
        each
        for each in reports.by_group["that stay"]["findings"]
        if each["fault"] == "namespace-missing"
    ]

    assert len(found) == 3
    assert all("'yelb'" in each["cause"] for each in found)
    assert all("create it there" in each["remedy"] for each in found)


def test_no_other_fault_is_found(reports: Reports) -> None:
    found = {name: {each["fault"] for each in reports.by_group[name]["findings"]} for name in MADE}

    assert found == MADE


def test_an_environment_with_a_fault_is_never_healthy(reports: Reports) -> None:
    assert [report["healthy"] for report in reports.by_group.values()] == [False] * 5


def test_a_cluster_whose_api_server_is_down_is_unknown_and_so_is_its_link(reports: Reports) -> None:
    [found] = [each for each in reports.away["findings"] if each["subject"] == "back"]
    [link] = reports.away["links"]

    assert reports.away["healthy"] is False
    assert found["fault"] == "unknown"
    assert "the API server does not answer" in found["cause"]
    assert (link["state"], link["causedBy"]) == ("unknown", "back")


def test_no_secret_of_any_cluster_was_ever_printed(operator: Operator, reports: Reports) -> None:
    printed = "\n".join(reports.printed)
    data = [
        base64.b64decode(value).decode(errors="replace")
        for cluster in ("front", "back")
        for each in operator.sandbox.objects(cluster, "secrets", "--all-namespaces")
        for value in (each.get("data") or {}).values()
    ]
    # Lines of keys and kubeconfigs, and whole tokens; names of namespaces are no secrets.
    secrets = {line.strip() for text in data for line in text.splitlines() if len(line) >= 40}

    assert len(secrets) > 20
    assert not [secret[:4] for secret in secrets if secret in printed]
    assert EXPIRED not in printed
    assert "PRIVATE KEY" not in printed
