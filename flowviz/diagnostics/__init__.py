"""Whether it is true: checks of a flow by independent means, and the baselines that it has to beat."""

from .baselines import gaussian_nll, kde_nll
from .examination import Examination, Finding
from .verification import Report, verify

__all__ = ["Examination", "Finding", "Report", "gaussian_nll", "kde_nll", "verify"]
