"""
The generations of trust anchors and identity issuers of an environment.

During a rotation there are two anchors: a proxy trusts the anchors that it got when its pod was
injected, so the old one stays until all proxies trust the new one.
Source: https://linkerd.io/2-edge/tasks/manually-rotating-control-plane-tls-credentials/
"""

from dataclasses import dataclass

from ...arguments import checked
from ...generations import are_rising


@checked
@dataclass(frozen=True, kw_only=True)
class TrustState:
    """The generations of anchors and issuers of an environment; the first of each is 1."""

    anchors: tuple[int, ...] = (1,)
    """Generations of the trusted anchors, oldest first; two during a rotation."""

    signing: int = 1
    """Generation of the anchor that signs the issuers; one of `anchors`."""

    issuers: int = 1
    """Generation of the issuers' keys."""

    def __post_init__(self) -> None:
        problems = []
        if not are_rising(self.anchors) or len(self.anchors) > 2:
            problems.append(
                f"anchors must be one generation, or an older and a newer one (got {self.anchors})."
                " A third one would be trusted and sign nothing. Use: (1,) or (1, 2)"
            )
        if self.signing not in self.anchors:
            problems.append(
                f"signing must be one of the anchors (got {self.signing} of {self.anchors}). "
                "No proxy would trust the issuers. Use: the last of the anchors"
            )
        if self.issuers < 1:
            problems.append(f"issuers must be at least 1 (got {self.issuers}). Use: issuers=1")
        if problems:
            raise ValueError("\n".join(problems))
