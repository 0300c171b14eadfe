"""
Rights of a source on a target, by mode.

Linkerd's chart gives every source all of its rights. Here a source gets only what its mode reads. A
test counts the rights, so that they cannot grow unnoticed.
"""

import hashlib
import json
from collections.abc import Collection
from typing import Any

from ..labels import CONFIG, POLICY_GROUP, SERVER_VERSION
from ..mode import LinkMode

_READ = ["get", "list", "watch"]

# What a mirror controller reads on the target, whatever the mode, and the events it writes there.
# Source: linkerd2, multicluster/cmd/service-mirror/main.go (InitializeAPIForConfig: Svc, Endpoint)
GATEWAY_RULES: list[dict[str, Any]] = [
    {"api_groups": [""], "resources": ["services", "endpoints"], "verbs": _READ},
    {"api_groups": [""], "resources": ["events"], "verbs": ["create", "patch"]},
]

# What the destination controller reads to call pods directly: their addresses, owners and policy.
# It looks for a pod's Job only among what it watches, and it watches none: so no right to jobs.
# Source: linkerd2, controller/api/destination/watcher/cluster_store.go (ES, Pod, Svc, Srv; RS) and
# port_publisher.go (GetOwnerKindAndName without a retry)
POD_TO_POD_RULES: list[dict[str, Any]] = [
    {"api_groups": [""], "resources": ["pods"], "verbs": _READ},
    {"api_groups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": _READ},
    {"api_groups": [POLICY_GROUP], "resources": ["servers"], "verbs": _READ},
    {"api_groups": ["apps"], "resources": ["replicasets"], "verbs": _READ},
]

_VERSIONS = {"discovery.k8s.io": "v1", POLICY_GROUP: SERVER_VERSION, "apps": "v1"}

# What `linkerd multicluster check` reads on the target to compare trust anchors; no key is in it.
# Source: linkerd2, multicluster/cmd/check.go (FetchCurrentConfiguration)
CHECK_RULES: list[dict[str, Any]] = [
    {
        "api_groups": [""],
        "resources": ["configmaps"],
        "resource_names": [CONFIG],
        "verbs": ["get"],
    }
]


def calls_pods(modes: Collection[LinkMode]) -> bool:
    """Return whether a source with these modes calls pods directly."""
    return any(mode.is_pod_to_pod for mode in modes)


def discovery_rights() -> str:
    """
    Return a short text that changes with the rights of a source that calls pods directly.

    The destination controller asks for its rights once, when it reads the credentials.
    """
    given = json.dumps([GATEWAY_RULES, POD_TO_POD_RULES], sort_keys=True)
    return hashlib.sha256(given.encode()).hexdigest()[:12]


def list_paths(modes: Collection[LinkMode]) -> list[str]:
    """List the paths of everything that a source with these modes must be able to list."""
    return [
        f"/apis/{group}/{_VERSIONS[group]}/{resource}" if group else f"/api/v1/{resource}"
        for rule in rules(modes)
        if "list" in rule["verbs"]
        for group in rule["api_groups"]
        for resource in rule["resources"]
    ]


def rules(modes: Collection[LinkMode], *, allows_check: bool = False) -> list[dict[str, Any]]:
    """Make the rules of the role of a source that uses these modes."""
    return [
        *GATEWAY_RULES,
        *(POD_TO_POD_RULES if calls_pods(modes) else []),
        *(CHECK_RULES if allows_check else []),
    ]
