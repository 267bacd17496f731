"""Heads as mail programs copy them when somebody forwards, written by hand: program, language, subject, head, moment.

`{who}` stands for what the program shows of the sender. The second table was looked at once, after the first was read
in full."""

TUNED = {
    "outlook desktop fr": ("TR: Box", "De : {who} \nEnvoyé : lundi 3 novembre 2025 10:12\nÀ : Karim Ouali <karim.ouali@exemple.test>\nObjet : Box"),
    "outlook desktop fr, once wrapped": ("TR : Box", "________________________________\nDe : {who}\nEnvoyé : lundi 3 novembre 2025 10:12\nÀ : Karim Ouali <karim.ouali@exemple.test>; Jean-Christophe de La Rochefoucauld\n<jc@exemple.test>; Anne\nCc : service client\nObjet : Box"),
    "outlook desktop en us": ("FW: Box", "From: {who}\nSent: Monday, November 3, 2025 10:12 AM\nTo: Karim Ouali <karim.ouali@exemple.test>\nSubject: Box"),
    "outlook desktop de": ("WG: Box", "Von: {who}\nGesendet: Montag, 3. November 2025 10:12\nAn: Karim Ouali <karim.ouali@exemple.test>\nBetreff: Box"),
    "old outlook fr": ("TR: Box", "-----Message d'origine-----\nDe : {who}\nEnvoyé : lundi 3 novembre 2025 10:12\nÀ : Karim Ouali\nObjet : Box\nImportance : Haute"),
    "outlook mobile fr": ("TR: Box", "Obtenez Outlook pour iOS<https://aka.ms/o0ukef>\n________________________________\nDe : {who}\nEnvoyé : lundi, novembre 3, 2025 10:12 AM\nÀ : Karim Ouali <karim.ouali@exemple.test>\nObjet : Box"),
    "gmail fr": ("Fwd: Box", "---------- Forwarded message ---------\nDe : {who}\nDate: lun. 3 nov. 2025 à 10:12\nSubject: Box\nTo: <karim.ouali@exemple.test>"),
    "gmail en": ("Fwd: Box", "---------- Forwarded message ---------\nFrom: {who}\nDate: Mon, Nov 3, 2025 at 10:12 AM\nSubject: Box\nTo: <karim.ouali@exemple.test>"),
    "gmail de": ("Fwd: Box", "---------- Forwarded message ---------\nVon: {who}\nDate: Mo., 3. Nov. 2025 um 10:12 Uhr\nSubject: Box\nTo: <karim.ouali@exemple.test>"),
    "thunderbird fr": ("Fwd: Box", "-------- Message transféré --------\nSujet : \tBox\nDate : \tMon, 3 Nov 2025 10:12:00 +0100\nDe : \t{who}\nPour : \tkarim.ouali@exemple.test"),
    "thunderbird en": ("Fwd: Box", "-------- Forwarded Message --------\nSubject: \tBox\nDate: \tMon, 3 Nov 2025 10:12:00 +0100\nFrom: \t{who}\nReply-To: \tx@y.test\nTo: \tkarim.ouali@exemple.test"),
    "apple mail fr": ("Fwd: Box", "Début du message réexpédié :\n\nDe: {who}\nObjet: Box\nDate: 3 novembre 2025 à 10:12:00 UTC+1\nÀ: karim.ouali@exemple.test"),
    "iphone fr, quoted": ("Fwd: Box", "> Début du message transféré :\n> \n> De: {who}\n> Date: 3 novembre 2025 à 10:12:00 UTC+1\n> À: karim.ouali@exemple.test\n> Objet: Box"),
    "apple mail en": ("Fwd: Box", "Begin forwarded message:\n\nFrom: {who}\nSubject: Box\nDate: November 3, 2025 at 10:12:00 AM GMT+1\nTo: karim.ouali@exemple.test"),
    "yahoo fr": ("Tr : Box", "----- Message transféré -----\nDe : {who}\nÀ : Karim <karim.ouali@exemple.test>\nEnvoyé : lundi 3 novembre 2025 à 10:12:00 UTC+1\nObjet : Box"),
    "yahoo en": ("Fw: Box", "----- Forwarded Message -----\nFrom: {who}\nTo: Karim <karim.ouali@exemple.test>\nSent: Monday, November 3, 2025 at 10:12:00 AM GMT+1\nSubject: Box"),
    "zimbra, free, fr": ("Fwd: Box", "----- Mail transféré -----\nDe: {who}\nÀ: \"Karim Ouali\" <karim.ouali@exemple.test>\nEnvoyé: Lundi 3 Novembre 2025 10:12:00\nObjet: Box"),
    "zimbra en": ("Fwd: Box", "----- Forwarded Message -----\nFrom: {who}\nTo: \"Karim Ouali\" <karim.ouali@exemple.test>\nSent: Monday, November 3, 2025 10:12:00 AM\nSubject: Box"),
    "orange, older": ("TR: Box", "> Message du 03/11/25 10:12\n> De : {who}\n> A : karim.ouali@exemple.test\n> Copie à : \n> Objet : Box\n>"),
    "notes fr": ("TR: Box", "----- Transféré par Karim Ouali/FR/Exemple le 04/11/2025 09:00 -----\n\nDe :\t{who}\nA :\tkarim.ouali@exemple.test\nDate :\t03/11/2025 10:12\nObjet :\tBox"),
    "roundcube fr": ("TR: Box", "-------- Message original --------\nObjet: Box\nDate: 2025-11-03 10:12\nDe: {who}\nÀ: karim.ouali@exemple.test"),
    "samsung fr": ("TR: Box", "-------- Message d'origine --------\nDe : {who} \nDate : 03/11/2025 10:12 (GMT+01:00) \nÀ : karim.ouali@exemple.test \nObjet : Box"),
}  # fmt: skip

LATER = {
    "outlook web fr": ("Tr: Box", "________________________________\nDe : {who}\nEnvoyé : lundi 3 novembre 2025 10:12\nÀ : Karim Ouali <karim.ouali@exemple.test>\nObjet : Box"),
    "outlook mac fr": ("TR: Box", "De : {who}\nDate : lundi, 3 novembre 2025 à 10:12\nÀ : Karim Ouali <karim.ouali@exemple.test>\nObjet : Box"),
    "outlook uk": ("FW: Box", "From: {who}\nSent: 03 November 2025 10:12\nTo: Karim Ouali <karim.ouali@exemple.test>\nCc: Desk <x@exemple.test>\nSubject: Box"),
    "old outlook en": ("FW: Box", "-----Original Message-----\nFrom: {who}\nSent: Monday, November 03, 2025 10:12 AM\nTo: Karim Ouali\nSubject: Box"),
    "old outlook de": ("WG: Box", "-----Ursprüngliche Nachricht-----\nVon: {who}\nGesendet: Montag, 3. November 2025 10:12\nAn: Karim Ouali\nBetreff: Box\nPriorität: Hoch"),
    "outlook mobile en": ("Fw: Box", "Get Outlook for Android<https://aka.ms/AAb9ysg>\n________________________________\nFrom: {who}\nSent: Monday, November 3, 2025 10:12:00 AM\nTo: Karim Ouali <karim.ouali@exemple.test>\nSubject: Box"),
    "outlook mobile de": ("WG: Box", "Outlook für Android herunterladen<https://aka.ms/x>\n________________________________\nVon: {who}\nGesendet: Montag, November 3, 2025 10:12:00 AM\nAn: Karim Ouali <karim.ouali@exemple.test>\nBetreff: Box"),
    "outlook text of bold labels": ("TR: Box", "*De :* {who}\n*Envoyé :* lundi 3 novembre 2025 10:12\n*À :* Karim Ouali <karim.ouali@exemple.test>\n*Objet :* Box"),
    "gmail fr, newer": ("Fwd: Box", "---------- Message transféré ---------\nDe : {who}\nDate : lun. 3 nov. 2025, 10:12\nObjet : Box\nÀ : <karim.ouali@exemple.test>"),
    "gmail en uk": ("Fwd: Box", "---------- Forwarded message ---------\nFrom: {who}\nDate: Mon, 3 Nov 2025 at 10:12\nSubject: Box\nTo: <karim.ouali@exemple.test>"),
    "thunderbird de": ("Fwd: Box", "-------- Weitergeleitete Nachricht --------\nBetreff: \tBox\nDatum: \tMon, 3 Nov 2025 10:12:00 +0100\nVon: \t{who}\nAn: \tkarim.ouali@exemple.test"),
    "apple mail de": ("Fwd: Box", "Anfang der weitergeleiteten Nachricht:\n\nVon: {who}\nBetreff: Box\nDatum: 3. November 2025 um 10:12:00 MEZ\nAn: karim.ouali@exemple.test"),
    "iphone en, quoted": ("Fwd: Box", "> Begin forwarded message:\n> \n> From: {who}\n> Date: 3 November 2025 at 10:12:00 CET\n> To: karim.ouali@exemple.test\n> Subject: Box"),
    "iphone de, quoted": ("Fwd: Box", "> Anfang der weitergeleiteten Nachricht:\n> \n> Von: {who}\n> Datum: 3. November 2025 um 10:12:00 MEZ\n> An: karim.ouali@exemple.test\n> Betreff: Box"),
    "yahoo de": ("Fw: Box", "----- Weitergeleitete Nachricht -----\nVon: {who}\nAn: Karim <karim.ouali@exemple.test>\nGesendet: Montag, 3. November 2025 um 10:12:00 MEZ\nBetreff: Box"),
    "orange, newer": ("TR: Box", "---------- Message transféré ----------\nenvoyé : 3 novembre 2025 à 10:12\nde : {who}\nà : karim.ouali@exemple.test\nobjet : Box"),
    "la poste": ("Fwd: Box", "-------- Message transféré --------\nDe : {who}\nÀ : karim.ouali@exemple.test\nObjet : Box\nDate : 03/11/2025 10:12"),
    "sfr": ("Tr : Box", "----- Message transféré -----\nDe : {who}\nDate : 03/11/2025 à 10:12\nA : karim.ouali@exemple.test\nObjet : Box"),
    "proton en": ("Fw: Box", "------- Forwarded Message -------\nFrom: {who}\nDate: On Monday, November 3rd, 2025 at 10:12 AM\nSubject: Box\nTo: karim.ouali@exemple.test <karim.ouali@exemple.test>"),
    "k-9 fr": ("Fwd: Box", "-------- Message d'origine --------\nDe : {who}\nEnvoyé : 3 novembre 2025 10:12:00 GMT+01:00\nÀ : karim.ouali@exemple.test\nObjet : Box"),
    "gmx de": ("Fwd: Box", "Gesendet: Montag, 03. November 2025 um 10:12 Uhr\nVon: {who}\nAn: karim.ouali@exemple.test\nBetreff: Box"),
    "notes en": ("Fw: Box", "----- Forwarded by Karim Ouali/FR/Exemple on 11/04/2025 09:00 AM -----\n\nFrom:\t{who}\nTo:\tkarim.ouali@exemple.test\nDate:\t11/03/2025 10:12 AM\nSubject:\tBox"),
}  # fmt: skip
SHOWN = (
    "Jeanne Petit <jeanne.petit@courriel.test>",
    '"Jeanne Petit" <jeanne.petit@courriel.test>',
    "Jeanne Petit [mailto:jeanne.petit@courriel.test]",
    "Jeanne Petit <jeanne.petit@courriel.test<mailto:jeanne.petit@courriel.test>>",
    "Jeanne Petit (jeanne.petit@courriel.test)",
)
