"""Escapes text for Markdown, so that it is shown and has no other effect."""


def plain(text: str, most: int = 200) -> str:
    """Write a text on one line, without tables, tags, code or mentions."""
    line = clipped(" ".join(text.split()), most)
    for character, written in (("&", "&amp;"), ("<", "&lt;"), ("|", "&#124;"), ("`", "'")):
        line = line.replace(character, written)
    return line.replace("@", "@\u200b") if "@" in line else line


def line(text: str, most: int = 300) -> str:
    """Write a text on one line of a code block, which it cannot end."""
    return clipped(" ".join(text.split()), most).replace("```", "'")


def code(text: str, most: int = 160) -> str:
    """Write a text as inline code; pipes are escaped, because they would end a table cell."""
    line = clipped(" ".join(text.split()), most).replace("`", "'").replace("|", "\\|")
    return f"`{line or ' '}`"


def fenced(text: str) -> str:
    """Write a text as a code block, with a fence that it does not contain."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}\n"


def clipped(text: str, most: int) -> str:
    """Cut a text to a number of characters, and mark the cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
