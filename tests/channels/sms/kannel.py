"""A real gateway on loopback: Kannel's bearerbox and smsbox, and its fake SMS centre as the telephone."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

from tests.channels.sms.cases import OUR_NUMBER, SECRET
from tests.storage.conftest import free_port, missing

HANDSET = Path("/usr/lib/kannel/test/fakesmsc")
# Debian keeps the boxes in sbin, which is not on everybody's PATH.
_SBIN = "/usr/sbin:/usr/local/sbin"
USER, PASSWORD = "hjemvei", "kannel-passord"

_CONFIG = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {password}
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = FAKE
host = 127.0.0.1
port = {centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
global-sender = {number}

group = sendsms-user
username = {user}
password = {password}
concatenation = true
max-messages = 3

group = sms-service
keyword = default
catch-all = true
max-messages = 0
omit-empty = true
get-url = "http://127.0.0.1:{app}/sms/kannel/{secret}?sender=%p&receiver=%P&text=%b&id=%I&coding=%c"
"""


@dataclass
class Kannel:
    """A gateway that runs."""

    sendsms: int
    centre: int
    folder: Path
    number: int = field(default=0)

    @contextmanager
    def handset(self, *messages: str) -> Iterator[Phone]:
        """A telephone that sends these («text hei», «ucs2 %00h») and then listens."""
        self.number += 1
        log = self.folder / f"handset-{self.number}.log"
        given = [f"+4790012345 {OUR_NUMBER} {message}" for message in messages]
        command = [str(HANDSET), "-H", "127.0.0.1", "-r", str(self.centre), "-i", "0.1", "-m", str(len(given)), *given]
        with log.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield Phone(log)
        finally:
            process.terminate()
            process.wait(timeout=10)
            # The centre takes one telephone at a time, and needs a moment to see that this one is gone.
            time.sleep(0.5)


@dataclass
class Phone:
    log: Path

    def received(self) -> list[str]:
        """The messages on the screen: the pieces of a long one put together."""
        shown, long = [], ""
        for data in re.findall(rb"Got message \d+: <\S+ \S+ (.*?)>\n", self.log.read_bytes(), re.DOTALL):
            kind, _, body = data.partition(b" ")
            if kind == b"text":
                shown.append(body.decode("utf-8"))
            elif kind == b"ucs-2":
                shown.append(_unquoted(body).decode("utf-16-be"))
            else:
                header, _, body = body.partition(b" data ")
                of, place = _unquoted(header)[-2:]
                long += _unquoted(body).decode("utf-8")
                if place == of:
                    shown.append(long)
                    long = ""
        return shown


def _unquoted(data: bytes) -> bytes:
    return unquote_to_bytes(data.replace(b"+", b" "))


@contextmanager
def running(folder: Path, app_port: int, sendsms: int) -> Iterator[Kannel]:
    """Kannel on free ports, stopped by its process ids when the block ends."""
    boxes = [shutil.which(name, path=_SBIN) or shutil.which(name) for name in ("bearerbox", "smsbox")]
    if not all(boxes):
        missing("kannel")
    if not HANDSET.exists():
        missing("kannel-extras")
    kannel = Kannel(sendsms, free_port(), folder)
    box = free_port()
    config = folder / "kannel.conf"
    ports = {"admin": free_port(), "box": box, "centre": kannel.centre, "sendsms": sendsms, "app": app_port}
    config.write_text(_CONFIG.format(**ports, secret=SECRET, number=OUR_NUMBER, user=USER, password=PASSWORD), "utf-8")
    started: list[subprocess.Popen[bytes]] = []
    try:
        for program, port in zip(boxes, (box, sendsms), strict=True):
            with (folder / f"{Path(str(program)).name}.log").open("wb") as out:
                started.append(subprocess.Popen([str(program), str(config)], stdout=out, stderr=out, cwd=folder))
            _until_open(port)
        yield kannel
    finally:
        for process in reversed(started):
            process.terminate()
        for process in reversed(started):
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _until_open(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("Kannel did not start")
