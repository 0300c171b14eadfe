"""
The pull request comment of `mesh preview --markdown`: what would change, important things first.

`collect` reads the engine's events, `difference` compares the description with what was deployed,
and `render` writes Markdown.
"""
