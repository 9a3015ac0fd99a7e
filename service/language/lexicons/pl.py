"""The words of Polish."""

from __future__ import annotations

from service.language.lexicons import shared
from service.language.lexicons.lexicon import Lexicon
from service.language.wordlist import capitalized, word_set

_STOP_WORDS = word_set(
    """
    a aby albo ale ani aż bardzo bez bo bowiem by byli być był była było były będzie będą choć ci co coś czy czyli dla
    dlatego do dziś gdy gdyby gdyż gdzie go i ich ile im inne inny innych ja jak jaki jako je jednak jednym jego jej
    jest jestem jeszcze jeśli jeżeli już ją kiedy kilka kto która które którego której który których którym którzy ku
    lecz lub ma mają mi mnie może można mu my na nad nam nas nawet nich nie niego niej niektóre nim niż no o obok od on
    ona one oni ono oraz pan po pod podczas ponad ponieważ potem poza przed przede przez przy również się sobie swoje
    swój są ta tak taka taki takie także tam te tego tej temu ten teraz to tu tutaj ty tych tylko tym tymczasem u w we
    wiele wielu więc wszyscy wszystko wśród z za zaś ze znów został została zostało zostały że żeby
    """
)

LEXICON = Lexicon(
    code="pl",
    stemmer="polish",
    stop_words=_STOP_WORDS,
    months=word_set(
        """
        styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień stycznia lutego
        marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
        """
    ),
    conjunctions=word_set(
        "i oraz a ale lecz albo lub bo że żeby aby który która które gdy kiedy choć jeśli więc gdzie"
    ),
    never_final=shared.INTERNATIONAL_NEVER_FINAL
    | word_set(
        """
        prof hab inż mgr lek red dyr prez gen płk ppłk mjr kpt por ppor sierż chor asp kom nadkom insp ks bp abp kard
        o.o św bł ś.p śp ul al pl os woj pow gm np m.in tj tzn tzw zwł ok wg por zob ww pt ang łac niem ros fr wł przew
        sekr wiceprez zast
        """
    ),
    before_number=word_set("art ust pkt poz nr str rozdz rys tab vol dz par lit tel godz zał"),
    may_end=shared.INTERNATIONAL_MAY_END
    | word_set("im min itd itp i.in in s.a z.o.o b.r br ub bm n.e p.n.e n.p.m rr ww tys proc gr mies tyg cdn a.d"),
    openers=capitalized(_STOP_WORDS),
    # "w 1. lidze" goes by its small letter; "w 2. Lidze Mistrzów" needs the noun. Rulers go without: "Jan Paweł II".
    ordinals_have_full_stop=True,
    ordinal_nouns=word_set(
        "Liga Ligi Lidze Ligę Dywizja Dywizji Armia Armii Korpus Korpusu Festiwal Festiwalu Kongres Kongresu Pułk Pułku"
    ),
)
