"""Texts of others as Markdown that shows them and does nothing else; pure."""


def plain(text: str, most: int = 200) -> str:
    """Write a text on one line: it makes no table, no tag, no code, and calls nobody."""
    line = clipped(" ".join(text.split()), most)
    for character, written in (("&", "&amp;"), ("<", "&lt;"), ("|", "&#124;"), ("`", "'")):
        line = line.replace(character, written)
    return line.replace("@", "@\u200b") if "@" in line else line


def line(text: str, most: int = 300) -> str:
    """Write a text on one line of a block of code, which it cannot end."""
    return clipped(" ".join(text.split()), most).replace("```", "'")


def code(text: str, most: int = 160) -> str:
    """Write a text as code on one line; a pipe would end a cell of a table, even within code."""
    line = clipped(" ".join(text.split()), most).replace("`", "'").replace("|", "\\|")
    return f"`{line or ' '}`"


def fenced(text: str) -> str:
    """Write a text as a block of code, with a fence that it does not contain."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}\n"


def clipped(text: str, most: int) -> str:
    """Cut a text to a number of characters; what is left out is marked."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
