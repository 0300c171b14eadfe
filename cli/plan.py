"""What an environment is, from its description alone; pure."""

from stacks.apps import mirrors
from stacks.environment import Eks, Environment


def text(name: str, environment: Environment) -> str:
    """Describe clusters, links and mirror services, a line each."""
    lines = [f"environment {name}: {len(environment.parts)} stacks", "", "clusters"]
    for cluster in environment.clusters:
        if isinstance(cluster, Eks):
            lines.append(f"  {cluster.name}: EKS in {cluster.region}, {cluster.cidr}")
        else:
            lines.append(f"  {cluster.name}: kind, {cluster.workers} workers")
    lines += ["", "links (source calls target)"]
    lines += [f"  {link}" for link in environment.links] or ["  none"]
    lines += ["", "mirror services"]
    lines += [
        f"  {mirror['service']}.{mirror['namespace']} on {mirror['cluster']}"
        for mirror in mirrors(environment)
    ] or ["  none"]
    return "\n".join(lines)
