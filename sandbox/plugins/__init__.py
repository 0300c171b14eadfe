"""
Imitations of the plugins that the Pulumi engine starts: the language host and four providers.

The genuine ones are served only by Pulumi's own download sites. Ours speak the same protocol, model
what the product uses, and refuse everything else by name. A folder of genuine plugins replaces them
(LINKMESH_PLUGINS).
"""
