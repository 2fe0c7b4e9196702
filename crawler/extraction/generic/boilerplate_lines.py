"""Lines that stand in or around a text and are not of it, told by their words: "Read more", "Advertisement", credits.

Italian and English first, then the commonest phrases of other languages.
"""

import re

_POINTER = re.compile(
    r"^\W*(?:read (?:more|also|next|the full)|related|see (?:also|more|related)|also (?:read|see|on)|"
    r"more(?: on| from)?\s*:|more (?:on|from|stories)|don.?t miss|watch(?: (?:now|also|this))?\s*:|"
    r"(?:click|tap) (?:here|to)|leggi anche|leggi (?:tutto|l'articolo)|ti potrebbe|potrebbe interessarti|guarda anche|"
    r"vedi anche|approfondisci|lire aussi|à lire|lesen sie|mehr zum|lee también|leer más|te puede|"
    r"leia (?:mais|também)|veja (?:mais|também)|читайте также|lees ook|läs också|les også|læs også|"
    r"czytaj (?:też|także)|zobacz też|přečtěte si|čtěte také|citește și|olvassa el|διαβάστε (?:επίσης|ακόμη)|"
    r"ayrıca oku|ilgili haber|اقرأ (?:أيضا|أيضًا|المزيد)|קראו גם|עוד בנושא|关连|相关|関連|"
    r"(?:back|return) to\b|torna (?:a|alla|al|indietro)\b|retour (?:à|au|aux)\b|zurück (?:zu|zum|zur)\b|volver a|"
    r"voltar (?:a|ao|para)\b|baca juga|insight\s*:|subscribe|sign up|follow us|"
    r"share (?:this|on)|join (?:us|our)|get (?:the|our).*newsletter|download (?:the|our)|iscriviti|seguici)",
    re.I,
)
_LABEL = re.compile(
    r"^\W*(?:advertisement|advert|adv|ad|publicidade|publicidad|pubblicità|annuncio|anzeige|werbung|реклама|iklan|"
    r"(?:\d+ )?comments?|commenti|share|tweet|close|chiudi|loading\.*|caricamento\.*|print|stampa|email|condividi|"
    r"sponsored|continue reading.*|story continues.*|skip (?:ad|advertisement)|image \d+ of \d+|view all ?\d*|"
    r"click to tweet|photo|video|playing|play video|more|less|top|back to top|torna su|caption|"
    r"text size|image copyright)\W*$",
    re.I,
)
_TAIL = re.compile(
    r"^\W*(?:you (?:may|might) (?:also )?(?:like|be interested).*|"
    r"related(?: (?:posts?|stories|articles|news|content|topics|links|reading))?|"
    r"more (?:from|on|stories|great|in|like|news)\b.*|recommended.*|read (?:more|next|also)\b.*|(?:\d+ )?comments?|"
    r"leave a (?:comment|reply).*|(?:share|tweet|like) this.*|tags?\b.*|filed under.*|see also|trending.*|"
    r"most (?:read|popular).*|latest.*|don.?t miss.*|follow .{0,60}|subscribe.*|sign up.*|newsletter.*|"
    r"about the author.*|source|next .{0,30}|like this story.*|have your say.*|tell us what you think.*|"
    r"buyer.s guide|popular.*|watch live.*|join the (?:conversation|discussion).*|"
    r"leggi anche.*|articoli correlati.*|ti potrebbe.*|potrebbe interessarti.*|commenti|condividi.*|"
    r"lascia un commento.*|seguici.*|iscriviti.*|tag\s*:.*|"
    r"également.*|à lire.*|lire aussi.*|mehr zum thema.*|lesen sie auch.*|das könnte sie.*|notas relacionadas.*|"
    r"lee también.*|leia (?:mais|também).*|veja também.*|lees ook.*|läs också.*|les også.*|læs også.*|"
    r"czytaj (?:też|także).*|"
    r"читайте также.*|اقرأ (?:أيضا|أيضًا|المزيد).*|مواضيع ذات صلة.*|קראו גם.*|עוד בנושא.*)\W*$",
    re.I,
)
_CREDIT = re.compile(
    r"^\W*(?:(?:additional )?(?:reporting|writing|editing|compiled|edited|written) by\b.*|"
    r".{0,140}contributed to this (?:report|story|article).*|(?:©|\(c\)|copyright).*|"
    r".*all rights reserved\.?|.{0,30}riproduzione riservata.*|"
    r".{0,60}(?:tutti i diritti riservati|tous droits réservés|"
    r"alle rechte vorbehalten|todos los derechos reservados|todos os direitos reservados|alle rechten voorbehouden|"
    r"все права защищены|wszelkie prawa zastrzeżone|جميع الحقوق محفوظة|כל הזכויות שמורות).{0,80}|"
    r"(?:foto|photos?|fonte|sources?|via|image|credit|tags?)\s*:.*|"
    r"follow .{0,120}|share this.*|this (?:story|article) (?:was|originally|first).*|"
    r"(?:you can )?(?:follow|email|reach|contact|write to) .{0,140}|updated (?:at|on).{0,40}|click here.*|subscribe.*|"
    r"sign up.*|got a tip.*|more ap .*|read more.*|for more .{0,60}|have (?:a|any) (?:tip|news).*|send (?:tips|us).*|"
    r"by commenting.*|to comment.*|download .{0,60}app.*|seguici .{0,120}|iscriviti .*)$",
    re.I | re.S,
)
_MADE = re.compile(
    r"^\W*(?:share|published|posted|updated|by |written by|last (?:updated|modified)|pubblicato|aggiornato|di )", re.I
)
#: Words of offers and notices, in lower case: looked up one by one they are found ten times faster than by a pattern.
_ASKS = (
    *("newsletter", "subscri", "sign up", "log in", "follow us", "download", "register", "click", "email", "e-mail"),
    *("contact us", "learn more", "find out more", "read more", "iscriviti", "abbonati", "abonn", "suscr"),
    *("inscriva", "inscription", "klick", "disclaimer", "affiliate", "commission", "copyright", "©", "all rights"),
)


def asks_reader(line: str) -> bool:
    """Whether the line has words of an offer or a notice to readers ("Sign up for our newsletter")."""
    lower = line.lower()
    return any(word in lower for word in _ASKS)


def points_elsewhere(line: str) -> bool:
    """Whether the line begins like a pointer to another page ("Leggi anche: ...")."""
    return bool(_POINTER.match(line))


def is_label(line: str) -> bool:
    """Whether the whole line is a label of furniture ("Advertisement")."""
    return bool(_LABEL.match(line))


def opens_tail(line: str) -> bool:
    """Whether what follows a line like this behind a text is not of the text ("Articoli correlati")."""
    return len(line) < 80 and bool(_TAIL.match(line))


def is_credit(line: str) -> bool:
    """Whether the line, standing last, says who made the page or what to do next."""
    return len(line) < 350 and bool(_CREDIT.match(line))


def tells_making(line: str) -> bool:
    """Whether the line, standing first, says who wrote the text and when."""
    return bool(_MADE.match(line))
