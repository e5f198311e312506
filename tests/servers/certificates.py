"""Certificates of our own for the tests of encrypted servers."""

from __future__ import annotations

from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key


class Authority:
    """Signs certificates; ``file`` is what a client that trusts it is given."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._signing = trustme.CA()
        self._folder = folder
        self.file = folder / "ca.pem"
        self._signing.cert_pem.write_to_path(str(self.file))

    def sign(self, *names: str) -> Path:
        """Folder with private.key (PKCS #8), public.crt and both.pem of a server with these names or addresses."""
        folder = self._folder / "-".join(names).replace("*", "any")
        folder.mkdir()
        made = self._signing.issue_cert(*names)
        key = load_pem_private_key(made.private_key_pem.bytes(), None).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        certificate = b"".join(pem.bytes() for pem in made.cert_chain_pems)
        (folder / "private.key").write_bytes(key)
        (folder / "public.crt").write_bytes(certificate)
        (folder / "both.pem").write_bytes(key + certificate)
        return folder
