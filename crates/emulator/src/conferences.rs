//! Conferences: rooms in which calls hear each other.

use indexmap::IndexMap;
use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::call::ConferenceCallback as ConferenceTold;
use twilio::date::Rfc2822;
use twilio::sid::{Sid, SidKind};
use twilio::voice_twiml::ConferenceEvent;

use crate::call::CallId;
use crate::journal::Purpose;
use crate::recordings::NewRecording;
use crate::world::World;

/// A conference, over or not.
#[derive(Debug, Clone)]
pub(crate) struct Conference {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) friendly_name: String,
    pub(crate) region: String,
    pub(crate) status: ConferenceStatus,
    pub(crate) participants: Vec<Participant>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    /// Twilio's word for why it ended, and the call that ended it.
    pub(crate) ended_by: Option<(&'static str, Sid)>,
    pub(crate) callback: ConferenceCallback,
    pub(crate) recording: Option<Sid>,
    /// How it is recorded from its beginning: as the first participant says who wants that.
    pub(crate) to_record: Option<Box<NewRecording>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConferenceStatus {
    /// It waits for somebody with whom it may begin.
    Init,
    InProgress,
    Completed,
}

impl ConferenceStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            ConferenceStatus::Init => "init",
            ConferenceStatus::InProgress => "in-progress",
            ConferenceStatus::Completed => "completed",
        }
    }
}

/// Who is told of changes of a conference, and of which.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConferenceCallback {
    pub(crate) url: Option<String>,
    pub(crate) method: HttpMethod,
    pub(crate) events: Vec<ConferenceEvent>,
    /// How many were told.
    pub(crate) told: u32,
}

/// A call in a conference.
#[derive(Debug, Clone)]
pub(crate) struct Participant {
    pub(crate) call: CallId,
    pub(crate) call_sid: Sid,
    pub(crate) label: Option<String>,
    pub(crate) muted: bool,
    pub(crate) hold: bool,
    /// The call that this participant alone speaks to.
    pub(crate) coaches: Option<Sid>,
    pub(crate) starts: bool,
    pub(crate) ends: bool,
    pub(crate) joined: Timestamp,
    pub(crate) updated: Timestamp,
}

/// Why somebody left, or why it ended and by whom, in Twilio's words; nothing of what is only a change.
#[derive(Debug, Default)]
pub(crate) struct Reason {
    pub(crate) left: Option<&'static str>,
    pub(crate) ended: Option<&'static str>,
    pub(crate) by: Option<String>,
}

/// All conferences, in the order in which they were made.
#[derive(Default)]
pub(crate) struct Conferences(IndexMap<Sid, Conference>);

impl Conferences {
    pub(crate) fn get(&self, sid: &Sid) -> Option<&Conference> {
        self.0.get(sid)
    }

    pub(crate) fn get_mut(&mut self, sid: &Sid) -> Option<&mut Conference> {
        self.0.get_mut(sid)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Conference> {
        self.0.values()
    }

    /// The account's conference with this name that is not over.
    pub(crate) fn named(&self, account: &Sid, name: &str) -> Option<&Conference> {
        self.0.values().rev().find(|conference| {
            conference.account == *account
                && conference.friendly_name == name
                && conference.status != ConferenceStatus::Completed
        })
    }
}

impl Conference {
    pub(crate) fn participant(&self, call: CallId) -> Option<&Participant> {
        self.participants.iter().find(|participant| participant.call == call)
    }

    pub(crate) fn participant_mut(&mut self, call: CallId) -> Option<&mut Participant> {
        self.participants.iter_mut().find(|participant| participant.call == call)
    }

    /// Whether it may begin: two are there, and it may begin with one of them.
    pub(crate) fn may_begin(&self) -> bool {
        self.status == ConferenceStatus::Init
            && self.participants.len() > 1
            && self.participants.iter().any(|participant| participant.starts)
    }

    /// The calls that hear what is said in this one.
    pub(crate) fn hears(&self, call: CallId) -> Vec<CallId> {
        let Some(speaker) = self.participant(call) else { return Vec::new() };
        if self.status != ConferenceStatus::InProgress || speaker.muted || speaker.hold {
            return Vec::new();
        }
        self.participants
            .iter()
            .filter(|other| other.call != call && !other.hold)
            .filter(|other| speaker.coaches.as_ref().is_none_or(|coached| other.call_sid == *coached))
            .map(|other| other.call)
            .collect()
    }
}

impl World {
    /// The account's conference with this name, which is made where there is none.
    pub(crate) fn conference_named(
        &mut self,
        account: &Sid,
        name: &str,
        region: &str,
        callback: ConferenceCallback,
    ) -> Sid {
        if let Some(conference) = self.conferences.named(account, name) {
            return conference.sid.clone();
        }
        let sid = self.random.sid(SidKind::Conference);
        let conference = Conference {
            sid: sid.clone(),
            account: account.clone(),
            friendly_name: name.to_owned(),
            region: region.to_owned(),
            status: ConferenceStatus::Init,
            participants: Vec::new(),
            created: self.now,
            updated: self.now,
            ended_by: None,
            callback,
            recording: None,
            to_record: None,
        };
        self.conferences.0.insert(sid.clone(), conference);
        sid
    }

    /// Tells of a change of a conference, where somebody wants to hear of such.
    pub(crate) fn tell_of_conference(
        &mut self,
        sid: &Sid,
        event: ConferenceEvent,
        change: &str,
        about: Option<CallId>,
        reason: &Reason,
    ) {
        let now = self.now;
        let Some(conference) = self.conferences.get_mut(sid) else { return };
        conference.updated = now;
        if !conference.callback.events.contains(&event) {
            return;
        }
        let Some(url) = conference.callback.url.clone() else { return };
        let number = conference.callback.told;
        conference.callback.told += 1;
        let method = conference.callback.method;
        let participant = about.and_then(|call| conference.participant(call)).cloned();
        let there = participant.as_ref();
        let callback = ConferenceTold {
            account_sid: conference.account.clone(),
            conference_sid: sid.clone(),
            friendly_name: Some(conference.friendly_name.clone()),
            event: change.into(),
            sequence_number: Some(number),
            timestamp: Some(Rfc2822(now)),
            call_sid: there.map(|participant| participant.call_sid.clone()),
            muted: there.map(|participant| participant.muted),
            hold: there.map(|participant| participant.hold),
            coaching: there.map(|participant| participant.coaches.is_some()),
            end_conference_on_exit: there.map(|participant| participant.ends),
            start_conference_on_enter: there.map(|participant| participant.starts),
            participant_label: there.and_then(|participant| participant.label.clone()),
            reason_participant_left: reason.left.map(str::to_owned),
            reason_conference_ended: reason.ended.map(str::to_owned),
            rest: reason.by.iter().map(|by| ("CallSidEndingConference".to_owned(), by.clone())).collect(),
        };
        // Something must carry it: the call that it is about, or anyone's who was there.
        let carrier = about.or_else(|| conference.participants.first().map(|participant| participant.call));
        let account = conference.account.clone();
        let carrier = carrier.or_else(|| self.any_call_of(&account));
        if let Some(carrier) = carrier {
            self.tell(carrier, Purpose::ConferenceStatus, &url, method, callback.to_pairs());
        }
    }

    fn any_call_of(&self, account: &Sid) -> Option<CallId> {
        self.calls.iter().rev().find(|(_, call)| call.account == *account).map(|(id, _)| id)
    }
}
