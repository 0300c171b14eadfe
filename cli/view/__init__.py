"""
`mesh view`: an environment as a page for a browser.

What the page shows is collected and evaluated elsewhere: the plan, `mesh status`, and the comment
of `mesh preview`.
"""
