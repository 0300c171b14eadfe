"""How many nodes Linkerd's high availability needs."""

# Linkerd's high availability puts each replica on a node of its own.
# Source: linkerd2, charts/partials/templates/_affinity.tpl
HA_NODES = 3
