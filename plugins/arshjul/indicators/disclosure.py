"""Primary disclosure control: which figures may reveal a person. Source: facts/privacy.md §0 D1 and §1.1–1.3.

Every value gets one mark, ``is_protected``, when it is stored (``include/sql/compute/insert_values.sql``), by the rule
that its indicator names. With t = 5 (:data:`FEW`):

``antal_personer``
    A count of 1–4. Nought is shown.
``andel_personer``
    A share S/N of N > 0 where S or N − S is below 5. That is every count of 1–4 among N, S and N − S, and also S = 0
    and S = N at every N: 0 % and 100 % say the same of each of them. The whole that a distribution is parts of is
    always 100 % and tells nothing: it is protected only when N is 1–4.
``medel_personer``
    A mean or median over 1–9 observations.
``medel_enheter``
    A mean of answers, of which a person gives several: over 1–9 different persons.
``kvot_personer``
    A ratio whose numerator counts persons on a day of each month: the sum over the period's months is above 0 but below
    5 for each month, so that the persons are 1–4 on average. For a month, a count of 1–4.
``kvot_per_person``
    An amount for each person: divided by 0–4 persons. Nought is one of them, since that nobody reached the goal says the
    same of each; the amount itself is public, but with the quotient it gives the number.
``kvot_enheter``
    A ratio of amounts with 1–4 different persons behind it, or one that is exactly 0 or 1.
``summa_enheter``
    A sum of amounts with 1–4 different persons behind it.
``oppen``
    Never protected: what is counted is not persons.

The unit of exits and enrolments is the enrolment (§1.3), of attendance the person. Nothing here protects against
subtraction between figures that are shown.
"""

from __future__ import annotations

from arshjul.periods import Period

FEW = 5
"""t: a count of persons below it is sensitive."""

FEW_FOR_MEAN = 10
"""A mean or median needs this many observations."""


def thresholds(period: Period) -> dict[str, int]:
    """Give the parameters of the rules.

    Args:
        period: The period the values are for.
    """
    return {"few": FEW, "few_for_mean": FEW_FOR_MEAN, "months": len(period.months)}
