//! French.

use super::{ClaimSet, Deeds, Doubts};

/// `je vous ai bien`, `nous l'avons`, `je viens de vous`: somebody of ours, with a deed to follow.
macro_rules! we_have {
    () => {
        r"(?:(?:(?:je|nous|on|j'ai|j')(?:\s+(?:vous|te|t'|le|la|les|lui|leur|y|en|me|viens|vous\s+l'ai|vous\s+les|m'))*\s*
        (?:\s*(?:ai|l'ai|t'ai|les\s+ai|avons|l'avons|a|l'a|viens\s+de|viens\s+d'|venons\s+de|suis\s+parvenu\s+à|m'en\s+suis)?)
        (?:\s+(?:bien|déjà|aussi|donc|tout|juste|également|maintenant|immédiatement|pu|réussi|à|vous|le|la|les|l'|te|de|d'|désormais|aussitôt|correctement|dûment|vous|l'ai|lui|leur|plus))*\s+(?:[ld]')?)
        |(?:(?:ai|avons)(?:-je|-nous)?(?:\s+(?:bien|déjà|aussi|donc|tout|juste|également))*\s+))"
    };
}

/// `est maintenant`, `a bien été`, `vous êtes`: something has got into a state.
macro_rules! is_now {
    () => {
        r"(?:(?:est|sont|êtes|es|été|c'est|s'est|a|ont|voilà|ça\s+y\s+est|vient\s+d'être|viennent\s+d'être|vient\s+de\s+(?:vous\s+)?être|reste|part|partent|soit)(?:\s+(?:bien|maintenant|désormais|déjà|tout|toute|tous|été|officiellement|
        aussi|également|donc|à\s+présent|enfin|correctement|complètement|entièrement|vient|d'être|intégralement|dûment|en|cours|d'|et|confirmée?s?))*\s+)"
    };
}

macro_rules! to_you {
    () => {
        r"(?:(?:je|nous|on)(?:\s+(?:vous|te|le|la|les|lui|l'|t'|y|en|me|m'))*\s+(?:[ldt]')?)"
    };
}

macro_rules! at_it {
    () => {
        r"(?:(?:(?:je|nous|on)\s+)?(?:suis|sommes|est)\s+(?:\S+\s+){0,2}?en\s+train\s+(?:de|d')\s*(?:\s*(?:vous|te|le|la|les|l'|lui))*\s*(?:[ld]')?)"
    };
}

pub(super) const DEEDS: [Deeds; 5] = [
    Deeds {
        set: ClaimSet::Booking,
        word: r"réservée?s?|confirmée?s?|notée?s?|inscrite?s?|enregistrée?s?",
        did: concat!(
            we_have!(),
            r"(?:réservée?s?|réserver|réservons|programmée?s?|programmer|planifiée?s?|planifier|notée?s?|noter|inscrite?s?|inscrire|enregistrée?s?|enregistrer|confirmée?s?|confirmer|fixée?s?|fixer|bloquée?s?|bloquer|calée?s?|caler|reportée?s?|déplacée?s?|modifiée?s?|décalée?s?|prise?\s+(?:\S+\s+){0,3}?rendez-vous|prendre\s+(?:\S+\s+){0,3}?rendez-vous|retenue?s?|ajoutée?s?|ajouter|commandée?s?|commander|organisée?s?|gardée?s?|posée?s?|attribuée?s?|casée?s?|glissée?s?|changée?s?|avancée?s?|prolongée?s?|
            (?:fait|mise?|mis|mettre|effectuée?|effectué|créée?|trouvé|obtenu|gardé|placé|positionné|faire)\s+(?:\S+\s+){0,5}?(?:réservation|rendez-vous|agenda|planning|place|table|chambre|créneau|calendrier|liste|système))"
        ),
        is_done: concat!(
            r"(?:",
            is_now!(),
            r"(?:réservée?s?|programmée?s?|planifiée?s?|notée?s?|inscrite?s?|enregistrée?s?|confirmée?s?|fixée?s?|bloquée?s?|calée?s?|prise?s?|faite?s?|dans\s+(?:l'agenda|le\s+planning|le\s+système|le\s+calendrier)|attendue?s?|retenue?s?|réglée?|bon|reportée?s?|déplacée?s?|effectuée?s?|validée?s?|posée?s?|organisée?s?|commandée?s?|gardée?s?|modifiée?s?|changée?s?|attribuée?s?|prolongée?s?|avancée?s?|arrangée?s?|assurée?s?|programmé))
            |(?:(?:chambre|table|place|salle|créneau)\s+est\s+à\s+vous)
            |(?:(?:^|\s)(?:réservé|réservée|confirmé|confirmée|noté|réservation\s+(?:faite|confirmée|effectuée|validée)|rendez-vous\s+(?:pris|confirmé|noté|fixé|enregistré))(?:\s+(?:pour|votre|le|la|à|chez|avec|vous)|$))
            |(?:vous\s+avez\s+(?:maintenant\s+|désormais\s+|donc\s+|bien\s+)(?:\S+\s+){0,2}?(?:rendez-vous|réservation|table|place|créneau))
            |(?:c'est\s+(?:fait|bon|réservé|noté|enregistré|confirmé|calé))"
        ),
        doing: concat!(
            at_it!(),
            r"(?:réserver|programmer|planifier|noter|inscrire|enregistrer|confirmer|fixer|bloquer|prendre|faire|ajouter|mettre)|(?:",
            to_you!(),
            r"(?:réserve|programme|planifie|note|inscris|enregistre|confirme|fixe|bloque|cale|prends|mets)(?:\s+\S+)?)"
        ),
    },
    Deeds {
        set: ClaimSet::Sending,
        word: r"envoyée?s?|transmise?s?",
        did: concat!(
            we_have!(),
            r"(?:envoyée?s?|envoyer|renvoyée?s?|renvoyer|transmise?s?|transmis|transmettre|expédiée?s?|expédier|adressée?s?|adresser|partagée?s?|partager|posté|postée?s?|faxée?s?|fait\s+(?:parvenir|suivre|partir)|faire\s+(?:parvenir|suivre)|texté|écrit|communiquée?s?|glissée?s?|prévenue?s?|informée?s?|averti|avertie?s?|alertée?s?|signalée?s?|notifiée?s?|laissée?s?|mis|mise?s?|remise?s?|remis|ouvert\s+un\s+ticket)"
        ),
        is_done: concat!(
            r"(?:",
            is_now!(),
            r"(?:envoyée?s?|renvoyée?s?|transmise?s?|transmis|expédiée?s?|adressée?s?|partie?s?|parti|partis|en\s+route|en\s+chemin|dans\s+votre\s+(?:boîte|messagerie|téléphone)|en\s+cours\s+d'envoi|arrivée?s?|disponible\s+dans\s+votre|sur\s+votre\s+(?:téléphone|portable|mobile)))
            |(?:(?:mail|message|sms|courriel|confirmation|lien)\s+vous\s+attend(?:ent)?)
            |(?:(?:^|\s)(?:envoyé|envoyée|(?:message|sms|mail|e-mail|lien|courriel)\s+(?:envoyé|parti|transmis))(?:\s+(?:à|sur|votre|par|le|la|au|vous)|$))
            |(?:vous\s+(?:allez|devriez|recevrez|aurez|l'aurez|le\s+recevrez|la\s+recevrez|avez)\s+(?:\S+\s+){0,9}?(?:instant|instants|secondes?|minutes?|moment|peu|tout\s+de\s+suite|immédiatement|maintenant|reçu|recevoir))
            |(?:(?:il|elle|ça|lien|message|sms|mail|courriel)\s+(?:\S+\s+){0,2}?(?:arrive|devrait\s+arriver|va\s+arriver|arrivera))
            |(?:(?:vient|viennent|vous\s+venez)\s+(?:de|d')\s*(?:\S+\s+)?(?:partir|recevoir|arriver|envoyée?))|(?:(?:regardez|consultez|vérifiez)\s+(?:votre|vos)\s+(?:téléphone|boîte|messages|messagerie|mails|sms|e-mails))
            |(?:c'est\s+(?:parti|envoyé|fait))"
        ),
        doing: concat!(
            at_it!(),
            r"(?:envoyer|renvoyer|transmettre|expédier|adresser|partager|faire\s+parvenir)|(?:",
            to_you!(),
            r"(?:envoie|envoyons|renvoie|transmets|expédie|adresse|partage|fais\s+parvenir|fais\s+suivre))"
        ),
    },
    Deeds {
        set: ClaimSet::Cancelling,
        word: r"annulée?s?|résiliée?s?|supprimée?s?",
        did: concat!(
            we_have!(),
            r"(?:annulée?s?|annuler|supprimée?s?|supprimer|résiliée?s?|résilier|retirée?s?|retirer|effacée?s?|effacer|arrêtée?s?|arrêter|désactivée?s?|désactiver|clôturée?s?|clôturer|interrompue?s?|enlevée?s?|enlever|décommandée?s?|décommander|libérée?s?|désinscrite?s?|désabonnée?s?|révoquée?s?|suspendue?s?|stoppée?s?|mis\s+(?:fin|un\s+terme)|mettre\s+fin|procédé\s+à\s+(?:\S+\s+)?(?:annulation|résiliation|l'annulation)|(?:effectué|fait|validé|traité|confirmé|enregistré)\s+(?:\S+\s+){0,2}?(?:l'annulation|annulation|résiliation))"
        ),
        is_done: concat!(
            r"(?:",
            is_now!(),
            r"(?:annulée?s?|supprimée?s?|résiliée?s?|retirée?s?|effacée?s?|arrêtée?s?|désactivée?s?|clôturée?s?|clos|close|interrompue?s?|enlevée?s?|décommandée?s?|libérée?s?|désinscrite?s?|désabonnée?s?|suspendue?s?|terminée?s?|faite?|effective|validée?s?))
            |(?:(?:^|\s)(?:annulé|annulée|annulation\s+(?:faite|confirmée|effectuée|validée|enregistrée)|(?:rendez-vous|réservation|commande|abonnement)\s+(?:annulée?|supprimée?|résiliée?))(?:\s+(?:votre|le|la|sans|comme|pour)|$))
            |(?:vous\s+avez-plus\s+(?:\S+\s*){0,3}|est-plus\s+(?:réservée?|active?f?|prévue?|valable)|n'existe\s+plus|ne\s+figure\s+plus)
            |(?:c'est\s+annulé)"
        ),
        doing: concat!(
            at_it!(),
            r"(?:annuler|supprimer|résilier|retirer|effacer|arrêter|désactiver|clôturer|enlever)|(?:",
            to_you!(),
            r"(?:annule|annulons|supprime|résilie|retire|efface|arrête|désactive|clôture|enlève|procède\s+à\s+l'annulation|mets\s+fin))"
        ),
    },
    Deeds {
        set: ClaimSet::Paying,
        word: r"payée?s?|réglée?s?|débitée?s?|remboursée?s?|remboursement",
        did: concat!(
            we_have!(),
            r"(?:payée?s?|payer|réglée?s?|régler|débitée?s?|débiter|prélevée?s?|prélever|encaissée?s?|encaisser|remboursée?s?|rembourser|facturée?s?|facturer|créditée?s?|créditer|recréditée?s?|recrédité|fait\s+un\s+(?:avoir|geste)|virée?s?|reçu|traitée?s?|traiter|
            (?:effectuée?|effectué|fait|passée?|passé|enregistrée?|enregistré|pris|validé|lancé|émis|procédé\s+au|procédé\s+à|effectuer|faire)\s+(?:\S+\s+){0,4}?(?:paiement|remboursement|virement|prélèvement|règlement|transaction|carte|versement|facture|débit))"
        ),
        is_done: concat!(
            r"(?:",
            is_now!(),
            r"(?:payée?s?|réglée?s?|débitée?s?|prélevée?s?|encaissée?s?|remboursée?s?|facturée?s?|créditée?s?|effectuée?s?|traitée?s?|acceptée?s?|validée?s?|passée?s?|reçue?s?|enregistrée?s?|à\s+jour|soldée?s?|approuvée?s?|autorisée?s?|émise?s?|faite?s?|en\s+route|acquittée?s?|abouti|repartie?|reparti|rendue?|partie?|parti|recréditée?s?|confirmée?s?|versée?s?))
            |(?:(?:^|\s)(?:payé|paiement\s+(?:reçu|effectué|accepté|validé|confirmé|enregistré|passé)|remboursement\s+(?:effectué|fait|validé|émis|envoyé))(?:\s+\S+)*)
            |(?:(?:paiement|carte|règlement|transaction|virement|remboursement)\s+(?:est\s+|a\s+)?(?:bien\s+)?(?:passée?|abouti|réussi))
            |(?:merci\s+pour\s+votre\s+(?:paiement|règlement))"
        ),
        doing: concat!(
            at_it!(),
            r"(?:payer|régler|débiter|prélever|encaisser|rembourser|facturer|créditer|effectuer|traiter|faire|passer|procéder)|(?:",
            to_you!(),
            r"(?:débite|débitons|prélève|encaisse|rembourse|facture|crédite|règle|paie|paye|procède\s+au\s+(?:paiement|remboursement|règlement|prélèvement)|effectue\s+(?:\S+\s+)?(?:paiement|remboursement|virement)|traite\s+(?:\S+\s+)?(?:paiement|remboursement)))"
        ),
    },
    Deeds {
        set: ClaimSet::Transferring,
        word: r"transférée?s?|transfert",
        did: concat!(
            we_have!(),
            r"(?:transférée?s?|transférer|mise?\s+(?:\S+\s+)?en\s+(?:relation|ligne|contact|attente)|mis\s+en\s+(?:relation|ligne|contact)|passée?\s+(?:à|au|un|une|mon|ma|le|la)|basculée?s?|basculer|redirigée?s?|rediriger|connectée?s?|connecter|orientée?s?|prévenu|averti|alerté|appelé|contacté|joint)"
        ),
        is_done: concat!(
            r"(?:(?:",
            is_now!(),
            r"|(?:serez|sera|allez\s+être|va\s+être)\s+(?:\S+\s+)?)(?:transférée?s?|mise?\s+en\s+(?:relation|ligne|contact)|redirigée?s?|connectée?s?|basculée?s?|en\s+ligne|en\s+relation|dirigée?s?|en\s+cours\s+de\s+transfert))
            |(?:(?:collègue|conseiller|conseillère|agent|quelqu'un|personne|spécialiste|responsable|technicien|opérateur)\s+(?:\S+\s+){0,3}?(?:prend|va\s+prendre|prendra|vous\s+répond|vous\s+répondra|va\s+vous|arrive|prend\s+le\s+relais|vous\s+prend|vous\s+rejoint|sera\s+avec\s+vous|vous\s+parlera))
            |(?:(?:ne\s+quittez\s+pas|patientez|restez\s+en\s+ligne|un\s+instant|veuillez\s+patienter)\s+(?:\S+\s+){0,4}?(?:pendant|le\s+temps|je|que\s+je)\s*(?:\S+\s+){0,5}?(?:transfère|passe|mets|mette|redirige|connecte|bascule|transférer|passer))
            |(?:(?:transfert|mise\s+en\s+relation)\s+(?:est\s+)?en\s+cours)
            |(?:voici\s+(?:mon|ma|un|une)\s+(?:collègue|conseiller|conseillère))"
        ),
        doing: concat!(
            at_it!(),
            r"(?:transférer|mettre|passer|rediriger|connecter|basculer|orienter|joindre|appeler)|(?:",
            to_you!(),
            r"(?:transfère|transférons|passe|mets\s+(?:\S+\s+){0,2}?en\s+(?:relation|ligne|contact|attente)|mets\s+en|redirige|connecte|bascule|oriente|dirige|appelle\s+(?:un|une|mon|ma)|passons))|(?:",
            to_you!(),
            r"vais\s+(?:vous\s+|te\s+|l'|le\s+|la\s+)?(?:transférer|passer|mettre|rediriger|connecter|basculer|orienter))|(?:(?:je|nous)\s+(?:vous\s+)?laisse\s+avec)"
        ),
    },
];

pub(super) const DOUBTS: Doubts = Doubts {
    before: r"(?:si|s'il|quand|lorsque|dès\s+que|dès\s+qu'\S*|une\s+fois|avant|après|tant\s+que|jusqu'à|à\s+condition|au\s+cas|
        pourrais|pourrait|pourrions|peux|peut|pouvons|pouvez|puis-je|veux|voulez|voulez-vous|souhaitez|souhaitez-vous|aimerais|aimeriez|voudriez|devrais|devrait|faut|faudrait|faudra|dois|doit|devez|préférez|besoin|
        ne|n'\S*|pas|jamais|aucun|aucune|rien|sans|ni|non|pour\s+que|afin|comment|pourquoi|quel|quelle|qui|où|combien|essayé|essayer|pense|semble|dit|prêt|prête|pour\s+(?:\S+\s+)?\S+(?:er|ir|re))",
    in_sentence: r"(?:si|s'il|quand|lorsque|dès\s+que|dès\s+qu'\S*|une\s+fois|avant|tant\s+que|jusqu'à|à\s+condition|au\s+cas|
        selon|d'après|je\s+vois|on\s+voit|il\s+semble|apparemment|hier|dernière?|précédente?|habituellement|normalement|généralement|toujours|chaque|souvent|automatiquement|en\s+général|
        vous\s+(?:dites|disiez|avez\s+dit)|désolée?\s+que|comprends)",
    within: r"(?:ne|n'\S*|pas|jamais|rien|aucune?)",
    behind: r"(?:si|s'il|quand|lorsque|dès\s+que|dès\s+qu'\S*|une\s+fois|seulement|par\s+(?:la\s+(?:compagnie|banque)|le\s+(?:fournisseur|transporteur|magasin|client)|l'(?:hôtel|agence|organisateur)|vous|un\s+autre|une\s+autre)|hier|la\s+semaine\s+dernière|il\s+y\s+a\s+\S+\s+(?:jours|semaines|mois|ans)|habituellement|normalement|automatiquement|chaque|toujours|après|sous\s+\S+\s+jours)",
    lone: r"(?:complet|complète|libre|libres|disponible|disponibles|échoué|refusée?|malheureusement|désolée?|coûte|prend|occupée?s?|il\s+y\s+a|il\s+reste)",
    asks: r"^(?:et\s+|mais\s+|alors\s+|ou\s+|donc\s+|\|\s*)*(?:voulez|voulez-vous|souhaitez|souhaitez-vous|puis-je|dois-je|est-ce|qu'est-ce|avez-vous|ai-je|êtes-vous|est-il|est-elle|aimeriez|préférez|pouvez|pouvez-vous|quel|quelle|quand|où|comment|pourquoi|qui|combien|faut-il|désirez)",
    may_ask: r"(?:vous|on|je|tu|c'est|ça|et|votre|la|le|il|elle)",
    assures: r"(?:(?:je\s+peux|nous\s+pouvons)\s+(?:vous\s+)?(?:confirmer|dire|assurer|annoncer)(?:\s+(?:que|qu'))?|(?:plaisir|heureux|heureuse|ravie?)\s+de\s+vous\s+(?:confirmer|annoncer|informer|dire)\s+que|pas\s+de\s+(?:souci|problème|soucis)|sans\s+(?:souci|problème|frais|faute)|aucun\s+(?:souci|problème)|
        ne\s+vous\s+(?:inquiétez|en\s+faites)\s+pas|comme\s+(?:vous\s+(?:le\s+)?(?:souhaitiez|vouliez|avez\s+demandé)|demandé|convenu|prévu)|pour\s+(?:vous|la|le|les|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain|ce|votre|deux|trois|quatre)|ne\s+quittez\s+pas|ne\s+raccrochez\s+pas)",
};
