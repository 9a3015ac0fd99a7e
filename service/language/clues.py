"""What tells a language: its commonest words, its letters, how its words begin and end, its script. Data only.

Chosen by hand. A clue stands with every language that it is common in ("in" with German, English, Italian and Dutch),
so that it speaks against the rest only. The languages below the line are rarely asked for; without their words Danish
would pass for German, whose "der", "den" and "er" it shares, and Catalan for Spanish.
"""

from __future__ import annotations

from service.language.wordlist import words

WORDS: dict[str, tuple[str, ...]] = {
    "de": words("""
        der die das dem den des ein eine einen einem einer eines und oder aber doch denn sondern nicht kein keine
        keinen keiner ich du er sie es wir ihr ihm ihn ihnen uns euch mich mir dich dir sich sein seine seinen seinem
        seiner ihre ihren ihrem ihrer unser unsere unseren mein meine in im ins an am auf aus bei beim mit nach von
        vom vor zu zum zur für über unter durch gegen ohne um bis seit wegen zwischen während trotz laut ist sind war
        waren wird werden wurde wurden worden hat haben hatte hatten kann können konnte muss müssen soll sollen sollte
        will wollen darf dürfen mag bin bist habe wäre würde hätte als wie wenn weil dass daß ob was wer wo wann warum
        weshalb auch noch schon nur so sehr mehr viel viele wenig hier dort da dann nun jetzt immer wieder nie man
        alle alles allem aller allen andere anderen anders etwas nichts jede jeder jedes jeden jedem diese dieser
        dieses diesem diesen welche welcher sagte sagt gibt geht kommt macht steht lässt bleibt neue neuer neues neuen
        erste ersten erster zwei drei vier fünf sechs sieben acht neun zehn nachdem damit dabei dazu davon dafür daran
        darauf darum deshalb jedoch bereits heute gestern morgen rund etwa zwar also weiter weitere gut gute guter
        gutes große großen großer kleine allerdings erstmals damals fast kaum schließlich denen deren dessen
        daher deswegen außerdem zudem bisher inzwischen derzeit zunächst zuletzt vielleicht natürlich eigentlich ganz
        genau selbst sogar bald ebenfalls eher weder sowie mal lange wurden beide beiden solche solchen eigene eigenen
        meisten wollte müsse könne solle sei seien hätten wären ließ kam ging stand gab fand blieb zeigt fordert warnt
        droht startet sucht trifft gewinnt verliert
        """),
    "en": words("""
        the of and to a an in is are was were be been being has have had do does did not it its he she they we you i
        me him her them us his their our your my this that these those there here for on at by from with about after
        before into over under against between through during without within as but or if because when while where
        who what which why how than then so no all any some more most other will would can could may might should must
        up out off down just only also now first one two three four five six seven eight nine ten says said very
        too both each such even still yet
        back get gets make makes made take takes
        war man don't doesn't didn't won't can't isn't wasn't it's i'm he's that's there's we're they're 's per again
        never however still since among around another though whether always well like many much few own same until
        those according people year years day days week time world news government police become became went came know
        think want need wants calls warns wins beats hits kills killed dies dead death rise rises set amid
        """),
    "fr": words("""
        le la les l' un une des du de d' au aux et ou mais donc ne pas n' plus que qu' qui quoi dont où ce cet cette
        ces c' il elle ils elles on je j' tu nous vous se s' me son sa ses leur leurs notre nos votre vos mon ma mes
        dans en sur sous par pour avec sans chez entre vers depuis pendant après avant contre est sont était étaient
        être a ont avait avoir fait sera été peut doit à y si comme quand comment pourquoi aussi très tout tous toute
        toutes deux trois selon ainsi encore même rien jamais face premier première nouveau nouvelle lors
        """),
    "es": words("""
        el la los las un una unos unas de del al y e o pero no ni que qué quién cómo por para con sin en sobre entre
        hasta desde hacia contra tras según es son era fue ser está están ha han había hay se su sus lo le les me mi
        tu nos como más muy ya si cuando donde este esta estos estas ese esa eso todo todos todas también porque pero
        dos tres tiene nuevo nueva primer primera hace años ante
        """),
    "it": words("""
        il lo la gli le i l' un uno una un' di del dello della dei degli delle dell' da dal dalla dall' a al allo alla
        ai alle all' in nel nella nei nelle nell' su sul sulla sui sulle sull' con per tra fra e ed o ma non né che
        chi cosa come dove quando perché è sono era ha hanno aveva essere stato stata si ci se suo sua suoi loro mio
        questo questa questi queste quello anche più molto già ancora due tre dopo prima contro senza nuovo nuova
        ecco
        """),
    "nl": words("""
        de het een van en in op te ten ter voor met aan bij uit naar over om door tegen onder tussen na tot zonder
        tijdens is zijn was waren wordt worden werd werden heeft hebben had kan kunnen moet moeten zal zou wil gaat
        komt niet geen er ik je jij hij zij ze we wij jullie u hem haar hun ons onze mijn zich dat die dit deze als
        dan maar of want omdat wat wie waar waarom hoe wanneer ook nog al wel meer veel weer nu hier daar nieuwe
        nieuw eerste twee drie zegt blijft naar nooit
        """),
    "pl": words("""
        i w we z ze na do od o u po za przed przy przez dla pod nad bez między oraz a ale lub albo czy nie jest są był
        była było były być będzie będą ma mają to ten ta te tego tej tych tym co kto kiedy gdzie jak dlaczego który
        która które których że żeby gdy się jego jej ich mu on ona oni już tylko także też jeszcze bardzo może można
        ponad lat dwa trzy nowy nowe nowa więcej
        """),
    "pt": words("""
        o a os as um uma uns umas de do da dos das em no na nos nas ao à aos às por pelo pela para com sem sobre entre
        até desde contra e ou mas não nem que quem como quando onde porque é são era foi ser está estão tem têm ha há
        havia se seu sua seus suas ele ela eles mais muito já também este esta isso isto todo todos dois três novo
        nova após diz
        """),
    "uk": words("""
        і й та в у на з із зі до від за про по для при під над без через між а але або чи не ні що як це цей ця ці той
        є був була було були бути буде його її їх він вона вони ми ви я який яка яке які коли де хто чому вже ще тільки
        також після більше
        """),
    "ru": words("""
        и в во на с со к о об от до за по для при под над без через между а но или не ни что как это этот эта эти тот
        был была было были быть будет его её ее их он она они мы вы я который которая которые когда где кто почему
        уже ещё еще только также после более из
        """),
    # ------------------------------------------------------------------------------------------------------------
    "af": words("die die van en in is het nie om te vir op met aan wat sy hy dit was as deur sal kan ook word na by"),
    "ca": words("""
        el la els les l' un una uns unes de del dels d' a al als en i o però no que per amb sense sobre entre és són
        era va ha han hi es se s' seu seva seus més molt com quan on aquest aquesta també ja dos pel pels
        """),
    "cs": words("""
        a i v ve z ze na do od o u po za před při pro pod nad bez mezi ale nebo ani že co kdo kdy kde jak proč který
        která které je jsou byl byla bylo být bude má mají to ten ta se si jeho její jejich už jen také ještě více
        """),
    "da": words("""
        og i på af til for med fra om ved efter mod under over en et den det de der som at er var har havde kan skal
        vil ikke jeg du han hun vi sig sin sit men eller når hvor hvad hvem også nu to ny nye blev bliver være
        """),
    "fi": words("""
        ja on ei oli ovat se ne hän he että mutta tai kun jos kuin myös joka jotka mitä mikä kuka missä niin vain vielä
        nyt jo yli alle ennen jälkeen kanssa mukaan ole olla
        """),
    "hr": words("""
        i u na s sa za od do o po iz pri pod nad bez a ali ili ne ni da što kako je su bio bila bilo biti će se koji
        koja koje to taj ta njegov njezin već samo još nakon više kao
        """),
    "hu": words(
        "a az egy és is nem de hogy ha mert meg már csak még volt van lesz ki mi el be fel le után alatt szerint mint"
    ),
    "no": words("""
        og i på av til for med fra om ved etter mot under over en et ei den det de der som at er var har hadde kan
        skal vil ikke jeg du han hun vi seg sin sitt men eller når hvor hva hvem også nå to ny nye ble blir være
        """),
    "ro": words("""
        și şi în la de din cu pe pentru prin după sub fără între a al ale o un unei unui nu ce care cine este sunt
        era au am fi fost va se să că mai dar sau când unde cum
        """),
    "sk": words("""
        a i v vo z zo na do od o u po za pred pri pre pod nad bez medzi ale alebo ani že čo kto kedy kde ako prečo
        ktorý ktorá ktoré je sú bol bola bolo byť bude má majú to ten ta sa si jeho jej ich už len tiež ešte viac
        """),
    "sv": words("""
        och i på av till för med från om vid efter mot under över en ett den det de som att är var har hade kan ska
        vill inte jag du han hon vi sig sin sitt men eller när där vad vem också nu två ny nya blev blir vara
        """),
    "tr": words(
        "bir ve bu da de ile için çok daha ne o gibi ama en olarak olan oldu var yok değil kadar sonra göre mi"
    ),
}

LETTERS: dict[str, tuple[str, ...]] = {
    "de": words("ä ö ü ß"),
    "fr": words("é è ê ë à â ç î ï ô û ù œ"),
    "es": words("á é í ó ú ñ ¿ ¡"),
    "it": words("à è é ì ò ù"),
    "nl": words("ë ï"),
    "pl": words("ą ć ę ł ń ó ś ź ż"),
    "pt": words("á é í ó ú â ê ô ã õ ç à"),
    "uk": words("і ї є ґ"),
    "ru": words("ы э ё ъ"),
    # ------------------------------------------------------------------------------------------------------------
    "bg": words("ъ щ"),
    "ca": words("à è é í ò ó ú ç ·"),
    "cs": words("á é í ó ú ý č ď ě ň ř š ť ů ž"),
    "da": words("æ ø å"),
    "fi": words("ä ö"),
    "hr": words("č ć đ š ž"),
    "hu": words("á é í ó ú ö ü ő ű"),
    "no": words("æ ø å"),
    "ro": words("ă â î ș ş ț ţ"),
    "sk": words("á é í ó ú ý ä č ď ľ ĺ ň ô ŕ š ť ž"),
    "sv": words("å ä ö"),
    "tr": words("ç ğ ı ö ş ü"),
}

# Of words of four letters or more that aren't function words. Only languages that have no letters of their own, or
# are close to one that has none: what the rest look like is left to the model.
BEGINNINGS: dict[str, tuple[str, ...]] = {
    "de": words("sch ver ge be auf aus ein zer ent vor zu zw über unter wei"),
    "en": words("th wh kn wr sh ea ov"),
    "fr": words("dé ré éc pré"),
    "it": words("sc gi gu svi agg"),
    "nl": words("ge be ver uit ui aan ont toe voo sch on zw oo ee"),
    "pl": words("prz wy sz cz dz wsz roz nie pod"),
}
ENDINGS: dict[str, tuple[str, ...]] = {
    "de": words("""
        ung ungen eit ät aft ich isch ische ischen ig ige igen sch cht chte cht gt lt ft tzt ert en ern ten ß eln tz
        uch ag ruf haus chef dings mals seits wärts weise
        """),
    "en": words("""
        ing ings ed ly ght ts rs ds ks ys ms ness ous ity ies nce ck ay ew ow th ship ful less ee ea ry ty wn sh ve s
        """),
    "fr": words("que eur eux aux ée ées és ité ment aire oir tion tions ent ont ère ème et elle"),
    "es": words("ción ciones dad ado ada ados adas ando iendo ía os as ón ero illo aje"),
    "it": words("zione zioni ità ato ata ati ate etto are ere ire ono ano ezza ggio cchi cci ni li tti tto ta"),
    "nl": words("ij ijk ing heid aat aar eek eel een erd en oek oor oot uur ie eren tie dt"),
    "pl": words("ów ski ska ych ego nia nie ość ać ić cji ie ów ą ę ym ymi wa wy"),
    "pt": words("ção ções ão ões dade ado ada os as eiro inho agem"),
}

# The ranges of each script's letters, and the languages written so that fastText knows, likeliest first.
SCRIPTS: tuple[tuple[str, tuple[str, ...]], ...] = tuple(
    (ranges, words(languages))
    for ranges, languages in (
        ("\u0400-\u052f", "ru uk bg sr mk be kk ky tg mn tt ba cv os ce sah bxr myv mhr mrj xal rue krc kv av lez tyv"),
        ("\u0370-\u03ff\u1f00-\u1fff", "el"),
        ("\u0530-\u058f", "hy"),
        ("\u0590-\u05ff", "he yi"),
        ("\u0600-\u06ff\u0750-\u077f", "ar fa ur ps ckb ug sd arz azb pnb mzn lrc"),
        ("\u0900-\u097f", "hi mr ne sa mai new bh dty gom"),
        ("\u0980-\u09ff", "bn as bpy"),
        ("\u0a00-\u0a7f", "pa"),
        ("\u0a80-\u0aff", "gu"),
        ("\u0b00-\u0b7f", "or"),
        ("\u0b80-\u0bff", "ta"),
        ("\u0c00-\u0c7f", "te"),
        ("\u0c80-\u0cff", "kn"),
        ("\u0d00-\u0d7f", "ml"),
        ("\u0d80-\u0dff", "si"),
        ("\u0e00-\u0e7f", "th"),
        ("\u0e80-\u0eff", "lo"),
        ("\u0f00-\u0fff", "bo"),
        ("\u1000-\u109f", "my"),
        ("\u10a0-\u10ff", "ka xmf"),
        ("\u1100-\u11ff\uac00-\ud7a3", "ko"),
        ("\u1200-\u137f", "am"),
        ("\u1780-\u17ff", "km"),
        ("\u3400-\u9fff", "zh ja wuu yue"),
        ("\u3040-\u30ff", "ja"),
    )
)
