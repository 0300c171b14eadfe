"""Writes collected documents into one redacted archive; the same input gives the same bytes."""

import gzip
import io
import json
import os
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..redaction import Known, describe_certificates, redacted


@dataclass(frozen=True, kw_only=True, order=True)
class Document:
    """One file of the archive."""

    path: str
    """Its path in the archive."""

    text: str
    """Its content, before it is redacted."""


@dataclass(frozen=True, kw_only=True, order=True)
class Gap:
    """Something that could not be collected."""

    what: str
    """Path of the missing file, or its subject."""

    why: str
    """Why it could not be collected."""


def archive(name: str, documents: Sequence[Document], gaps: Sequence[Gap], known: Known) -> bytes:
    """Return the archive: a manifest, then the documents in the order of their paths."""
    clean = [
        Document(path=each.path, text=redacted(describe_certificates(each.text), known))
        for each in sorted(documents)
    ]
    manifest = Document(path="manifest.txt", text=redacted(_manifest(name, clean, gaps), known))
    packed = io.BytesIO()
    # Without time and owner, so that archives can be compared.
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for each in (manifest, *clean):
            content = each.text.encode()
            entry = tarfile.TarInfo(f"{name}-support/{each.path}")
            entry.size, entry.mode = len(content), 0o600
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def json_text(value: Any) -> str:
    """Return the text of a JSON file."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write(content: bytes, file: Path) -> None:
    """Write an archive that only its owner may read; an interruption leaves no partial file."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as opened:
            opened.write(content)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _manifest(name: str, documents: Sequence[Document], gaps: Sequence[Gap]) -> str:
    lines = [
        f"Support bundle of the environment {name}.",
        "Secrets are replaced by [secret], certificates by their names, expiry and fingerprint.",
        "",
        "Collected:",
        *(f"  {each.path} ({len(each.text.encode())} bytes)" for each in documents),
        "",
        "Not collected:",
        *([f"  {each.what}: {each.why}" for each in sorted(gaps)] or ["  (nothing is missing)"]),
    ]
    return "\n".join(lines) + "\n"
