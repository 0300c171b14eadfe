"""
Every version that is pinned, as data with its source.

A bump is one line here. What is installed together is tested together: chart, Kubernetes, add-ons.
"""

# Linkerd 2.20 is edge-26.6.3; all five charts carry the same version, and the images its edge name.
# Source: linkerd.io, data/versions.yaml; linkerd2, bin/compute-edge-version
LINKERD_CHART = "2026.6.3"
LINKERD_EDGE = "edge-26.6.3"

# The stable repository has been frozen since February 2024; edge is where releases are.
# Source: https://linkerd.io/releases/
LINKERD_CHARTS = "https://helm.linkerd.io/edge"

# The newest Kubernetes that Linkerd 2.20 documents (1.31 to 1.35).
# Source: https://linkerd.io/2-edge/reference/k8s-versions/
KUBERNETES = "1.35"

# The node image that kind 0.31.0 was released with, which tehcyx/kind 0.11.0 embeds.
# Source: https://github.com/kubernetes-sigs/kind/releases/tag/v0.31.0
KIND_NODE_IMAGE = "kindest/node:v1.35.0"

# EKS add-ons that go with Kubernetes 1.35, read 2026-11-22 from a public environment that runs
# them. Source: `aws eks describe-addon-versions --kubernetes-version 1.35` tells what is served
# today.
VPC_CNI = "v1.21.1-eksbuild.3"
KUBE_PROXY = "v1.35.0-eksbuild.2"
COREDNS = "v1.13.2-eksbuild.1"
POD_IDENTITY_AGENT = "v1.3.10-eksbuild.3"
