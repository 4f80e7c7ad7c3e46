"""Alerts by e-mail over SMTP (RFC 5321), with TLS from the start (RFC 8314) or by STARTTLS (RFC 3207)."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import datetime, timezone
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.channels.alerts.model import Alert, Receiver
from bot.errors import Undelivered

_TIMEOUT_S = 15.0
_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


class Email:
    """Sends alerts through one server.

    ``server``: ``smtps://user:password@host`` for TLS from the start, ``smtp://…`` for STARTTLS (then required),
    ``smtp+plain://…`` for a server on the same machine that has neither.
    """

    name = "email"

    def __init__(self, server: str, sender: str, receivers: Sequence[Receiver]) -> None:
        address = urlsplit(server)
        self._scheme = address.scheme
        self._host = address.hostname or ""
        self._port = address.port or _PORTS[address.scheme]
        self._user = unquote(address.username) if address.username else None
        self._password = unquote(address.password) if address.password else None
        self._sender = sender
        self.receivers = receivers

    async def send(self, alert: Alert, receiver: Receiver) -> None:
        """Raises Undelivered unless the server took it."""
        encrypted = self._scheme != "smtp+plain"
        try:
            await aiosmtplib.send(
                self._message(alert, receiver),
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._scheme == "smtps",
                start_tls=self._scheme == "smtp",
                tls_context=ssl.create_default_context() if encrypted else None,
                timeout=_TIMEOUT_S,
            )
        except aiosmtplib.SMTPResponseException as error:
            raise Undelivered(f"smtp_{error.code}") from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            raise Undelivered(f"smtp_{codes[0]}" if codes else "smtp_refused") from None
        except (aiosmtplib.SMTPTimeoutError, TimeoutError):
            raise Undelivered("timeout") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            # What these say may hold an address.
            raise Undelivered("tls" if isinstance(error.__cause__ or error, ssl.SSLError) else "connection") from None

    def _message(self, alert: Alert, receiver: Receiver) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = receiver.address
        message["Subject"] = alert.subject
        message["Date"] = format_datetime(datetime.now(timezone.utc))
        # The same alert sent twice has the same id, by which mail programs show it once.
        message["Message-ID"] = f"<{alert.key.replace(':', '.')}@{self._sender.rpartition('@')[2]}>"
        # RFC 3834: no out-of-office answers to this.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{alert.subject}.\n\nÅpne konsollen: {alert.link}\n")
        return message
