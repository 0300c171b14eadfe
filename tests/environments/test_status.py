"""
Twelve faults, made by hand on genuine API servers: `mesh status` finds each, and what to do.

What do not hide one another are made at once, and taken back or mended as the report says; then all
must be well again.
"""

import base64
import json
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.environments.conftest import Sandbox

pytestmark = pytest.mark.sandbox(long=True)

# A service through the gateway, one more to lose its pods, and one from pod to pod.
WATCHED = '''"""Two clusters, one of which calls three services of the other."""

from components.environment import (
    Eks,
    Environment,
    Export,
    Injection,
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

# What is made at once, by the group.
MADE = {
    "taken back": {
        "anchors-differ",
        "credentials-old",
        "export-label",
        "foreign-service",
        "mirror-without-endpoints",
        "networks-overlap",
        "stale-mirror",
    },
    "of the gateway": {"probe-failing"},
    "mended as told": {"controller-missing", "credentials-rejected"},
    "of which one is left": {"controller-missing"},
    "that stay": {"gateway-without-address", "namespace-missing"},
}

# Probes fail three times, three seconds apart, before a gateway is given up; a look takes seconds.
SEEN_SECONDS = 120

# A pod network on the caller's cluster that is part of the other's.
INTRUDER = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {"name": "intruder"},
    "spec": {"podCIDR": "10.40.7.0/24"},
}

# Linkerd forgets a mirror whose Link is gone; so does nobody else.
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
class Told:
    """What `mesh status` said, and all that it ever printed."""

    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)
    away: dict[str, Any] = field(default_factory=dict)

    def finding(self, fault: str) -> dict[str, Any]:
        """Find the only finding of a fault; that it is still there is no other."""
        every = [each for report in self.reports.values() for each in report["findings"]]
        found = {str(each): each for each in every if each["fault"] == fault}
        assert len(found) == 1, found
        return dict(*found.values())


@dataclass
class Hand:
    """Somebody with kubectl."""

    sandbox: Sandbox
    told: Told

    def on(self, cluster: str, *argv: str) -> str:
        """Run `kubectl`."""
        return self.sandbox.kubectl(cluster, *argv)

    def read(self, cluster: str, *argv: str) -> dict[str, Any]:
        """Read an object."""
        return dict(json.loads(self.on(cluster, "get", *argv, "-o", "json")))

    def make(self, cluster: str, manifest: Mapping[str, Any], *argv: str) -> None:
        """Make an object, or change it."""
        file = self.sandbox.home.root / "by-hand.json"
        file.write_text(json.dumps(manifest))
        self.on(cluster, "apply", "--server-side", "--force-conflicts", *argv, f"--filename={file}")

    def change(self, cluster: str, change: Mapping[str, Any], *argv: str) -> None:
        """Change an object by a merge patch."""
        self.on(cluster, "patch", *argv, "--type=merge", f"--patch={json.dumps(change)}")

    def look(self) -> dict[str, Any]:
        """Type `mesh status`; its exit code and its words agree."""
        done = self.sandbox.mesh("status", "watched", "--json", check=False)
        self.told.printed.append(done.stdout + done.stderr)
        report = json.loads(done.stdout)
        assert done.returncode == (0 if report["well"] else 1)
        return dict(report)

    def see(self, name: str) -> None:
        """Look until all faults of a group are found, and keep that report."""
        end, wanted, found = time.monotonic() + SEEN_SECONDS, MADE[name], set[str]()
        while not wanted <= found:
            assert time.monotonic() < end, f"{wanted - found} must be found, besides {found}"
            report = self.look()
            found = {each["fault"] for each in report["findings"]}
        self.told.reports[name] = report


@pytest.fixture(scope="module")
def hand(sandbox: Sandbox) -> Hand:
    """Bring the environment up."""
    sandbox.described("watched").write_text(WATCHED)
    sandbox.mesh("up", "watched")
    sandbox.well("watched")
    return Hand(sandbox, Told())


@pytest.fixture(scope="module")
def told(hand: Hand) -> Told:
    """Make the faults in four groups, the last of which stays."""
    taken_back(hand)
    of_the_gateway(hand)
    mended_as_told(hand)
    that_stay(hand)
    return hand.told


def taken_back(hand: Hand) -> None:
    """Make what the hand that made it takes back."""
    roots = hand.read("back", *LINKERD, "configmap", "linkerd-identity-trust-roots")["data"]
    issuer = hand.read("back", *LINKERD, "secret", "linkerd-identity-issuer")["data"]
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
    replicas = hand.read("back", *redis)["spec"]["replicas"]
    hand.change(
        "back",
        {"data": {"ca-bundle.crt": other}},
        *LINKERD,
        "configmap/linkerd-identity-trust-roots",
    )
    hand.make("back", token, *MULTICLUSTER)
    hand.make("front", INTRUDER)
    hand.make("front", STALE, *YELB)
    hand.on("front", "label", *mirror, "mirror.linkerd.io/mirrored-service-")
    hand.on("back", "label", *exported[:-1], f"{exported[-1]}-")
    hand.on("back", "scale", *redis, "--replicas=0")

    hand.see("taken back")

    hand.change("back", {"data": roots}, *LINKERD, "configmap/linkerd-identity-trust-roots")
    hand.on("back", "delete", *MULTICLUSTER, "secret", token["metadata"]["name"])  # type: ignore[index]
    hand.on("front", "delete", "node", "intruder")
    for command in (
        hand.told.finding("stale-mirror")["remedy"].removeprefix("remove them: ").split("; ")
    ):
        hand.on("front", *command.removeprefix("kubectl ").split())
    hand.on("front", "label", *mirror, "mirror.linkerd.io/mirrored-service=true")
    hand.on("back", "label", *exported[:-1], f"{exported[-1]}=remote-discovery")
    hand.on("back", "scale", *redis, f"--replicas={replicas}")
    hand.sandbox.well("watched")


def of_the_gateway(hand: Hand) -> None:
    """Let nobody answer the probes."""
    gateway = (*MULTICLUSTER, "deployment", "linkerd-gateway")
    replicas = hand.read("back", *gateway)["spec"]["replicas"]
    hand.on("back", "scale", *gateway, "--replicas=0")

    hand.see("of the gateway")

    hand.on("back", "scale", *gateway, f"--replicas={replicas}")
    hand.sandbox.well("watched")


def mended_as_told(hand: Hand) -> None:
    """Make what is mended by the remedies of the report, and by nothing else."""
    for where in (MULTICLUSTER, LINKERD):
        data = hand.read("front", *where, "secret", CREDENTIALS)["data"]
        for key, value in data.items():
            config = base64.b64decode(value).decode()
            start, found, rest = config.partition("token: ")
            if found:
                data[key] = encoded(f"{start}{found}{EXPIRED}\n{rest.partition(chr(10))[2]}")
        hand.change("front", {"data": data}, *where, f"secret/{CREDENTIALS}")
    hand.on("front", "delete", *MULTICLUSTER, "deployment", "controller-back")

    hand.see("mended as told")

    assert "mesh up watched" in hand.told.finding("credentials-rejected")["remedy"]
    hand.sandbox.pulumi("refresh", "--stack", "watched.links", "--yes")
    hand.sandbox.mesh("up", "watched", "--wait", "0")
    hand.see("of which one is left")
    kubeconfig = f"--kubeconfig={hand.sandbox.home.cluster('front') / 'kubeconfig'}"
    helm = ("helm", kubeconfig, *MULTICLUSTER)
    [release] = json.loads(hand.sandbox.run(*helm, "list", "--output=json").stdout)
    hand.sandbox.run(*helm, "rollback", release["name"], release["revision"])
    hand.sandbox.well("watched")


def that_stay(hand: Hand) -> None:
    """Take away what cannot be put back as it was: a namespace, and the address of a balancer."""
    service = hand.read("back", *MULTICLUSTER, "service", "linkerd-gateway")
    service.pop("status")
    for key in ("uid", "resourceVersion", "creationTimestamp", "finalizers", "managedFields"):
        service["metadata"].pop(key, None)
    for key in ("clusterIP", "clusterIPs", "healthCheckNodePort"):
        service["spec"].pop(key, None)
    service["spec"]["loadBalancerClass"] = "example.org/nobody"
    hand.on("back", "delete", *MULTICLUSTER, "service", "linkerd-gateway")
    hand.make("back", service, *MULTICLUSTER)
    hand.on("front", "delete", "namespace", "yelb")

    hand.see("that stay")

    server = hand.sandbox.api_server_pid("back")
    os.kill(server, signal.SIGSTOP)
    try:
        hand.told.away = hand.look()
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
        ("credentials-old", LINK, "front-token-2 is newer", "pulumi refresh --stack watched.links"),
        ("gateway-without-address", LINK, "has no address", "describe service linkerd-gateway"),
        ("probe-failing", LINK, "does not answer the probes of", "get deployment linkerd-gate"),
        ("anchors-differ", LINK, "and 0 of them are the same", "mesh rotate watched anchor"),
        ("networks-overlap", LINK, "10.40.7.0/24 of 'front'", "another network, or export through"),
        ("export-label", "yelb-db", "label", "pulumi refresh --stack watched.apps"),
        ("mirror-without-endpoints", "redis-server", "no ready", "see to its pods"),
        ("foreign-service", "yelb-appserver", "yelb-appserver-back", "rename or remove it"),
        ("stale-mirror", "front", "yelb/api-gone", "cluster-name=gone"),
    ],
)
def test_a_fault_is_found_with_its_cause_and_its_remedy(
    told: Told, fault: str, subject: str, cause: str, remedy: str
) -> None:
    found = told.finding(fault)

    assert subject in found["subject"]
    assert cause in found["cause"]
    assert remedy in found["remedy"]


def test_a_missing_namespace_is_a_fault_of_each_mirror_in_it(told: Told) -> None:
    found = [
        each
        for each in told.reports["that stay"]["findings"]
        if each["fault"] == "namespace-missing"
    ]

    assert len(found) == 3
    assert all("'yelb'" in each["cause"] for each in found)
    assert all("make it there" in each["remedy"] for each in found)


def test_nothing_is_found_that_nobody_made(told: Told) -> None:
    found = {name: {each["fault"] for each in told.reports[name]["findings"]} for name in MADE}

    assert found == MADE


def test_what_is_half_broken_is_never_well(told: Told) -> None:
    assert [report["well"] for report in told.reports.values()] == [False] * 5


def test_a_cluster_whose_api_server_is_away_is_unknown_and_so_is_its_link(told: Told) -> None:
    [found] = [each for each in told.away["findings"] if each["subject"] == "back"]
    [link] = told.away["links"]

    assert told.away["well"] is False
    assert found["fault"] == "unknown"
    assert "the API server does not answer" in found["cause"]
    assert (link["state"], link["follows"]) == ("unknown", "back")


def test_no_secret_of_any_cluster_was_ever_printed(hand: Hand, told: Told) -> None:
    printed = "\n".join(told.printed)
    data = [
        base64.b64decode(value).decode(errors="replace")
        for cluster in ("front", "back")
        for each in hand.sandbox.objects(cluster, "secrets", "--all-namespaces")
        for value in (each.get("data") or {}).values()
    ]
    # Lines of keys and kubeconfigs, and whole tokens; names of namespaces are no secrets.
    secrets = {line.strip() for text in data for line in text.splitlines() if len(line) >= 40}

    assert len(secrets) > 20
    assert not [secret[:4] for secret in secrets if secret in printed]
    assert EXPIRED not in printed
    assert "PRIVATE KEY" not in printed
