"""Rules on nodes: instance metadata, disks and images."""

from collections.abc import Callable, Iterator

from .rule import ForEach, Resource, Rule

LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"

_METADATA = "EKS best practices guide, security/iam (instance metadata)"


def _hops(template: Resource) -> Iterator[str]:
    path = "metadataOptions.httpPutResponseHopLimit"
    got = template.at(path)
    if got != 1 and not template.is_unknown(path):
        got_text = "none, which means 2 in EKS" if got is None else f"{got:g}"
        yield (
            f"the hop limit of the instance metadata must be 1 (got {got_text}). Every pod could "
            "use the node's role."
        )


def _tokens(template: Resource) -> Iterator[str]:
    path = "metadataOptions.httpTokens"
    if template.at(path) != "required" and not template.is_unknown(path):
        yield "instance metadata must require a token (it does not). Set httpTokens to required."


def _encrypted(template: Resource) -> Iterator[str]:
    for disk in template.at("blockDeviceMappings") or ():
        encrypted = (disk.get("ebs") or {}).get("encrypted")
        if "ebs" in disk and str(encrypted).lower() != "true":
            yield f"disk {disk.get('deviceName')} must be encrypted (it is not)."


def _amazon_linux_2(group: Resource) -> Iterator[str]:
    kind = group.at("amiType") or ""
    if kind.startswith("AL2_"):
        yield (
            f"nodes must run an image that is maintained (got {kind}). AWS published the last "
            "one of Amazon Linux 2 in November 2025. Use: AL2023 or Bottlerocket"
        )


def _release(group: Resource) -> Iterator[str]:
    if group.lacks("releaseVersion") and group.at("amiType") != "CUSTOM":
        yield (
            "a node group must name the release of its image (it names none). Nodes of one group "
            "would differ by the day of their creation."
        )


def _on_templates(
    name: str, description: str, source: str, check: Callable[[Resource], Iterator[str]]
) -> Rule:
    return Rule(
        name=name,
        description=description,
        source=source,
        check=ForEach(type=LAUNCH_TEMPLATE, check=check),
    )


RULES = (
    _on_templates(
        "node-metadata-hop-limit", "Pods cannot read the instance metadata.", _METADATA, _hops
    ),
    _on_templates(
        "node-metadata-tokens", "Instance metadata requires a token.", _METADATA, _tokens
    ),
    _on_templates(
        "node-disk-encrypted",
        "Disks are encrypted.",
        "EKS best practices guide, security/data",
        _encrypted,
    ),
    Rule(
        name="node-image-maintained",
        description="Nodes run an operating system that is maintained.",
        source="https://docs.aws.amazon.com/eks/latest/userguide/eks-ami-deprecation-faqs.html",
        check=ForEach(type=NODE_GROUP, check=_amazon_linux_2),
    ),
    Rule(
        name="node-image-release-pinned",
        description="The release of the node image is pinned.",
        source="https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html",
        check=ForEach(type=NODE_GROUP, check=_release),
    ),
)
