"""
The emulated AWS API: ministack, as a process of the sandbox.

It emulates on its own word only: no Docker, no other listener, nothing outside of the home. What it
knows is saved when it is asked to end, and read again when it starts, so that it survives a reboot
but not a power cut.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

from sandbox.files import write_atomically
from sandbox.home import Home, SandboxError, end_process, running_pid, start_process
from sandbox.processes import free_port, last_words

PROCESS = "aws"
REGION = "eu-west-1"
"""The region that programs without one of their own get."""

# What the product creates and the imitated provider asks for; everything else is refused as
# unknown.
SERVICES = ("cloudwatch", "ec2", "eks", "elasticloadbalancing", "iam", "kms", "logs", "sts")

PATIENCE_SECONDS = 180.0


def start_aws(home: Home) -> str:
    """Start the emulation, if it does not run, and return its endpoint once it answers."""
    endpoint = aws_endpoint(home)
    if endpoint is not None and running_pid(home, PROCESS) is not None:
        return endpoint
    endpoint = endpoint or f"http://127.0.0.1:{free_port()}"
    for folder in ("tmp", "state", "nothing"):
        (home.aws / folder).mkdir(parents=True, exist_ok=True)
    # Isolated (-I): what lies in the current folder is none of its modules.
    start_process(
        home,
        PROCESS,
        [sys.executable, "-I", "-m", "ministack"],
        env=_environment(home, endpoint),
        cwd=home.aws,
    )
    _wait_for(home, endpoint)
    # It has read them. Were they left, an emulation that is killed later would come back with them.
    for file in (home.aws / "state").glob("*.json"):
        file.unlink()
    write_atomically(home.aws / "endpoint.json", json.dumps({"endpoint": endpoint}))
    return endpoint


def has_forgotten(home: Home) -> bool:
    """Tell whether an emulation that ran was ended so hard that it could not save what it knew."""
    ended = aws_endpoint(home) is not None and running_pid(home, PROCESS) is None
    return ended and not any((home.aws / "state").glob("*.json"))


def aws_endpoint(home: Home) -> str | None:
    """Give the address that AWS clients are pointed to; None if the emulation was never started."""
    try:
        return str(json.loads((home.aws / "endpoint.json").read_text())["endpoint"])
    except FileNotFoundError:
        return None


def _environment(home: Home, endpoint: str) -> dict[str, str]:
    """Make its whole environment; the caller's AWS credentials are none of its business."""
    return {
        "PATH": os.defpath,
        "HOME": str(home.aws / "nothing"),
        "TMPDIR": str(home.aws / "tmp"),
        # The default is every interface.
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": endpoint.rpartition(":")[2],
        "MINISTACK_REGION": REGION,
        "SERVICES": ",".join(SERVICES),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home.aws / "state"),
        # Else it listens on 8883 as well, always the same port.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # Even where there is a Docker: clusters are ours to start.
        "DOCKER_HOST": f"unix://{home.aws / 'nothing' / 'docker.sock'}",
        "LOG_LEVEL": "WARNING",
    }


def _wait_for(home: Home, endpoint: str) -> None:
    until, log = time.monotonic() + PATIENCE_SECONDS, home.log(PROCESS)
    # No proxy of the user's environment stands between us and loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while running_pid(home, PROCESS) is not None and time.monotonic() < until:
        try:
            with opener.open(f"{endpoint}/_ministack/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    why = "it ended" if running_pid(home, PROCESS) is None else "it did not"
    end_process(home, PROCESS)
    raise SandboxError(
        f"ministack must answer within {PATIENCE_SECONDS:.0f} s ({why}). The last it said: "
        f"{last_words(log)}. Its log: {log}"
    )
