//! What may stand in the agenda, and what happens when its time has come.

use twilio::sid::Sid;

use crate::call::{CallDraft, CallId, Errand, Wake};
use crate::draft::Draft;
use crate::message::MessageId;
use crate::scripts::PhoneText;
use crate::verified::Verification;
use crate::webhook::Webhook;
use crate::world::World;

pub(crate) enum Due {
    /// A message goes on to its next status.
    Advance(MessageId),
    /// A message's validity ends; it fails if it still waits in a queue.
    Expire(MessageId),
    /// A webhook that was delayed goes out.
    Send(Box<Webhook>),
    /// A callback that was held back behind the next one goes out, if no next one came.
    SendHeldBack(MessageId),
    /// A webhook of a call that was delayed goes out.
    RunErrand(Box<Errand>),
    /// A callback of a call that was held back behind the next one goes out, if no next one came.
    RunHeldBack(CallId),
    /// A phone answers.
    PhoneSends { phone: String, to: String, text: Box<PhoneText> },
    /// A message comes into being after its request's connection has dropped.
    Create(Box<Draft>),
    /// A call comes into being after its request's connection has dropped.
    CreateCall(Box<CallDraft>),
    /// A call is woken, unless it has gone on meanwhile.
    Call { call: CallId, wake: Wake, serial: u64 },
    /// A call that is over gets its price.
    BillCall(CallId),
    /// A recording can be fetched.
    RecordingDone(Sid),
    /// A recording was transcribed.
    TranscriptionDone(Sid),
    /// A number of another carrier is verified, if its phone can be reached.
    Verify(Box<Verification>),
    /// WhatsApp decides about a template.
    DecideApproval(Sid),
}

impl World {
    pub(crate) fn perform(&mut self, due: Due) {
        match due {
            Due::Advance(id) => self.advance(id),
            Due::Expire(id) => self.expire(id),
            Due::Send(webhook) => self.post(*webhook),
            Due::SendHeldBack(id) => {
                if let Some(webhook) = self.held_back.remove(&id) {
                    self.post(*webhook);
                }
            }
            Due::RunErrand(errand) => self.send_errand(*errand),
            Due::RunHeldBack(call) => {
                if let Some(errand) = self.held_back_of_calls.remove(&call) {
                    self.send_errand(*errand);
                }
            }
            Due::PhoneSends { phone, to, text } => {
                // The number may have been released since the phone saw the text; then nobody is there to
                // receive the answer, as in life.
                if let Err(error) = self.receive(&phone, &to, &text) {
                    self.note_fault(format!("a phone's answer was not sent: {error}"), None);
                }
            }
            Due::Create(draft) => {
                self.create(*draft);
            }
            Due::CreateCall(draft) => {
                self.create_call(*draft);
            }
            Due::Call { call, wake, serial } => self.woken(call, wake, serial),
            Due::BillCall(call) => self.bill_call(call),
            Due::RecordingDone(sid) => self.recording_done(&sid),
            Due::TranscriptionDone(sid) => self.transcription_done(&sid),
            Due::Verify(verification) => self.verify(*verification),
            Due::DecideApproval(content) => self.decide_approval(&content),
        }
    }
}
