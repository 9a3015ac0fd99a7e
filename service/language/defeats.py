"""Words that tell a score from the side of those who lost: German may say "nach dem 0:4" of a 4-0 defeat."""

from __future__ import annotations

import re

DEFEAT = re.compile(
    r"defeat|\blost\b|\blos(?:e|es|ing|s|ses)\b|beat|\bfell\b|\bdown\b|\btrail|conced|routed|thrash|hammered"
    r"|niederlage|verlor|verlier|unterl[aei]|pleite|schlappe|klatsche|geschlagen|besiegt|rückstand|debakel",
    re.IGNORECASE,
)
"""Of German and English, whichever the text is in."""
