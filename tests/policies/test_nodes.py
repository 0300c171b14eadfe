"""Rules on nodes and add-ons."""

from typing import Any

import pytest

from policies.rules.addons import ADDON, OIDC_PROVIDER
from policies.rules.nodes import LAUNCH_TEMPLATE, NODE_GROUP
from tests.policies.stacks import broken, changed, resource

TEMPLATE: dict[str, Any] = {
    "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
    "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"encrypted": "true"}}],
}
GROUP = {"amiType": "AL2023_x86_64_STANDARD", "releaseVersion": "1.35.1-20261101"}


def test_safe_nodes_break_no_rule() -> None:
    assert broken(resource(LAUNCH_TEMPLATE, TEMPLATE), resource(NODE_GROUP, GROUP)) == []


@pytest.mark.parametrize(
    ("rule", "path", "value"),
    [
        ("node-metadata-hop-limit", "metadataOptions.httpPutResponseHopLimit", 2),
        ("node-metadata-hop-limit", "metadataOptions.httpPutResponseHopLimit", None),
        ("node-metadata-tokens", "metadataOptions.httpTokens", "optional"),
        (
            "node-disk-encrypted",
            "blockDeviceMappings",
            [*TEMPLATE["blockDeviceMappings"], {"deviceName": "/dev/xvdb", "ebs": {}}],
        ),
    ],
)
def test_one_bad_value_of_a_template_breaks_one_rule(rule: str, path: str, value: Any) -> None:
    assert broken(resource(LAUNCH_TEMPLATE, changed(TEMPLATE, path, value))) == [rule]


@pytest.mark.parametrize(
    ("rule", "path", "value"),
    [
        ("node-image-maintained", "amiType", "AL2_x86_64"),
        ("node-image-release-pinned", "releaseVersion", None),
    ],
)
def test_one_bad_value_of_a_group_breaks_one_rule(rule: str, path: str, value: Any) -> None:
    assert broken(resource(NODE_GROUP, changed(GROUP, path, value))) == [rule]


def test_an_addon_has_a_version() -> None:
    good = {"addonName": "vpc-cni", "addonVersion": "v1.20.0-eksbuild.1"}

    assert broken(resource(ADDON, good)) == []
    assert broken(resource(ADDON, changed(good, "addonVersion", None))) == [
        "eks-addon-version-pinned"
    ]


def test_a_provider_for_irsa_is_reported() -> None:
    assert broken(resource(OIDC_PROVIDER, {})) == ["eks-pod-identity"]
