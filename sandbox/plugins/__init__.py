"""
Imitations of the providers that no package registry serves: aws, and kind behind Pulumi's bridge.

They speak the plugin protocol (`service`, `process`, `protos`), model what the product
uses, and refuse everything else by name. `contract` says what a provider implements, `values` what
its properties are, `diff` and `schema` what changes and what is taken. A folder of genuine plugins
replaces them (LINKMESH_PLUGINS).
"""
