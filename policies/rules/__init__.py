"""All rules: each finds what is wrong in the resources of a stack."""

from . import addons, clusters, gateways, kubeconfigs, networks, nodes, servers
from .rule import Finding as Finding
from .rule import Resource as Resource
from .rule import Rule as Rule

RULES: tuple[Rule, ...] = (
    *clusters.RULES,
    *addons.RULES,
    *nodes.RULES,
    *networks.RULES,
    *gateways.RULES,
    *kubeconfigs.RULES,
    *servers.RULES,
)
