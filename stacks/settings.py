"""
What may be set from outside; the only reader of `pulumi.Config`.

Each setting is a key of the stack's configuration or, for all stacks at once, an environment
variable: a CI system or an air-gapped network sets it in one place.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import yaml

from linkmesh.composition.charts import ChartSources, values_problems
from linkmesh.generations import named
from linkmesh.linkerd.identity.trust_rotation import TrustState
from linkmesh.versions import LINKERD_CHARTS, LOAD_BALANCER_CONTROLLER_CHARTS

from . import rotation
from .stack_settings import ANCHOR_CERTIFICATE, ANCHOR_KEY

# The variables that name files or folders; the last one is followed by a cluster's name.
_CHARTS, _AWS_CHARTS = "LINKMESH_CHARTS", "LINKMESH_AWS_CHARTS"
_CHART_VALUES, _KUBECONFIG = "LINKMESH_CHART_VALUES", "LINKMESH_KUBECONFIG_"
FILE_VARIABLES = (_CHARTS, _AWS_CHARTS, _CHART_VALUES, _KUBECONFIG)


@dataclass(frozen=True, kw_only=True)
class Settings(ChartSources):
    """The settings of a stack."""

    charts: str
    """
    Where Linkerd's charts are: URL of a Helm repository, `oci://` registry, or a folder.

    `linkmesh:charts`, or LINKMESH_CHARTS; Linkerd's own repository by default.
    """

    aws_charts: str
    """
    Where the chart of the AWS Load Balancer Controller is: likewise.

    `linkmesh:awsCharts`, or LINKMESH_AWS_CHARTS; AWS' own repository by default.
    """

    chart_values: Mapping[str, Mapping[str, Any]]
    """
    Extra Helm values by chart name, merged last.

    `linkmesh:chartValues`, or LINKMESH_CHART_VALUES: the path of a YAML file; none by default.
    """

    token_generations: Sequence[int] | None = None
    """
    Numbers of the valid tokens of those who call this cluster, if they were rotated.

    `linkmesh:tokenGenerations`, written by `mesh rotate`; the description's by default.
    """


def read() -> Settings:
    """Read the settings of the stack that runs."""
    config = pulumi.Config("linkmesh")
    charts = config.get("charts") or os.environ.get(_CHARTS) or LINKERD_CHARTS
    aws_charts = (
        config.get("awsCharts") or os.environ.get(_AWS_CHARTS) or LOAD_BALANCER_CONTROLLER_CHARTS
    )
    return Settings(
        charts=charts,
        aws_charts=aws_charts or LOAD_BALANCER_CONTROLLER_CHARTS,
        chart_values=_chart_values(config),
        token_generations=_token_generations(config),
    )


def kubeconfig_variable(cluster: str) -> str:
    """Name the variable that names the file of a cluster's kubeconfig."""
    return f"{_KUBECONFIG}{cluster.upper().replace('-', '_')}"


def kubeconfig(cluster: str) -> pulumi.Output[str]:
    """
    Read the kubeconfig of a cluster that exists: a secret.

    `linkmesh:kubeconfig` of its stack, or a file that LINKMESH_KUBECONFIG_<NAME> names.
    """
    set_here = pulumi.Config("linkmesh").get_secret("kubeconfig")
    variable = kubeconfig_variable(cluster)
    path = os.environ.get(variable)
    if set_here is not None:
        return set_here
    if not path:
        raise pulumi.RunError(
            f"cluster {cluster!r} must have its kubeconfig set (it has none). linkmesh does not "
            "make this cluster. Use: pulumi config set --secret linkmesh:kubeconfig < FILE, or "
            f"{variable}=FILE"
        )
    try:
        return pulumi.Output.secret(Path(path).read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise pulumi.RunError(
            f"file of {variable} must be a readable kubeconfig (got {path}: "
            f"{type(error).__name__}). Use: kubectl config view --minify --flatten --raw"
        ) from None


@dataclass(frozen=True, kw_only=True)
class GivenCertificate:
    """A trust anchor that was made elsewhere, as it is set."""

    certificate_pem: str
    """Its certificate."""

    private_key_pem: str | None
    """Its private key, a secret; None if it is not set, and the anchor cannot sign."""


def trust_state() -> TrustState | None:
    """
    Read how far trust was rotated; None if it is as the description says.

    `linkmesh:trustState` of the stack `trust`, written by `mesh rotate`.
    """
    text = pulumi.Config("linkmesh").get("trustState")
    try:
        return None if text is None else rotation.read_trust(text)
    except rotation.RotationSettingError as error:
        raise pulumi.RunError(str(error)) from None


def given_anchor(number: int) -> GivenCertificate | None:
    """
    Read the trust anchor of one generation that was made elsewhere; None if it is ours.

    `linkmesh:anchorCertificate` and `linkmesh:anchorKey` of the stack `trust`, and those with `-2`
    for the second generation. The key must be set with `--secret`.
    """
    config = pulumi.Config("linkmesh")
    certificate_key, private_key = (
        named(name, number) for name in (ANCHOR_CERTIFICATE, ANCHOR_KEY)
    )
    certificate, key = config.get(certificate_key), config.get(private_key)
    if certificate is None and key is not None:
        raise pulumi.RunError(
            f"linkmesh:{certificate_key} must be set with linkmesh:{private_key} (it is not). A "
            "key without its certificate cannot be used. Use: pulumi config set "
            f"linkmesh:{certificate_key} < FILE"
        )
    if certificate is None:
        return None
    if key is not None and not pulumi.runtime.is_config_secret(f"linkmesh:{private_key}"):
        raise pulumi.RunError(
            f"linkmesh:{private_key} must be a secret (it is in plain text). A reader of the "
            "file could sign for every cluster: make another anchor. Use: pulumi config set "
            f"--secret linkmesh:{private_key} < FILE"
        )
    return GivenCertificate(certificate_pem=certificate, private_key_pem=key)


def _token_generations(config: pulumi.Config) -> Sequence[int] | None:
    text = config.get("tokenGenerations")
    try:
        return None if text is None else rotation.read_tokens(text)
    except rotation.RotationSettingError as error:
        raise pulumi.RunError(str(error)) from None


def _chart_values(config: pulumi.Config) -> Mapping[str, Mapping[str, Any]]:
    values = config.get_object("chartValues")
    path = os.environ.get(_CHART_VALUES)
    where = "setting linkmesh:chartValues"
    if values is None and path:
        where = f"file of LINKMESH_CHART_VALUES, {path},"
        try:
            values = yaml.safe_load(Path(path).read_text())
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise pulumi.RunError(f"{where} must be a readable YAML file ({error}).") from error
    return checked_values(values or {}, where)


def checked_values(values: object, where: str) -> Mapping[str, Mapping[str, Any]]:
    """Check that extra values are maps, each under the name of one of our charts."""
    if problems := values_problems(values, where):
        raise pulumi.RunError("\n".join(problems))
    assert isinstance(values, Mapping)
    return values
