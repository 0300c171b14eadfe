"""Answers of an API server to the credentials of a source."""

import ssl

import httpx2

from linkmesh.cli.status.collect import is_untrusted


def failed(cause: BaseException) -> Exception:
    """Fail to connect, as a client reports it."""
    error = httpx2.ConnectError("no connection")
    error.__cause__ = cause
    return error


def test_a_certificate_of_another_authority_is_not_taken_for_silence() -> None:
    assert is_untrusted(failed(ssl.SSLCertVerificationError("other CA")))
    assert is_untrusted(httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"))
    assert not is_untrusted(failed(TimeoutError()))
    assert not is_untrusted(httpx2.ConnectError("Name or service not known"))
