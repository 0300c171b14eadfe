"""
An EKS cluster whose defaults are the safe ones, and what makes load balancers on it.

Access entries only, nobody is administrator by having run `pulumi up`; a key of our own for
secrets; all logs, kept; instance metadata by token and for the node alone; the network plug-in
before the nodes, DNS after them. Nothing is looked up: the same description gives the same plan,
offline too.
"""

from ..access_entry import CLUSTER_ADMIN_POLICY as ADMIN_POLICY
from ..access_entry import AccessEntry, Role
from ..ingress import IngressRule
from ..node_group import Ami, NodeGroup
from .args import EksClusterArgs
from .cluster import EksCluster
from .kubeconfig import exec_kubeconfig
from .load_balancers import LoadBalancerController, LoadBalancerControllerArgs
from .roles import trust_policy

__all__ = [
    "ADMIN_POLICY",
    "AccessEntry",
    "Ami",
    "EksCluster",
    "EksClusterArgs",
    "IngressRule",
    "LoadBalancerController",
    "LoadBalancerControllerArgs",
    "NodeGroup",
    "Role",
    "exec_kubeconfig",
    "trust_policy",
]
