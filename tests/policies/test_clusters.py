"""Rules on EKS clusters and keys."""

from datetime import date
from typing import Any

import pytest

from linkmesh.versions import EKS_RELEASES, ENDED_SUPPORT
from policies.rules.clusters import CLUSTER, KEY, SUPPORT_ENDS, support_ends_soon
from tests.policies.stacks import broken, changed, found, resource, without

GOOD: dict[str, Any] = {
    "name": "west",
    "version": "1.35",
    "vpcConfig": {
        "endpointPrivateAccess": True,
        "endpointPublicAccess": True,
        "publicAccessCidrs": ["198.51.100.10/32"],
    },
    "encryptionConfig": {"provider": {"keyArn": "arn:aws:kms:eu-west-1:1:key/2"}},
    "upgradePolicy": {"supportType": "STANDARD"},
    "accessConfig": {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    },
    "enabledClusterLogTypes": ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    "deletionProtection": True,
}


@pytest.fixture(autouse=True)
def _a_day_on_which_1_35_is_young(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SUPPORT_ENDS, "1.35", date.max)


def test_a_safe_cluster_breaks_no_rule_in_production_either() -> None:
    assert broken(resource(CLUSTER, GOOD)) == []
    assert broken(resource(CLUSTER, GOOD, stack="prod.west", protected=True)) == []


@pytest.mark.parametrize(
    ("rule", "path", "value"),
    [
        ("eks-public-endpoint-named", "vpcConfig.publicAccessCidrs", ["0.0.0.0/0"]),
        ("eks-public-endpoint-named", "vpcConfig.publicAccessCidrs", []),
        ("eks-private-endpoint", "vpcConfig.endpointPrivateAccess", False),
        ("eks-secrets-key", "encryptionConfig", None),
        ("eks-standard-support", "upgradePolicy.supportType", "EXTENDED"),
        ("eks-authentication-mode", "accessConfig.authenticationMode", "API_AND_CONFIG_MAP"),
        ("eks-no-creator-admin", "accessConfig.bootstrapClusterCreatorAdminPermissions", True),
        ("eks-control-plane-logs", "enabledClusterLogTypes", ["api"]),
    ],
)
def test_one_bad_value_breaks_one_rule(rule: str, path: str, value: Any) -> None:
    assert broken(resource(CLUSTER, changed(GOOD, path, value))) == [rule]


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("eks-public-endpoint-named", "vpcConfig.publicAccessCidrs"),
        ("eks-secrets-key", "encryptionConfig"),
        ("eks-standard-support", "upgradePolicy"),
        ("eks-authentication-mode", "accessConfig.authenticationMode"),
        ("eks-no-creator-admin", "accessConfig.bootstrapClusterCreatorAdminPermissions"),
    ],
)
def test_a_missing_setting_counts_as_the_default_of_eks(rule: str, path: str) -> None:
    assert broken(resource(CLUSTER, without(GOOD, path))) == [rule]


def test_unknown_settings_are_not_reported() -> None:
    unknown = ["vpcConfig.publicAccessCidrs", "encryptionConfig.provider.keyArn"]
    props = without(without(GOOD, "vpcConfig.publicAccessCidrs"), "encryptionConfig")

    assert broken(resource(CLUSTER, props, unknown=unknown)) == []


def test_a_private_endpoint_alone_needs_no_blocks() -> None:
    props = changed(
        without(GOOD, "vpcConfig.publicAccessCidrs"), "vpcConfig.endpointPublicAccess", False
    )

    assert broken(resource(CLUSTER, props)) == []


def test_production_is_known_by_its_stack_or_by_its_tag() -> None:
    unprotected = changed(GOOD, "deletionProtection", False)
    tagged = {**unprotected, "tagsAll": {"linkmesh:environment": "prod"}}
    expected = ["eks-prod-deletion-protection", "eks-prod-protected"]

    assert broken(resource(CLUSTER, unprotected, stack="prod.west")) == expected
    assert broken(resource(CLUSTER, tagged)) == expected
    assert broken(resource(CLUSTER, unprotected)) == []


def test_the_end_of_support_is_reported_sixty_days_before() -> None:
    cluster = resource(CLUSTER, {"version": "1.34"})

    assert [*support_ends_soon(lambda: date(2026, 10, 1))(cluster)] == []
    assert [*support_ends_soon(lambda: date(2026, 11, 23))(cluster)] == [
        "Kubernetes 1.34 must be upgraded: standard support ends in 9 days (2026-12-02)."
    ]


def test_an_unknown_version_is_reported() -> None:
    assert len(found("eks-support-ends", resource(CLUSTER, {"version": "1.20"}))) == 1


def test_ends_of_support_are_those_of_the_product() -> None:
    product = {**ENDED_SUPPORT, **{name: one.support_end for name, one in EKS_RELEASES.items()}}

    assert {name: SUPPORT_ENDS[name] for name in product if name != "1.35"} == {
        name: end for name, end in product.items() if name != "1.35"
    }


def test_a_key_is_changed_every_year() -> None:
    assert broken(resource(KEY, {"enableKeyRotation": True})) == []
    assert broken(resource(KEY, {})) == ["kms-key-rotation"]
