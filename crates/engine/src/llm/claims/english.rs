//! English.

use super::{ClaimSet, Deeds, Doubts};

/// `i've just`, `we have now already gone ahead and`: somebody of ours, with a deed to follow.
macro_rules! we_have {
    () => {
        r"(?:(?:i|we)(?:'ve|\s+have|'d)?(?:\s+(?:just|now|already|also|gone\s+ahead\s+and|went\s+ahead\s+and|successfully|both|all|
        (?:been|was|were)\s+able\s+to|managed\s+to|quickly|since|finally|happily|taken\s+the\s+liberty\s+of|then|did|officially|safely|
        duly|personally|actually|indeed|hereby|again))*\s+)"
    };
}

/// `is now`, `has just been`, `'s all`: something has got into a state.
macro_rules! is_now {
    () => {
        r"(?:(?:'s|\s(?:is|are|has|have|was|were|got|stands|comes|am|gets)|'re|'ve)(?:\s+(?:just|now|already|all|been|both|
        officially|successfully|safely|also|currently|being|hereby|finally|duly|right|well|and|as|good|
        properly|completely|confirmed|done|set|then))*\s+)"
    };
}

/// `i'm just`, `we are now`: somebody of ours is at it.
macro_rules! we_are {
    () => {
        r"(?:(?:i'm|i\s+am|we're|we\s+are|i'll|i\s+will|we'll|we\s+will|let\s+me|i'm\s+going\s+to|i\s+am\s+going\s+to|
        i'm\s+gonna|allow\s+me\s+to|i've\s+been|i|we)(?:\s+(?:just|now|already|also|quickly|going|go|ahead|and|
        currently|right|away|in|the|process|of|busy|working|on|immediately|straight|then|gladly|happily))*\s+)"
    };
}

macro_rules! right_now {
    () => {
        r"(?:now|right\s+now|right\s+away|straight\s+away|this\s+(?:instant|moment|second|minute)|as\s+we\s+speak|
        immediately|at\s+once|for\s+you\s+now|currently)"
    };
}

pub(super) const DEEDS: [Deeds; 5] = [
    Deeds {
        set: ClaimSet::Booking,
        word: r"booked|reserved|scheduled|rescheduled|confirmed|arranged|registered|enrolled|pencil+ed|calendar|diary|slot|spot",
        did: concat!(
            we_have!(),
            r"(?:(?:re-?)?(?:booked|reserved|scheduled|arranged|secured|confirmed|registered|enrolled|pencil+ed|slotted|ordered|finished\s+booking|finished\s+scheduling|
            rebooked|rescheduled|locked|organi[sz]ed|blocked|noted|signed|fixed|saved|held|extended|updated|upgraded|amended|modified|added|moved|changed|switched|
            shifted|pushed|grabbed|snagged|nabbed|bagged|written|jotted|claimed|guaranteed|extended|upgraded|updated|assigned|
            (?:put|got|added|given|gave|found|assigned|hired|entered|placed|set|made|made\s+sure|popped|fit|fitted|squeezed|marked|created|
            completed|submitted|filed|taken|take|book|reserve|schedule|secure|confirm|arrange)
            (?:\s+\S+){0,4}?\s+(?:down|in|up|on|under|through|for|aside|booked|reserved|scheduled|calendar|diary|system|schedule|list|
            appointment|appointments|reservation|booking|bookings|table|room|slot|spot|seat|seats|visit|meeting|
            place|viewing|session|consultation|ticket|tickets|stay|monday|tuesday|wednesday|thursday|friday|
            saturday|sunday|tomorrow)))"
        ),
        is_done: concat!(
            r"(?:\S*?",
            is_now!(),
            r"(?:re-?)?(?:booked|rebooked|reserved|scheduled|rescheduled|arranged|confirmed|secured|guaranteed|registered|
            enrolled|signed\s+up|pencil+ed|slotted|locked\s+in|locked|organi[sz]ed|in\s+the\s+(?:calendar|diary|book|books|
            system|schedule)|on\s+the\s+(?:calendar|books|schedule|list)|set\s+up|all\s+set|set\s+for|saved|ordered|assigned|added|extended|updated|switched|amended|down\s+for|in\s+for|
            good\s+to\s+go|on\s+for|good\s+for|made|yours|sorted|taken\s+care\s+of|done|complete|completed|moved|changed|finali[sz]ed|held|blocked))
            |(?:(?:^|\s)(?:all\s+)?(?:booked|reserved|scheduled|confirmed|rebooked|rescheduled|booking\s+(?:confirmed|complete|made)|
            (?:appointment|reservation)\s+(?:confirmed|made|booked|set))(?:\s+(?:you|in|for|and|it|that|your|the|at|on|done)|$))
            |(?:(?:appointment|booking|reservation)\s+is\s+(?:in|now\s+\S+))|(?:your\s+new\s+(?:time|slot|appointment|date)\s+is)|(?:you're\s+expected)|(?:(?:your\s+name's|your\s+name\s+is|you're|you\s+are)\s+on\s+the\s+(?:list|calendar|schedule|books))|(?:(?:we'll|i'll|we\s+will)\s+see\s+you\s+(?:on|at|then|tomorrow|next|this|monday|tuesday|wednesday|thursday|friday|saturday|sunday))|(?:consider\s+(?:\S+\s+){1,3}?(?:booked|reserved|confirmed))|(?:consider\s+(?:it|yourself|that)\s+(?:booked|done|confirmed|reserved))
            |(?:(?:i|we)(?:'ve|\s+have|'ve\s+got|\s+got)(?:\s+now)?\s+(?:you|your\s+party|your\s+group)\s+(?:\S+\s+){0,2}?(?:down|in|booked|scheduled|confirmed|set|at|on|for))
            |(?:you(?:'ve|\s+have)(?:\s+now)?\s+(?:a|an|your)\s+(?:confirmed\s+)?(?:appointment|reservation|booking|table)\s+(?:on|at|for|now))
            |(?:you(?:'ve|\s+have)\s+got\s+(?:a|an|the|your)\s+(?:\S+\s+){0,2}?(?:appointment|reservation|booking|table|slot|spot|room))
            |(?:(?:i|we)\s+have\s+(?:that|it|this)\s+(?:all\s+|now\s+)?(?:booked|scheduled|confirmed|reserved|down))|(?:done\s+and\s+dusted)|(?:(?:one|a)\s+table\s+for\s+\S+\s+at\s+\S+)|(?:you\s+have\s+the\s+(?:\S+\s+){1,3}?(?:slot|appointment|table|room|spot))|(?:that's\s+you\s+(?:all\s+)?(?:booked|down|in|set))|(?:just\s+(?:booked|reserved|scheduled|finished\s+booking))"
        ),
        doing: concat!(
            we_are!(),
            r"(?:(?:re-?)?(?:booking|reserving|scheduling|rescheduling|securing|arranging|pencil+ing|registering|
            confirming|locking|entering|adding|putting|blocking|signing|setting|making|placing|slotting|holding|writing|noting|jotting|moving|fixing|changing|squeezing|enroll?ing|organi[sz]ing|getting|saving|marking|fitting|grabbing|switching|taking)
            (?:\s+(?:you|it|that|this|your|the|them|a|an|in|up|down|for|both|everything|him|her|two|three)))",
            r"|(?:putting\s+you\s+(?:down|in|on)|(?:booking|reserving|scheduling)\s+(?:it|that|this|you|your\s+\S+|the\s+\S+)(?:\s+\S+){0,5}?\s+",
            right_now!(),
            r")|(?:",
            we_are!(),
            r"(?:book|reserve|schedule|confirm|put)\s+(?:\S+\s+){1,6}?",
            right_now!(),
            ")"
        ),
    },
    Deeds {
        set: ClaimSet::Sending,
        word: r"sent|emailed|texted|forwarded|inbox",
        did: concat!(
            we_have!(),
            r"(?:(?:re-?)?(?:sent|send|resent|emailed|e-mailed|email|texted|text|messaged|forwarded|forward|mailed|posted|dispatched|shipped|shared|delivered|
            submitted|issued|transmitted|notified|informed|alerted|told|relayed|reported|let\s+(?:\S+\s+){1,4}?know|left\s+(?:\S+\s+){0,4}?(?:message|note|voicemail)|given\s+(?:\S+\s+){0,4}?message|opened\s+a\s+ticket|logged|whatsapped|faxed|passed|copied|fired|shot|popped|dropped|
            put\s+(?:\S+\s+){0,4}?(?:in\s+the\s+(?:mail|post)|through)))"
        ),
        is_done: concat!(
            r"(?:\S*?",
            is_now!(),
            r"(?:re-?)?(?:sent|emailed|e-mailed|texted|forwarded|mailed|posted|dispatched|delivered|shared|submitted|issued|
            on\s+(?:its|their|the)\s+way|in\s+(?:your|the)\s+(?:inbox|email|mail|mailbox|post|messages|e-mail)|gone\s+out|out|passed\s+(?:on|along)|relayed|notified|informed|logged|waiting\s+in|
            heading|headed|en\s+route|with\s+you))
            |(?:(?:^|\s)(?:all\s+|just\s+)?(?:sent|emailed|texted|(?:text|email|message|link|confirmation|invoice|receipt)\s+sent)(?:\s+(?:it|that|you|to|over|your|the|just|off|and)|$))
            |(?:(?:went|goes|gone|going)\s+(?:out|off)(?:\s+(?:to|just|a|by|via|now)|$))
            |(?:(?:link|text|message|email|e-mail|confirmation|it|code|copy|invoice|receipt|details|form|that|document|documents)\s+(?:just\s+)?went\s+(?:out|through|off|to))
            |(?:you(?:'ll|\s+will|\s+should|'ve|\s+should\s+now|'re)?\s+(?:now\s+|also\s+|soon\s+)?(?:be\s+)?(?:have|got|get|getting|see|receive|receiving|find)\s+(?:\S+\s+){0,7}?(?:any\s+(?:second|moment|minute)(?:\s+now)?|in\s+(?:a|your)\s+(?:few\s+)?(?:second|seconds|moment|moments|minute|minutes|inbox)|momentarily|by\s+now|shortly))
            |(?:(?:it|they|that|link|message|text|email|e-mail|code|confirmation)\s+(?:should|will)\s+(?:\S+\s+)?(?:arrive|reach|be\s+(?:in|there|with|on)|land|pop|show)(?:\s+\S+){0,5}?(?:\s+(?:now|shortly|moment|second|seconds|minute|minutes|inbox|momentarily)))
            |(?:check\s+your\s+(?:phone|inbox|email|messages|texts|e-mail))
            |(?:consider\s+it\s+sent)"
        ),
        doing: concat!(
            we_are!(),
            r"(?:(?:re-?)?(?:sending|resending|emailing|e-mailing|texting|forwarding|mailing|posting|dispatching|shooting|firing|messaging|sharing|dropping|popping|passing)
            (?:\s+(?:you|it|that|this|your|the|them|a|an|over|off|out|to|both|everything|those|these|him|her|another|along)))",
            r"|(?:(?:sending|resending|emailing|texting|forwarding)\s+(?:it|that|this|you|your\s+\S+|the\s+\S+|a\s+\S+)(?:\s+\S+){0,7}?\s*(?:\s+",
            right_now!(),
            r"|over|off|across|$))|(?:",
            we_are!(),
            r"(?:send|email|text|forward|shoot|resend)\s+(?:\S+\s+){1,8}?",
            right_now!(),
            ")"
        ),
    },
    Deeds {
        set: ClaimSet::Cancelling,
        word: r"cancell?ed|removed|deleted",
        did: concat!(
            we_have!(),
            r"(?:cancell?ed|cancel|called\s+off|call\s+off|called\s+(?:\S+\s+){1,4}?off|removed|remove|deleted|ended|terminated|stopped|withdrawn|withdrew|withdraw|voided|closed|
            unsubscribed|annulled|revoked|scrapped|scratched|waived|dropped|discontinued|deactivated|released|cleared|undone|reversed|freed|
            taken\s+(?:\S+\s+){1,5}?(?:off|out|down)|took\s+(?:\S+\s+){1,5}?(?:off|out|down)|crossed|struck|wiped|switched\s+off|halted|rescinded|aborted|
            put\s+(?:\S+\s+){0,3}?(?:cancellation|stop)\s*(?:through)?|processed\s+(?:\S+\s+){0,3}?cancell?ation|submitted\s+(?:\S+\s+){0,3}?cancell?ation|confirmed\s+(?:\S+\s+){0,3}?cancell?ation)"
        ),
        is_done: concat!(
            r"(?:\S*?",
            is_now!(),
            r"(?:cancell?ed|called\s+off|removed|deleted|ended|terminated|stopped|withdrawn|voided|void|closed|unsubscribed|annulled|
            revoked|scrapped|discontinued|deactivated|off\s+the\s+(?:calendar|books|schedule|list|diary|system)|off|gone|no-longer\s+(?:booked|active|scheduled|valid|on|in)|
            released|reversed|out\s+of\s+the\s+(?:system|calendar)|cleared|inactive|done|taken\s+care\s+of))
            |(?:(?:^|\s)(?:all\s+)?(?:cancell?ed|cancell?ation\s+(?:confirmed|complete|completed|done|processed))(?:\s+(?:it|that|your|the|for|as|and|both)|$))
            |(?:(?:you're|you\s+are|it's|it\s+is)\s+no-longer\s+\S+)|(?:(?:no-longer\s+(?:have|has|booked|active|scheduled|going)))
            |(?:cancell?ation\s+(?:went|has\s+gone|is)\s+(?:through|complete|confirmed|done))
            |(?:consider\s+(?:it|that)\s+(?:cancell?ed|gone|done))"
        ),
        doing: concat!(
            we_are!(),
            r"(?:cancell?ing|removing|deleting|ending|terminating|stopping|withdrawing|voiding|closing|unsubscribing|calling|taking|dropping|releasing|revoking|scrapping|deactivating)
            (?:\s+(?:you|it|that|this|your|the|them|a|off|both|everything|those|these|all|him|her))",
            r"|(?:(?:cancell?ing)\s+(?:it|that|this|your\s+\S+|the\s+\S+)(?:\s+\S+){0,5}?\s+",
            right_now!(),
            r")|(?:",
            we_are!(),
            r"(?:cancel|remove|delete|call)\s+(?:\S+\s+){1,7}?",
            right_now!(),
            ")"
        ),
    },
    Deeds {
        set: ClaimSet::Paying,
        word: r"paid|charged|refunded|refund|payment",
        did: concat!(
            we_have!(),
            r"(?:paid|pay|charged|charge|refunded|refund|processed|process|settled|settle|collected|collect|received|debited|credited|credit|waived|reversed|billed|deducted|reimbursed|transferred|wired|
            cleared|applied|completed|
            (?:taken|took|take|given|gave|got|made|make|issued|issue|run|ran|put|sent|posted|submitted|initiated|authori[sz]ed|confirmed|deposited|returned|added|moved)
            (?:\s+\S+){0,6}?\s+(?:payment|payments|card|refund|money|deposit|charge|amount|transfer|bill|invoice|fee|balance|dollars|euros|pounds|cents|funds|credit|account|through))"
        ),
        is_done: concat!(
            r"(?:\S*?",
            is_now!(),
            r"(?:paid|paid\s+off|charged|refunded|processed|settled|debited|credited|billed|deducted|reimbursed|collected|received|
            gone\s+through|approved|accepted|cleared|waived|reversed|taken|issued|applied|complete|completed|successful|made|up\s+to\s+date|posted|authori[sz]ed|back\s+(?:on|in)|on\s+its\s+way|
            taken\s+care\s+of|done|through|transferred|zero))
            |(?:(?:payment|charge|transaction|refund|it|card|that|transfer|deposit|money)\s+(?:just\s+|already\s+|all\s+)?(?:went|came)\s+(?:right\s+|straight\s+)?through)
            |(?:(?:^|\s)(?:all\s+)?(?:paid|payment\s+(?:received|complete|completed|successful|accepted|approved|processed|confirmed|taken|made|done)|(?:refund|transfer|transaction)\s+(?:issued|complete|completed|processed|approved|confirmed|made|sent))(?:\s+\S+)*)
            |(?:(?:thank\s+you|thanks)\s+for\s+(?:your|the)\s+payment)
            |(?:you(?:'re|\s+are)\s+(?:now\s+|all\s+)?paid\s+(?:up|in\s+full|off))
            |(?:your\s+(?:new\s+)?balance\s+is\s+(?:now\s+)?(?:zero|clear|settled))
            |(?:consider\s+it\s+paid)"
        ),
        doing: concat!(
            we_are!(),
            r"(?:paying|charging|refunding|processing|settling|debiting|crediting|billing|deducting|reimbursing|transferring|running|taking|issuing|putting|collecting|making|sending|wiring|applying)
            (?:\s+(?:you|it|that|this|your|the|them|a|an|both|everything|him|her|back|through|payment|\d+))",
            r"|(?:(?:charging|processing|refunding|paying|running)\s+(?:it|that|this|your\s+\S+|the\s+\S+)(?:\s+\S+){0,5}?\s+",
            right_now!(),
            r")|(?:",
            we_are!(),
            r"(?:charge|refund|process|pay|run|take|issue)\s+(?:\S+\s+){1,8}?",
            right_now!(),
            ")"
        ),
    },
    Deeds {
        set: ClaimSet::Transferring,
        word: r"transferred|transferring|connecting|connected",
        did: concat!(
            we_have!(),
            r"(?:transferred|transfer|connected|connect|put\s+(?:\S+\s+){1,3}?(?:through|over|in\s+touch|on|in\s+the\s+queue|in\s+line)|forwarded|passed|handed|hand|redirected|rerouted|routed|patched|switched|
            (?:got|brought|pulled|alerted|called|rung|looped|paged|asked|bringing|notified|contacted|flagged|summoned|let)\s+(?:\S+\s+){1,6}?(?:to|in|on|for|coming|know|over|who))"
        ),
        is_done: concat!(
            r"(?:\S*?(?:",
            is_now!(),
            r"|\s(?:will|'ll)\s+(?:now\s+|shortly\s+)?be\s+|'ll\s+(?:now\s+|shortly\s+)?be\s+)",
            r"(?:being\s+)?(?:transferred|connected|put\s+through|through\s+to|forwarded|handed|handed\s+over|passed|redirected|rerouted|routed|patched|with\s+you|on\s+the\s+(?:line|way)|ringing|picking\s+up|joining|coming|speaking|taking\s+over|in\s+the\s+queue|next\s+in|in\s+line|on\s+(?:their|his|her|your)\s+(?:way|line)))
            |(?:(?:hold|stay|wait|hang|remain|bear)(?:\s+(?:on|the|line|please|tight|with|me|there|a|one|moment|second))*\s+(?:while|whilst|as|and)\s+(?:i|we)(?:'m|'ll|\s+will)?\s+(?:\S+\s+){0,2}?(?:transfer|connect|put|get|pass|hand|bring|patch|redirect|route|switch|forward|transferring|connecting|putting|getting|passing))
            |(?:(?:someone|somebody|agent|colleague|specialist|representative|person|human|manager|advisor|adviser|they|she|he|team|member|operator|nurse|technician|supervisor)\s+(?:\S+\s+){0,3}?(?:will|'ll)\s+(?:\S+\s+)?(?:be\s+(?:with\s+you|right\s+with|on\s+the)|pick\s+up|take\s+over|join|take\s+it\s+from|come\s+on|help\s+you\s+from\s+here|take\s+your\s+call)|(?:they|she|he)'ll\s+(?:\S+\s+)?(?:be\s+(?:with\s+you|right\s+with|on\s+the)|pick\s+up|take\s+over|join|take\s+it\s+from))
            |(?:(?:transfer|handover|connection)\s+(?:is\s+)?(?:in\s+progress|under\s+way|underway|complete|done))
            |(?:here(?:'s|\s+is|\s+comes)\s+(?:\S+\s+){0,3}?(?:colleague|agent|specialist|team|manager|someone))"
        ),
        doing: concat!(
            we_are!(),
            r"(?:(?:transferring|transfer|connecting|connect|forwarding|redirecting|redirect|rerouting|routing|route|passing|pass|handing|hand|patching|patch|switching|switch)
            (?:\s+(?:you|your|this|the|over|it|them|him|her|that|now|us))
            |(?:putting|put)\s+(?:\S+\s+){1,4}?(?:through|over|on\s+to|onto|on\s+with|in\s+touch|on\s+the\s+line|in\s+the\s+queue|on\s+hold)
            |(?:sending|send)\s+(?:you|your\s+call)\s+(?:\S+\s+)?(?:over|through|to)|(?:leaving|leave)\s+you\s+with|(?:getting|get|bringing|bring|pulling|pull|looping|loop|calling|ringing|dialing|dialling|fetching|fetch|grabbing|grab)\s+(?:\S+\s+){0,4}?(?:someone|somebody|agent|colleague|specialist|manager|person|human|representative|supervisor|team|expert|advisor|adviser|nurse|technician|operator|over|department|line|in))",
            r"|(?:getting\s+(?:someone|somebody|an?\s+\S+)(?:\s+\S+){0,2}?\s+for\s+you)|(?:(?:^|\s)(?:transferring|connecting|patching|forwarding|putting|passing|handing|redirecting|rerouting|routing|switching)\s+(?:you|your\s+call|the\s+call|this\s+call|us)(?:\s+\S+)*)"
        ),
    },
];

pub(super) const DOUBTS: Doubts = Doubts {
    before: r"(?:if|once|when|whenever|unless|until|till|whether|after|before|as\s+soon\s+as|assuming|provided|in\s+case|suppose|
        not|n't|\S+n't|never|no|nothing|nobody|none|neither|nor|without|unable|unfortunately\s+not|cannot|hardly|
        would|could|should|may|might|must|can|shall|want|wish|like|prefer|need|let\s+me\s+know|wait|why|how|what|which|who|where|
        so\s+that|in\s+order|try|trying|try\s+to|about\s+to|ready\s+to|happy\s+to|glad\s+to|able\s+to|supposed|pretend|imagine|think|says?|said|tell|told|sure)",
    in_sentence: r"(?:if|once|when|whenever|unless|until|till|whether|after|before|as\s+soon\s+as|assuming|provided|suppose|
        (?:it|that)\s+(?:looks|seems|appears)|(?:i|we)(?:\s+can)?\s+see|our\s+(?:records|system|notes)|the\s+(?:system|record|records|file|screen|website|account)\s+(?:shows?|says?|has)|
        according\s+to|on\s+file|it\s+says|shows\s+that|last\s+(?:week|month|year|time|night|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|
        yesterday|previous|previously|earlier|ago|usually|normally|typically|generally|always|every|each|most|all\s+our|automatically|
        remember|understand|heard|sorry\s+(?:that|to\s+hear)|you\s+(?:said|mentioned|told)|rooms|tables|slots|seats|times|orders|payments|refunds|customers|guests|confirmations)",
    within: r"(?:not|n't|\S+n't|never|no|nothing)",
    behind: r"(?:if|once|when|unless|until|till|as\s+soon\s+as|after|provided|only\s+(?:if|when|once|after)|whenever|before|
        by\s+(?:the|your|another|someone|a|mail|post|our\s+(?:billing|driver|courier))|yesterday|last|days\s+ago|weeks\s+ago|months\s+ago|usually|every|each|at\s+the\s+(?:end|start|desk|door|counter)|within|in\s+advance|automatically|
        earlier|previously|online\s+by|in\s+the\s+past|back\s+in|according)",
    lone: r"(?:fully|sold|full|free|available|failed|declined|rejected|there\s+(?:is|are)|there's|afraid|sorry|unfortunately|busy|costs?|takes?|open|earliest|(?:we|i)\s+have\s+(?:an?|one|two|three|several|some))",
    asks: r"^(?:so\s+|and\s+|but\s+|okay\s+|ok\s+|well\s+|or\s+|then\s+|now\s+|\|\s*)*(?:shall|should|do|does|did|don't|didn't|would|could|can|can't|may|might|will|won't|have|has|haven't|hasn't|had|is|isn't|are|aren't|was|were|am|
        what|when|which|who|whom|whose|how|why|where|want|okay\s+(?:if|to)|ok\s+(?:if|to))",
    may_ask: r"(?:ready|fancy|alright|all|sure|any|anything|need|like|you|you'd|so|and|i|we|it|that|the|your)",
    assures: r"(?:(?:(?:i|we)\s+can\s+(?:now\s+|also\s+|happily\s+)?(?:confirm|assure\s+you|tell\s+you|say|report))|(?:i'm|i\s+am|we're)\s+(?:happy|pleased|glad|delighted)\s+to\s+(?:say|confirm|tell\s+you|inform\s+you|let\s+you\s+know|report)|
        you'll\s+be\s+(?:glad|happy|pleased)\s+to\s+(?:hear|know)|(?:i|we)(?:'ve)?\s+made\s+sure|no\s+(?:problem|worries|trouble)|(?:not|nothing)\s+to\s+worry(?:\s+about)?|don't\s+worry|no\s+need\s+to\s+worry|
        (?:as|like|just\s+like|just\s+as)\s+you\s+(?:wanted|asked|wished|requested|said|like)|what\s+you\s+(?:wanted|asked\s+for)|you\s+(?:can|may)\s+relax|(?:i|we)\s+think|let\s+me\s+(?:just\s+)?confirm|if\s+you\s+check|so\s+you\s+know|now\s+that|until\s+then|never\s+mind)",
};
