"""A control plane of others: nothing of it changes, and it is compared with what is expected."""

from typing import Any

import pulumi
import pytest
import yaml

from linkmesh.cluster import Cluster
from linkmesh.linkerd.installation.existing_control_plane import (
    ExistingControlPlane,
    ExistingControlPlaneArgs,
)
from linkmesh.linkerd.installation.multicluster import LinkerdMulticluster
from linkmesh.linkerd.installation.multicluster_args import LinkerdMulticlusterArgs
from tests import engine
from tests.components.clusters import on_a_cluster

ANCHOR, OTHER = (
    f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n" for body in ("QQ==", "Qg==")
)
VALUES: dict[str, Any] = {
    "linkerdVersion": "edge-26.6.3",
    "clusterDomain": "cluster.local",
    "identityTrustDomain": "cluster.local",
    "proxy": {"ports": {"admin": 4191}},
}


def there(*, bundle: str = ANCHOR, **values: Any) -> dict[str, dict[str, Any]]:
    """Return the objects of a control plane, with other values than usual."""
    return {
        "linkerd": {"metadata": {"name": "linkerd", "uid": "uid-of-linkerd"}},
        "linkerd/linkerd-config": {"data": {"values": yaml.safe_dump({**VALUES, **values})}},
        "linkerd/linkerd-identity-trust-roots": {"data": {"ca-bundle.crt": bundle}},
    }


def read(reads: dict[str, dict[str, Any]], **overrides: Any) -> engine.Notes:
    """Read a control plane, and install the multicluster extension beside it."""

    def make(cluster: Cluster) -> None:
        args = ExistingControlPlaneArgs(
            cluster=cluster, **{"trust_anchors_pem": ANCHOR, **overrides}
        )
        control_plane = ExistingControlPlane("west-linkerd", args)
        extension = LinkerdMulticlusterArgs(control_plane=control_plane, targets=["east"])
        LinkerdMulticluster("west-multicluster", extension)
        pulumi.export("version", control_plane.version)
        pulumi.export("uid", control_plane.namespace_uid)

    return on_a_cluster(make, reads=reads)


def refused(reads: dict[str, dict[str, Any]], **overrides: Any) -> str:
    """Return why a control plane is not accepted."""
    with pytest.raises(pulumi.RunError) as error:
        read(reads, **overrides)
    return str(error.value)


def test_only_the_extension_is_installed() -> None:
    notes = read(there())

    assert [noted.name for noted in notes.of("kubernetes:helm.sh/v3:Release")] == [
        "west-multicluster-release"
    ]
    assert notes.outputs == {"version": "edge-26.6.3", "uid": "uid-of-linkerd"}


def test_an_empty_trust_domain_is_that_of_the_cluster() -> None:
    assert read(there(identityTrustDomain="")).outputs["version"] == "edge-26.6.3"


def test_more_anchors_than_those_of_the_environment_are_accepted() -> None:
    assert read(there(bundle=OTHER + ANCHOR)).outputs["version"] == "edge-26.6.3"


def test_another_version_is_an_error_that_says_how_to_describe_it() -> None:
    assert refused(there(linkerdVersion="edge-26.5.1")) == (
        "Linkerd on 'west' must be edge-26.6.3, of chart 2026.6.3 (got edge-26.5.1). Its proxies "
        "and its extension would be of two versions. Use: Linkerd(versions={'west': '2026.5.1'}), "
        "or upgrade it as it was installed"
    )


def test_a_version_without_a_chart_is_an_error_that_asks_for_an_upgrade() -> None:
    assert refused(there(linkerdVersion="stable-2.14.10")).endswith(
        "(got stable-2.14.10). Its proxies and its extension would be of two versions. Use: an "
        "upgrade of it, as it was installed"
    )


def test_another_cluster_domain_is_an_error() -> None:
    message = refused(there(clusterDomain="corp.local"))

    assert "must have the cluster domain cluster.local (got corp.local)" in message
    assert message.endswith('Use: cluster_domain="corp.local"')


def test_another_trust_domain_is_an_error() -> None:
    message = refused(there(identityTrustDomain="corp.local"))

    assert message.startswith(
        "Linkerd on 'west' must have the trust domain cluster.local (got corp.local). Its proxies "
    )


def test_another_admin_port_is_an_error() -> None:
    assert refused(there(proxy={"ports": {"admin": 9990}})).endswith(
        "Use: ProxyConfig(admin_port=9990)"
    )


def test_a_control_plane_that_trusts_another_anchor_is_an_error() -> None:
    assert refused(there(bundle=OTHER)) == (
        "Linkerd on 'west' must trust every anchor of the environment (it lacks 1 of 1). Its "
        "proxies and those of other clusters would refuse one another. Use: the anchor of that "
        "Linkerd as linkmesh:anchorCertificate of the stack trust, or add the environment's to its "
        "identityTrustAnchorsPEM"
    )


def test_all_problems_are_reported_together() -> None:
    message = refused(there(bundle="", clusterDomain="corp.local", identityTrustDomain=""))

    assert len(message.splitlines()) == 3
