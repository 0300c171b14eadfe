"""
Linkerd's labels, annotations and names, each once.

Source, unless a line names another: linkerd2, pkg/k8s/labels.go
"""

# Namespaces of the charts. Source: https://linkerd.io/2-edge/tasks/install-helm/
CONTROL_PLANE_NAMESPACE = "linkerd"
CNI_NAMESPACE = "linkerd-cni"
MULTICLUSTER_NAMESPACE = "linkerd-multicluster"
VIZ_NAMESPACE = "linkerd-viz"

# Deployments of the control plane. Source: linkerd2, charts/linkerd-control-plane/templates
DESTINATION = "linkerd-destination"
IDENTITY = "linkerd-identity"
PROXY_INJECTOR = "linkerd-proxy-injector"

# The ConfigMap with the values of the control plane's chart.
CONFIG = "linkerd-config"

# The Secret of the identity issuer, and the ConfigMap of the trust anchors with its key.
ISSUER_SECRET = "linkerd-identity-issuer"
TRUST_ROOTS = "linkerd-identity-trust-roots"
TRUST_ROOTS_KEY = "ca-bundle.crt"

# Deployment, Service and service account of the gateway.
# Source: linkerd2, multicluster/charts/linkerd-multicluster/values.yaml, gateway.name
GATEWAY = "linkerd-gateway"

# Names of the ports of the gateway's Service, and the annotation with its identity.
# Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/gateway.yaml
GATEWAY_PORT_NAME = "mc-gateway"
PROBE_PORT_NAME = "mc-probe"
GATEWAY_IDENTITY = "mirror.linkerd.io/gateway-identity"

# Labels of every pod with a proxy: the namespace of its control plane; and of the control plane's
# own pods: their component.
CONTROL_PLANE_NS = "linkerd.io/control-plane-ns"
CONTROL_PLANE_COMPONENT = "linkerd.io/control-plane-component"

# Labels of namespaces: of the control plane, of an extension, of the CNI plugin.
IS_CONTROL_PLANE = "linkerd.io/is-control-plane"
EXTENSION = "linkerd.io/extension"
CNI_RESOURCE = "linkerd.io/cni-resource"

# Label of a namespace that excludes it from the webhooks.
ADMISSION_WEBHOOKS = "config.linkerd.io/admission-webhooks"

# Annotation of a namespace or a pod: whether the proxy is injected.
INJECT = "linkerd.io/inject"
ENABLED = "enabled"
DISABLED = "disabled"

# Prefix of the annotations that configure the proxy of a workload, and three of them: the last is
# read from Services too.
PROXY_CONFIG = "config.linkerd.io"
SKIP_INBOUND_PORTS = f"{PROXY_CONFIG}/skip-inbound-ports"
SKIP_OUTBOUND_PORTS = f"{PROXY_CONFIG}/skip-outbound-ports"
OPAQUE_PORTS = f"{PROXY_CONFIG}/opaque-ports"

# Labels of an exported service, and of a member of a federated one.
EXPORTED = "mirror.linkerd.io/exported"
FEDERATED = "mirror.linkerd.io/federated"

# Labels of a mirror service: that it is one, and of which target.
MIRRORED_SERVICE = "mirror.linkerd.io/mirrored-service"
REMOTE_CLUSTER_NAME = "mirror.linkerd.io/cluster-name"

# Annotation of a mirror service: the version of the service that it was last made of.
REMOTE_VERSION = "mirror.linkerd.io/remote-resource-version"

# Annotations of a federated service: its members on other clusters, and on its own.
REMOTE_DISCOVERY = "multicluster.linkerd.io/remote-discovery"
LOCAL_DISCOVERY = "multicluster.linkerd.io/local-discovery"

# Type of the Secrets with a target's kubeconfig. That of the destination controller is labelled
# with the target's name and annotated with its domains.
CREDENTIALS_TYPE = "mirror.linkerd.io/remote-kubeconfig"
CLUSTER_NAME = "multicluster.linkerd.io/cluster-name"
CLUSTER_DOMAIN = "multicluster.linkerd.io/cluster-domain"
TRUST_DOMAIN = "multicluster.linkerd.io/trust-domain"

# Annotation that names the tool that made an object.
CREATED_BY = "linkerd.io/created-by"

# API groups and the versions that are stored.
# Source: linkerd2, charts/linkerd-crds/templates; multicluster/charts, link-crd.yaml
LINK_GROUP = "multicluster.linkerd.io"
LINK_VERSION = "v1alpha3"
POLICY_GROUP = "policy.linkerd.io"
SERVER_VERSION = "v1beta3"
POLICY_VERSION = "v1alpha1"

# API versions of the Gateway API's routes that Linkerd serves. Source: linkerd2, policy-controller
ROUTE_API = "gateway.networking.k8s.io/v1"
TCP_ROUTE_API = "gateway.networking.k8s.io/v1alpha2"

# Kubernetes' label of a namespace: what its pods may do.
# Source: Kubernetes, "Enforce Pod Security Standards with Namespace Labels"
POD_SECURITY = "pod-security.kubernetes.io/enforce"

# Kubernetes' label of an object: the version of what it is part of.
# Source: Kubernetes, "Recommended Labels"
VERSION = "app.kubernetes.io/version"
