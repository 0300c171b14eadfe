"""
The component package: components for programs in TypeScript, Go, YAML and Pulumi's other languages.

Pulumi starts it as a plugin, by `PulumiPlugin.yaml` in this folder or by the console script
`pulumi-resource-linkmesh`. What a program can write follows from the same classes that Python uses;
this room says only what crosses the boundary, and how. Decision:
docs/decisions/0029-component-package.md
"""
