"""
An EKS cluster with safe defaults, and the controller of its load balancers.

Access entries only, so that `pulumi up` makes no principal an administrator; a customer-managed key
for secrets; all logs, with a retention; instance metadata by token and for the node alone; the
network plug-in before the nodes, DNS after them. Nothing is looked up: the same arguments give the
same plan, offline too.
"""

from ..access_entry import AccessEntry, AccessPolicy
from ..ingress import SecurityGroupIngressRule
from ..node_group import Ami, NodeGroup
from .args import EksClusterArgs
from .cluster import EksCluster
from .kubeconfig import exec_kubeconfig
from .load_balancers import LoadBalancerController, LoadBalancerControllerArgs
from .roles import trust_policy

__all__ = [
    "AccessEntry",
    "AccessPolicy",
    "Ami",
    "EksCluster",
    "EksClusterArgs",
    "LoadBalancerController",
    "LoadBalancerControllerArgs",
    "NodeGroup",
    "SecurityGroupIngressRule",
    "exec_kubeconfig",
    "trust_policy",
]
