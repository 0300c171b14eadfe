"""A healthy environment as it is observed; tests change one thing of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from linkmesh import names
from linkmesh.cli.mirrors.evaluate import ObservedService
from linkmesh.cli.mirrors.waiting import expected
from linkmesh.cli.status.link_drift import described_spec
from linkmesh.cli.status.observations import (
    Answer,
    Certificate,
    Credentials,
    Gateway,
    ObservedCluster,
    ObservedEnvironment,
    ObservedExport,
    Workload,
)
from linkmesh.environment import Export, LinkMode, LinkSpec, Plan, chain
from linkmesh.linkerd.labels import MIRRORED_SERVICE, REMOTE_CLUSTER_NAME
from linkmesh.linkerd.links.link_fields import credentials_mark
from linkmesh.linkerd.links.rights import discovery_rights
from tests.components.environment.described import on_aws, planned

AT = datetime(2026, 11, 23, tzinfo=UTC)
LINK = LinkSpec("west", "east")
ADDRESS = "gateway.example.org"
PORTS = frozenset({("TCP", 80)})


def described(mode: LinkMode = LinkMode.GATEWAY) -> Plan:
    """Describe two clusters; west calls a service of east."""
    return planned(
        on_aws("west", block=10),
        on_aws("east", block=20),
        links=chain("west", "east"),
        exports=[Export("api", namespace="shop", of="east", mode=mode)],
    )


def healthy(mode: LinkMode = LinkMode.GATEWAY) -> ObservedEnvironment:
    """Return an environment in which everything is healthy."""
    given = described(mode)
    seen = ObservedEnvironment(
        clusters={"west": _source(mode), "east": _target(mode)},
        answers={LINK: Answer(code=200)},
        exports=[_export(given)],
        at=AT,
    )
    spec = described_spec(given.link(*LINK), seen.clusters["east"].contract)
    mark = credentials_mark(
        account=CREDENTIALS.account,
        generation=1,
        api_server=CREDENTIALS.server,
        certificate_authority_data=CREDENTIALS.authority,
    )
    spec = {**spec, "excludedAnnotations": [*spec["excludedAnnotations"][:-1], mark]}
    return on(seen, "west", lambda cluster: replace(cluster, links={"east": spec}))


def on(
    seen: ObservedEnvironment, name: str, change: Callable[[ObservedCluster], ObservedCluster]
) -> ObservedEnvironment:
    """Change the observed state of one cluster."""
    return replace(seen, clusters={**seen.clusters, name: change(seen.clusters[name])})


CREDENTIALS = Credentials(
    account=names.remote_access_account("west"),
    server="https://east.example.org",
    authority="Q0E=",
    digest="digest-1",
)
DISCOVERY = replace(CREDENTIALS, rights=discovery_rights())


def _cluster(name: str, *deployments: tuple[str, str]) -> ObservedCluster:
    needed = [
        ("linkerd", each)
        for each in ("linkerd-destination", "linkerd-identity", "linkerd-proxy-injector")
    ]
    return ObservedCluster(
        name=name,
        kubernetes="1.35.4",
        linkerd="edge-26.6.3",
        workloads={each: Workload(desired=3, available=3) for each in (*needed, *deployments)},
        anchors=frozenset({"anchor"}),
        certificates=[
            Certificate(name="anchor", expires=AT + timedelta(days=3650)),
            Certificate(name="issuer", expires=AT + timedelta(days=365)),
        ],
        networks=frozenset({"10.10.0.0/16" if name == "west" else "10.20.0.0/16"}),
    )


def _source(mode: LinkMode) -> ObservedCluster:
    controller = ("linkerd-multicluster", names.mirror_controller("east"))
    return replace(
        _cluster("west", controller),
        mirroring={"east": CREDENTIALS},
        discovery={"east": DISCOVERY} if mode.is_pod_to_pod else {},
        renewed={"east": AT - timedelta(seconds=10)},
    )


def _target(mode: LinkMode) -> ObservedCluster:
    gateway = [("linkerd-multicluster", "linkerd-gateway")] if mode is LinkMode.GATEWAY else []
    return replace(
        _cluster("east", *gateway),
        contract={"gatewayAddress": ADDRESS, "gatewayIdentity": "gateway.identity"},
        tokens={names.remote_access_token("west", 1): CREDENTIALS.digest},
        gateway=Gateway(balanced=True, addresses=[ADDRESS]),
        exported=frozenset({("shop", "api")}),
    )


def _export(given: Plan) -> ObservedExport:
    [one] = expected(given)
    observed = replace(
        one.export,
        label=one.label,
        exported=ObservedService(labels=one.label, ports=PORTS),
        ready_on_target=2,
        has_namespace=True,
        has_link=True,
        controllers=3,
        mirror=ObservedService(
            labels={MIRRORED_SERVICE: "true", REMOTE_CLUSTER_NAME: "east"}, ports=PORTS
        ),
        ready_on_source=1,
    )
    return ObservedExport(expected=one, observation=observed)
