"""The ways out to people: mail, a webhook, a command. Each sends one message or raises DeliveryError with the reason.

They are not the fetcher's business: an own mail server or chat is no news site, and may well stand in a private
network. Their addresses come from ``tracker.toml`` alone, never from what was collected.
"""

from __future__ import annotations

import asyncio
import json
import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from http import HTTPStatus
from typing import Literal, Protocol

import aiohttp

from tracker.config import MailSettings
from tracker.errors import DeliveryError

SECONDS = 30.0  # for one message
MAX_SUBJECT = 150  # characters; mail programs show about 70
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

ChannelName = Literal["email", "webhook", "command"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: for readers as plain text, with HTML beside it or not; for programs as ``payload``."""

    subject: str
    text: str
    html: str | None = None
    payload: Mapping[str, object]


class Channel(Protocol):
    """A way out."""

    @property
    def name(self) -> ChannelName:
        """How ``notices`` calls it."""

    async def send(self, message: Message) -> None:
        """Send a message. Raises DeliveryError where it did not arrive."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail to some people, over the SMTP server of ``[mail]``."""

    settings: MailSettings
    to: Sequence[str]
    name: ChannelName = "email"

    async def send(self, message: Message) -> None:
        """Send a message. Raises DeliveryError where the server does not take it for everybody."""
        try:
            await asyncio.to_thread(self._send, self._composed(message))
        except (OSError, smtplib.SMTPException) as error:
            server = f"{self.settings.host}:{self.settings.port}"
            raise DeliveryError(f"{server}: {error}: see [mail] in tracker.toml") from error

    def _composed(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = _CONTROLS.sub(" ", message.subject)[:MAX_SUBJECT]  # a headline's line break is no header
        mail["From"] = self.settings.sender
        mail["To"] = ", ".join(self.to)
        mail["Date"] = formatdate(localtime=False)
        mail["Message-ID"] = make_msgid(domain=self.settings.sender.rpartition("@")[2] or None)
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes, please
        mail.set_content(message.text)
        if message.html:
            mail.add_alternative(message.html, subtype="html")
        return mail

    def _send(self, mail: EmailMessage) -> None:
        settings = self.settings
        context = ssl.create_default_context()
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=SECONDS)
        with server:
            if settings.security == "starttls":
                server.starttls(context=context)
            if settings.user:
                server.login(settings.user, settings.password)
            refused = server.send_message(mail)
        if refused:
            raise DeliveryError(f"{settings.host}: refused for {', '.join(refused)}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A POST of JSON to one address; ``text`` in it is what Slack, Mattermost and the like show."""

    url: str
    name: ChannelName = "webhook"

    async def send(self, message: Message) -> None:
        """Send a message. Raises DeliveryError where the answer is not 2xx; redirects are not followed."""
        body = {"text": f"{message.subject}\n{message.text}", **message.payload}
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
                session.post(self.url, json=body, allow_redirects=False) as answer,
            ):
                status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DeliveryError(f"webhook: {error or type(error).__name__}: see [alerts] webhook") from error
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise DeliveryError(f"webhook: answered {status}: see [alerts] webhook")


@dataclass(frozen=True, slots=True)
class Command:
    """A program that is given the message as JSON on its standard input; no shell reads its arguments."""

    arguments: Sequence[str]
    name: ChannelName = "command"

    async def send(self, message: Message) -> None:
        """Run the program. Raises DeliveryError where it cannot be started, takes too long or fails."""
        body = {"subject": message.subject, "text": message.text, **message.payload}
        said = json.dumps(body, ensure_ascii=False).encode()
        program = self.arguments[0]
        try:
            process = await asyncio.create_subprocess_exec(
                *self.arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            raise DeliveryError(f"{program}: {error.strerror or error}: see [alerts] command") from error
        try:
            _, complaint = await asyncio.wait_for(process.communicate(said), SECONDS)
        except TimeoutError as error:
            raise DeliveryError(f"{program}: not done within {SECONDS:g} s") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
            raise DeliveryError(f"{program}: exit code {process.returncode}" + (f": {last}" if last else ""))
