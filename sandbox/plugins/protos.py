"""
The generated messages and services of Pulumi's plugin protocol, without the rest of the SDK.

Importing `pulumi.runtime.proto` the usual way first runs the whole SDK: 0.15 s and 15 MiB for each
provider process, and a preview starts several. So the folder of the generated modules, which import
only one another, is loaded as a package of its own. Both ways give the same message classes, since
protobuf keeps one class for each message.
"""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

PACKAGE = "pulumi_protocol"
"""The name under which the generated package is known in `sys.modules`."""

__all__ = ["plugin_pb2", "provider_pb2", "provider_pb2_grpc"]


def _package() -> None:
    if PACKAGE in sys.modules:
        return
    sdk = importlib.util.find_spec("pulumi")  # a top-level name is found without running it
    if sdk is None or sdk.origin is None:
        raise ImportError(
            "the package 'pulumi' must be installed (it is not). The plugins speak its protocol. "
            "Use: pip install -r requirements-dev.txt"
        )
    # An empty package over the same folder: the real one imports every protocol that there is.
    package = ModuleType(PACKAGE)
    package.__path__ = [str(Path(sdk.origin).parent / "runtime" / "proto")]
    sys.modules[PACKAGE] = package


def __getattr__(name: str) -> ModuleType:
    """Load a generated module when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    _package()
    module = importlib.import_module(f"{PACKAGE}.{name}")
    globals()[name] = module
    return module
