"""
The policy pack, as Pulumi runs it: pulumi preview --policy-pack policies.

The rules know nothing of Pulumi; here each becomes a policy over the whole stack. Values that are
not known before `pulumi up` are left out, so that a rule judges what can be judged and the preview
stays quiet about the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pulumi_policy
from pulumi_policy.proxy import UnknownValueError
from rules import RULES, Resource, Rule

_LEFT_OUT = object()


def _plain(value: Any) -> Any:
    """Turn the SDK's view of properties into plain values, without what is not known yet."""
    if isinstance(value, Mapping):
        found = {key: _known(value, key) for key in value}
        return {key: known for key, known in found.items() if known is not _LEFT_OUT}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        items = [_known(value, index) for index in range(len(value))]
        return [known for known in items if known is not _LEFT_OUT]
    return value


def _known(holder: Any, key: Any) -> Any:
    try:
        return _plain(holder[key])
    except UnknownValueError:
        return _LEFT_OUT


def _unknown(value: Any, path: str = "") -> Iterator[str]:
    """List the paths of what is not known yet."""
    keys: Any = ()
    if isinstance(value, Mapping):
        keys = value
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        keys = range(len(value))
    for key in keys:
        try:
            yield from _unknown(value[key], f"{path}{key}.")
        except UnknownValueError:
            yield f"{path}{key}"


def _resource(seen: pulumi_policy.PolicyResource) -> Resource:
    return Resource(
        type=seen.resource_type,
        name=seen.name,
        urn=seen.urn,
        props=_plain(seen.props),
        unknown=frozenset(_unknown(seen.props)),
        protected=bool(seen.opts.protect),
    )


def _policy(rule: Rule) -> pulumi_policy.StackValidationPolicy:
    def validate(
        args: pulumi_policy.StackValidationArgs, report: pulumi_policy.ReportViolation
    ) -> None:
        for finding in rule.check([_resource(seen) for seen in args.resources]):
            report(f"{finding.message} Source: {rule.source}", finding.urn)

    return pulumi_policy.StackValidationPolicy(
        name=rule.name,
        description=rule.description,
        validate=validate,
        enforcement_level=(
            pulumi_policy.EnforcementLevel.MANDATORY
            if rule.mandatory
            else pulumi_policy.EnforcementLevel.ADVISORY
        ),
    )


pulumi_policy.PolicyPack(name="linkmesh", policies=[_policy(rule) for rule in RULES])
