"""What the stacks of an environment of the tests have exported: the contracts, filled in."""

import functools
from collections.abc import Iterable
from typing import Any

from linkmesh import names
from linkmesh.environment import Plan
from linkmesh.stacks import _deploy
from tests import engine
from tests.engine import KUBECONFIG, Secret


def deployed(
    plan: Plan, parts: Iterable[str], stacks: dict[str, dict[str, Any]] | None = None
) -> engine.Notes:
    """
    Deploy some parts of the environment `test`.

    Args:
        stacks: outputs of the stacks before; by default the contracts below.

    Returns: what all of them registered, and the outputs of each, by part.
    """
    known, joined = stacks or exported("test", plan), engine.Notes()
    for part in parts:
        program = functools.partial(_deploy, "test", plan, part)
        notes = engine.run(program, stack=f"test.{part}", stacks=known)
        joined.resources += notes.resources
        joined.components += notes.components
        joined.outputs[part] = notes.outputs
    return joined


def exported(name: str, plan: Plan) -> dict[str, dict[str, Any]]:
    """Make the outputs of every stack of an environment, by the stack's full name."""
    parts: dict[str, dict[str, Any]] = {
        "trust": _trust(plan),
        "network": _network(plan),
    }
    parts.update({cluster: _cluster(plan, cluster) for cluster in plan.names})
    return {f"organization/linkmesh/{name}.{part}": value for part, value in parts.items()}


def only(plan: Plan, parts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the outputs of some stacks; a program that reads another one fails."""
    every = exported("test", plan)
    return {
        stack: every[stack] for part in parts for stack in [f"organization/linkmesh/test.{part}"]
    }


def _trust(plan: Plan) -> dict[str, Any]:
    outputs: dict[str, Any] = {
        "trust": {
            "version": 1,
            "anchorsPem": "ANCHOR",
            "anchorsExpiry": "2036-11-20T00:00:00Z",
        }
    }
    for cluster in plan.names:
        issuer = {
            "version": 1,
            "certificatePem": f"ISSUER of {cluster}",
            "privateKeyPem": f"ISSUER KEY of {cluster}",
        }
        outputs[f"issuer_{cluster}"] = Secret(issuer)
        outputs[f"issuer_expiry_{cluster}"] = "2027-11-23T00:00:00Z"
    return outputs


def _network(plan: Plan) -> dict[str, Any]:
    return {
        f"network_{cluster.name}": {
            "version": 1,
            "vpcId": f"vpc-{cluster.name}",
            "privateSubnetIds": [f"subnet-{cluster.name}-{zone}" for zone in "abc"],
            "controlPlaneSubnetIds": [f"subnet-{cluster.name}-control-{zone}" for zone in "abc"],
            "natAddresses": ["203.0.113.7"] * cluster.nat.gateways,
        }
        for cluster in plan.environment.eks
    }


def _cluster(plan: Plan, name: str) -> dict[str, Any]:
    has_gateway = bool(plan.clusters[name].inbound)
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
            for source in plan.clusters[name].sources
        },
    }
