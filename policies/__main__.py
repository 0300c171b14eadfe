"""
The program of the policy pack: pulumi preview --policy-pack policies.

The rules do not import Pulumi; here each becomes a policy over the whole stack. Values that are
unknown before `pulumi up` are left out, so that a preview reports only what is certain.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pulumi_policy
from pulumi_policy.proxy import UnknownValueError
from rules import RULES, Resource, Rule

_UNKNOWN = object()


def _plain(value: Any) -> Any:
    """Convert the SDK's view of properties into plain values, without unknown ones."""
    if isinstance(value, Mapping):
        found = {key: _known(value, key) for key in value}
        return {key: known for key, known in found.items() if known is not _UNKNOWN}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        items = [_known(value, index) for index in range(len(value))]
        return [known for known in items if known is not _UNKNOWN]
    return value


def _known(holder: Any, key: Any) -> Any:
    try:
        return _plain(holder[key])
    except UnknownValueError:
        return _UNKNOWN


def _unknown(value: Any, path: str = "") -> Iterator[str]:
    """List the paths of unknown values."""
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


def _resource(given: pulumi_policy.PolicyResource) -> Resource:
    return Resource(
        type=given.resource_type,
        name=given.name,
        urn=given.urn,
        provider=given.provider.urn if given.provider else "",
        props=_plain(given.props),
        unknown=frozenset(_unknown(given.props)),
        protected=bool(given.opts.protect),
    )


def _policy(rule: Rule) -> pulumi_policy.StackValidationPolicy:
    def validate(
        args: pulumi_policy.StackValidationArgs, report: pulumi_policy.ReportViolation
    ) -> None:
        for finding in rule.check([_resource(each) for each in args.resources]):
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
