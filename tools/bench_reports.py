"""How long does a decision report take from facts, in all four faces, without pictures and with them?

One process, after a first round that compiles the templates; each round renders everything anew. The limits are those
that the reports are made for: 50 ms without pictures, a second with them, drawn and turned into PNG.
"""

import statistics
import sys
import time
from collections.abc import Callable

from gates.evidence import Evidence
from reports.chat_slack import render_promotion as slack
from reports.chat_teams import render_promotion as teams
from reports.comment import render_comment
from reports.pictures.album import pictures_of
from tests.reports.cases import CASES
