"""A Prosody of our own: its own folder, loopback, free ports, ended by its process id."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.channels.certificates import write_certificate
from tests.storage.conftest import free_port, missing

HOST = "vakt.test"
ROOM = f"vaktrom@rom.{HOST}"
ASSISTANT, ANNA, BERIT, STRANGER = (f"{name}@{HOST}" for name in ("hjemvei", "anna", "berit", "fremmed"))
PASSWORD = "et-passord-til-prøven"

_CONFIG = """
run_as_root = true
daemonize = false
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
log = {{ error = "{folder}/prosody.log" }}
modules_enabled = {{ "roster"; "saslauth"; "tls"; "disco"; "ping"; "offline"; "presence"; "message"; "iq" }}
modules_disabled = {{ "s2s" }}
authentication = "internal_plain"
storage = "internal"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
c2s_direct_tls_ports = {{}}
s2s_ports = {{}}
c2s_require_encryption = true
ssl = {{ certificate = "{certificate}"; key = "{key}" }}
VirtualHost "{host}"
Component "rom.{host}" "muc"
  restrict_room_creation = false
  muc_room_default_public_jids = true
  muc_room_locking = false
"""


@dataclass
class Prosody:
    """A server that a test may stop and start."""

    program: str
    folder: Path
    port: int
    certificate: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.program, "-F", "--config", str(self.folder / "prosody.cfg.lua")],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(f"prosody did not start: {(self.folder / 'prosody.log').read_text()}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=10)
            self.process = None


@contextmanager
def prosody_server(folder: Path) -> Iterator[Prosody]:
    program = shutil.which("prosody", path=os.environ.get("PATH", "") + ":/usr/bin:/usr/sbin")
    if program is None:
        missing("prosody")
    assert program is not None
    port = free_port()
    certificate, key = write_certificate(folder, HOST, f"rom.{HOST}")
    (folder / "prosody.cfg.lua").write_text(
        _CONFIG.format(folder=folder, port=port, certificate=certificate, key=key, host=HOST)
    )
    accounts = folder / "data" / HOST.replace(".", "%2e") / "accounts"
    accounts.mkdir(parents=True)
    for jid in (ASSISTANT, ANNA, BERIT, STRANGER):
        (accounts / f"{jid.split('@')[0]}.dat").write_text(f'return {{ ["password"] = "{PASSWORD}" }};\n')
    server = Prosody(program, folder, port, certificate)
    server.start()
    # What connects to it trusts this certificate as it would trust an authority.
    before = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = str(certificate)
    try:
        yield server
    finally:
        server.stop()
        if before is None:
            del os.environ["SSL_CERT_FILE"]
        else:
            os.environ["SSL_CERT_FILE"] = before
