"""
What Pulumi runs for PulumiPlugin.yaml: this folder, as a program.

An installed linkmesh comes first: that of the virtual environment that Pulumi makes for a plugin.
In a checkout it is that of the checkout.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from linkmesh.package.plugin import main

main()
