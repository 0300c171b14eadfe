"""Linkerd on any `Cluster`: identity, control plane, extensions, links and exports."""
