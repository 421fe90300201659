"""Why the disclosure room shows nothing, in Swedish sentences for the person who waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from arshjul.disclosure.insiders import InsiderError
from arshjul.disclosure.system import AuditError, ContradictionError, Exposure


class DisclosureError(RuntimeError):
    """Nothing may be shown: no safe public table was found or proved; the message is a Swedish sentence."""


class TooRevealing(DisclosureError):
    """These tables cannot be shown; fewer of them might."""


class NotProvedInTime(TooRevealing):
    """The proof took longer than it may; another try, or fewer tables, might do."""


@contextmanager
def said_of(title: str) -> Iterator[None]:
    """Say in Swedish why the figures of a period cannot be shown, whatever the engine says of it.

    Args:
        title: The period.

    Raises:
        DisclosureError: The figures contradict each other.
        TooRevealing: No safe pattern.
        NotProvedInTime: No proof within the time.
    """
    try:
        yield
    except ContradictionError:
        raise DisclosureError(
            f"Siffrorna för {title} säger emot varandra, så röjandekontrollen kan inte pröva dem. Ingenting visas. "
            "Beräkna perioden igen; händer det då också, låt datateamet jämföra delarna med summorna."
        ) from None
    except InsiderError:
        raise TooRevealing(
            f"Siffrorna för {title} kan inte visas, inte ens totalerna: den anordnare som drar bort sina egna deltagare "
            "skulle med dem och det som redan har publicerats kunna räkna fram uppgifter om en annan anordnares. "
            "Ta bort måttet eller en indelning ur katalogens tabeller (tables) och kör om."
        ) from None
    except AuditError:
        raise NotProvedInTime(
            f"Röjandekontrollen hann inte bevisa att siffrorna för {title} är säkra, inte ens totalerna. Ingenting "
            "visas. Kör om; händer det igen, ta bort en indelning ur katalogens tabeller (tables)."
        ) from None


def refuse_exposed(title: str, exposed: Sequence[Exposure]) -> None:
    """Refuse what tells too much.

    Args:
        title: The period.
        exposed: What could be worked out.

    Raises:
        TooRevealing: There is something.
    """
    if exposed:
        raise TooRevealing(
            f"Siffrorna för {title} kan inte visas, inte ens totalerna, utan att {len(exposed)} uppgifter om få personer "
            "går att räkna fram ur det som redan har publicerats. Ta bort måttet eller en indelning ur katalogens "
            "tabeller (tables) och kör om."
        )
