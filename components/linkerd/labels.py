"""
Linkerd's own labels, annotations and names, each once.

Source, unless a line says otherwise: linkerd2, pkg/k8s/labels.go
"""

# Namespaces of the charts. Source: linkerd2, https://linkerd.io/2-edge/tasks/install-helm/
CONTROL_PLANE_NAMESPACE = "linkerd"
CNI_NAMESPACE = "linkerd-cni"
MULTICLUSTER_NAMESPACE = "linkerd-multicluster"
VIZ_NAMESPACE = "linkerd-viz"

# Name of the gateway's Deployment, Service and service account.
# Source: linkerd2, multicluster/charts/linkerd-multicluster/values.yaml, gateway.name
GATEWAY = "linkerd-gateway"

# Labels of a mirror service: that it is one, and of which target.
MIRRORED_SERVICE = "mirror.linkerd.io/mirrored-service"
REMOTE_CLUSTER_NAME = "mirror.linkerd.io/cluster-name"

# Annotations of a federated service: its members on other clusters, and on its own.
REMOTE_DISCOVERY = "multicluster.linkerd.io/remote-discovery"
LOCAL_DISCOVERY = "multicluster.linkerd.io/local-discovery"
