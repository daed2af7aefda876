//! Spanish.

use super::{ClaimSet, Deeds, Doubts};

/// `ya le he`, `se la hemos`, `acabo de`: somebody of ours, with a deed to follow.
macro_rules! we_have {
    () => {
        r"(?:(?:(?:ya|le|les|te|os|se|lo|la|los|las|me|nos|yo|nosotros|ahora|también|recién)\s+)*
        (?:he|hemos|acabo\s+de|acabamos\s+de|dejé|dejo|dejamos|logré|pude|conseguí|tengo|tenemos|terminé\s+de)
        (?:\s+(?:ya|de|todo|podido|logrado|también|correctamente|su|tu|le|a|dejado))*\s+)"
    };
}

/// `está ya`, `ha quedado`, `se ha`: something has got into a state.
macro_rules! is_now {
    () => {
        r"(?:(?:está|están|queda|quedan|quedó|quedaron|quedado|fue|fueron|sido|(?:se\s+)?(?:le\s+|les\s+|te\s+|la\s+|lo\s+)?(?:ha|han)|ya|todo|toda|listo|lista|hecho|
        es|son|estás|quedas|va|van|sigue|tiene)(?:\s+(?:ya|todo|toda|todos|sido|quedado|ahora|oficialmente|correctamente|también|completamente|
        debidamente|y|confirmad[oa]|listo|lista|hecho|bien|está|queda|siendo|su|cita|mesa|le|ha|anotad[oa]))*\s+)"
    };
}

macro_rules! to_you {
    () => {
        r"(?:(?:(?:ya|ahora|ahora\s+mismo|enseguida|en\s+seguida|yo|inmediatamente|entonces|pues)\s+)+(?:(?:le|les|te|os|se|lo|la|los|las)\s+)*|(?:(?:le|les|te|os|se|lo|la|los|las)\s+)+)"
    };
}

macro_rules! at_it {
    () => {
        r"(?:(?:estoy|estamos|voy|sigo)(?:\s+(?:ya|ahora|mismo|ahorita|justo))*\s+)"
    };
}

pub(super) const DEEDS: [Deeds; 5] = [
    Deeds {
        set: ClaimSet::Booking,
        word: r"reservad[oa]s?|separad[oa]s?|tomad[oa]s?|asegurad[oa]s?|agendad[oa]s?|apuntad[oa]s?|anotad[oa]s?|confirmad[oa]s?|programad[oa]s?|cita|reserva(?:ción)?|mesa|hueco|plaza|turno|sitio|cupo|habitación|apartad[oa]s?|registrad[oa]s?|inscrit[oa]s?|list[oa]|hecho|agenda",
        did: concat!(
            we_have!(),
            r"(?:reservad[oa]s?|separad[oa]s?|tomad[oa]s?|asegurad[oa]s?|reservar(?:le|te|la|lo)?|agendad[oa]s?|agendar(?:le|te|la|lo)?|programad[oa]s?|programar(?:le|te|la|lo)?|apuntad[oa]s?|apuntar(?:le|te|lo|la)?|anotad[oa]s?|anotar(?:le|te|lo|la)?|confirmad[oa]s?|confirmar(?:le|te|la)?|
            inscrit[oa]s?|inscribir(?:le|te|lo|la)?|registrad[oa]s?|registrar(?:le|te|lo|la)?|apartad[oa]s?|apartar(?:le|te)?|fijad[oa]s?|fijar|concertad[oa]s?|concertar|cambiad[oa]s?|movid[oa]s?|reprogramad[oa]s?|reprogramar|dad[oa]\s+(?:de\s+alta|cita)|dar(?:le|te)\s+(?:de\s+alta|cita)|
            (?:hecho|hacer(?:le|te)?|pedido|encargado|dado|buscado|cerrado|coger(?:le|te)?|buscar(?:le|te)?|conseguido|encontrado|puesto|poner(?:le|te|la|lo)?|formalizado|gestionado|tramitado|arreglado|guardado|guardar(?:le|te)?|creado|crear|asignado|cogido|bloqueado|metido|añadido|agregado|dejado)\s+(?:\S+\s+){0,5}?(?:reserva(?:ción)?|cita|turno|mesa|habitación|hora|agenda|calendario|plaza|sitio|lugar|hueco|taxi|lunes|martes|miércoles|jueves|viernes|sábado|domingo|mañana|las\s+\S+|lista|sistema|reservad[oa]|confirmad[oa]))",
            r"|(?:(?:ya|le|te|les|se|la|lo|los|las|yo)\s+)*(?:reservé|separé|tomé\s+(?:\S+\s+)?(?:cita|reserva|reservación)|aseguré|agendé|programé|apunté|anoté|confirmé|inscribí|registré|aparté|fijé|concerté|reprogramé|reservamos|agendamos|bloqueé|cogí\s+(?:\S+\s+)?(?:hora|cita)|cambié\s+(?:su|la|tu)\s+(?:cita|reserva)|moví\s+(?:su|la|tu)\s+(?:cita|reserva)|hice\s+(?:\S+\s+)?(?:reserva(?:ción)?|cita)|(?:puse|di)\s+(?:\S+\s+){0,3}?(?:cita|agenda|calendario|alta))"
        ),
        is_done: concat!(
            r"(?:",
            is_now!(),
            r"(?:reservad[oa]s?|separad[oa]s?|tomad[oa]s?|asegurad[oa]s?|agendad[oa]s?|programad[oa]s?|apuntad[oa]s?|anotad[oa]s?|confirmad[oa]s?|inscrit[oa]s?|registrad[oa]s?|apartad[oa]s?|fijad[oa]s?|concertad[oa]s?|reprogramad[oa]s?|hech[oa]s?|bloquead[oa]s?|cogid[oa]s?|asignad[oa]s?|garantizad[oa]s?|arreglad[oa]s?|solucionad[oa]s?|esperad[oa]s?|dad[oa]\s+de\s+alta|matriculad[oa]s?|formalizad[oa]s?|registrad[oa]s?|en\s+la\s+agenda|en\s+el\s+calendario|cerrad[oa]s?|asegurad[oa]s?|list[oa]s?|cambiad[oa]s?|movid[oa]s?|citad[oa]s?|pedid[oa]s?|guardad[oa]s?|organizad[oa]s?|dad[oa]\s+de\s+alta|
            (?:cita|reserva(?:ción)?|mesa|turno)))
            |(?:(?:^|\s)(?:reservad[oa]|agendad[oa]|confirmad[oa]|apuntad[oa]|anotad[oa]|reserva\s+(?:hecha|confirmada|realizada)|cita\s+(?:hecha|confirmada|agendada|reservada))(?:\s+(?:para|su|la|el|a|en|tu|con)|$))
            |(?:ya\s+tiene[s]?\s+(?:\S+\s+){0,2}?(?:cita|reserva(?:ción)?|mesa|turno|hora|plaza|habitación))
            |(?:(?:nombre|usted)\s+está\s+en\s+la\s+(?:lista|agenda))|(?:(?:le|te|lo|la)\s+(?:tengo|tenemos|dejo|dejé)\s+(?:\S+\s+){0,2}?(?:en\s+la\s+(?:agenda|lista)|apuntad[oa]|anotad[oa]|reservad[oa]|agendad[oa]|para))
            |(?:(?:habitación|mesa|plaza|sala|hora)\s+es\s+suya|(?:turno|lugar|sitio)\s+es\s+suyo)|(?:(?:le|te)\s+esperamos)|(?:nos\s+vemos\s+(?:el|mañana|a))|(?:su\s+nueva\s+(?:cita|hora|fecha)\s+es)|(?:le\s+(?:doy|queda)\s+(?:\S+\s+){0,2}?(?:cita|hora|turno|mesa))|(?:tiene\s+(?:una\s+|la\s+|su\s+)?(?:mesa|cita|reserva(?:ción)?|hora)\s+(?:para|el|a|mañana|confirmad[oa]|reservad[oa]))|(?:ya\s+(?:quedó|está|queda))|(?:queda\s+usted\s+\S+)|(?:delo\s+por\s+hecho|dalo\s+por\s+hecho)"
        ),
        doing: concat!(
            at_it!(),
            r"(?:reservando(?:le|te|la|lo)?|agendando(?:le|te|la|lo)?|programando(?:le|te|la|lo)?|apuntando(?:le|te|lo|la)?|anotando(?:le|te|lo|la)?|confirmando(?:le|te|la|lo)?|inscribiendo(?:le|te|lo|la)?|registrando(?:le|te|lo|la)?|(?:poniendo|metiendo|guardando|bloqueando|moviendo|cambiando|dejando|apartando|reprogramando)\S*|haciendo\S*\s+(?:la|su|tu|una)\s+(?:reserva(?:ción)?|cita)|a\s+(?:reservar|agendar)\S*\s+(?:\S+\s+){0,5}?(?:ahora|ya|enseguida))|(?:",
            to_you!(),
            r"(?:reservo|agendo|programo|apunto|anoto|confirmo|inscribo|registro|aparto|cojo|guardo|bloqueo|cambio|muevo|meto|asigno|pongo\s+(?:\S+\s+){0,3}?(?:cita|agenda|para)))"
        ),
    },
    Deeds {
        set: ClaimSet::Sending,
        word: r"enviad[oa]s?|mandad[oa]s?|enviando|mandando",
        did: concat!(
            we_have!(),
            r"(?:enviad[oa]s?|enviar(?:le|te|lo|la|selo|sela|telo)?|mandad[oa]s?|mandar(?:le|te|lo|la|selo|sela|telo)?|remitid[oa]s?|remitir(?:le|te)?|reenviad[oa]s?|reenviar(?:le|te|selo)?|expedid[oa]s?|compartid[oa]s?|compartir(?:le|te)?|despachad[oa]s?|hecho\s+llegar|hacer(?:le|te)\s+llegar|pasad[oa]s?|escrito|puesto|avisad[oa]s?|avisar|informad[oa]s?|notificad[oa]s?|comunicad[oa]s?|dejado|entregad[oa]|trasladad[oa]|abierto\s+(?:un|una)\s+(?:ticket|incidencia))",
            r"|(?:(?:ya|le|te|les|se|la|lo|los|las|yo)\s+)*(?:envié|mandé|remití|reenvié|compartí|despaché|enviamos|mandamos)"
        ),
        is_done: concat!(
            r"(?:",
            is_now!(),
            r"(?:enviad[oa]s?|mandad[oa]s?|remitid[oa]s?|reenviad[oa]s?|despachad[oa]s?|entregad[oa]s?|salido|en\s+camino|de\s+camino|en\s+su\s+(?:correo|bandeja|teléfono|móvil|celular|buzón)|en\s+tu\s+(?:correo|bandeja|teléfono|móvil|celular|buzón)))
            |(?:(?:^|\s)(?:enviad[oa]|mandad[oa]|(?:mensaje|correo|enlace|link|sms)\s+(?:enviado|mandado))(?:\s+(?:a|su|el|la|por|al|con|ya)|$))
            |(?:va[n]?\s+(?:ya\s+)?(?:en|de)\s+camino)
            |(?:(?:le|te)\s+(?:debería\s+)?(?:llega|llegará|llegar|está\s+llegando|aparecerá|acaba\s+de\s+llegar|debe\s+llegar|va\s+a\s+llegar)\s*(?:\S+\s+){0,6}?(?:segundos?|momentos?|instantes?|minutos?|ya|ahora|enseguida|breve|inmediato))
            |(?:(?:recibirá|recibirás|tendrá|tendrás|va\s+a\s+recibir)\s+(?:\S+\s+){0,6}?(?:segundos?|momentos?|instantes?|unos\s+minutos|enseguida|breve))
            |(?:(?:revise|mire|consulte|revisa|mira)\s+su\s+(?:correo|teléfono|móvil|celular|bandeja|buzón))
            |(?:en\s+(?:unos|pocos|un)\s+(?:\S+\s+)?(?:segundos?|momento|instantes?|minutos?)\s+(?:le|te)\s+(?:llega|llegará|llegan))|(?:ya\s+tiene\s+(?:\S+\s+){1,3}?en\s+su)|(?:(?:ya\s+)?(?:lo|la|los|las)\s+tiene[s]?\s+(?:ya\s+)?en\s+(?:su|tu|el))
            |(?:(?:mensaje|correo|enlace|link|sms)\s+(?:ya\s+)?(?:salió|ha\s+salido))"
        ),
        doing: concat!(
            at_it!(),
            r"(?:enviando\S*|mandando\S*|remitiendo\S*|reenviando\S*|compartiendo\S*|pasando\S*)|(?:",
            to_you!(),
            r"(?:envío|mando|remito|reenvío|comparto|paso)\s(?:\S+\s+){0,6}?(?:enlace|link|mensaje|correo|sms|código|información|datos|documento|factura|copia|recibo|confirmación|ubicación|dirección|detalles|ahora|ya|enseguida|mismo)?)"
        ),
    },
    Deeds {
        set: ClaimSet::Cancelling,
        word: r"cancelad[oa]s?|anulad[oa]s?",
        did: concat!(
            we_have!(),
            r"(?:cancelad[oa]s?|cancelar(?:le|te|la|lo|sela)?|anulad[oa]s?|anular(?:le|te|la|lo|sela)?|eliminad[oa]s?|eliminar(?:le|te|la|lo)?|borrad[oa]s?|borrar(?:le|te|la|lo)?|suprimid[oa]s?|quitad[oa]s?|quitar(?:le|te|la|lo)?|suspendid[oa]s?|suspender|revocad[oa]s?|retirad[oa]s?|cerrad[oa]s?|desactivad[oa]s?|desactivar|rescindid[oa]s?|liberad[oa]s?|
            dad[oa]\s+(?:\S+\s+){0,3}?de\s+baja|dar(?:le|te|lo|la)\s+(?:\S+\s+){0,3}?de\s+baja|tramitado\s+(?:\S+\s+){0,2}?(?:cancelación|baja|anulación)|procesado\s+(?:\S+\s+){0,2}?(?:cancelación|baja|anulación)|dejado\s+sin\s+efecto)",
            r"|(?:(?:ya|le|te|les|se|la|lo|los|las|yo)\s+)*(?:cancelé|anulé|eliminé|borré|quité|suspendí|retiré|desactivé|cancelamos|anulamos|di\s+(?:\S+\s+){0,3}?de\s+baja|tramité\s+(?:\S+\s+){0,2}?(?:cancelación|baja))"
        ),
        is_done: concat!(
            r"(?:",
            is_now!(),
            r"(?:cancelad[oa]s?|anulad[oa]s?|eliminad[oa]s?|borrad[oa]s?|suprimid[oa]s?|suspendid[oa]s?|retirad[oa]s?|cerrad[oa]s?|desactivad[oa]s?|dad[oa]s?\s+de\s+baja|de\s+baja|fuera|sin\s+efecto|hech[oa]|rescindid[oa]))
            |(?:(?:^|\s)(?:cancelad[oa]|anulad[oa]|(?:cita|reserva(?:ción)?|pedido|suscripción)\s+(?:cancelad[oa]|anulad[oa])|cancelación\s+(?:hecha|confirmada|realizada|completada))(?:\s+(?:su|la|el|tu|para|como|sin|ya)|$))
            |(?:se\s+(?:canceló|anuló|eliminó|borró))|(?:(?:suscripción|membresía|contrato|cuenta)\s+ha\s+(?:terminado|finalizado))|(?:ya-no\s+(?:tiene|tienes|está|existe|figura|aparece|hay))
            |(?:(?:quedó|queda|ha\s+quedado)\s+sin\s+efecto)"
        ),
        doing: concat!(
            at_it!(),
            r"(?:cancelando\S*|anulando\S*|eliminando\S*|borrando\S*|quitando\S*|dando\S*\s+de\s+baja|suspendiendo\S*|tramitando\s+(?:la|su|tu)\s+(?:cancelación|baja))|(?:",
            to_you!(),
            r"(?:cancelo|anulo|elimino|borro|quito|suspendo|doy\s+(?:\S+\s+){0,5}?de\s+baja))"
        ),
    },
    Deeds {
        set: ClaimSet::Paying,
        word: r"pagad[oa]s?|cobrad[oa]s?|reembolsad[oa]s?|reembolso|abonad[oa]|devolución",
        did: concat!(
            we_have!(),
            r"(?:cobrad[oa]s?|cobrar(?:le|te|lo|la)?|pagad[oa]s?|pagar(?:le|te|lo|la)?|cargad[oa]s?|cargar(?:le|te|lo)?|procesad[oa]s?|procesar(?:le|lo)?|reembolsad[oa]s?|reembolsar(?:le|te|lo)?|devuelto|devolver(?:le|te)?|abonad[oa]s?|abonar(?:le|te)?|liquidad[oa]s?|ingresad[oa]s?|transferid[oa]s?|emitir(?:le|te)?|tramitar(?:le)?|efectuar|realizar(?:le)?|ingresar(?:le)?|descontar(?:le)?|completar|aplicar(?:le)?|
            recibid[oa]s?|realizad[oa]|efectuad[oa]|registrad[oa]|descontad[oa]s?|saldad[oa]s?|facturad[oa]s?|aplicad[oa]s?|emitid[oa]|tramitad[oa]|completad[oa]|
            (?:hecho|hacer(?:le|te)?|tomado|pasado)\s+(?:\S+\s+){0,4}?(?:pago|cargo|cobro|reembolso|devolución|transferencia|tarjeta))",
            r"|(?:(?:ya|le|te|les|se|la|lo|los|las|yo)\s+)*(?:cobré|pagué|cargué|procesé|reembolsé|devolví|aboné|liquidé|transferí|cobramos|hice\s+(?:\S+\s+)?(?:pago|cargo|cobro|reembolso|transferencia)|recibí\s+(?:\S+\s+)?pago|recibimos\s+(?:\S+\s+)?pago)"
        ),
        is_done: concat!(
            r"(?:",
            is_now!(),
            r"(?:cobrad[oa]s?|pagad[oa]s?|cargad[oa]s?|procesad[oa]s?|reembolsad[oa]s?|devuelt[oa]s?|abonad[oa]s?|liquidad[oa]s?|saldad[oa]s?|recibid[oa]s?|realizad[oa]s?|efectuad[oa]s?|aceptad[oa]s?|aprobad[oa]s?|completad[oa]s?|registrad[oa]s?|descontad[oa]s?|hech[oa]|acreditad[oa]s?|pasado|entrado|emitid[oa]s?|al\s+día|en\s+camino|de\s+camino|al\s+corriente|autorizad[oa]|ingresad[oa]))
            |(?:(?:^|\s)(?:pagad[oa]|cobrad[oa]|pago\s+(?:recibido|realizado|aceptado|hecho|completado|procesado|confirmado|aprobado)|reembolso\s+(?:hecho|realizado|procesado|emitido|enviado))(?:\s+\S+)*)
            |(?:(?:pago|cargo|cobro|tarjeta|reembolso|transferencia)\s+(?:\S+\s+){0,4}?(?:pasó|entró|salió\s+bien|se\s+realizó|se\s+efectuó|se\s+procesó|se\s+completó|va\s+en\s+camino))
            |(?:(?:dinero|importe|reembolso)\s+(?:\S+\s+){0,2}?va\s+(?:de\s+vuelta|en\s+camino|de\s+camino))|(?:(?:gracias\s+por\s+su\s+pago|gracias\s+por\s+tu\s+pago))
            |(?:(?:se|le)\s+(?:cobró|cargó|reembolsó|devolvió|abonó|descontó|pagó))"
        ),
        doing: concat!(
            at_it!(),
            r"(?:cobrando\S*|pagando\S*|cargando\S*|procesando\S*|reembolsando\S*|devolviendo\S*|abonando\S*|haciendo\S*\s+(?:\S+\s+){0,2}?(?:pago|cargo|cobro|reembolso|transferencia)|tramitando\s+(?:\S+\s+){0,2}?(?:pago|reembolso|devolución)|realizando\s+(?:\S+\s+){0,2}?(?:pago|cargo|cobro|reembolso))|(?:",
            to_you!(),
            r"(?:cobro|cargo|reembolso|devuelvo|abono|pago|hago\s+(?:\S+\s+)?(?:cargo|cobro|pago|reembolso|transferencia)|proceso\s+(?:\S+\s+)?(?:pago|cobro|reembolso))(?:\s+\S+)?)"
        ),
    },
    Deeds {
        set: ClaimSet::Transferring,
        word: r"transferid[oa]|transfiriendo|transfiero",
        did: concat!(
            we_have!(),
            r"(?:transferid[oa]|transferir(?:le|te|lo|la)?|pasad[oa]|pasar(?:le|te|lo|la)?|comunicad[oa]|comunicar(?:le|te|lo|la)?|conectad[oa]|conectar(?:le|te|lo|la)?|derivad[oa]|derivar(?:le|te|lo|la)?|desviad[oa]|redirigid[oa]|puesto\s+(?:\S+\s+){0,2}?(?:en\s+contacto|en\s+línea|con)|avisad[oa]|avisar|llamad[oa])",
            r"|(?:(?:ya|le|te|les|se|la|lo|los|las|yo)\s+)*(?:transferí|comuniqué|conecté|derivé|desvié|pasé\s+(?:con|su|la|a)|avisé)"
        ),
        is_done: concat!(
            r"(?:",
            is_now!(),
            r"(?:transferid[oa]s?|conectad[oa]s?|comunicad[oa]s?|derivad[oa]s?|desviad[oa]s?|en\s+línea|con\s+usted|siendo\s+transferid[oa]|pasando))
            |(?:(?:compañer[oa]|agente|colega|persona|especialista|asesor|asesora|alguien|operador|operadora|supervisor|supervisora|técnico)\s+(?:\S+\s+){0,3}?(?:le|te|lo|la)\s+(?:atiende|atenderá|va\s+a\s+atender|ayudará|contesta|contestará))
            |(?:(?:le|te|lo|la)\s+(?:atiende|atenderá|va\s+a\s+atender)\s+(?:\S+\s+){0,3}?(?:compañer[oa]|agente|colega|persona|especialista|asesor|asesora))
            |(?:(?:no\s+cuelgue|espere|manténgase|permanezca|aguarde|un\s+momento)\s+(?:\S+\s+){0,5}?(?:mientras|que|en\s+lo\s+que)\s+(?:\S+\s+){0,2}?(?:paso|transfiero|comunico|conecto|pongo|derivo|transfiera))
            |(?:le\s+(?:atenderán|atienden))|(?:será\s+transferid[oa]|será\s+atendid[oa])"
        ),
        doing: concat!(
            at_it!(),
            r"(?:transfiriendo\S*|pasando\S*|comunicando\S*|conectando\S*|derivando\S*|desviando\S*|poniendo\S*\s+(?:\S+\s+){0,2}?(?:con|contacto)|redirigiendo\S*|a\s+(?:transferir|pasar|comunicar|conectar|derivar|poner)\S*)|(?:",
            to_you!(),
            r"(?:dejo\s+con|transfiero|comunico|conecto|derivo|desvío|redirijo|paso|pongo\s+(?:\S+\s+){0,3}?(?:con|contacto|línea)))|(?:(?:transfiero|comunico|conecto|paso|desvío)\s+(?:su|la|esta)\s+llamada)|(?:(?:le|te|lo|la)\s+voy\s+a\s+(?:transferir|pasar|comunicar|conectar|derivar|poner)\S*)"
        ),
    },
];

pub(super) const DOUBTS: Doubts = Doubts {
    before: r"(?:banco|aerolínea|rechazad[oa]|si|cuando|en\s+cuanto|una\s+vez\s+que|una\s+vez|hasta\s+que|antes\s+de|después\s+de|tan\s+pronto|siempre\s+que|mientras\s+no|en\s+caso|
        podría|podríamos|puedo|podemos|puede|puedes|pueda|quiere|quieres|quisiera|desea|deseas|debería|gustaría|prefiere|prefieres|necesita|necesito|necesitaría|
        no|nunca|ningún|ninguna|ninguno|nada|tampoco|ni|sin|aún\s+no|todavía|para\s+que|para\s+\S+(?:ar|er|ir)(?:le|te|la|lo|se)?|antes|hay\s+que|qué|cuál|cuándo|dónde|cómo|quién|cree|parece|dice|dijo|intenté|intentar|tratar|trato)",
    in_sentence: r"(?:banco|aerolínea|proveedor|si|cuando|en\s+cuanto|una\s+vez\s+que|una\s+vez|hasta\s+que|antes\s+de|después\s+de|tan\s+pronto|siempre\s+que|en\s+caso|
        según|veo|vemos|consta|aparece|figura|en\s+el\s+sistema|en\s+mi\s+pantalla|me\s+sale|ayer|anterior|pasad[oa]|normalmente|generalmente|siempre|cada|usualmente|habitualmente|automáticamente|suele|suelen|
        parece|dice\s+que|me\s+dijo|usted\s+(?:dijo|dice)|lamento|entiendo)",
    within: r"(?:se\s+hace|rechazad[oa]|denegad[oa]|fallado|no|nunca|nada|ningún|ninguna|sin)",
    behind: r"(?:si|cuando|en\s+cuanto|una\s+vez|hasta\s+que|tan\s+pronto|siempre\s+que|por\s+(?:usted|la\s+aerolínea|el\s+hotel|otra|la\s+compañía|el\s+banco)|ayer|la\s+semana\s+pasada|hace\s+(?:\S+\s+)?(?:días|semanas|meses|años)|normalmente|siempre|cada|automáticamente|el\s+mes\s+pasado|solo\s+si|después\s+de|antes\s+de)",
    lone: r"(?:completo|completa|libre|libres|disponible|disponibles|fallado|rechazad[oa]|hay|lamentablemente|cuesta|tarda|tenemos|queda[n]?|primera|próxim[oa]|otr[oa]|ocupad[oa]s?)",
    asks: r"^(?:y\s+|pero\s+|entonces\s+|bueno\s+|o\s+|\|\s*)*(?:quiere|quieres|desea|puedo|puede|podría|debo|qué|cuál|cuándo|dónde|cómo|quién|por\s+qué|hay|tiene|necesita|prefiere)",
    may_ask: r"(?:es|está|ha|he|seguro|lo|la|le|te|se|ya|entonces|y|su)",
    assures: r"(?:(?:puedo|podemos)\s+(?:confirmarle|confirmar|decirle|asegurarle|informarle)(?:\s+que)?|me\s+complace\s+\S+\s+que|le\s+confirmo\s+que|no\s+se\s+preocupe|no\s+te\s+preocupes|(?:sin|ningún)\s+problema|no\s+hay\s+(?:problema|de\s+qué)|
        (?:tal\s+)?(?:como|cual)\s+(?:quería|pidió|me\s+pidió|deseaba|solicitó)|para\s+(?:usted|ustedes|el|la|los|las|mañana|hoy|dos|tres|cuatro|que\s+lo\s+sepa)|ya\s+puede\s+estar\s+tranquil[oa]|ni\s+se\s+preocupe)",
};
