"""
An environment, composed of components as its plan says.

Each module makes one part: trust, networks, a cluster with Linkerd on it, links, applications. Two
callers use them: the stacks, each with what other stacks exported, and `Mesh`, with the values of
its own resources. So both register the same objects. Decision:
docs/decisions/0024-mesh-in-one-program.md
"""
