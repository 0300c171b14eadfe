"""
What can be said of an EKS cluster beside its name, role, version and tags, and AWS' defaults.

ministack drops most of it; notes have it as AWS would report it.
"""

from typing import Any

from sandbox.plugins.aws import cluster_rules as rules
from sandbox.plugins.aws import notes
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

KIND = "eks-cluster"

NETWORK = Schema(
    required={"subnetIds": [str]},
    optional={
        "endpointPrivateAccess": bool,
        "endpointPublicAccess": bool,
        "publicAccessCidrs": [str],
    },
)

CONFIGURATION: dict[str, Any] = {
    "accessConfig": Schema(
        optional={
            "authenticationMode": {"API", "API_AND_CONFIG_MAP", "CONFIG_MAP"},
            "bootstrapClusterCreatorAdminPermissions": bool,
        }
    ),
    "bootstrapSelfManagedAddons": bool,
    "deletionProtection": bool,
    "enabledClusterLogTypes": [rules.LOG_TYPES],
    "encryptionConfig": Schema(
        required={"provider": Schema(required={"keyArn": str}), "resources": [{"secrets"}]}
    ),
    "upgradePolicy": Schema(optional={"supportType": {"EXTENDED", "STANDARD"}}),
    "zonalShiftConfig": Schema(optional={"enabled": bool}),
}

DEFAULTS: Properties = {
    "accessConfig": {
        "authenticationMode": "CONFIG_MAP",
        "bootstrapClusterCreatorAdminPermissions": True,
    },
    "bootstrapSelfManagedAddons": True,
    "deletionProtection": False,
    "upgradePolicy": {"supportType": "EXTENDED"},
    "zonalShiftConfig": {"enabled": False},
}

ENDPOINT_DEFAULTS: Properties = {
    "endpointPrivateAccess": False,
    "endpointPublicAccess": True,
    "publicAccessCidrs": ["0.0.0.0/0"],
}


def as_reported(news: Properties) -> Properties:
    """Give the configuration as AWS would report it."""
    configuration: Properties = {name: news[name] for name in CONFIGURATION if name in news}
    for name, default in DEFAULTS.items():
        value: Any = configuration.get(name, default)
        configuration[name] = {**default, **value} if isinstance(default, dict) else value
    configuration["vpcConfig"] = {**ENDPOINT_DEFAULTS, **news["vpcConfig"]}
    return configuration


def configuration_of(cloud: Cloud, name: str) -> Properties:
    """Give what was asked of a cluster, with AWS' defaults."""
    facts = notes.read(cloud, KIND, name)
    configuration: Properties = facts.get("configuration", DEFAULTS)
    return {**configuration, "vpcId": facts.get("vpcId")}
