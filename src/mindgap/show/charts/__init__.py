"""Charts: findings in, a specification that the page's script draws out, with its title, summary and table twin.

One module per kind. The words (title, summary, labels) come from whoever asks; nothing is computed here but the
scale of an axis.
"""

from mindgap.show.charts.bars import bars
from mindgap.show.charts.chart import Chart, Row
from mindgap.show.charts.distribution import distribution
from mindgap.show.charts.gap_bars import gap_bars
from mindgap.show.charts.heat import heat
from mindgap.show.charts.journey import journey
from mindgap.show.charts.trend import Line, trend
from mindgap.show.charts.worst import worst

__all__ = [
    "Chart",
    "Line",
    "Row",
    "bars",
    "distribution",
    "gap_bars",
    "heat",
    "journey",
    "trend",
    "worst",
]
