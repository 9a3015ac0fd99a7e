"""Word lists for ranking German sentences: stop words and the openings that lean on an earlier sentence. Data only."""

from __future__ import annotations

from service.language.wordlist import words

STOP_WORDS: frozenset[str] = frozenset(
    words("""
    aber alle allein allem allen aller allerdings alles als also am an andere anderem anderen anderer anderes
    auch auf aus außer außerdem bei beide beiden beim bereits besonders bevor bin bis bisher bist bleibt da
    dabei dadurch dafür dagegen daher dahin damals damit danach daneben dann daran darauf daraus darf darin
    darüber darum darunter das dass davon davor dazu dein deine dem den denen denn dennoch der deren derzeit
    des deshalb dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch dürfen ebenfalls
    ebenso eher ein eine einem einen einer eines einige einigen einiger einmal er erneut erst erstmals es etwa
    etwas euch euer eure für ganz gar geben gegeben gegen gehabt gewesen geworden gibt gab genau gerade hab
    habe haben hat hatte hatten hätte hätten her heute hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren
    ihrer ihres im immer in indem infolge innen innerhalb ins ist ja je jede jedem jeden jeder jedes jedoch
    jene jenem jenen jener jenes jetzt kann kein keine keinem keinen keiner keines können könnte könnten
    lassen lässt laut lediglich machen macht man manche mehr mehrere mein meine meinem meinen meiner mich mir
    mit mittlerweile möglich möglicherweise müssen muss musste mussten nach nachdem neben nicht nichts noch
    nun nur ob obwohl oder ohne per pro rund sagen sagt sagte sagten schon sehr sei seien sein seine seinem
    seinen seiner seines seit seitdem selbst sich sie sind so sobald sodass sogar solche solchen solcher soll
    sollen sollte sollten somit sondern sonst soweit sowie sowohl statt stets trotz trotzdem über überhaupt um
    und uns unser unsere unserem unseren unserer unter viel viele vielen vieler vom von vor vorher während
    wann war waren warum was weder wegen weil weiter weitere weiteren weiterer weiteres weiterhin welche
    welchem welchen welcher welches wenig wenige weniger wenn wer werde werden wie wieder will wir wird wo
    wobei wohl wollen wollte wollten worden wurde wurden würde würden zu zudem zufolge zum zur zuvor zwar
    zwischen
    """)
)

# Openings that point at somebody or something named before ("Er sagte", "Ihnen zufolge").
PRONOUNS: frozenset[str] = frozenset(
    words("""
    er sie ihm ihn ihnen ihr ihre ihren ihrem ihrer sein seine seinen seinem seiner dies ersterer erstere
    letzterer letztere letzteres derjenige diejenigen beides
    """)
)

# Openings that continue a thought ("Doch", "Deshalb"), and demonstratives before a noun ("Dieser Schritt").
CONNECTIVES: frozenset[str] = frozenset(
    words("""
    aber allerdings also anschließend auch außerdem beide dabei dadurch dafür dagegen daher damit danach
    daneben dann daran darauf daraus darin darüber darum darunter davon davor dazu demnach denn dennoch
    derweil deshalb deswegen diese diesem diesen dieser dieses doch dort ebenfalls ebenso ferner folglich hier
    hierbei hierzu hingegen indes indessen insofern jedoch jene jener jenes oder schließlich so solche somit
    stattdessen trotzdem überdies und vielmehr weiterhin weiters zudem zugleich zuvor zwar
    """)
)

# "Das" and "Es" are pronouns or not by what follows: an article before a noun, a dummy subject before these verbs.
DUMMY_SUBJECT_VERBS: frozenset[str] = frozenset(
    words("""
    bestehe besteht bleibt blieb folgt folgte geht ging gab gäbe gebe gibt handele handelt handelte heißt hieß
    kam kommt wird wurde wurden sind waren seien
    """)
)
DEMONSTRATIVE_VERBS: frozenset[str] = frozenset(
    words("""
    bedeutet bedeutete berichtet berichtete ergab erklärte gab geht ging gelte gilt galt habe hat hatte heißt
    ist kann könne könnte liegt macht machte müsse muss sagt sagte sei seien sind soll solle sollte teilte war
    waren wäre werde wird wurde würde zeigt zeigte
    """)
)
