"""Untrusted certificates are recorded and not fatal: archives keep sites whose certificates lapse.

Used by the download handler as its TLS context factory.
"""

import logging
from typing import Any
from weakref import WeakKeyDictionary

from OpenSSL import SSL
from OpenSSL._util import ffi, lib
from OpenSSL.crypto import X509
from scrapy.core.downloader.contextfactory import _ScrapyCertificateOptions, _ScrapyClientContextFactory
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.ssl import platformTrust
from twisted.protocols.tls import TLSMemoryBIOProtocol

logger = logging.getLogger(__name__)


class RecordingContextFactory(_ScrapyClientContextFactory):
    """Scrapy's TLS settings with the system's trust store; a failed verification is only recorded in `errors`.

    With DOWNLOAD_VERIFY_CERTIFICATES on it is as strict as Scrapy's own. The store is the platform's, or what
    SSL_CERT_FILE and SSL_CERT_DIR name.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.errors: WeakKeyDictionary[SSL.Connection, str] = WeakKeyDictionary()
        self._options: _ScrapyCertificateOptions | None = None

    def creatorForNetloc(self, hostname: bytes, port: int) -> ClientTLSOptions:  # type: ignore[override]  # noqa: N802  Twisted's name
        if self._verify_certificates:
            return super().creatorForNetloc(hostname, port)
        if self._options is None:
            self._options = _ScrapyCertificateOptions(
                trustRoot=platformTrust(),  # type: ignore[no-untyped-call]
                **self._get_cert_options_kwargs(),
            )
        return _RecordingTLSOptions(self._options, hostname.decode("ascii"), self.errors)


class _RecordingTLSOptions(ClientTLSOptions):
    def __init__(
        self, options: _ScrapyCertificateOptions, hostname: str, errors: "WeakKeyDictionary[SSL.Connection, str]"
    ) -> None:
        super().__init__(options._makeTLSConnection, hostname)
        self._errors = errors

    def clientConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> SSL.Connection:  # noqa: N802, N803
        connection = super().clientConnectionForTLS(tlsProtocol)
        connection.set_verify(SSL.VERIFY_PEER, self._verified)
        return connection

    def _verified(self, connection: SSL.Connection, certificate: X509, code: int, depth: int, ok: int) -> bool:
        """Called for each certificate of the chain, and for each error. The first error is recorded."""
        if not ok:
            self._record(connection, ffi.string(lib.X509_verify_cert_error_string(code)).decode("ascii"))
        elif depth == 0 and not self._is_for_host(certificate):
            self._record(connection, f"not valid for host {self._hostnameASCII}")
        return True

    def _is_for_host(self, certificate: X509) -> bool:
        host = DNS_ID(self._hostnameASCII) if self._hostnameIsDnsName else IPAddress_ID(self._hostnameASCII)
        try:
            verify_service_identity(extract_patterns(certificate), [host], [])
        except (CertificateError, VerificationError):
            return False
        return True

    def _record(self, connection: SSL.Connection, error: str) -> None:
        if connection in self._errors:
            return
        if error not in self._errors.values():
            logger.warning("The certificate of %s is not to be trusted: %s", self._hostnameASCII, error)
        self._errors[connection] = error
