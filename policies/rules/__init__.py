"""The rules, in groups: a stack is a list of resources, and a rule finds what is wrong in it."""

from . import addons, clusters, gateways, kubeconfigs, networks, nodes
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
)
