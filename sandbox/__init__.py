"""
The sandbox: the world of an environment on one machine, without Docker, a cloud account or the
internet.

Genuine are the Pulumi engine, its Python language host and its providers for Kubernetes and tls,
etcd, the Kubernetes API servers with their controllers and scheduler, and Helm, all built from Go
modules. Imitated are nodes (KWOK), AWS (ministack), and what no package registry serves: the
providers aws and kind, Linkerd's charts and mirror controllers, load balancer controllers. Nothing
outside this folder knows that it exists: the same `pulumi up` runs against it and against a cloud.
`docs/imitations.md` says why each is imitated, and `tests/` tries all of it.
"""
