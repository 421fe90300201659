"""Reports: facts are assembled once, become one document, and the document is drawn four times.

``facts`` reads computed values (no arithmetic beyond comparison and formatting), ``tertialrapport`` writes them as a
:class:`arshjul.reports.blocks.Document`, and ``pdf``, ``html``, ``workbook`` and ``table_csv`` draw it. Numbers become text in
one place (``numbers``), so that summary, body, chart and appendix can never disagree.
"""
