"""
The nodes that kind would make of a configuration: their names, labels and taints.

Source: kubernetes-sigs/kind, pkg/cluster/internal/providers, pkg/cluster/internal/create/actions
"""

from sandbox.clusters import Node
from sandbox.plugins.contract import Refused
from sandbox.plugins.values import Properties

CONTROL_PLANE = "control-plane"
ROLES = {CONTROL_PLANE, "worker"}

# Source: kubernetes-sigs/kind, pkg/cluster/internal/create/actions/kubeadminit/init.go
_TAINT = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}


def nodes_of(properties: Properties) -> list[Node]:
    """List the nodes that kind would make; one control plane if none are named."""
    config = properties.get("kindConfig") or {}
    wanted = config.get("nodes") or [{"role": CONTROL_PLANE}]
    roles = [node.get("role") or CONTROL_PLANE for node in wanted]
    if CONTROL_PLANE not in roles:
        raise Refused(f"must have at least one {CONTROL_PLANE} node", "kindConfig.nodes")
    nodes = []
    for index, role in enumerate(roles):
        count = roles[: index + 1].count(role)
        alone, is_control_plane = len(wanted) == 1, role == CONTROL_PLANE
        nodes.append(
            Node(
                name=f"{properties['name']}-{role}{count if count > 1 else ''}",
                labels=_labels(is_control_plane, alone),
                taints=[_TAINT] if is_control_plane and not alone else [],
            )
        )
    return nodes


def _labels(is_control_plane: bool, alone: bool) -> dict[str, str]:
    if not is_control_plane:
        return {}
    excluded = {} if alone else {"node.kubernetes.io/exclude-from-external-load-balancers": ""}
    return {"node-role.kubernetes.io/control-plane": "", **excluded}
