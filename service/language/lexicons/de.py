"""The words of German."""

from __future__ import annotations

from service.language.lexicons import shared
from service.language.lexicons.lexicon import Lexicon
from service.language.wordlist import word_set, words

# "Es" is a dummy subject and "das" a pronoun, rather than an article, before these.
_DUMMY_SUBJECT_VERBS = words(
    """
    bestehe besteht bleibt blieb folgt folgte geht ging gab gäbe gebe gibt handele handelt handelte heißt hieß kam kommt
    wird wurde wurden sind waren seien
    """
)
_DEMONSTRATIVE_VERBS = words(
    """
    bedeutet bedeutete berichtet berichtete ergab erklärte gab geht ging gelte gilt galt habe hat hatte heißt ist kann
    könne könnte liegt macht machte müsse muss sagt sagte sei seien sind soll solle sollte teilte war waren wäre werde
    wird wurde würde zeigt zeigte
    """
)

LEXICON = Lexicon(
    code="de",
    stemmer="german",
    stop_words=word_set(
        """
        aber alle allein allem allen aller allerdings alles als also am an andere anderem anderen anderer anderes auch
        auf aus außer außerdem bei beide beiden beim bereits besonders bevor bin bis bisher bist bleibt da dabei dadurch
        dafür dagegen daher dahin damals damit danach daneben dann daran darauf daraus darf darin darüber darum darunter
        das dass davon davor dazu dein deine dem den denen denn dennoch der deren derzeit des deshalb dessen dich die
        dies diese diesem diesen dieser dieses dir doch dort du durch dürfen ebenfalls ebenso eher ein eine einem einen
        einer eines einige einigen einiger einmal er erneut erst erstmals es etwa etwas euch euer eure für ganz gar
        geben gegeben gegen gehabt gewesen geworden gibt gab genau gerade hab habe haben hat hatte hatten hätte hätten
        her heute hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im immer in indem infolge innen
        innerhalb ins ist ja je jede jedem jeden jeder jedes jedoch jene jenem jenen jener jenes jetzt kann kein keine
        keinem keinen keiner keines können könnte könnten lassen lässt laut lediglich machen macht man manche mehr
        mehrere mein meine meinem meinen meiner mich mir mit mittlerweile möglich möglicherweise müssen muss musste
        mussten nach nachdem neben nicht nichts noch nun nur ob obwohl oder ohne per pro rund sagen sagt sagte sagten
        schon sehr sei seien sein seine seinem seinen seiner seines seit seitdem selbst sich sie sind so sobald sodass
        sogar solche solchen solcher soll sollen sollte sollten somit sondern sonst soweit sowie sowohl statt stets
        trotz trotzdem über überhaupt um und uns unser unsere unserem unseren unserer unter viel viele vielen vieler vom
        von vor vorher während wann war waren warum was weder wegen weil weiter weitere weiteren weiterer weiteres
        weiterhin welche welchem welchen welcher welches wenig wenige weniger wenn wer werde werden wie wieder will wir
        wird wo wobei wohl wollen wollte wollten worden wurde wurden würde würden zu zudem zufolge zum zur zuvor zwar
        zwischen
        """
    ),
    months=word_set(
        """
        Januar Jänner Februar Feber März April Mai Juni Juli August September Oktober November Dezember Jan Feb Mär Apr
        Jun Jul Aug Sep Sept Okt Nov Dez
        """
    ),
    conjunctions=word_set(
        """
        und oder aber denn sondern sowie weil dass ob wenn als obwohl obgleich während nachdem bevor damit wobei wodurch
        sodass falls sobald solange indem womit weshalb jedoch
        """
    ),
    leading=word_set(
        """
        der die den dem des einen einem einer eines kein keinen keinem mein meinem seinem seinen ihrem ihren unsere
        unseren unserem dieser diese diesen diesem dieses jeder jede jeden jedem jedes im am zum zur
        vom beim ins ans aufs in von für gegen ohne trotz wegen laut dank seit zwischen und oder sowie dass weil wenn ob
        """
    ),
    nouns_capitalized=True,
    # --- segmentation
    never_final=shared.NEVER_FINAL
    | word_set(
        """
        z.bsp i.a i.v o.g s.o s.u u.u v.a z.t z.zt z.hd m.e m.w v.l n.l v.l.n.r sog bspw beispielsw insb insbes vgl evtl
        gebr ggf gem hl inkl exkl lt einschl zzgl abzgl ungef allg amtl angebl ausschl betr börsl dtsch ehem eigtl
        entspr geb gest verst verh hrsg lfd mtl jährl max mind norddt süddt stellv telef tgl techn urspr vorl wg zit zus
        zw frl hr exz kard msgr oblt hptm maj uffz pfr frhr lic dres ev-luth röm preuß österr d.i v.chr m.a.w
        """
    ),
    before_number=word_set(
        """
        nr nrn no zi abs abt art ziff kap bd abb tab anm aufl jg jh s rn rz fn az pos tel str hs ff §
        """
    ),
    street_endings=("str", "pl"),
    may_end=shared.MAY_END
    | word_set(
        """
        usw usf uvm u.ä o.ä u.v.m u.a.m u.v.a u.dgl dgl a.d a.a.o n.chr e.v p.a i.r i.l mio mrd mill tsd std stdn sek
        str pl geschl verf ders jhd jh jhdt jahrh bhf hbf mwst präs vors stk ev kath chr fa fam abg bez bgm gde kr univ
        insp
        """
    ),
    # Small, these are words ("ich helfe dir", "wen sie mag") or nothing.
    may_end_names=shared.MONTHS_SHORT | word_set("ass dir ges mag red reg verw"),
    lower_case_only=word_set("al max med nat phil"),
    after_number=frozenset({"bio"}),
    openers=word_set(
        """
        Der Die Das Dem Den Des Ein Eine Einen Einem Einer Eines Er Sie Es Wir Ich Ihr Du Man Wer Was Wie Wo Woher Wohin
        Warum Weshalb Wieso Wann Welche Welcher Welches Wem Wen Dies Diese Dieser Dieses Diesen Diesem Jene Jener Jenes
        Jenen Derzeit Derartige Solche Solcher In Im Ins Am An Ans Auf Aus Bei Beim Bis Durch Für Gegen Gegenüber Mit
        Mithilfe Nach Nachdem Neben Ohne Seit Seitdem Statt Anstatt Trotz Um Unter Vom Von Vor Während Wegen Zu Zum Zur
        Zwischen Über Ab Außer Innerhalb Außerhalb Laut Entlang Dank Angesichts Aufgrund Infolge Anlässlich Und Oder
        Aber Doch Denn Sondern Auch Als Also Da Dabei Dadurch Dafür Dagegen Daher Damit Danach Daneben Dann Daran Darauf
        Daraufhin Daraus Darin Darüber Darum Darunter Davon Davor Dazu Dort Dorthin Hier Hierbei Hierfür Hierzu Heute
        Gestern Morgen Jetzt Nun Noch Nur Nicht Nichts Nie Niemand Niemals So Sofern Sofort Sowohl Sowie Sobald Solange
        Soweit Wenn Weil Obwohl Ob Falls Weder Entweder Alle Allen Aller Alles Allein Beide Beiden Viele Vieles Mehr
        Mehrere Einige Einiges Manche Mancher Manchmal Kein Keine Keiner Keinen Jeder Jede Jedes Jeden Jedem Jemand
        Etwas Genau Sein Seine Seinen Seiner Seinem Seines Ihre Ihren Ihrer Ihrem Ihres Unser Unsere Unseren Mein Meine
        Dein Deine Mich Mir Ihm Ihn Ihnen Uns Zudem Außerdem Allerdings Jedoch Dennoch Deshalb Deswegen Trotzdem
        Schließlich Inzwischen Mittlerweile Bereits Bisher Schon Erst Erstmals Immer Wieder Sogar Zwar Ja Nein Dass
        Zunächst Zuvor Zuletzt Zusätzlich Insgesamt Insbesondere Besonders Lediglich Jedenfalls Möglicherweise
        Wahrscheinlich Vielleicht Natürlich Gleichzeitig Später Bald Oft Ebenfalls Ebenso Eigentlich Tatsächlich Dessen
        Deren Somit Sonst Stattdessen Weitere Weiter Weiterhin Ursprünglich Anschließend Hingegen Hinzu Hinter Rund Etwa
        Kurz Seitens Wobei Womit Ist Sind War Waren Hat Haben Hatte Wird Werden Kann Können Gibt
        """
    ),
    polite=word_set("Sie Ihnen Ihr Ihre Ihren Ihrem Ihrer Ihres Du Dir Dich Dein Deine Deinen Deinem"),
    ordinals_have_full_stop=True,
    rulers_have_full_stop=True,
    numbered_things=word_set(
        """
        band teil weltkrieg hartz kapitel akt artikel abschnitt stufe typ klasse buch
        """
    ),
    ordinal_nouns=word_set(
        """
        Platz Liga Bundesliga Oberliga Mannschaft Minute Runde Jahrhundert Jahrhunderts Jahrestag Geburtstag
        Hochzeitstag Todestag Spieltag Spielminute Weltkrieg Weltkriegs Weltkrieges FC SC FSV FFC Lebensjahr Klasse
        Etage Stock Stockwerk Mal Rang Auflage Ausgabe Kapitel Akt Etappe Quartal Halbjahr Halbzeit Tag Jahr Woche Monat
        Stunde Sitzung Vorsitzende Vorsitzender Bürgermeister Senat Strafsenat Zivilsenat Kammer Division Armee
        Parteitag Kongress Bundestag Saison Staffel Folge Satz Loch Breitengrad Längengrad Advent Wahlperiode
        Instanz Lesung Generation Grades Ehe Wahlgang Weltkriege Bataillon Regiment Korps Bezirk Armeekorps Sinfonie
        Symphonie Jahrtausend Jahrtausends Dynastie Internationale Strafkammer Zivilkammer Panzerdivision Spieltags
        Legislaturperiode Arrondissement Vollversammlung Berlinale Filmfestspiele Obergeschoss Untergeschoss OG UG
        """
    ),
    before_ordinal=word_set(
        """
        am der dem den des das die zum zur vom im ins bis ab seit jeder jede jedes jeden jedem und oder sowie beim nach
        vor auf ein eine einen einem einer eines sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer unser unsere
        unseren unserem unserer mein meine meinen meinem meiner dieser diese dieses diesen diesem montag dienstag
        mittwoch donnerstag freitag samstag sonnabend sonntag zwischen etwa ans aufs gegen anfang ende mitte als an
        in laut
        """
    ),
    before_year=word_set("in seit ab bis vor nach von gegen und oder anfang ende mitte zwischen"),
    # --- ranking
    # "Er sagte", "Ihnen zufolge", and "das ist" but not "das Haus".
    pronoun_openings=word_set(
        """
        er sie ihm ihn ihnen ihr ihre ihren ihrem ihrer sein seine seinen seinem seiner dies ersterer erstere letzterer
        letztere letzteres derjenige diejenigen beides es
        """
    )
    | {f"das {verb}" for verb in _DEMONSTRATIVE_VERBS},
    dummy_openings=frozenset(f"es {verb}" for verb in _DUMMY_SUBJECT_VERBS),
    # "Doch", "Deshalb", and demonstratives before a noun ("Dieser Schritt").
    connective_openings=word_set(
        """
        aber allerdings also anschließend auch außerdem beide dabei dadurch dafür dagegen daher damit danach daneben
        dann daran darauf daraus darin darüber darum darunter davon davor dazu demnach denn dennoch derweil deshalb
        deswegen diese diesem diesen dieser dieses doch dort ebenfalls ebenso ferner folglich hier hierbei hierzu
        hingegen indes indessen insofern jedoch jene jener jenes oder schließlich so solche somit stattdessen trotzdem
        überdies und vielmehr weiterhin weiters zudem zugleich zuvor zwar
        """
    ),
    anaphors=frozenset({"von ihnen", "unter ihnen"}),
    demonstratives=frozenset({"diese", "diesem", "diesen", "dieser", "dieses"}),
    after_demonstrative=word_set(
        """
        woche monat monats jahr jahre jahrs jahres tag tage tagen tages sommer sommers winter winters herbst frühjahr
        """
    ),
    first_person=word_set(
        """
        ich wir uns unser unsere unserem unseren unserer unseres mein meine meinem meinen meiner meines
        """
    ),
    time_words=frozenset({"Uhr"}),
    age=r"-?jährig | \s+Jahre\s+alt",
    aged_opening=r"(?:Der|Die|Dem|Den)\s+\d+-jährige",
    response=r"""
      dementier\w+ | bestr(?:eit|itt)\w* | widersprach\w* | widersprich\w* | widersprech\w*
      | zurückgewiesen | zurückweis\w* | zurückwies\w* | (?:wies|weist|wiesen|weisen)\b[^.]{0,120}\bzurück
      | nicht\b[^.]{0,60}\b(?:reagiert|geäußert|äußern|stellung)\w* | äußert\w*\s+sich\b[^.]{0,60}\bnicht
      | kein\w*\s+(?:stellungnahme|kommentar|reaktion)
      | (?:jedoch|allerdings|dagegen|hingegen)\b[^.]{0,80}\b(?:nicht|kein\w*)
    """,
    furniture=r"""
      (?:fotos?|bild(?:er|quelle|nachweis)?|archivbild|archivfoto|symbolbild|symbolfoto|grafik|montage|quellen?
        |stand|aktualisiert|veröffentlicht|redaktion|autor(?:in)?)\s*(?::|/\s)
      | (?:lesen|sehen|hören|schauen)\s+sie\s+(?:auch|hier|dazu|mehr)
      | (?:mehr|alles)\s+(?:zum\s+thema|dazu|lesen)\b
      | das\s+könnte\s+sie\s+auch
      | (?:lesetipp|weiterlesen|zum\s+artikel|zur\s+startseite|zum\s+newsletter)\b
      | (?:klicken|melden|folgen|abonnieren|registrieren)\s+sie\b.*\b(?:hier|newsletter|uns|kanal|jetzt)\b
      | (?:jetzt|hier)\s+(?:abonnieren|anmelden|registrieren|klicken|weiterlesen)\b
      | (?:anzeige|werbung)\s*(?::|$)
      | mit\s+(?:material|informationen)\s+(?:von|der)\b
    """,
    furniture_anywhere=r"alle\s+rechte\s+vorbehalten",
    byline=frozenset({"Von"}),
)
