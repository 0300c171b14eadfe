"""Valid descriptions of every kind of cluster, link and entry."""

from itertools import pairwise
from random import Random
from typing import Any

from tests.descriptions.source import Call, Code

ACCOUNT = "arn:aws:iam::111122223333"


def environment(random: Random) -> Call:
    """Describe an environment at random, which is valid."""
    eks = ["west", "east", "north"][: random.randint(1, 3)]
    clusters = [_eks(name, block, random) for block, name in enumerate(eks, start=1)]
    sources = []
    if random.random() < 0.6:
        clusters.append(Call("Kind", ["local"], {"workers": random.randint(3, 5)}))
        sources.append("local")
    if random.random() < 0.6:
        clusters.append(_existing(random))
        sources.append("site")
    links, ends = _links(random, eks, sources)
    named: dict[str, Any] = {
        "clusters": clusters,
        "links": links,
        "exports": _exports(random, ends),
        "linkerd": _linkerd(random, eks),
        "injection": Code(random.choice(["Injection.PER_NAMESPACE", "Injection.PER_DEPLOYMENT"])),
        "admins": [f"{ACCOUNT}:role/admin"],
        "access": [_access(random)],
        "operators": ["198.51.100.10/32", "203.0.113.0/24"],
        "token_generations": [1, 2],
        "trust": Call("TrustState", [], {"anchors": Code("(1, 2)"), "signing": 1, "issuers": 1}),
    }
    if ends:
        named |= _traffic(ends)
    return Call("Environment", [], named)


def _eks(name: str, block: int, random: Random) -> Call:
    more: dict[str, Any] = {
        "kubernetes": "1.35",
        "nodes": random.randint(3, 9),
        "instance_types": random.choice([["m7i.large"], ["t3.large", "m7i.xlarge"]]),
        "disk_gib": random.choice([20, 50, 100]),
        "ami": Code("Ami.BOTTLEROCKET"),
        "nat": Code("NatGateways.SINGLE"),
        "log_retention_days": 30,
        "flow_log_retention_days": random.choice([None, 7]),
        "protect": random.random() < 0.5,
    }
    chosen = {key: more[key] for key in more if random.random() < 0.7}
    place = {"region": random.choice(["eu-west-1", "us-east-1"]), "cidr": f"10.{block}.0.0/16"}
    return Call("Eks", [name], {**place, **chosen})


def _existing(random: Random) -> Call:
    return Call(
        "Existing",
        ["site"],
        {
            "egress": ["198.51.100.20/32"],
            "api_server": random.choice([None, "https://192.0.2.10:6443"]),
            "nodes": random.randint(3, 6),
            "cluster_domain": random.choice(["cluster.local", "corp.example.com"]),
            "gateway_api": random.choice([None, "1.3.0"]),
            "gateway_service": random.choice(
                [
                    None,
                    Call("NodePorts", ["192.0.2.10"], {"port": 31143, "probe_port": 31191}),
                    Call("LoadBalancer", [], {"address": "site.example.com"}),
                ]
            ),
        },
    )


def _links(random: Random, eks: list[str], sources: list[str]) -> tuple[Any, list[tuple[str, str]]]:
    """Link clusters; returns how that is written, and the pairs of source and target."""
    form = random.choice(["chain", "mesh", "hub", "spec"])
    if form == "mesh" and len(eks) > 1:
        return Call("mesh", [*eks]), [(a, b) for a in eks for b in eks if a != b]
    if form == "hub" and len(eks) > 1:
        ends = [(eks[0], spoke) for spoke in eks[1:]]
        return Call("hub", [eks[0]], {"spokes": eks[1:], "both_ways": False}), ends
    path = [*sources[:1], *eks]
    ends = [*pairwise(path)]
    if form == "spec":
        return [Call("LinkSpec", [*pair]) for pair in ends], ends
    return Call("chain", path, {"both_ways": False}), ends


def _exports(random: Random, ends: list[tuple[str, str]]) -> list[Call]:
    """Export a service of every target, of the first one to a chosen source."""
    targets = list(dict.fromkeys(target for _, target in ends))
    return [
        Call(
            "Export",
            ["api"],
            {
                "namespace": "shop",
                "of": target,
                "to": [source for source, other in ends if other == target],
                "mode": Code("LinkMode.GATEWAY"),
                "headless": random.random() < 0.5,
                "is_labelled": random.random() < 0.5,
            },
        )
        for target in targets
    ]


def _traffic(ends: list[tuple[str, str]]) -> dict[str, Any]:
    """Split and move calls of the first source, and except a workload from the mesh."""
    source, target = ends[0]
    return {
        "aliases": [
            Call(
                "Alias",
                ["api"],
                {
                    "namespace": "shop",
                    "on": source,
                    "of": target,
                    "port": 8080,
                    "protocol": Code("AliasProtocol.HTTP"),
                    "is_there": False,
                },
            )
        ]
        if len(ends) % 2
        else [],
        "routes": []
        if len(ends) % 2
        else [
            Call(
                "Route",
                ["api"],
                {"namespace": "shop", "on": source, "port": 8080, "weights": {target: 100}},
            )
        ],
        "unmeshed": [
            Call("Unmeshed", [], {"namespace": "shop", "workload": "job", "why": "it ends"})
        ],
    }


def _access(random: Random) -> Call:
    policy = random.choice(["EDIT", "VIEW", "ADMIN"])
    return Call(
        "AccessEntry",
        [f"{ACCOUNT}:role/web"],
        {"policy": Code(f"AccessPolicy.{policy}"), "namespaces": ["shop", "web-*"]},
    )


def _linkerd(random: Random, eks: list[str]) -> Call:
    resources = {"cpu_request": "100m", "memory_request": "20Mi", "memory_limit": "250Mi"}
    tracing = {
        "endpoint": "collector.tracing:4317",
        "service_account": "collector",
        "namespace": "tracing",
    }
    proxy = {
        "resources": Call("ProxyResources", [], resources),
        "admin_port": 4191,
        "tracing": Call("ProxyTracing", [], tracing),
    }
    named: dict[str, Any] = {
        "profile": Code("InstallProfile.HIGH_AVAILABILITY"),
        "version": "2026.6.3",
        "versions": {eks[0]: "2026.6.3"},
        "registry": "registry.example.com/linkerd",
        "proxy": Call("ProxyConfig", [], proxy),
        "cni": random.random() < 0.5,
        "viz": random.random() < 0.5,
        "cert_manager": Call(
            "CertManagerIssuer",
            [],
            {
                "name": "linkerd",
                "kind": "ClusterIssuer",
                "lifetime": Code("timedelta(hours=48)"),
                "renewal": Code("timedelta(hours=25)"),
            },
        ),
    }
    return Call("Linkerd", [], {key: named[key] for key in named if random.random() < 0.8})
