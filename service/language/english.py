"""Word lists for ranking English sentences: stop words and the openings that lean on an earlier sentence. Data only."""

from __future__ import annotations

from service.language.wordlist import words

STOP_WORDS: frozenset[str] = frozenset(
    words("""
    a about above according after again against all almost along already also although always am among an and
    another any anything are aren around as at away back be became because become been before being below
    between both but by came can cannot come could couldn did didn do does doesn doing don done down during
    each either else enough even ever every everything few first for from further get gets getting give given
    go goes going got had hadn has hasn have haven having he her here hers herself him himself his how however
    i if in instead into is isn it its itself just last least less let like ll made make makes many may maybe
    me might mine more most much must my myself near neither never no none nor not nothing now of off often on
    once one only onto or other others our ours ourselves out over own part per perhaps put quite rather re
    really s said same say saying says see several shall she should since so some something soon still such t
    take taken than that the their theirs them themselves then there these they thing things this those though
    through thus to together told too toward towards under until up upon us use used ve very via was wasn way
    we well went were weren what when where whether which while who whole whom whose why will with within
    without won would wouldn yet you your yours yourself
    """)
)

# Openings that point at somebody or something named before ("He said", "Its shares").
PRONOUNS: frozenset[str] = frozenset(
    words("""
    he she it they him her them his hers its their theirs that those this
    """)
)

# Openings that continue a thought, as one word ("But") or several ("As a result").
CONNECTIVES: frozenset[str] = frozenset(
    words("""
    accordingly additionally afterwards also alternatively and another besides both but consequently
    conversely finally furthermore hence however indeed instead likewise meanwhile moreover nevertheless
    nonetheless or otherwise similarly so still subsequently such then thereafter therefore these thus yet
    """)
)
CONNECTIVE_PHRASES: tuple[str, ...] = (
    "as a result",
    "because of this",
    "by contrast",
    "despite this",
    "for example",
    "for instance",
    "in addition",
    "in contrast",
    "in other words",
    "on the other hand",
    "the former",
    "the latter",
    "the same",
)

# "It" is a dummy subject, pointing at nothing, before these ("It remains unclear whether").
DUMMY_SUBJECT_OPENINGS: tuple[str, ...] = (
    "it remains",
    "it is not clear",
    "it is not known",
    "it is unclear",
    "it is likely",
    "it is expected",
    "it was not clear",
    "it was not immediately clear",
    "it was unclear",
    "it was the first",
    "it is the first",
)
