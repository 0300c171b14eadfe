"""
An environment as resources of the Pulumi Kubernetes Operator, version 2: a `Stack` for each stack.

The operator runs each in a pod of its own, once its prerequisites have succeeded, and again every
hour, which repairs drift. Deleting a `Stack` leaves what it deployed as it is.
Source: https://github.com/pulumi/pulumi-kubernetes-operator, docs/stacks.md
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from linkmesh.environment import Existing, Kind, Plan
from linkmesh.environment.parts import cluster_of
from linkmesh.names import is_dns_label

from ..errors import PreconditionError
from ..runs.waves import levels, upstream
from .backend import Backend, secret_ref
from .source import Source

Resource = Mapping[str, Any]

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]*[\w+=,.@-]", re.ASCII)

# The operator names a pod after a stack, with an ordinal and a hash of the revision.
# Source: pulumi-kubernetes-operator v2.9.0, operator/api/pulumi/v1/stack_types.go
NAME_LIMIT = 42

# How often each stack is refreshed and deployed again if its program has not changed.
DRIFT_SECONDS = 3600

# A pod checks with its API server who calls it.
# Source: pulumi-kubernetes-operator v2.9.0, docs/migration.md
CHECKING_ROLE = "system:auth-delegator"

# Program, engine and language host of a stack; and the Kubernetes provider of a stack that deploys
# to a cluster. Source: docs/scale.md
STACK_MIB = 512
PROVIDER_MIB = 110

STACK_FILE = "stack-"
"""How the names of the files of stacks begin; the name of the part follows."""

MANAGED = {"app.kubernetes.io/managed-by": "linkmesh"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the operator runs the stacks, and as whom."""

    namespace: str
    """Namespace of all resources."""

    role_arn: str = ""
    """
    ARN of the IAM role that the pods assume, by an annotation of their service account.

    Empty if they get it by an EKS Pod Identity association, or need none.
    """


def check_place(place: Place) -> None:
    """
    Check the names of a place.

    Raises: PreconditionError, if Kubernetes or IAM has no such name.
    """
    problems = []
    if not is_dns_label(place.namespace):
        problems.append(
            f"--namespace must be the name of a namespace (got {place.namespace!r}). Kubernetes "
            "has no other. Use: --namespace linkmesh"
        )
    if place.role_arn and not _ROLE.fullmatch(place.role_arn):
        problems.append(
            f"--role must be the ARN of an IAM role (got {place.role_arn!r}). Pods could not "
            "assume it. Use, e.g.: --role arn:aws:iam::111122223333:role/linkmesh"
        )
    if problems:
        raise PreconditionError("\n".join(problems))


def check(name: str, plan: Plan) -> None:
    """
    Check whether an operator can run an environment.

    Raises: PreconditionError, if a cluster cannot be reached from a pod, or a name is too long.
    """
    problems = [
        f"cluster {cluster.name!r} must be reachable from the operator's pods (got a kind "
        "cluster, which only its machine reaches). Use: mesh up on that machine"
        for cluster in plan.environment.clusters
        if isinstance(cluster, Kind)
    ]
    stacks: dict[str, str] = {}
    for part in plan.parts:
        resource = _resource_name(name, part)
        if (other := stacks.setdefault(resource, part)) != part:
            problems.append(
                f"Stacks of {name}.{other} and {name}.{part} must have different names (both would "
                f"be {resource}). Rename the cluster {cluster_of(other)!r}"
            )
        if len(resource) > NAME_LIMIT:
            problems.append(
                f"name of the Stack of {name}.{part} must have at most {NAME_LIMIT} characters "
                f"(got {len(resource)}: {resource}). The operator rejects it. Shorten the name of "
                "the environment"
            )
    if problems:
        raise PreconditionError("\n".join(problems))


def files(
    name: str, plan: Plan, *, source: Source, backend: Backend, place: Place
) -> dict[str, Resource]:
    """Return the resources of an environment by the names of their files, kustomization last."""
    found: dict[str, Resource] = {
        "namespace.yaml": _namespace(place),
        "service-account.yaml": _service_account(name, place),
        "role-binding.yaml": _role_binding(name, place),
    }
    before = upstream(plan)
    order = {part: index for index, part in enumerate(plan.parts)}
    for part in (part for parts in levels(plan) for part in parts):
        found[f"{STACK_FILE}{part}.yaml"] = {
            "apiVersion": "pulumi.com/v1",
            "kind": "Stack",
            "metadata": _metadata(_resource_name(name, part), place),
            "spec": {
                "stack": f"{name}.{part}",
                **_repository(source),
                **backend.spec,
                **_settings(name, plan, part),
                "serviceAccountName": _account(name),
                "prerequisites": [
                    {"name": _resource_name(name, each)}
                    for each in sorted(before[part], key=order.__getitem__)
                ],
                **_LIFECYCLE,
                "workspaceTemplate": {"spec": _workspace(has_provider=bool(cluster_of(part)))},
            },
        }
    return {**found, "kustomization.yaml": _kustomization([*found])}


# `refresh` and `continueResyncOnCommitMatch` detect drift and repair it. An update that meets a
# person's is tried again.
_LIFECYCLE: Resource = {
    "refresh": True,
    "continueResyncOnCommitMatch": True,
    "resyncFrequencySeconds": DRIFT_SECONDS,
    "retryOnUpdateConflict": True,
    "destroyOnFinalize": False,
}


def _resource_name(name: str, part: str) -> str:
    """Return the name of a Stack; a DNS label, since pods and Services are named after it."""
    return f"{_label(name)}-{part.replace('.', '-')}"


def _label(name: str) -> str:
    """Write the name of an environment, a Python identifier, as a DNS label."""
    return name.lower().strip("_").replace("_", "-")


def _account(name: str) -> str:
    return f"linkmesh-{_label(name)}"


def _metadata(name: str, place: Place | None, **more: Any) -> dict[str, Any]:
    where = {"namespace": place.namespace} if place else {}
    return {"name": name, **where, "labels": MANAGED, **more}


def _namespace(place: Place) -> Resource:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": _metadata(place.namespace, None)}


def _service_account(name: str, place: Place) -> Resource:
    role = {"annotations": {"eks.amazonaws.com/role-arn": place.role_arn}} if place.role_arn else {}
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": _metadata(_account(name), place, **role),
    }


def _role_binding(name: str, place: Place) -> Resource:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": _metadata(f"{place.namespace}:{_account(name)}:{CHECKING_ROLE}", None),
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "ClusterRole",
            "name": CHECKING_ROLE,
        },
        "subjects": [
            {"kind": "ServiceAccount", "name": _account(name), "namespace": place.namespace}
        ],
    }


def _repository(source: Source) -> dict[str, Any]:
    """Return the fields of a Stack that say where its program is."""
    fields: dict[str, Any] = {"projectRepo": source.repository}
    fields |= {"commit": source.commit} if source.commit else {"branch": source.branch}
    if source.directory:
        fields["repoDir"] = source.directory
    if source.secret:
        fields["gitAuth"] = {"accessToken": secret_ref(source.secret, "accessToken")}
    return fields


def _settings(name: str, plan: Plan, part: str) -> dict[str, Any]:
    """Return the secret settings of a stack; others are in its file in the repository."""
    cluster = plan.clusters.get(part)
    if cluster is None or not isinstance(cluster.described, Existing):
        return {}
    secret = f"{_resource_name(name, part)}-kubeconfig"
    return {"secretsRef": {"linkmesh:kubeconfig": secret_ref(secret, "kubeconfig")}}


def _workspace(*, has_provider: bool) -> dict[str, Any]:
    """
    Return the template of the pod that runs a stack, with a Kubernetes provider or without.

    The image has Python and `aws`, by which EKS clusters are called.
    """
    memory = {"memory": f"{STACK_MIB + PROVIDER_MIB * has_provider}Mi"}
    return {
        "image": f"pulumi/pulumi:{version('pulumi')}-nonroot",
        "resources": {"requests": {"cpu": "500m", **memory}, "limits": memory},
    }


def _kustomization(names: Sequence[str]) -> Resource:
    """List the files in the order in which data flows; so the first to change are run first."""
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [*names],
        # Without it, kinds would be sorted, and stacks by name.
        "sortOptions": {"order": "fifo"},
    }
