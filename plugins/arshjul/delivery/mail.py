"""The one way to the mail server."""

from __future__ import annotations

import re
import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from arshjul.settings import Settings

_TIMEOUT_S = 60
# Stricter than the standard: nothing that stands in a register can become a second recipient or another header.
_LOCAL = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]{1,64}")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII | re.IGNORECASE)


class DeliveryError(RuntimeError):
    """What was to be handed over was not taken; the message is a Swedish sentence."""


class MadeUpAddress(DeliveryError):
    """The address is one of the demo's, in production: trying again does not help, until somebody writes the real one."""


def refuse_made_up(settings: Settings, name: str, address: str) -> None:
    """Refuse the addresses that the demo's recipients, roles and register have; before anything is reserved for them.

    Args:
        settings: Says whether this is production.
        name: Whose address it is.
        address: The address; a folder's name is none.

    Raises:
        MadeUpAddress: It ends in ``.example``, which no real address does (RFC 2606, 2), and this is production.
    """
    if settings.is_production and address.strip().endswith(".example"):
        raise MadeUpAddress(
            f"{name} har demons påhittade adress. Rätta den, i include/ eller i registret, och kör om steget."
        )


def compose_mail(
    settings: Settings, text: str, *, to: str | Address, copy_to: str = "", reference: str, begun: datetime
) -> EmailMessage:
    """Write an e-mail; the same arguments give the same message.

    Args:
        settings: The sender.
        text: The subject on the first line, then the body.
        to: The recipient.
        copy_to: Who gets a copy; nobody when empty.
        reference: Message-ID.
        begun: When sending was begun: the message's date.
    """
    subject, _, body = text.partition("\n")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = settings.smtp_sender
    message["To"] = to
    if copy_to:
        message["Cc"] = copy_to
    message["Date"] = format_datetime(begun)
    message["Message-ID"] = reference
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.lstrip("\n"), cte="quoted-printable")
    return message


def one_address(name: str, address: str, otherwise: str) -> Address:
    """Read one recipient, however a register spells it: the domain as mail servers know it, å ä ö in the name.

    Args:
        name: Whose address it is.
        address: As it stands in the register.
        otherwise: What is said of an address that cannot be used.

    Raises:
        DeliveryError: It cannot be used.
    """
    local, _, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise DeliveryError(otherwise)
    return Address(" ".join(name.split()), username=local, domain=domain)


def send_mail(settings: Settings, message: EmailMessage) -> None:
    """Hand a message to the mail server; returns when the server has taken it for every recipient.

    In production, and wherever a password is sent, the line is encrypted and the server's certificate checked.

    Args:
        settings: The mail server.
        message: The message, addressed.

    Raises:
        DeliveryError: The server did not take it, or not for all. It may have taken it for some: give a message that is
            sent again the same Message-ID.
    """
    try:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_TIMEOUT_S) as server:
            if settings.smtp_user or settings.is_production:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, _password(settings))
            refused = server.send_message(message)
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(f"E-postservern tog inte emot meddelandet (svarskod {error.smtp_code}).") from None
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except smtplib.SMTPNotSupportedError:
        raise DeliveryError(
            "E-postservern kan inte det som behövs: kryptering, inloggning eller adresser med å, ä och ö."
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"E-postservern gick inte att nå ({type(error).__name__}).") from None
    if refused:
        codes = ", ".join(sorted({str(code) for code, _ in refused.values()}))
        raise DeliveryError(f"E-postservern tog inte emot mottagarens adress (svarskod {codes}).")


def _password(settings: Settings) -> str:
    if settings.smtp_password_file is None:
        raise DeliveryError("E-postservern kräver inloggning, men ARSHJUL_SMTP_PASSWORD_FILE är inte angiven.")
    return settings.smtp_password_file.read_text(encoding="utf-8").strip()
