"""What the words of sentences about figures mean: ``include/prose/wording.yaml``.

"Marginell", "flera" and "nästan samtliga" are rules with numbers in them. The numbers have versions: a sentence about an
old period is made by the version that applied to it, so that a threshold that moves never changes what was said
(requirements R60, R81).
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import attrs

from arshjul.catalogue.yaml_files import CatalogueError, Definition, key, read_definition
from arshjul.periods import Period, PeriodError, parse_period


class Quantifier(Definition):
    """A word for how many of a whole.

    Attributes:
        word: The word, as it stands before a noun.
        share: More than this share of the whole.
        fewest: And at least so many.
    """

    word: str
    share: Decimal
    fewest: int


class Wording(Definition):
    """One version of what the words mean.

    Attributes:
        version: Its number.
        from_: Key of the first period that it is for.
        marginal_below: A relative change of less than this many percent is marginal.
        marginal_points: A change of at most this many percentage points is marginal.
        in_words: Counts up to this are written with letters.
        trend_periods: A direction is told from so many periods on.
        trend_agreement: Kendall's tau from which the periods are said to go one way.
        quantifiers: The first one that fits gives the word.
        common_share: A reason with at least this share is among the common ones.
        reasonable_caseload: From and to how many customers of a coach are reasonable, both counted in.
        standards: Certificates that are known standards.
    """

    version: int
    from_: str = attrs.field(metadata=key("from"))
    marginal_below: Decimal
    marginal_points: Decimal
    in_words: int
    trend_periods: int
    trend_agreement: Decimal
    quantifiers: tuple[Quantifier, ...]
    common_share: Decimal
    reasonable_caseload: tuple[Decimal, Decimal]
    standards: tuple[str, ...]

    def __attrs_post_init__(self) -> None:
        try:
            parse_period(self.from_)
        except PeriodError as error:
            raise ValueError(f"version {self.version}, from: {error}") from None
        if not 0 < self.trend_agreement <= 1 or self.trend_periods < 2:
            raise ValueError(f"version {self.version}: a trend needs two periods and an agreement up to one")
        if not self.quantifiers or self.quantifiers[-1].share:
            raise ValueError(f"version {self.version}: the last quantifier must fit any share")

    def quantifier(self, count: int, of: int) -> str | None:
        """Return the word for some of a whole; ``None`` for none, one and all, which have words of their own."""
        if count < 2 or count >= of:
            return None
        fitting = (one for one in self.quantifiers if count >= one.fewest and Decimal(count) / of > one.share)
        return next((one.word for one in fitting), None)


class Subject(Definition):
    """What an indicator is called in a sentence.

    Attributes:
        indicator: The indicator.
        subject: In the definite form, as in the middle of a sentence: ``måluppfyllelsen``.
        bare: In the form that follows "lägst": ``måluppfyllelse``.
    """

    indicator: str
    subject: str
    bare: str


class Wordings(Definition):
    """All versions, and what indicators are called.

    Attributes:
        versions: Oldest first.
        subjects: One for each indicator that sentences are made about.
    """

    versions: tuple[Wording, ...]
    subjects: tuple[Subject, ...]

    def __attrs_post_init__(self) -> None:
        if [one.version for one in self.versions] != list(range(1, len(self.versions) + 1)):
            raise ValueError("versions rise from 1, without a gap")
        starts = [parse_period(one.from_).start for one in self.versions]
        if starts != sorted(set(starts)):
            raise ValueError("a newer version is for later periods than the one before")
        if len({one.indicator for one in self.subjects}) != len(self.subjects):
            raise ValueError("an indicator has one name")

    def at(self, period: Period) -> Wording:
        """Return the version that applies to a period.

        Raises:
            CatalogueError: The period is older than the first version.
        """
        found = [one for one in self.versions if parse_period(one.from_).start <= period.start]
        if not found:
            raise CatalogueError(f"wording.yaml has no version for {period.key}")
        return found[-1]

    def of(self, indicator_id: str) -> Subject | None:
        """Return what an indicator is called, or ``None`` when no name has been given."""
        return next((one for one in self.subjects if one.indicator == indicator_id), None)


def load_wordings(include: Path) -> Wordings:
    """Read ``include/prose/wording.yaml``.

    Raises:
        CatalogueError: The definition is wrong.
    """
    return read_definition(include / "prose" / "wording.yaml", Wordings)
