"""IANA's names of cipher suites, as the field WARC-Cipher-Suite has them, from OpenSSL's; used by exchange_recorder."""

import re


def iana_name(openssl: str) -> str:
    """IANA's name of a cipher suite with certificates; names of anonymous, PSK and SRP suites are approximate.

    "ECDHE-RSA-AES128-GCM-SHA256" -> "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"; TLS 1.3 names are IANA's already.
    """
    if openssl.startswith("TLS_"):
        return openssl
    name = re.sub(r"(AES|CAMELLIA|ARIA)(128|256)", r"\1-\2", openssl)
    exchange = re.match(r"((?:ECDHE|DHE|ECDH|DH|ADH|AECDH|PSK|RSA|SRP)(?:-(?:RSA|ECDSA|DSS|PSK))?)-(?!$)", name)
    keys, cipher = (exchange[1], name[exchange.end() :]) if exchange else ("RSA", name)
    if re.fullmatch(r"(AES|CAMELLIA)-(128|256)-SHA\d*", cipher):
        cipher = re.sub(r"-SHA", "-CBC-SHA", cipher)
    cipher = cipher.replace("CCM8", "CCM-8")
    if cipher.endswith("POLY1305"):
        cipher += "-SHA256"
    return f"TLS_{keys}_WITH_{cipher}".replace("-", "_")
