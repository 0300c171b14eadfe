"""Linkerd's CNI plugin."""

import functools

from linkmesh.linkerd.installation.cni import LinkerdCni, LinkerdCniArgs, cni_values, pod_security
from tests import engine
from tests.components.clusters import on_a_cluster

RELEASE = "kubernetes:helm.sh/v3:Release"


@functools.cache
def installed() -> engine.Notes:
    """Install the plugin."""
    return on_a_cluster(
        lambda cluster: LinkerdCni(
            "west-cni", LinkerdCniArgs(cluster=cluster, values={"priorityClassName": "first"})
        )
    )


def test_the_proxies_admin_port_is_not_redirected() -> None:
    assert cni_values(admin_port=9191, registry=None)["proxyAdminPort"] == 9191


def test_pods_that_were_faster_than_the_plugin_are_restarted() -> None:
    assert cni_values(admin_port=4191, registry=None)["repairController"] == {"enabled": True}


def test_it_has_a_namespace_of_its_own_that_no_webhook_touches() -> None:
    metadata = installed().one("kubernetes:core/v1:Namespace").inputs["metadata"]

    assert metadata == {
        "name": "linkerd-cni",
        "labels": {
            "linkerd.io/cni-resource": "true",
            "config.linkerd.io/admission-webhooks": "disabled",
            "pod-security.kubernetes.io/enforce": "privileged",
        },
    }


def test_its_chart_is_installed_after_its_namespace_with_extra_values_last() -> None:
    release = installed().one(RELEASE)

    assert release.inputs["chart"] == "linkerd2-cni"
    assert release.inputs["values"]["priorityClassName"] == "first"
    assert "west-cni-namespace" in release.after


def test_only_with_it_may_meshed_pods_be_restricted() -> None:
    assert pod_security(cni=True) == {"pod-security.kubernetes.io/enforce": "restricted"}
    assert pod_security(cni=False) == {"pod-security.kubernetes.io/enforce": "privileged"}
