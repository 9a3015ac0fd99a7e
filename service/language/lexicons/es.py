"""The words of Spanish."""

from __future__ import annotations

from service.language.lexicons import shared
from service.language.lexicons.lexicon import Lexicon
from service.language.wordlist import capitalized, word_set

_STOP_WORDS = word_set(
    """
    a además ahora al algo alguna algunas alguno algunos ante antes aquel aquella así aunque aún bajo bien cada casi
    como con contra cual cuales cuando cuya cuyo cómo de del desde después donde dos durante e el ella ellas ellos en
    entonces entre era eran es esa esas ese eso esos esta estaba estado estamos estar estas este esto estos está están
    fue fueron ha haber habrá había habían han hasta hay he hoy incluso la las le les lo los luego mas me mediante menos
    mi mientras mis misma mismo mucho muchos muy más ni no nos nosotros nuestra nuestro o otra otras otro otros para
    pero poco por porque puede pueden pues que quien quienes qué se según ser será si sido sin sino sobre solo son su
    sus sí también tampoco tan tanto te tiene tienen toda todas todavía todo todos tras tu tus un una unas uno unos y ya
    yo él ésta éste
    """
)

LEXICON = Lexicon(
    code="es",
    stemmer="spanish",
    stop_words=_STOP_WORDS,
    months=word_set(
        "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre"
    ),
    conjunctions=word_set("y e o u ni pero sino que porque aunque cuando mientras como si pues donde quien cuyo cuya"),
    # "S. M. el Rey"; "EE. UU." and "CC. OO." have their second halves below.
    never_final=shared.INTERNATIONAL_NEVER_FINAL
    | word_set(
        """
        EE CC FF RR S.M sr sra sres sras srta dra dras prof profa dña dª fr excmo excma ilmo ilma rvdo rvda mons gral
        cnel tte cap cmdte sto sta lic ing arq p.ej ej avda av ctra pza pl c/ aprox cía hnos admón dpto ed gob pdte
        """
    ),
    before_number=word_set("art arts núm núms nro n.º nº pág págs p pp vol cap fig inc apdo párr tel tfno ap"),
    may_end=shared.INTERNATIONAL_MAY_END
    | word_set("UU OO AA a.c d.c s.a s.l s.a.u ss.aa ud uds vd vds a.m p.m etc cía r.i.p q.e.p.d s.m hab"),
    openers=capitalized(_STOP_WORDS),
)
