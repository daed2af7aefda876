//! The document that hands a call to a websocket: pure, and the same for the same arguments.

use super::super::render::hints;
use crate::outbound::call::Addresses;
use engine::agent::LlmAgent;
use store::record::StoredConversation;
use twilio::voice_twiml::{
    Connect, ConnectTarget, ConversationRelay, Document, Interruption, Language, RelayDetail, RelayEvent,
    TranscriptionProvider, TtsProvider,
};

/// The document for a conversation. `address` is that of the websocket, `here` are those of the call.
pub(super) fn document(
    stored: &StoredConversation,
    agent: &LlmAgent,
    address: &str,
    here: &Addresses,
) -> Document {
    let connect = Connect {
        action: Some(here.relayed()),
        targets: vec![ConnectTarget::ConversationRelay(Box::new(relay(stored, agent, address)))],
        ..Connect::default()
    };
    Document::default().then(connect)
}

fn relay(stored: &StoredConversation, agent: &LlmAgent, address: &str) -> ConversationRelay {
    let tag = &stored.conversation.language;
    let (tts_provider, voice) = voice(agent, tag);
    let (transcription_provider, speech_model) = recogniser(agent);
    let interruption = if agent.interruptible { Interruption::Any } else { Interruption::None };
    let others = agent.languages.iter().filter(|other| *other != tag);
    ConversationRelay {
        language: Some(tag.clone()),
        tts_provider,
        voice,
        transcription_provider,
        speech_model,
        interruptible: Some(interruption),
        dtmf_detection: Some(true),
        hints: hints(&agent.hints),
        profanity_filter: Some(false),
        events: vec![RelayEvent::Speaker, RelayEvent::TokensPlayed],
        details: others.filter_map(|other| language(agent, other)).collect(),
        ..ConversationRelay::at(address)
    }
}

/// The voice of a further language, where it has one of its own.
fn language(agent: &LlmAgent, tag: &str) -> Option<RelayDetail> {
    let (tts_provider, voice) = voice(agent, tag);
    let voice = Some(voice?);
    let code = Some(tag.to_owned());
    Some(RelayDetail::Language(Language { code, tts_provider, voice, ..Language::default() }))
}

/// Whose voice it is stands before its name, as in `Polly.Joanna-Neural`; without that it is the provider's that
/// Twilio takes by itself.
fn voice(agent: &LlmAgent, tag: &str) -> (Option<TtsProvider>, Option<String>) {
    let Some(named) = agent.voice.as_ref().and_then(|voices| voices.exactly(tag)) else {
        return (None, None);
    };
    let providers = [
        ("polly.", TtsProvider::Amazon),
        ("amazon.", TtsProvider::Amazon),
        ("google.", TtsProvider::Google),
        ("elevenlabs.", TtsProvider::ElevenLabs),
    ];
    let lower = named.to_ascii_lowercase();
    let found = providers.into_iter().find(|(prefix, _)| lower.starts_with(prefix));
    match found {
        Some((prefix, provider)) => (Some(provider), Some(named[prefix.len()..].to_owned())),
        None => (None, Some(named.clone())),
    }
}

/// Deepgram's models are known by their names; a model of somebody else is Google's.
fn recogniser(agent: &LlmAgent) -> (Option<TranscriptionProvider>, Option<String>) {
    let Some(named) = &agent.speech_model else { return (None, None) };
    let lower = named.to_ascii_lowercase();
    let model =
        ["deepgram_", "googlev2_", "google_"].into_iter().find_map(|prefix| lower.strip_prefix(prefix));
    let model = model.unwrap_or(&lower).to_owned();
    let is_deepgram = lower.starts_with("deepgram") || model.starts_with("nova") || model == "flux";
    let provider = if is_deepgram { TranscriptionProvider::Deepgram } else { TranscriptionProvider::Google };
    (Some(provider), Some(model))
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::agent::Agent;
    use engine::conversation::{Medium, Opening};
    use engine::id::{CallId, ConversationId};
    use engine::sending::Channel;
    use jiff::Timestamp;
    use store::record::AgentVersion;
    use twilio::voice_twiml::read;

    fn written(more: &str) -> String {
        let source = format!("agentType: LLM Agent\nmode: relay\nsystemPrompt: Be brief.\n{more}");
        let Some(Agent::Llm(agent)) = engine::agent::load(&source, Some("desk")).agent else {
            panic!("it is an agent: {source}");
        };
        let opening = Opening::of(ConversationId::from_trusted("cnv_1"), Medium::Voice);
        let now = Timestamp::UNIX_EPOCH;
        let begun = engine::conversation::begin(&Agent::Llm(agent.clone()), opening, now);
        let call = CallId::from_trusted("call_1");
        let stored = StoredConversation {
            conversation: begun.conversation,
            agent: AgentVersion { name: "desk".into(), version: 1 },
            credential: "main".into(),
            channel: Channel::Voice,
            sender: "+15551234567".into(),
            contact: "+15557654321".into(),
            call: Some(call.clone()),
            origin: None,
            asked_at: None,
            class: engine::sending::MessageClass::default(),
            texts: 0,
            updated_at: now,
            line: None,
            after: None,
        };
        let here = Addresses::of("https://example.com", "main", &call);
        let document =
            document(&stored, &agent, "wss://example.com/twilio/main/relay/call_1", &here).to_xml();
        let read = read(&document).expect("it is TwiML");
        assert_eq!(read.warnings, [], "{document}");
        document
    }

    #[test]
    fn settings_go_where_twilio_reads_them() {
        let plain = written("");
        assert!(plain.contains("language=\"en-US\"") && plain.contains("dtmfDetection=\"true\""), "{plain}");
        assert!(!plain.contains("ttsProvider") && !plain.contains("<Start"), "{plain}");
        let cases = [
            ("voice: Polly.Joanna-Neural\n", "ttsProvider=\"Amazon\" voice=\"Joanna-Neural\""),
            ("voice: google.en-US-Journey-O\n", "ttsProvider=\"Google\" voice=\"en-US-Journey-O\""),
            ("voice: UgBBYS2sOqTuMpoF3BR0\n", " voice=\"UgBBYS2sOqTuMpoF3BR0\""),
            (
                "speechModel: nova-3-general\n",
                "transcriptionProvider=\"Deepgram\" speechModel=\"nova-3-general\"",
            ),
            ("speechModel: telephony\n", "transcriptionProvider=\"Google\" speechModel=\"telephony\""),
            ("interruptible: false\n", "interruptible=\"none\""),
            ("hints: [Lakeside, molar]\n", "hints=\"Lakeside,molar\""),
        ];
        for (more, expected) in cases {
            let document = written(more);
            assert!(document.contains(expected), "{expected}: {document}");
        }
        let languages =
            "languages: [en-US, es-MX]\nvoice: {en-US: Polly.Joanna-Neural, es-MX: Polly.Mia-Neural}\n";
        let two = written(languages);
        assert!(
            two.contains("<Language code=\"es-MX\" ttsProvider=\"Amazon\" voice=\"Mia-Neural\""),
            "{two}"
        );
    }
}
