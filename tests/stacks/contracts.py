"""What the stacks of an environment of the tests have exported: the contracts, filled in."""

from typing import Any

from components import names
from stacks.environment import Eks, Environment
from tests.engine import KUBECONFIG, Secret


def exported(name: str, environment: Environment) -> dict[str, dict[str, Any]]:
    """Make the outputs of every stack of an environment, by the stack's full name."""
    parts: dict[str, dict[str, Any]] = {
        "trust": _trust(environment),
        "network": _network(environment),
        "links": {"links": {"version": 1, "links": []}},
    }
    parts.update({cluster: _cluster(environment, cluster) for cluster in environment.names})
    return {f"organization/linkmesh/{name}.{part}": value for part, value in parts.items()}


def _trust(environment: Environment) -> dict[str, Any]:
    outputs: dict[str, Any] = {
        "trust": {
            "version": 1,
            "anchorsPem": "ANCHOR",
            "anchorsExpiry": "2036-11-20T00:00:00Z",
        }
    }
    for cluster in environment.names:
        issuer = {
            "version": 1,
            "certificatePem": f"ISSUER of {cluster}",
            "privateKeyPem": f"ISSUER KEY of {cluster}",
        }
        outputs[f"issuer_{cluster}"] = Secret(issuer)
        outputs[f"issuer_expiry_{cluster}"] = "2027-11-23T00:00:00Z"
    return outputs


def _network(environment: Environment) -> dict[str, Any]:
    return {
        f"network_{cluster.name}": {
            "version": 1,
            "vpcId": f"vpc-{cluster.name}",
            "privateSubnetIds": [f"subnet-{cluster.name}-{zone}" for zone in "abc"],
            "controlPlaneSubnetIds": [f"subnet-{cluster.name}-control-{zone}" for zone in "abc"],
            "natAddresses": ["203.0.113.7"] * cluster.nat.gateways,
        }
        for cluster in environment.clusters
        if isinstance(cluster, Eks)
    }


def _cluster(environment: Environment, name: str) -> dict[str, Any]:
    has_gateway = bool(environment.sources_of(name))
    return {
        "cluster": {
            "version": 1,
            "apiServer": f"https://{name}.test",
            "certificateAuthorityData": "Q0E=",
            "gatewayAddress": "192.0.2.10" if has_gateway else "",
            "gatewayIdentity": f"identity of {name}" if has_gateway else "",
        },
        "kubeconfig": Secret(KUBECONFIG),
        **{
            f"access_{source}": Secret(
                {
                    "version": 1,
                    "account": names.remote_access_account(source),
                    "token": f"token of {source} on {name}",
                }
            )
            for source in environment.sources_of(name)
        },
    }
