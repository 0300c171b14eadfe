"""The folder of this project."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
