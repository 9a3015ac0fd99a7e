"""The words of Italian."""

from __future__ import annotations

from service.language.lexicons import shared
from service.language.lexicons.lexicon import Lexicon
from service.language.wordlist import capitalized, word_set

_STOP_WORDS = word_set(
    """
    a abbiamo ad agli ai al alcune alcuni all alla alle allo allora anche ancora avere aveva avevano c che chi ci ciò
    coi col come con contro così cui d da dagli dai dal dall dalla dalle dallo degli dei del dell della delle dello
    dentro di dopo dove due durante e ecco ed era erano essere fa fino fra fu già gli ha hanno ho i il in infatti
    inoltre invece io l la le lei li lo loro lui ma mentre mi mia mio molti molto ne negli nei nel nell nella nelle
    nello no noi non nostra nostro o oggi ogni oltre oppure ora per perché perciò però più poi poiché prima proprio può
    qualche quale quali quando quanto quasi quei quella quelle quelli quello questa queste questi questo qui quindi sarà
    se secondo sembra sempre senza si sia siamo solo sono sotto sta stata state stati stato su sua sue sugli sui sul
    sull sulla sulle sullo suo suoi sé tra tu tutta tutte tutti tutto un una uno verso vi voi è
    """
)

LEXICON = Lexicon(
    code="it",
    stemmer="italian",
    stop_words=_STOP_WORDS,
    months=word_set(
        """
        gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre gen feb mar apr
        mag giu lug ago set ott nov dic
        """
    ),
    conjunctions=word_set("e ed o oppure ma però che perché poiché mentre quando se come dove dopo cui quindi né"),
    # "on. Rossi", "dell'avv. Conti"
    never_final=shared.INTERNATIONAL_NEVER_FINAL
    | word_set(
        """
        sig sigg dott avv ing arch geom rag on sen prof proff mons card gen col cap ten mar brig magg egr spett gent ill
        rev p.es es cfr cd c.d ca p.zza v.le fraz loc nr
        """
    ),
    before_number=word_set("art artt n nn num pag pagg p pp vol cap fig par tel all lett sez sent d.lgs d.l dpr"),
    may_end=shared.INTERNATIONAL_MAY_END
    | word_set("SS min ecc etc a.c d.c s.p.a s.r.l s.n.c f.lli u.s ss aa ab p.s n.d.r u.e c.c c.p c.p.c c.p.p"),
    openers=capitalized(_STOP_WORDS),
    elides=True,
)
