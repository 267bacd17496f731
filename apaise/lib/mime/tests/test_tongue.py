"""Which language a mail is in."""

import pytest

from apaise.lib.mime.tongue import guess

SAID = [
    ("fr", "Bonjour, ma box ne marche plus depuis lundi et personne ne répond."),
    ("fr", "Slt, tjs rien recu, je veux etre rembourse svp"),
    ("en", "Hello, my router has been down since Monday and nobody answers."),
    ("de", "Guten Tag, mein Router ist seit Montag ausgefallen und niemand antwortet."),
    ("es", "Hola, mi router no funciona desde el lunes y nadie contesta."),
    ("it", "Buongiorno, il mio router non funziona da lunedì e nessuno risponde."),
    ("nl", "Goedendag, mijn router werkt sinds maandag niet en niemand heeft geantwoord."),
    ("pt", "Olá, o meu router não funciona desde segunda-feira e ninguém responde."),
    ("pl", "Dzień dobry, mój router nie działa i nadal nikt się nie odzywa."),
    ("sv", "Hej, min router fungerar inte och jag har inte fått svar på två veckor."),
    ("da", "Hej, jeg har stadig ikke fået svar, og min router virker ikke. Venlig hilsen"),
    ("no", "Hei, jeg har fortsatt ikke fått svar, og ruteren virker ikke. Vennlig hilsen"),
    ("ru", "Здравствуйте, мой роутер не работает с понедельника."),
    ("uk", "Добрий день, мій роутер не працює з понеділка, і ніхто не відповідає."),
    ("ja", "月曜日からルーターが動きません。"),
    ("zh", "您好，我的路由器从周一起就不能用了。"),
    ("ko", "월요일부터 공유기가 작동하지 않습니다."),
    ("el", "Καλημέρα, το ρούτερ μου δεν λειτουργεί."),
    ("ar", "مرحبا، جهاز التوجيه لا يعمل منذ يوم الاثنين."),
    ("he", "שלום, הנתב שלי לא עובד מאז יום שני."),
    ("und", "45 90 12"),
    ("und", ""),
]


@pytest.mark.parametrize(("code", "text"), SAID, ids=[f"{code}-{text[:12]}" for code, text in SAID])
def test_a_language_is_known_by_its_words_or_its_script(code, text):
    assert guess(text) == code
