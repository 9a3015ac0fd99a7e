"""The words of Portuguese."""

from __future__ import annotations

from service.language.lexicons import shared
from service.language.lexicons.lexicon import Lexicon
from service.language.wordlist import capitalized, word_set

_STOP_WORDS = word_set(
    """
    a acordo ainda algumas alguns além ao aos apenas apesar após aquela aquele aquilo as assim até cada com como contra
    contudo cuja cujo da das de dela dele deles depois desde dessa desse desta deste do dois dos durante e ela elas ele
    eles em embora enquanto entre entretanto era eram essa essas esse esses esta estas estava este estes está estão eu
    foi foram haver havia há isso isto já lhe lhes mais mas me mesmo meu minha muito muitos na nas nem nessa nesse nesta
    neste no nos nossa nosso num numa nunca não nós o onde os ou outra outras outro outros para pela pelas pelo pelos
    pode podem pois por porque porém quais qual quando quase que quem se segundo seja sem sempre sendo ser será seu seus
    sido sob sobre somente sua suas são também tanto te tem ter tinha toda todas todo todos três tudo tão um uma umas
    uns você vocês à às é
    """
)

LEXICON = Lexicon(
    code="pt",
    stemmer="portuguese",
    stop_words=_STOP_WORDS,
    months=word_set(
        """
        janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro jan fev mar abr mai jun
        jul ago set out nov dez
        """
    ),
    conjunctions=word_set("e ou mas nem porém contudo que porque pois embora quando enquanto se como onde cujo cuja"),
    never_final=shared.INTERNATIONAL_NEVER_FINAL
    | word_set(
        """
        sr sra srs sras srta dra drs dras profa prof eng engª arq exmo exma ilmo ilma rev pe fr d.ª gen cel cap ten sgt
        maj dep sen gov pres av trav pça pç al lgo bl p.ex ex aprox cf obs dir
        """
    ),
    before_number=word_set("art arts n.º nº núm num pág págs p pp vol cap fig inc par tel séc alín ap"),
    may_end=shared.INTERNATIONAL_MAY_END
    | word_set("min etc a.c d.c s.a ltda lda cia e.u.a eua p.s hab reg a.m p.m u.e ed"),
    openers=capitalized(_STOP_WORDS),
    elides=True,
)
