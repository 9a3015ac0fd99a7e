"""The words of Dutch."""

from __future__ import annotations

from service.language.lexicons import shared
from service.language.lexicons.lexicon import Lexicon
from service.language.wordlist import capitalized, word_set

_STOP_WORDS = word_set(
    """
    aan achter al alle alleen als ander andere anders ben bent bij bijna binnen daar daarmee daarna daarom dan dat de
    deze die dit doen door dus echter een eens eerst eerste elk elke en enkele er eruit even gaan gaat ge geen had
    hadden hare hebben heeft heel hen het hier hij hoe hoewel hun ieder iedereen iemand iets ik in intussen is ja je jij
    jou jouw jullie kan kon konden kunnen maar mag me meer men met mijn minder moest moet moeten na naar namelijk net
    niet niets nog nooit nu of om omdat ook op over per rond sinds sommige sommigen te tegen ten ter terwijl tijdens
    toch toen tot tussen twee u uit uw van vanaf veel via volgens voor vooral waar waarbij waarin waarom wanneer waren
    was wat we weer wel welke werd werden wie wij wil word worden wordt zal ze zei zelf zich zij zijn zo zoals zodat
    zonder zou zouden zowel zulke
    """
)

LEXICON = Lexicon(
    code="nl",
    stemmer="dutch",
    stop_words=_STOP_WORDS,
    months=word_set(
        """
        januari februari maart april mei juni juli augustus september oktober november december jan feb mrt apr jun jul
        aug sept okt nov dec
        """
    ),
    conjunctions=word_set("en of maar want dus dat omdat terwijl toen als wanneer hoewel zodat die wie waar voordat"),
    # "dhr. De Vries", "o.a. Ajax"
    never_final=shared.INTERNATIONAL_NEVER_FINAL
    | word_set(
        """
        dhr mevr mw mej drs ir ing mr prof dr ds bijv bv b.v bijvb o.a o.m d.w.z m.a.w m.b.t m.n i.p.v i.v.m t.a.v t.o.v
        t.w n.a.v z.g zgn zg ca resp vgl nl incl excl evt plm gem gen kol kapt lt sgt burg m.i.v t.b.v w.o a.d a.h.w
        """
    ),
    before_number=word_set("art artt nr nrs no blz p pp hfst hoofdst afb fig tab par tel jg bijl"),
    # "B.V." is a firm, "b.v." means "for example".
    may_end=shared.INTERNATIONAL_MAY_END
    | word_set("min B.V N.V enz e.d e.a etc jl a.s j.l l.l a.u.b e.v n.v v.chr n.chr chr mln mld u.s p.s jr sr sec"),
    # "'s Avonds bleef het stil." begins with a word that has lost its beginning.
    openers=capitalized(_STOP_WORDS) | frozenset({"'s", "'t", "'n", "'k"}),
)
