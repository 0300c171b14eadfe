"""
A small client for an API server of the sandbox: JSON over HTTPS with a client certificate.

Only what creating clusters and nodes takes, from the standard library, so that a plugin that merely
starts a cluster loads nothing more.
"""

import json
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from sandbox.home import SandboxError


class KubernetesApi:
    """One API server, as its administrator."""

    def __init__(self, *, server: str, authority: Path, certificate: Path, key: Path) -> None:
        self.server = server
        context = ssl.create_default_context(cafile=str(authority))
        context.load_cert_chain(certificate, key)
        # No proxy of the user's environment stands between us and loopback.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )

    def get(self, path: str) -> Any:
        """Get an object or a list; None if there is none."""
        return self._send("GET", path)

    def post(self, path: str, manifest: dict[str, Any]) -> Any:
        """Create an object."""
        return self._send("POST", path, manifest)

    def delete(self, path: str) -> Any:
        """Delete an object; None if there was none."""
        return self._send("DELETE", path)

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            self.server + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Accept": "application/json", "Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            said = error.read(500).decode(errors="replace")
            raise SandboxError(f"{method} {path} was refused with {error.code}: {said}") from error
