"""Words that sentence segmentation has to know: abbreviations, sentence openers, months. Data only, no decisions.

Abbreviations are stored without their final full stop, lower-case, and without the space that some writers put inside
("z. B." and "z.B." are both "z.b").
"""

from __future__ import annotations

from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What one language contributes.

    `never_final`: always bound to the next word ("Dr.", "z. B.").
    `before_number`: an abbreviation only when a number follows ("No. 5"), otherwise an ordinary word.
    `street_endings`: end the name of a street when a house number follows ("Lindenstr. 12").
    `may_end`: can stand inside a sentence or at its end ("U.S.", "Inc.", "usw."); the next word decides.
    `may_end_names`: the same, but only when capitalized ("Mass.", "Sun."); in lower case they are ordinary words.
    `openers`: words that are capitalized only because a sentence begins with them, which makes them good evidence.
    `months`, `ordinal_nouns`: what follows an ordinal ("4. November", "2. Bundesliga").
    `before_ordinal`: words an ordinal follows ("am 4.", "der 16.").
    `speech_verbs`: after a quoted question and a name, these make the name part of the same sentence.
    `after_time`: what continues a sentence after "5 p.m.", although it is capitalized.
    `conjunctions`: lower-case words that a clause begins with.
    `nouns_capitalized`: a capital says little about where a sentence begins.
    """

    never_final: frozenset[str]
    before_number: frozenset[str]
    may_end: frozenset[str]
    street_endings: tuple[str, ...] = ()
    may_end_names: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()
    ordinal_nouns: frozenset[str] = frozenset()
    before_ordinal: frozenset[str] = frozenset()
    speech_verbs: frozenset[str] = frozenset()
    after_time: frozenset[str] = frozenset()
    conjunctions: frozenset[str] = frozenset()
    ordinals_have_full_stop: bool = False
    nouns_capitalized: bool = False


# Proper names that end in a mark, and what follows when such a name is part of a longer one: "Yahoo! Inc".
NAMES_WITH_MARK = _words("yahoo jeopardy joomla wham yum")
COMPANY_FORMS = _words("Inc Ltd Corp LLC PLC AG GmbH SE Group Holdings Japan Europe Deutschland")
# What a Roman numeral counts other than rulers and popes: no ordinal, so its full stop ends the sentence.
NUMBERED_THINGS = _words("band teil weltkrieg hartz kapitel akt artikel abschnitt stufe typ klasse buch")
# Units are written without a full stop, so one that follows them ends the sentence.
UNITS = _words("kg km cm mm ml mg kw mw gw kwh hz khz mhz ghz kb mb gb tb km/h db")

_SHARED_NEVER = _words(
    """dr prof mr mrs ms mme mlle messrs st ste vs cf approx ca bzw resp dipl rer habil rev mt e.g i.e z.b d.h i.d.r
        u.a hon fr univ-prof"""
)
_SHARED_MAY_END = _words(
    """inc ltd corp co jr sr etc bros al phil med jur nat ing ft u.s u.k u.n e.u u.s.a u.a.e d.c p.m a.m ph.d m.d b.a
        m.a j.d a.d b.c l.a n.y min max est tel"""
)
_MONTHS_SHORT = _words("jan feb mar mär apr jun jul aug sep sept oct okt nov dec dez")

GERMAN = Lexicon(
    never_final=_SHARED_NEVER
    | _words(
        """z.bsp i.a i.v o.g s.o s.u u.u v.a z.t z.zt z.hd m.e m.w v.l n.l v.l.n.r sog bspw beispielsw insb insbes vgl
        evtl ggf gem lt hl inkl exkl einschl zzgl abzgl ungef allg amtl angebl ausschl betr börsl dtsch ehem eigtl
        entspr geb gest verst verh hrsg lfd mtl jährl max mind norddt süddt stellv telef tgl techn urspr vorl wg zit
        zus zw frl hr exz kard msgr obst oblt maj uffz lic dres ev-luth röm preuß österr d.i v.chr m.a.w"""
    ),
    before_number=_words(
        "nr nrn no zi abs art ziff kap bd abb tab anm aufl jg jh s seite rn rz fn az pos tel str hs ff §"
    ),
    may_end=_SHARED_MAY_END
    | _words(
        """usw usf uvm u.ä o.ä u.v.m u.a.m u.v.a u.dgl dgl a.d a.a.o n.chr e.v p.a i.r i.l mio mrd mill tsd bio std stdn
        sek str pl ges geschl verf red ders jhd jh jhdt jahrh bhf hbf abt mwst gym präs vors dir stk ev kath chr mag"""
    ),
    street_endings=("str", "pl"),
    may_end_names=_MONTHS_SHORT,
    openers=_words(
        """Der Die Das Dem Den Des Ein Eine Einen Einem Einer Eines Er Sie Es Wir Ich Ihr Du Man Wer Was Wie Wo Woher
        Wohin Warum Weshalb Wieso Wann Welche Welcher Welches Wem Wen Dies Diese Dieser Dieses Diesen Diesem Jene
        Jener Jenes Jenen Derzeit Derartige Solche Solcher In Im Ins Am An Ans Auf Aus Bei Beim Bis Durch Für Gegen
        Gegenüber Mit Mithilfe Nach Nachdem Neben Ohne Seit Seitdem Statt Anstatt Trotz Um Unter Vom Von Vor Während
        Wegen Zu Zum Zur Zwischen Über Ab Außer Innerhalb Außerhalb Laut Entlang Dank Angesichts Aufgrund Infolge
        Anlässlich Und Oder Aber Doch Denn Sondern Auch Als Also Da Dabei Dadurch Dafür Dagegen Daher Damit Danach
        Daneben Dann Daran Darauf Daraufhin Daraus Darin Darüber Darum Darunter Davon Davor Dazu Dort Dorthin Hier
        Hierbei Hierfür Hierzu Heute Gestern Morgen Jetzt Nun Noch Nur Nicht Nichts Nie Niemand Niemals So Sofern
        Sofort Sowohl Sowie Sobald Solange Soweit Wenn Weil Obwohl Ob Falls Weder Entweder Alle Allen Aller Alles
        Allein Beide Beiden Viele Vieles Mehr Mehrere Einige Einiges Manche Mancher Manchmal Kein Keine Keiner Keinen
        Jeder Jede Jedes Jeden Jedem Jemand Etwas Genau Sein Seine Seinen Seiner Seinem Seines Ihre Ihren Ihrer Ihrem
        Ihres Unser Unsere Unseren Mein Meine Dein Deine Mich Mir Ihm Ihn Ihnen Uns Zudem Außerdem Allerdings Jedoch
        Dennoch Deshalb Deswegen Trotzdem Schließlich Inzwischen Mittlerweile Bereits Bisher Schon Erst Erstmals Immer
        Wieder Sogar Zwar Ja Nein Dass Zunächst Zuvor Zuletzt Zusätzlich Insgesamt Insbesondere Besonders Lediglich
        Jedenfalls Möglicherweise Wahrscheinlich Vielleicht Natürlich Gleichzeitig Später Bald Oft Ebenfalls Ebenso
        Eigentlich Tatsächlich Dessen Deren Somit Sonst Stattdessen Weitere Weiter Weiterhin Ursprünglich Anschließend
        Hingegen Hinzu Hinter Rund Etwa Kurz Seitens Wobei Womit Ist Sind War Waren Hat Haben Hatte Wird Werden Kann
        Können Gibt"""
    ),
    months=_words(
        """Januar Jänner Februar Feber März April Mai Juni Juli August September Oktober November Dezember Jan Feb Mär
        Apr Jun Jul Aug Sep Sept Okt Nov Dez"""
    ),
    ordinal_nouns=_words(
        """Platz Liga Bundesliga Oberliga Mannschaft Minute Runde Jahrhundert Jahrhunderts Jahrestag Geburtstag
        Hochzeitstag Todestag Spieltag Spielminute Weltkrieg Weltkriegs Weltkrieges FC SC FSV FFC Lebensjahr Klasse
        Etage Stock Stockwerk Mal Rang Auflage Ausgabe Kapitel Akt Etappe Quartal Halbjahr Halbzeit Tag Jahr Woche
        Monat Stunde Sitzung Vorsitzende Vorsitzender Bürgermeister Senat Strafsenat Zivilsenat Kammer Division Armee
        Parteitag Kongress Bundestag Saison Staffel Folge Satz Loch Breitengrad Längengrad Advent Wahlperiode
        Legislaturperiode Arrondissement Vollversammlung Berlinale Filmfestspiele Obergeschoss Untergeschoss OG UG"""
    ),
    before_ordinal=_words(
        """am der dem den des das die zum zur vom im ins bis ab seit jeder jede jedes jeden jedem und oder sowie beim
        nach vor auf ein eine einen einem einer eines sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer unser
        unsere unseren unserem unserer mein meine meinen meinem meiner dieser diese dieses diesen diesem montag
        dienstag mittwoch donnerstag freitag samstag sonnabend sonntag zwischen etwa ans aufs gegen anfang ende mitte
        als an"""
    ),
    conjunctions=_words(
        """und oder aber denn sondern sowie weil dass ob wenn als obwohl obgleich während nachdem bevor damit wobei
        wodurch sodass falls sobald solange indem womit weshalb jedoch"""
    ),
    ordinals_have_full_stop=True,
    nouns_capitalized=True,
)

ENGLISH = Lexicon(
    never_final=_SHARED_NEVER
    | _words(
        """rep reps sen sens gov gen lt maj cpl sgt pvt capt cmdr adm brig supt det insp cpt cllr pres asst dept viz wm
        geo chas thos gdr mx"""
    ),
    before_number=_words("no nos p pp pg vol vols ch chap fig figs art sec para op nr eq ext"),
    may_end=_SHARED_MAY_END
    | _words(
        """ave blvd rd hwy esq assn bldg bn mn tn mph oz lb lbs sq hr hrs mins secs yr yrs cos intl natl govt univ m.p
        d.a g.o.p c.e.o p.s r.i.p a.k.a w.h.o eds ret incl n.y n.j n.h n.c n.d s.c s.d n.m r.i w.va"""
    ),
    may_end_names=_MONTHS_SHORT
    | _words(
        """ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa
        penn tenn tex va vt wash wis wyo ont que alta mon tue tues wed thu thur thurs fri sat sun col amb atty apt"""
    ),
    openers=_words(
        """The A An He She It They We I You This That These Those There Here His Her Its Their Our My Your In On At By
        For From With Without Within To As After Before When While If But And Or Nor So Yet Although Though Because
        Since Until Unless Despite During Through Throughout Under Over Among Amid Between Beyond Against Across About
        Around Along Like Unlike Into Of Off Out Up Some Many Most Much More Few Several All Any Both Each Every
        Either Neither No None Not Nothing Nobody Yes One Two Three Four Five Other Others Another Such Same What Who
        Whom Whose Which Why How Where Whether However Meanwhile According Also Even Just Only Still Then Now Today
        Yesterday Tonight Once Again Already Always Never Often Sometimes Perhaps Maybe Instead Indeed Moreover
        Furthermore Nevertheless Nonetheless Therefore Thus Hence Otherwise Additionally Finally Eventually Currently
        Recently Earlier Later Last Next First Second Third Is Are Was Were Has Have Had Do Does Did Can Could Will
        Would Should May Might Must Let It's He's She's They're We're I'm I've You're That's There's What's Don't
        Didn't Asked Given Based Following Including Regarding Nearly Almost Overall Him Them Us Me Everyone
        Everything Someone Something Anyone Anything"""
    ),
    months=_words(
        """January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul
        Aug Sep Sept Oct Nov Dec"""
    ),
    speech_verbs=_words(
        """said says say asked asks ask added adds wrote writes shouted shouts replied replies cried cries told tells
        exclaimed wondered wonders yelled joked tweeted continued explained recalled demanded insisted declared
        quipped laughed screamed responded"""
    ),
    after_time=_words(
        """Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thurs Fri Sat Sun Eastern
        Central Pacific Mountain Greenwich London Moscow Beijing Tokyo ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT
        UTC BST CET CEST IST JST"""
    ),
    conjunctions=_words(
        """and or but nor because that which who whom whose when while although though since if whereas after before
        until unless where so"""
    ),
)

# For all other languages: what German and English agree on, so that titles and initials still work.
FALLBACK = Lexicon(
    never_final=_SHARED_NEVER, before_number=_words("no nr art abs p pp vol s n°"), may_end=_SHARED_MAY_END
)

_LEXICONS = {"de": GERMAN, "en": ENGLISH}


def lexicon(language: str) -> Lexicon:
    """The lexicon for a BCP 47 code ("de", "de-AT"); the fallback for languages without their own."""
    return _LEXICONS.get(language.replace("_", "-").split("-", 1)[0].lower(), FALLBACK)
