//! German. The participle stands at the end of its clause, so what comes in between is let pass.

use super::{ClaimSet, Deeds, Doubts};

/// `ich habe Ihnen den Termin`, `soeben habe ich`: somebody of ours, with a deed to follow.
macro_rules! we_have {
    () => {
        r"(?:(?:(?:ich|wir)\s+(?:habe|hab|haben|konnte|konnten)|(?:habe|hab|haben|konnte|konnten)\s+(?:ich|wir)|ich'?s?\s+hab'?s?|hab'?)(?:\s+\S+){0,14}?\s+)"
    };
}

/// `ist jetzt`, `wurde soeben`, `Sie sind`: something has got into a state.
macro_rules! is_now {
    () => {
        r"(?:(?:ist|sind|wurde|wurden|steht|stehen|bin|gilt|ging|gehen|geht|bleibt|hat|haben\s+sie|wird|werden)(?:\s+\S+){0,9}?\s+)"
    };
}

/// `ich buche`, `buche ich`: with the object behind it.
macro_rules! we {
    ($verbs:literal) => {
        concat!(r"(?:(?:ich|wir)\s+(?:\S+\s+)?", $verbs, r")|(?:", $verbs, r"\s+(?:ich|wir))")
    };
}

pub(super) const DEEDS: [Deeds; 5] = [
    Deeds {
        set: ClaimSet::Booking,
        word: r"gebucht|reserviert|eingetragen|bestätigt|vereinbart|vorgemerkt|notiert",
        did: concat!(
            we_have!(),
            r"(?:gebucht|umgebucht|eingebucht|reserviert|eingetragen|vorgemerkt|vereinbart|angemeldet|bestätigt|notiert|eingeplant|festgehalten|festgemacht|angelegt|verlegt|verschoben|vermerkt|registriert|fixiert|freigehalten|aufgenommen|gesichert|gelegt|ausgemacht|gemacht|erstellt|hinterlegt|buchen|reservieren|eintragen|sichern|geblockt|blockiert|eingeschrieben|zugeteilt|terminiert|bestellt|gesetzt|gegeben|reingenommen|aufgeschrieben|besorgt|organisiert|arrangiert|geändert|umgelegt|vorgezogen|klargemacht)"
        ),
        is_done: concat!(
            r"(?:(?:gebucht|reserviert|eingetragen|vorgemerkt|vereinbart|angemeldet|bestätigt|notiert|eingeplant|verlegt|verschoben|registriert|gesichert|umgebucht|bestellt)(?:\s+(?:ist|sind|wurde|wurden|worden|wird|werden|habe|haben|hat)))|",
            r"(?:",
            is_now!(),
            r"(?:gebucht|umgebucht|reserviert|eingetragen|vorgemerkt|vereinbart|angemeldet|bestätigt|notiert|eingeplant|fest|festgemacht|verlegt|verschoben|registriert|fix|im\s+kalender|im\s+system|erledigt|gesichert|eingebucht|sicher|gelegt|bestellt|geändert|durch|auf\s+der\s+liste|dabei|drin|gemacht|gemerkt|hinterlegt|aufgenommen|erfasst|klar|geblockt|freigehalten|organisiert|arrangiert|geregelt|angelegt|angesetzt|termin|unter\s+dach)(?:\s+(?:ihr|ihre|der|die|das)\s+\S+)?)
            |(?:ist\s+(?:ihr|der|die|ihre|das)\s+(?:\S+\s+){1,6}?(?:fix|fest|gebucht|reserviert|bestätigt|eingetragen))
            |(?:(?:tisch|raum|zimmer|platz|wagen)\s+gehört\s+ihnen)
            |(?:(?:ich|wir)\s+(?:habe|haben|hab)\s+(?:den|einen|die|das|ihren|ihr)\s+(?:\S+\s+)?(?:tisch|termin|platz|zimmer)\s+für\s+sie)
            |(?:(?:ich|wir)\s+(?:habe|haben)\s+sie\s+(?:\S+\s+){0,3}?(?:im\s+kalender|auf\s+der\s+liste|drin))
            |(?:ich\s+hab(?:e)?\s+(?:sie|es|das|den\s+termin)\s+(?:\S+\s+)?(?:drin|im\s+kalender|notiert|auf\s+dem\s+plan))
            |(?:(?:reservierung|buchung)\s+liegt\s+vor)|(?:(?:^|\s)(?:alles\s+)?(?:gebucht|reserviert|eingetragen|bestätigt|notiert|(?:termin|tisch|zimmer|buchung|reservierung)\s+(?:\S+\s+){0,2}?(?:gebucht|steht|bestätigt|eingetragen|reserviert|vereinbart))(?:\s+(?:für|auf|ist|und|am|um)|$))
            |(?:(?:termin|tisch|zimmer|buchung|reservierung|platz)\s+steht)
            |(?:(?:sie|du)\s+(?:haben|hast)\s+(?:(?:jetzt|nun|damit|dann|also|am|um|für)\s+)(?:\S+\s+){0,5}?(?:termin|reservierung|tisch|platz))"
        ),
        doing: concat!(
            r"(?:(?:ich|wir)\s+(?:bin|sind)\s+(?:\S+\s+){0,4}?(?:am\s+(?:buchen|reservieren|eintragen)|dabei))|",
            we!(
                r"(?:buche|reserviere|trage|merke|vereinbare|bestätige|notiere|plane|verlege|lege|setze|buchen|reservieren|melde)"
            ),
            r"|(?:(?:wird|werden)\s+(?:\S+\s+){0,5}?(?:gerade|soeben|jetzt|eben)\s+(?:\S+\s+){0,3}?(?:gebucht|reserviert|eingetragen))"
        ),
    },
    Deeds {
        set: ClaimSet::Sending,
        word: r"geschickt|verschickt|gesendet|versendet",
        did: concat!(
            we_have!(),
            r"(?:geschickt|verschickt|zugeschickt|gesendet|zugesendet|versendet|versandt|gesandt|zugesandt|gemailt|weitergeleitet|übermittelt|abgeschickt|rausgeschickt|losgeschickt|hingeschickt|gesimst|geschrieben|zukommen\s+lassen|geteilt|rübergeschickt|abgesendet|ausgestellt|nachgeschickt|schicken|senden|zuschicken|zusenden|zugestellt|eingeworfen|rausgegeben|übersandt|gefaxt|weitergegeben|bescheid\s+gegeben|bescheid\s+gesagt|informiert|benachrichtigt|hinterlassen|ausgerichtet|durchgegeben|mitgeteilt|aufgegeben|eingereicht|angefordert)"
        ),
        is_done: concat!(
            r"(?:(?:geschickt|verschickt|gesendet|versendet|zugeschickt|gemailt|weitergeleitet|übermittelt|abgeschickt|weitergegeben|informiert|unterwegs|raus)(?:\s+(?:ist|sind|wurde|wurden|worden|wird|werden|habe|haben|hat)))|",
            r"(?:",
            is_now!(),
            r"(?:geschickt|verschickt|zugeschickt|gesendet|versendet|versandt|zugesandt|gemailt|weitergeleitet|übermittelt|abgeschickt|rausgeschickt|raus|unterwegs|draußen|in\s+ihrem\s+postfach|zugestellt|rausgegangen|rausgegangen|losgeschickt|verschickt|auf\s+dem\s+weg|angekommen|abgesendet|eingegangen|da|da\s+sein|bei\s+ihnen|zugegangen|weitergegeben|informiert|benachrichtigt|ausgerichtet|eingereicht|bekommen|erhalten))
            |(?:müsste\s+(?:\S+\s+){0,3}?(?:da|angekommen|eingegangen)\s+sein)
            |(?:sie\s+haben\s+(?:soeben|gerade|jetzt|eben)\s+(?:\S+\s+){1,5}?(?:bekommen|erhalten))
            |(?:(?:^|\s)(?:verschickt|gesendet|abgeschickt|(?:nachricht|sms|mail|e-mail|link|bestätigung|rechnung)\s+(?:ist\s+)?(?:verschickt|gesendet|raus|unterwegs|abgeschickt))(?:\s+(?:an|und|per|auf|ist)|$))
            |(?:(?:sie\s+)?(?:sollten|müssten|erhalten|bekommen|haben)\s+(?:sie\s+)?(?:\S+\s+){0,8}?(?:gleich|jeden\s+moment|in\s+(?:wenigen|ein\s+paar|kürze)(?:\s+\S+)?|in\s+diesem\s+moment|jetzt\s+(?:\S+\s+){0,3}?(?:postfach|handy)|sofort|umgehend))
            |(?:(?:kommt|trifft|müsste|sollte)\s+(?:\S+\s+){0,5}?(?:gleich|jeden\s+moment|in\s+(?:wenigen|ein\s+paar|kürze)|sofort)(?:\s+\S+){0,4})
            |(?:(?:schauen|sehen)\s+sie\s+(?:\S+\s+){0,2}?in\s+(?:ihr|ihre|ihrem|ihren))"
        ),
        doing: concat!(
            r"(?:(?:ich|wir)\s+(?:bin|sind)\s+(?:\S+\s+){0,4}?(?:am\s+(?:schicken|senden|verschicken)|dabei))|",
            we!(
                r"(?:schicke|sende|versende|verschicke|maile|übermittle|leite|schicken|senden|simse|übersende|faxe)"
            ),
            r"|(?:(?:wird|werden)\s+(?:\S+\s+){0,5}?(?:gerade|soeben|jetzt|eben)\s+(?:\S+\s+){0,3}?(?:verschickt|gesendet|versendet|geschickt|übermittelt))"
        ),
    },
    Deeds {
        set: ClaimSet::Cancelling,
        word: r"storniert|abgesagt|gekündigt|gelöscht",
        did: concat!(
            we_have!(),
            r"(?:storniert|abgesagt|gestrichen|gelöscht|annulliert|gekündigt|abgemeldet|beendet|entfernt|rausgenommen|herausgenommen|aufgehoben|zurückgezogen|abbestellt|gestoppt|deaktiviert|ausgetragen|freigegeben|aufgelöst|abgebrochen|widerrufen|zurückgenommen|runtergenommen|genommen|ausgesetzt|abgeschaltet|aufgekündigt|abgewickelt|bestätigt|stornieren|absagen|löschen|kündigen|rückgängig\s+gemacht|geschlossen|veranlasst|eingestellt|ausgebucht)"
        ),
        is_done: concat!(
            r"(?:(?:storniert|abgesagt|gestrichen|gelöscht|annulliert|gekündigt|abgemeldet|beendet|entfernt|gestoppt|aufgehoben)(?:\s+(?:ist|sind|wurde|wurden|worden|wird|werden|habe|haben|hat)))|",
            r"(?:",
            is_now!(),
            r"(?:storniert|abgesagt|gestrichen|gelöscht|annulliert|gekündigt|abgemeldet|beendet|entfernt|aufgehoben|abbestellt|gestoppt|deaktiviert|ausgetragen|weg|hinfällig|raus|erledigt|vom\s+tisch|erfasst|ausgeführt|vermerkt|bestätigt|aufgelöst|abgebrochen|rausgenommen|freigegeben|rückgängig\s+gemacht|draußen|durch))
            |(?:(?:^|\s)(?:storniert|abgesagt|gekündigt|gelöscht|(?:stornierung|kündigung|absage)\s+(?:ist\s+)?(?:erledigt|bestätigt|durch|erfolgt|vermerkt|raus))(?:\s+(?:und|ist|für|ohne)|$))
            |(?:(?:termin|buchung|reservierung|vertrag|abo|bestellung|kurs)\s+(?:entfällt|fällt\s+(?:weg|aus)|läuft\s+(?:\S+\s+){0,3}?aus|endet))|(?:(?:stornierung|kündigung|absage)\s+ist\s+(?:erfolgt|durch|vermerkt|bestätigt))
            |(?:(?:sie\s+haben|haben\s+sie)\s+(?:\S+\s+){0,3}?keinen?\s+(?:termin|vertrag|abo)\s+mehr)"
        ),
        doing: concat!(
            r"(?:(?:ich|wir)\s+(?:bin|sind)\s+(?:\S+\s+){0,4}?(?:am\s+(?:stornieren|löschen)|dabei))|",
            we!(
                r"(?:storniere|streiche|lösche|annulliere|kündige|beende|entferne|deaktiviere|stoppe|stornieren|hebe|bestelle\s+(?:\S+\s+){1,4}ab)"
            ),
            r"|(?:(?:ich|wir)\s+(?:sage|sagen|melde|melden|nehme|nehmen)\s+(?:\S+\s+){1,6}?(?:ab|raus|heraus))|(?:(?:sage|melde|nehme)\s+ich\s+(?:\S+\s+){0,6}?(?:ab|raus|heraus))
            |(?:(?:wird|werden)\s+(?:\S+\s+){0,5}?(?:gerade|soeben|jetzt|eben)\s+(?:\S+\s+){0,3}?(?:storniert|gelöscht|gekündigt))"
        ),
    },
    Deeds {
        set: ClaimSet::Paying,
        word: r"bezahlt|abgebucht|erstattet|überwiesen|gutgeschrieben",
        did: concat!(
            we_have!(),
            r"(?:bezahlt|gezahlt|beglichen|abgebucht|belastet|eingezogen|überwiesen|erstattet|zurückerstattet|rückerstattet|zurückgezahlt|gutgeschrieben|verbucht|gebucht|berechnet|kassiert|abgerechnet|eingezahlt|ausgezahlt|erhalten|bekommen|verarbeitet|durchgeführt|angewiesen|veranlasst|ausgeführt|zurücküberwiesen|erlassen|abgezogen|zurückgegeben|rückgängig\s+gemacht|angenommen|geleistet|vorgenommen|bezahlen|abbuchen|überweisen|erstatten|autorisiert|abgewickelt|eingelöst|ausgeglichen|entgegengenommen|zurückgebucht)"
        ),
        is_done: concat!(
            r"(?:(?:bezahlt|beglichen|abgebucht|belastet|eingezogen|überwiesen|erstattet|zurückgezahlt|gutgeschrieben|verbucht|eingegangen|veranlasst)(?:\s+(?:ist|sind|wurde|wurden|worden|wird|werden|habe|haben|hat)))|",
            r"(?:",
            is_now!(),
            r"(?:bezahlt|gezahlt|beglichen|abgebucht|belastet|eingezogen|überwiesen|erstattet|zurückerstattet|rückerstattet|zurückgezahlt|gutgeschrieben|verbucht|abgerechnet|eingegangen|durch|durchgegangen|erfolgt|erfolgreich|angewiesen|verarbeitet|ausgeglichen|unterwegs|raus|akzeptiert|erledigt|abgeschlossen|geklappt|autorisiert|ausgezahlt|veranlasst|durchgeführt|auf\s+dem\s+weg|ausgeführt|getätigt|vorgenommen|angenommen|abgerechnet|zurückgebucht|erlassen|zurück|gedeckt|quittiert|getilgt))
            |(?:sie\s+haben\s+(?:ihr\s+|das\s+)?geld\s+(?:wieder\s+)?zurück)
            |(?:(?:^|\s)(?:bezahlt|abgebucht|erstattet|(?:zahlung|bezahlung|überweisung|abbuchung|erstattung|rückerstattung)\s+(?:ist\s+)?(?:erfolgt|eingegangen|erfolgreich|bestätigt|durch|abgeschlossen|veranlasst|erhalten))(?:\s+\S+)*)
            |(?:(?:danke|vielen\s+dank)\s+für\s+(?:ihre|die)\s+zahlung)"
        ),
        doing: concat!(
            r"(?:(?:ich|wir)\s+(?:bin|sind)\s+(?:\S+\s+){0,4}?(?:am\s+(?:abbuchen|überweisen)|dabei))|",
            we!(
                r"(?:belaste|überweise|erstatte|begleiche|bezahle|verbuche|schreibe|berechne|kassiere|veranlasse|führe|zahle)"
            ),
            r"|(?:(?:ich|wir)\s+(?:buche|buchen|ziehe|ziehen|zahle)\s+(?:\S+\s+){1,8}?(?:ab|ein|zurück))|(?:(?:buche|ziehe|zahle)\s+ich\s+(?:\S+\s+){0,8}?(?:ab|ein|zurück))
            |(?:(?:wird|werden)\s+(?:\S+\s+){0,5}?(?:gerade|soeben|jetzt|eben)\s+(?:\S+\s+){0,3}?(?:abgebucht|belastet|überwiesen|erstattet|verarbeitet))"
        ),
    },
    Deeds {
        set: ClaimSet::Transferring,
        word: r"verbunden|durchgestellt|weitergeleitet",
        did: concat!(
            we_have!(),
            r"(?:verbunden|weiterverbunden|durchgestellt|weitergeleitet|übergeben|weitergegeben|umgeleitet|vermittelt|informiert|verständigt|gerufen|hinzugeholt|dazugeholt|benachrichtigt|erreicht|verbinden|durchstellen)"
        ),
        is_done: concat!(
            r"(?:(?:verbunden|durchgestellt|weitergeleitet|übergeben)\s+(?:ist|sind|wurde|werden|wird|habe|haben))|(?:dass\s+ich\s+(?:\S+\s+){0,5}?(?:verbinde|durchstelle|weiterleite))|",
            r"(?:",
            is_now!(),
            r"(?:verbunden|weiterverbunden|durchgestellt|weitergeleitet|übergeben|umgeleitet|vermittelt|am\s+apparat|in\s+der\s+leitung|dran|für\s+sie\s+da|bei\s+ihnen))
            |(?:(?:kollegin|kollege|kollegen|mitarbeiter|mitarbeiterin|berater|beraterin|jemand|spezialist|spezialistin|techniker|sachbearbeiter|vorgesetzter)\s+(?:\S+\s+){0,4}?(?:übernimmt|übernehmen|meldet\s+sich|ist\s+(?:gleich|sofort)|nimmt|spricht\s+gleich|hilft\s+ihnen\s+gleich|kümmert\s+sich\s+(?:gleich|jetzt)|kommt\s+(?:gleich|jetzt)|geht\s+(?:gleich|jetzt)))
            |(?:(?:bleiben\s+sie|warten\s+sie|einen\s+moment|einen\s+augenblick|bitte)\s+(?:\S+\s+){0,4}?(?:während|bis)\s+ich\s+(?:\S+\s+){0,5}?(?:verbinde|durchstelle|weiterleite|weiterverbinde))
            |(?:hier\s+ist\s+(?:gleich\s+)?(?:mein|meine)\s+(?:kollege|kollegin))"
        ),
        doing: concat!(
            we!(r"(?:verbinde|verbinden|vermittle|weiterverbinde|übergebe|überstelle|hole|rufe)"),
            r"|(?:sie\s+sprechen\s+(?:gleich|jetzt)\s+mit)",
            r"|(?:(?:ich|wir)\s+(?:stelle|stellen|leite|leiten|gebe|geben|reiche|hole|holen|rufe|schalte)\s+(?:\S+\s+){0,10}?(?:durch|weiter|ab|rüber|dazu|hinzu|an|zu|her))
            |(?:(?:stelle|leite|gebe|reiche|hole|schalte|rufe)\s+ich\s+(?:\S+\s+){0,10}?(?:durch|weiter|ab|rüber|dazu|hinzu|her))
            |(?:(?:ich|wir)\s+(?:werde|werden)\s+(?:\S+\s+){0,7}?(?:verbinden|durchstellen|weiterleiten|übergeben|weiterverbinden))
            |(?:ich\s+bin\s+(?:\S+\s+){0,3}?dabei)
            |(?:(?:wird|werden)\s+(?:\S+\s+){0,6}?(?:verbunden|durchgestellt|weitergeleitet|weiterverbunden))"
        ),
    },
];

pub(super) const DOUBTS: Doubts = Doubts {
    before: r"(?:wenn|falls|sobald|sofern|bevor|nachdem|ob|bis|solange|damit\s+(?:ich|wir|sie)|um|
        kann|könnte|können|könnten|soll|sollen|sollte|sollten|möchte|möchten|würde|würden|dürfte|darf|will|wollen|muss|müssen|müsste|mag|
        nicht|kein|keine|keinen|keiner|keinerlei|nie|niemals|nichts|niemand|ohne|weder|leider\s+nicht|wie|wann|warum|wo|wer|was|welche\S*|angenommen|versuche|versucht)",
    in_sentence: r"(?:wenn|falls|sobald|sofern|bevor|nachdem|ob|solange|laut|gemäß|ich\s+sehe|wie\s+ich\s+sehe|ich\s+seh|hier\s+steht|offenbar|anscheinend|scheinbar|gestern|letzte\S*|vorige\S*|normalerweise|üblicherweise|immer|jede\S*|meist|meistens|automatisch|früher|generell|grundsätzlich|
        sie\s+sagten|tut\s+mir\s+leid|verstehe)",
    within: r"(?:nicht|nichts|kein|keine|keinen|keinem|keiner|nie|niemals|leider|noch\s+nicht|konnte\s+leider)",
    behind: r"(?:wenn|falls|sobald|sofern|erst|bis|ob|nachdem|gestern|letzte\S*|von\s+(?:der\s+(?:gesellschaft|airline|bank|firma|werkstatt|behörde)|einem|einer|jemand)|vom\s+(?:veranstalter|hotel|hersteller|anbieter)|normalerweise|automatisch|immer|jede\S*|vor\s+\S+\s+(?:tagen|wochen)|innerhalb|binnen)",
    lone: r"(?:ausgebucht|frei|verfügbar|fehlgeschlagen|abgelehnt|leider|kostet|dauert|belegt|es\s+gibt)",
    asks: r"^(?:und\s+|aber\s+|dann\s+|oder\s+|also\s+|\|\s*)*(?:soll|sollen|sollte|möchten|möchtest|wollen|willst|kann|können|könnte|darf|haben|hat|habe|hab|ist|sind|war|wurde|wird|werden|wäre|wie|wann|warum|wo|wer|was|welche\S*|brauchen)",
    may_ask: r"(?:ja|passt|sicher|buche|storniere|schicke|sende|verbinde|stelle|sie|ich|das|der|die|dann|also|und|habe|hab|ihr|ihre)",
    assures: r"(?:(?:(?:ich|wir)\s+)?(?:kann|können)\s+(?:ich\s+)?(?:ihnen\s+)?(?:gern\s+|gerne\s+|hiermit\s+|nur\s+)?(?:bestätigen|sagen|mitteilen|versichern)|kein\s+problem|keine\s+sorge|kein\s+thema|ohne\s+(?:probleme|problem|weiteres)|
        wie\s+(?:gewünscht|besprochen|vereinbart|sie\s+(?:wollten|es\s+wollten|wünschten)|abgesprochen)|um\s+(?:\S+\s+)?uhr|um\s+\S+|bis\s+(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen|zum|\S+\s+uhr)|bis\s+dahin|wie\s+gesagt|ja\s+wohl)",
};
