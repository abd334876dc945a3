"""Who infected whom: the transmission forest and its summaries."""

from sizao.epi.chains.candidates import CANDIDATE_COLUMNS, GammaDays
from sizao.epi.chains.forest import FOREST_COLUMNS, Forest, transmission_forest
from sizao.epi.chains.layout import layered_layout
from sizao.epi.chains.offspring import OffspringFit, fit_offspring, offspring_distribution
from sizao.epi.chains.problems import Problem, ProblemKind
from sizao.epi.chains.summaries import (
    cluster_sizes,
    clusters,
    generations,
    serial_intervals,
    unlinked,
)

__all__ = [
    "CANDIDATE_COLUMNS",
    "FOREST_COLUMNS",
    "Forest",
    "GammaDays",
    "OffspringFit",
    "Problem",
    "ProblemKind",
    "cluster_sizes",
    "clusters",
    "fit_offspring",
    "generations",
    "layered_layout",
    "offspring_distribution",
    "serial_intervals",
    "transmission_forest",
    "unlinked",
]
