"""The overall level of risk from likelihood and consequences (WHO, Rapid risk assessment of acute public health
events, WHO/HSE/GAR/ARO/2012.1, figure 2)."""

from sizao.ops.surveillance.kinds import Consequences, Likelihood, RiskLevel

_LOW, _MODERATE, _HIGH, _VERY_HIGH = RiskLevel.LOW, RiskLevel.MODERATE, RiskLevel.HIGH, RiskLevel.VERY_HIGH
#: Rows from very unlikely to almost certain, columns from minimal to severe.
MATRIX = {
    Likelihood.VERY_UNLIKELY: (_LOW, _LOW, _LOW, _MODERATE, _HIGH),
    Likelihood.UNLIKELY: (_LOW, _LOW, _MODERATE, _MODERATE, _HIGH),
    Likelihood.LIKELY: (_LOW, _MODERATE, _MODERATE, _HIGH, _VERY_HIGH),
    Likelihood.HIGHLY_LIKELY: (_LOW, _MODERATE, _HIGH, _HIGH, _VERY_HIGH),
    Likelihood.ALMOST_CERTAIN: (_LOW, _MODERATE, _HIGH, _VERY_HIGH, _VERY_HIGH),
}


def risk_level(likelihood: Likelihood, consequences: Consequences) -> RiskLevel:
    """The cell of the matrix."""
    return MATRIX[likelihood][list(Consequences).index(consequences)]
