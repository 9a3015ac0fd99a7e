"""The words of English."""

from __future__ import annotations

from service.language.lexicons import shared
from service.language.lexicons.lexicon import Lexicon
from service.language.wordlist import phrases, word_set

LEXICON = Lexicon(
    code="en",
    stemmer="english",
    stop_words=word_set(
        """
        a about above according after again against all almost along already also although always am among an and
        another any anything are aren around as at away back be became because become been before being below between
        both but by came can cannot come could couldn did didn do does doesn doing don done down during each either else
        enough even ever every everything few first for from further get gets getting give given go goes going got had
        hadn has hasn have haven having he her here hers herself him himself his how however i if in instead into is isn
        it its itself just last least less let like ll made make makes many may maybe me might mine more most much must
        my myself near neither never no none nor not nothing now of off often on once one only onto or other others our
        ours ourselves out over own part per perhaps put quite rather re really s said same say saying says see several
        shall she should since so some something soon still such t take taken than that the their theirs them themselves
        then there these they thing things this those though through thus to together told too toward towards under
        until up upon us use used ve very via was wasn way we well went were weren what when where whether which while
        who whole whom whose why will with within without won would wouldn yet you your yours yourself
        """
    ),
    months=word_set(
        """
        January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul
        Aug Sep Sept Oct Nov Dec
        """
    ),
    conjunctions=word_set(
        """
        and or but nor because that which who whom whose when while although though since if whereas after before until
        unless where so
        """
    ),
    # --- segmentation
    leading=word_set(
        """
        a an the of to at by for from with and or nor than whose its their our my your
        into onto amid among against between
        """
    ),
    street_endings=("str",),  # English copy names German streets: "the school at Lindenstr. 12 stays closed"
    never_final=shared.NEVER_FINAL
    | word_set(
        """
        lt maj cpl sgt pvt capt cmdr brig supt insp cpt cllr asst dept viz wm chas thos gdr
        """
    ),
    titles=word_set("adm det gen geo gov mx pres rep reps sen sens"),
    lower_case_only=word_set("al max med nat phil"),
    before_number=word_set(
        """
        no nos p pp pg vol vols ch chap fig figs art sec para op nr eq ext
        """
    ),
    may_end=shared.MAY_END
    | word_set(
        """
        ave blvd rd hwy esq assn bldg bn mn tn oz lb lbs sq hr hrs mins secs yr yrs cos intl natl govt univ m.p d.a
        g.o.p c.e.o p.s r.i.p a.k.a w.h.o eds ret incl n.y n.j n.h n.c n.d s.c s.d n.m r.i w.va
        """
    ),
    may_end_names=shared.MONTHS_SHORT
    | word_set(
        """
        ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa
        penn tenn tex va vt wash wis wyo ont que alta mon tue tues wed thu thur thurs fri sat sun col amb atty apt
        """
    ),
    openers=word_set(
        """
        The A An He She It They We I You This That These Those There Here His Her Its Their Our My Your In On At By For
        From With Without Within To As After Before When While If But And Or Nor So Yet Although Though Because Since
        Until Unless Despite During Through Throughout Under Over Among Amid Between Beyond Against Across About Around
        Along Like Unlike Into Of Off Out Up Some Many Most Much More Few Several All Any Both Each Every Either Neither
        No None Not Nothing Nobody Yes One Two Three Four Five Other Others Another Such Same What Who Whom Whose Which
        Why How Where Whether However Meanwhile According Also Even Just Only Still Then Now Today Yesterday Tonight
        Once Again Already Always Never Often Sometimes Perhaps Maybe Instead Indeed Moreover Furthermore Nevertheless
        Nonetheless Therefore Thus Hence Otherwise Additionally Finally Eventually Currently Recently Earlier Later Last
        Next First Second Third Is Are Was Were Has Have Had Do Does Did Can Could Will Would Should May Might Must Let
        It's He's She's They're We're I'm I've You're That's There's What's Don't Didn't Asked Given Based Following
        Including Regarding Nearly Almost Overall Him Them Us Me Everyone Everything Someone Something Anyone Anything
        """
    ),
    speech_verbs=word_set(
        """
        said says say asked asks ask added adds wrote writes shouted shouts replied replies cried cries told tells
        exclaimed wondered wonders yelled joked tweeted continued explained recalled demanded insisted declared quipped
        laughed screamed responded
        """
    ),
    times=frozenset({"a.m", "p.m"}),
    after_time=word_set(
        """
        Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thurs Fri Sat Sun Eastern Central
        Pacific Mountain Greenwich London Moscow Beijing Tokyo ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT UTC BST
        CET CEST IST JST
        """
    ),
    # --- ranking
    # "He said", "Its shares".
    pronoun_openings=word_set(
        """
        he she it they him her them his hers its their theirs that those this
        """
    ),
    dummy_openings=phrases(
        """
        it remains
        it is not clear
        it is not known
        it is unclear
        it is likely
        it is expected
        it was not clear
        it was not immediately clear
        it was unclear
        it was the first
        it is the first
        """
    ),
    connective_openings=word_set(
        """
        accordingly additionally afterwards also alternatively and another besides both but consequently conversely
        finally furthermore hence however indeed instead likewise meanwhile moreover nevertheless nonetheless or
        otherwise similarly so still subsequently such then thereafter therefore these thus yet
        """
    )
    | phrases(
        """
        as a result
        because of this
        by contrast
        despite this
        for example
        for instance
        in addition
        in contrast
        in other words
        on the other hand
        the former
        the latter
        the same
        """
    ),
    anaphors=frozenset({"of them"}),
    demonstratives=frozenset({"this", "these", "those"}),
    after_demonstrative=word_set(
        """
        week month year summer winter autumn spring morning afternoon evening who
        """
    ),
    first_person=frozenset({"I", "we", "our", "us", "my"}),
    time_words=frozenset({"am", "pm", "a.m", "p.m"}),
    age=r"[\s-]years?[\s-]old",
    aged_opening=r"The\s+\d+-year-old\b",
    response=r"""
      den(?:y|ied|ies|ying) | denials? | reject(?:s|ed|ing)? | disput(?:es|ed|ing) | refut(?:es|ed|ing)
      | contradict(?:s|ed) | declined\s+to | refused\s+to\s+comment | no\s+comment
      | not\b[^.]{0,40}\b(?:respond|responded|comment|commented|reacted)
      | (?:however|but)\b[^.]{0,80}\b(?:not|no|never)\b
    """,
    furniture=r"""
      (?:photos?|pictures?|images?|graphics?|credits?|sources?|updated|published|author)\s*(?::|/\s)
      | (?:photo|image|picture)\s+(?:by|credit|courtesy)\b
      | (?:read|see|watch|listen)\s+(?:more|also|next|now)\b
      | (?:related|recommended|more\s+on\s+this(?:\s+story)?|most\s+read)\s*(?::|$)
      | (?:click|tap)\s+here\b
      | (?:sign\s+up|subscribe|register)\b.*\b(?:newsletter|newsletters|now|here|today|channel)\b
      | follow\s+us\b
      | (?:advertisement|sponsored)\s*(?::|$)
    """,
    furniture_anywhere=r"all\s+rights\s+reserved",
    byline=frozenset({"By"}),
)
