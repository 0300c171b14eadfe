"""Linkerd on any `Cluster`: what is installed, identity, links, traffic, policy, proxies."""
