"""
The comment that a preview writes for a pull request: what would change, important things first.

Three steps, each from plain values to plain values: `difference` compares what is described with
what was deployed, `collecting` reads the engine's events, `rendering` writes Markdown.
"""
