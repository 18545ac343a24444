"""One HTML file that shows the scores of a model; it loads nothing from elsewhere."""

from __future__ import annotations

from scrawl import metrics
from scrawl.errors import MissingExtraError
from scrawl.evaluate import Report
from scrawl.report import plots

try:
    from jinja2 import Environment, PackageLoader
except ModuleNotFoundError as error:
    raise MissingExtraError("the HTML report", "Jinja", "data") from error


def render(report: Report, pixel_max: int) -> str:
    """The page.

    Args:
        report: The scores.
        pixel_max: The value of full ink in the report's images.
    """
    worst = report.worst()
    titles = [
        f"{report.name(row)[-24:]}\n{report.classes[report.labels[row]]}, read as "
        f"{report.classes[report.predicted[row]]}\n{report.confidence[row]:.1%} sure"
        for row in worst
    ]
    calibration = metrics.reliability(report.confidence, report.right)
    scores = report.to_dict()
    environment = Environment(loader=PackageLoader("scrawl.report", "."), autoescape=True)
    return environment.get_template("report.html").render(
        scores=scores,
        mistakes=int((~report.right).sum()),
        confusion=plots.data_uri(plots.confusion(report.confusion, report.classes)),
        reliability=plots.data_uri(plots.reliability({f"ECE {scores['ece']:.4f}": calibration})),
        worst=plots.data_uri(plots.grid(report.images[worst], titles, pixel_max, 8))
        if len(worst)
        else "",
        shown=len(worst),
    )
