"""
The imitated AWS Load Balancer Controller: it makes Network Load Balancers for Services.

One process plays it for every EKS cluster of the sandbox: `python -m sandbox.balancers`. It works
where a ready pod of the controller's chart would, with that pod's arguments, the Kubernetes rights
of its service account, and in AWS with the role that Pod Identity gives the pod: each call is
checked against the role's policies first. What it decides is pure (`annotations`, `rights`,
`subnets`, `model`); the rest is thin I/O.

It follows aws-load-balancer-controller v3.5.0 for Services of class service.k8s.aws/nlb with IP
targets. Not imitated, and refused in an Event: instance targets, TLS, UDP, IPv6, security groups of
one's own, and every annotation that `annotations.KNOWN` lacks. Ingresses, Gateways,
TargetGroupBindings and webhooks are left alone. There is no DNS: `hostnames` keeps what a name
would resolve to.
Source: kubernetes-sigs/aws-load-balancer-controller, controllers/service and pkg/service
"""
