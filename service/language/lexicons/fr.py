"""The words of French."""

from __future__ import annotations

from service.language.lexicons import shared
from service.language.lexicons.lexicon import Lexicon
from service.language.wordlist import capitalized, word_set

_STOP_WORDS = word_set(
    """
    a afin ai ainsi alors après au aucun aucune aujourd aura aurait aussi autre autres aux avaient avait avant avec
    avoir c ce ceci cela celle celles celui cependant ces cet cette ceux chaque chez comme contre d dans de depuis des
    deux dit doit donc dont du durant elle elles en encore entre est et eu eux faire fait font il ils j je jusqu l la le
    les leur leurs lors lorsque lui là m ma mais malgré me mes moins mon même n ne ni non nos notre nous on ont ou où
    par parce parmi pas pendant peu peut peuvent plus plusieurs pour pourquoi pourrait pourtant puis puisque qu quand
    que quel quelle quelles quelques quels qui quoi s sa sans se selon sera serait ses si soit son sont sous sur ta te
    tes toujours tous tout toute toutefois toutes très tu un une vers voici voilà vos votre vous y à ça étaient était
    étant été être
    """
)

LEXICON = Lexicon(
    code="fr",
    stemmer="french",
    stop_words=_STOP_WORDS,
    months=word_set(
        """
        janvier février mars avril mai juin juillet août septembre octobre novembre décembre janv févr avr juil sept oct
        nov déc
        """
    ),
    conjunctions=word_set("et ou mais car donc or ni que qui dont où quand lorsque puisque comme si alors tandis"),
    # "M. Le Pen", "MM. Petit et Roux": elsewhere a capital before a full stop and "Le" would end a sentence.
    never_final=shared.INTERNATIONAL_NEVER_FINAL
    | word_set(
        """
        M MM mgr mme mmes mlle mlles p.ex ex c.-à-d cad env bd av fbg all bât dép réf ibid rév cne lt sgt gal vve ss
        """
    ),
    before_number=word_set("art no nos n° p pp vol t chap fig al par ch éd tél paragr alin arr"),
    may_end=shared.INTERNATIONAL_MAY_END
    | word_set("etc s.a s.a.r.l j.-c apr apr.j.-c av.j.-c n.d.l.r hab h.t t.t.c p.-s r.-v s.v.p suiv"),
    openers=capitalized(_STOP_WORDS),
    elides=True,
)
