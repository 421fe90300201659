"""The form of the units' quality report, in versions: ``include/report_forms/kvalitetsrapport_enhet/v<version>.yaml``.

A version is never changed once a report has been made with it: a new one is a new file. Source: Handlingsplan BIN 2016-134,
5.2 Kvalitetsrapporter: "AMI kommer att utarbeta en mall" (R76).
"""

from __future__ import annotations

from pathlib import Path

import attrs

from arshjul.catalogue.yaml_files import CatalogueError, Definition, key, read_folder


class FormSection(Definition):
    """One section of the form.

    Attributes:
        field: The contract's field that holds it (``kvalitetsrapporter``).
        title: Heading.
        guidance: What to write, to the unit's manager.
        is_mandatory: The report is not complete without it.
        at_least: Fewest characters of a mandatory section.
        is_internal: Stays in the house: never sent on, never published.
    """

    field: str
    title: str
    guidance: str
    is_mandatory: bool = attrs.field(default=True, metadata=key("mandatory"))
    at_least: int = 1
    is_internal: bool = attrs.field(default=False, metadata=key("internal"))


class ReportForm(Definition):
    """One version of the form.

    Attributes:
        version: As ``mallversion`` names it.
        title: Title of the report.
        introduction: What the form is for, to the unit's manager.
        first_year: The first year whose reports are made with it.
        sections: In order.
    """

    version: str
    title: str
    introduction: str
    first_year: int
    sections: tuple[FormSection, ...]


def load_report_forms(include: Path) -> dict[str, ReportForm]:
    """Read every version of the form, by version.

    Raises:
        CatalogueError: A form is wrong, or its version is not its file's name.
    """
    forms = read_folder(include / "report_forms" / "kvalitetsrapport_enhet", ReportForm)
    for stem, form in forms.items():
        if stem != f"v{form.version}":
            raise CatalogueError(f"{stem}.yaml: version is {form.version}")
        if any(section.is_internal and section.is_mandatory for section in form.sections):
            raise CatalogueError(f"{stem}.yaml: an internal section is never mandatory")
    return {form.version: form for form in forms.values()}


def form_for(forms: dict[str, ReportForm], year: int) -> ReportForm:
    """Return the form that a year's reports are made with: the newest that applies.

    Args:
        forms: From :func:`load_report_forms`.
        year: The year the reports are about.

    Raises:
        CatalogueError: No version applies to the year.
    """
    known = [form for form in forms.values() if form.first_year <= year]
    if not known:
        raise CatalogueError(f"no version of the form applies to {year}")
    return max(known, key=lambda form: (form.first_year, len(form.version), form.version))
