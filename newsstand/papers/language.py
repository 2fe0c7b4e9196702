"""Words and sentences of the invented newspapers: harmless events of small towns, in German, French and Arabic."""

from dataclasses import dataclass

from newsstand.draw import Draw


@dataclass(frozen=True, slots=True)
class Language:
    """code: ISO 639. months, days: names for dates in text, days from Monday. Sentences have `{who}`, `{what}`,
    `{where}`, `{many}`; headlines `{who}`, `{what}`, `{where}`."""

    code: str
    months: tuple[str, ...]
    days: tuple[str, ...]
    who: tuple[str, ...]
    what: tuple[str, ...]
    where: tuple[str, ...]
    headlines: tuple[str, ...]
    sentences: tuple[str, ...]
    names: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]

    def filled(self, template: str, draw: Draw) -> str:
        """A template with drawn words."""
        return template.format(
            who=draw.pick(self.who), what=draw.pick(self.what), where=draw.pick(self.where), many=draw.between(3, 97)
        )


GERMAN = Language(
    code="de",
    months=("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
            "Dezember"),
    days=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    who=("Der Ruderverein", "Die Stadtkapelle", "Der Heimatbund", "Die Freiwillige Feuerwehr", "Der Schachklub",
         "Die Grundschule", "Der Kleingartenverein", "Das Heimatmuseum"),
    what=("die alte Mühle", "den Wochenmarkt", "das Freibad", "die Stadtbücherei", "den Aussichtsturm", "die Brücke",
          "den Spielplatz", "das Deichfest"),
    where=("Altendeich", "Neuhafen", "Moorwinkel", "Sandkrug", "Lütjenau", "Windhusen"),
    headlines=("{who} eröffnet {what} in {where} neu", "{where}: {who} rettet {what} vor dem Verfall",
               "Warum {who} {what} nach {where} holt", "{who} feiert {what} mit ganz {where}"),
    sentences=("{who} hat am Vormittag {what} in {where} wieder geöffnet und {many} Gäste begrüßt.",
               "Rund {many} Freiwillige halfen dabei, sagte eine Sprecherin, und niemand habe lange gezögert.",
               "In {where} war {what} seit {many} Jahren ein Thema, über das an jedem Küchentisch gestritten wurde.",
               "„Wir haben {many} Wochen lang gehämmert und gestrichen“, erzählt ein Helfer aus {where}.",
               "Die Arbeiten kosteten {many} Taler weniger als erwartet, weil das Holz aus {where} geschenkt war.",
               "Im Frühjahr soll {what} auch für {many} Schulklassen aus {where} offen stehen, kostenlos und ohne Anmeldung.",
               "Bis dahin bleibt noch viel zu tun, doch die Stimmung unter den {many} Beteiligten ist gut."),
    names=("Henrike Moorland", "Jasper Deichmann", "Wiebke Sandvoss", "Onno Tjarksen", "Talea Friesing"),
    sections=(("stadt", "Stadt"), ("sport", "Sport"), ("kultur", "Kultur"), ("umland", "Umland")),
    tags=("Ehrenamt", "Deich", "Vereine", "Markt", "Hafen", "Schule"),
)  # fmt: skip

FRENCH = Language(
    code="fr",
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
            "décembre"),
    days=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    who=("la chorale", "le club de pétanque", "la fanfare", "l'amicale des bateliers", "le comité des fêtes",
         "l'école du village", "la bibliothèque", "le cercle des jardiniers"),
    what=("le vieux lavoir", "la halle aux grains", "le marché du canal", "l'écluse ronde", "le kiosque à musique",
          "la passerelle", "le four à pain", "la fête des lanternes"),
    where=("Port-Ravel", "Sainte-Onde", "Vieux-Pont", "Clairmare", "Les Trois-Saules", "Brumeval"),
    headlines=("À {where}, {who} fait revivre {what}", "{what} rouvre à {where} grâce à {who}",
               "Comment {who} a sauvé {what} de {where}", "{where} fête {what} avec {who}"),
    sentences=("Samedi matin, {who} a rouvert {what} devant {many} habitants de {where}, malgré la pluie.",
               "Il aura fallu {many} journées de travail pour remettre en état ce que l'on croyait perdu.",
               "À {where}, les {many} plus anciens se souviennent de cet endroit où l'on venait autrefois le dimanche.",
               "« Nous étions {many} au début, et nous voilà bien plus nombreux », raconte une bénévole de {where}.",
               "Le bois a été scié sur place, et les {many} pierres viennent toutes de l'ancienne carrière de {where}.",
               "Au printemps, {what} accueillera aussi {many} écoles des environs, gratuitement et sans rendez-vous.",
               "D'ici là, {who} compte organiser {many} visites et un goûter pour les plus petits."),
    names=("Solène Marivaud", "Bastien Courtelune", "Odile Rivesaltes", "Yann Portelune", "Maëlle Sarrebois"),
    sections=(("vie-locale", "Vie locale"), ("sports", "Sports"), ("culture", "Culture")),
    tags=("canal", "bénévoles", "patrimoine", "fête", "école", "jardin"),
)  # fmt: skip

ARABIC = Language(
    code="ar",
    months=("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
    days=("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    who=("نادي التجديف", "فرقة الموسيقى", "جمعية الحدائق", "مدرسة الميناء", "مكتبة البلدة", "نادي الشطرنج",
         "متحف البحر", "رابطة الصيادين"),
    what=("السوق القديم", "حديقة المنارة", "الجسر الخشبي", "مسبح الحي", "ساحة الألعاب", "برج المراقبة", "مهرجان القوارب",
          "الطاحونة القديمة"),
    where=("مرسى الزيتون", "رأس النخيل", "حي الصفصاف", "خليج المحار", "تل الياسمين", "وادي الريحان"),
    headlines=("{who} يعيد افتتاح {what} في {where}", "{where} تحتفل بعودة {what} بفضل {who}",
               "كيف أنقذ {who} {what} من الإهمال في {where}", "{who} ينظم يوما مفتوحا في {what} قرب {where}"),
    sentences=("افتتح {who} صباح اليوم {what} في {where} بحضور {many} زائرا من أهل البلدة.",
               "شارك نحو {many} متطوعا في العمل الذي استمر أسابيع طويلة دون توقف.",
               "كان {what} موضوع حديث كل بيت في {where} منذ {many} سنة.",
               "قالت إحدى المتطوعات إن الفكرة بدأت بلقاء صغير ضم {many} شخصا ثم كبرت شيئا فشيئا.",
               "جاء الخشب من {many} مستودعا قديما في {where}، وقطعه {who} بأيدي أعضائه.",
               "في الربيع سيفتح {what} أبوابه لتلاميذ {many} مدرسة مجانا ومن دون موعد سابق.",
               "وحتى ذلك الحين يعمل {who} على تنظيم {many} زيارة للصغار والكبار."),
    names=("سلمى الريحاني", "نادر المرساوي", "ليلى الصفصافي", "كريم النخيلي", "هالة المحاري"),
    sections=(("mahalliyat", "محليات"), ("riyada", "رياضة"), ("thaqafa", "ثقافة")),
    tags=("الميناء", "تطوع", "مدرسة", "حديقة", "قوارب", "سوق"),
)  # fmt: skip
