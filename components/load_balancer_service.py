"""What the Service of a gateway says to the controller that makes its load balancer."""

from collections.abc import Mapping

from . import names

# Source: Kubernetes, apimachinery/pkg/api/validation/objectmeta.go, TotalAnnotationSizeLimitB
ANNOTATIONS_LIMIT = 256 * 1024


def load_balancer_problems(
    load_balancer_class: str | None, field: str, annotations: Mapping[str, str]
) -> list[str]:
    """
    List what Kubernetes refuses of the Service of a gateway.

    Args:
        field: name of the argument with the annotations.
    """
    problems = []
    if load_balancer_class is not None and not names.is_qualified_name(load_balancer_class):
        problems.append(
            "load_balancer_class must be a name, with a domain before it if it has one (got "
            f"{load_balancer_class!r}). Kubernetes accepts no others. Use: "
            'load_balancer_class="service.k8s.aws/nlb", or None for the default'
        )
    if wrong := [key for key in annotations if not names.is_qualified_name(key)]:
        problems.append(
            f"keys of {field} must be names, with a domain before them if they have one (got "
            f"{', '.join(map(repr, wrong))}). Kubernetes accepts no others. Use: "
            f'{field}={{"service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.0/8"}}'
        )
    size = sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items())
    if size > ANNOTATIONS_LIMIT:
        problems.append(
            f"{field} must have at most {ANNOTATIONS_LIMIT} bytes (got {size}). Kubernetes "
            f"accepts no more. Use: fewer {field}"
        )
    return problems
