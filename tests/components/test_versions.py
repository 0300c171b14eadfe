"""The tables of versions: that they are whole, and fit one another."""

import re

from linkmesh.versions import (
    EKS_RELEASES,
    KIND_NODE_IMAGE,
    KUBERNETES,
    LINKERD_CHART,
    LINKERD_EDGE,
    LINKERD_RELEASES,
    Phase,
)


def test_what_we_install_is_in_the_tables() -> None:
    assert KUBERNETES in EKS_RELEASES
    assert LINKERD_RELEASES[-1].first_chart == LINKERD_CHART
    assert f"edge-{LINKERD_CHART[2:]}" == LINKERD_EDGE
    assert f":v{KUBERNETES}." in KIND_NODE_IMAGE


def test_what_we_install_is_the_newest_of_each() -> None:
    assert list(EKS_RELEASES)[-1] == KUBERNETES == LINKERD_RELEASES[-1].kubernetes[1]


def test_every_kubernetes_has_its_add_ons_in_their_phases() -> None:
    for release in EKS_RELEASES.values():
        phases = {addon.name: addon.phase for addon in release.addons}

        assert phases == {
            "vpc-cni": Phase.BEFORE_NODES,
            "kube-proxy": Phase.BEFORE_NODES,
            "eks-pod-identity-agent": Phase.BEFORE_NODES,
            "coredns": Phase.AFTER_NODES,
        }
        assert release.ebs_csi_driver.phase is Phase.AFTER_NODES


def test_every_version_is_written_as_aws_writes_it() -> None:
    for release in EKS_RELEASES.values():
        addons = (*release.addons, release.ebs_csi_driver)

        assert all(re.fullmatch(r"v\d+\.\d+\.\d+-eksbuild\.\d+", each.version) for each in addons)
        assert re.fullmatch(r"\d+\.\d+\.\d+-\d{8}", release.al2023)
        assert re.fullmatch(r"\d+\.\d+\.\d+-[0-9a-f]{8}", release.bottlerocket)


def test_what_follows_kubernetes_in_its_number_is_of_the_same() -> None:
    for kubernetes, release in EKS_RELEASES.items():
        [proxy] = [addon for addon in release.addons if addon.name == "kube-proxy"]

        assert proxy.version.startswith(f"v{kubernetes}.")
        assert release.al2023.startswith(f"{kubernetes}.")


def test_newer_versions_are_supported_longer() -> None:
    ends = [release.support_end for release in EKS_RELEASES.values()]

    assert ends == sorted(ends)
