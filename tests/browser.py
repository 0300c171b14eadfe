"""
A browser without a window on the screen, driven as the WebDriver standard says, to test pages.

Source: https://www.w3.org/TR/webdriver2/, and chromedriver's own commands below /goog/
"""

import base64
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from sandbox.toolchain.browser import DRIVER, find_browser, missing

STARTS_WITHIN_SECONDS = 30.0
ANSWERS_WITHIN_SECONDS = 60.0


@dataclass(frozen=True)
class Browser:
    """One window."""

    http: httpx2.Client
    session: str

    def command(self, path: str, **body: Any) -> Any:
        """Send a command; returns its value."""
        answer = self.http.post(f"/session/{self.session}/{path}", json=body).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise AssertionError(f"{path}: {answer['error']}: {answer['message']}")
        return answer

    def devtools(self, method: str, **parameters: Any) -> Any:
        """Send a command of the DevTools protocol."""
        return self.command("goog/cdp/execute", cmd=method, params=parameters)

    def look(self, *, width: int, height: int = 900, is_dark: bool = False) -> None:
        """Choose the size of the window in pixels, and light or dark."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self.devtools("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, address: str | Path) -> None:
        """Load a page; returns when it is loaded."""
        self.errors()  # forgets those of the page before
        self.command("url", url=address.as_uri() if isinstance(address, Path) else address)

    def run(self, script: str) -> Any:
        """Run the body of a function in the page; returns what it returns."""
        return self.command("execute/sync", script=script, args=[])

    def errors(self) -> list[str]:
        """Return what the console shows in red since the last call: errors, what was blocked."""
        logged = self.command("se/log", type="browser")
        return [each["message"] for each in logged if each["level"] == "SEVERE"]

    def picture(self, file: Path) -> None:
        """Save a picture of the whole page."""
        options = {"captureBeyondViewport": True, "format": "png"}
        file.write_bytes(
            base64.b64decode(self.devtools("Page.captureScreenshot", **options)["data"])
        )


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the browser without a window on the screen; end it afterwards."""
    if why := missing():
        pytest.fail(why)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    driver = subprocess.Popen(
        [DRIVER, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        with httpx2.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=ANSWERS_WITHIN_SECONDS, trust_env=False
        ) as http:
            _until_ready(http)
            opened = Browser(http, _session(http))
            try:
                yield opened
            finally:
                http.delete(f"/session/{opened.session}")
    finally:
        driver.terminate()
        driver.wait()


def _until_ready(http: httpx2.Client) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            if http.get("/status").json()["value"]["ready"]:
                return
        except httpx2.TransportError:
            if time.monotonic() > end:
                raise
        time.sleep(0.05)


def _session(http: httpx2.Client) -> str:
    arguments = ["--headless=new", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"]
    # Chromium does not start as root with its own sandbox. Only pages of the tests are opened.
    arguments += ["--no-sandbox"] if os.geteuid() == 0 else []
    wanted = {
        "browserName": "chrome",
        "goog:chromeOptions": {"binary": find_browser(), "args": arguments},
        "goog:loggingPrefs": {"browser": "ALL"},
    }
    answer = http.post("/session", json={"capabilities": {"alwaysMatch": wanted}}).json()["value"]
    if "sessionId" not in answer:
        raise AssertionError(f"the browser must start (it does not): {answer.get('message')}")
    return str(answer["sessionId"])
