"""Exempelkommun: a made-up municipality's deliveries."""

from __future__ import annotations

from arshjul.sample.exempelkommun import write_correction, write_sample
from arshjul.sample.facit import Correction, FileFacit, SampleSummary
from arshjul.sample.faults import Fault

__all__ = ["Correction", "Fault", "FileFacit", "SampleSummary", "write_correction", "write_sample"]
