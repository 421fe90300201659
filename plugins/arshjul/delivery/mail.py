"""The one way to the mail server."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from arshjul.settings import Settings

_TIMEOUT_S = 60


class DeliveryError(RuntimeError):
    """What was to be handed over was not taken; the message is a Swedish sentence."""


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
