//! Whether a prompt is what a rule is for, and the texts that an answer may take from it.

use super::request::{ChatRequest, Message, Role};
use super::script::Prompted;

/// What of a request the rules look at, in lower case where they compare.
pub(super) struct Facts<'a> {
    request: &'a ChatRequest,
    /// The user's last words as they came.
    said: &'a str,
    said_folded: String,
    turn: usize,
    /// Name of the tool whose result the last message is, and the result.
    result: Option<(&'a str, &'a str)>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(request: &'a ChatRequest) -> Self {
        let user = |message: &&Message| message.role == Role::User;
        let said = request.messages.iter().rev().find(user).map_or("", |message| message.text.as_str());
        let turn = request.messages.iter().filter(user).count();
        let result = request.messages.last().filter(|last| last.role == Role::Tool).map(|last| {
            let id = last.answers.as_deref().unwrap_or_default();
            let call =
                request.messages.iter().flat_map(|message| &message.calls).rfind(|(call, _)| call == id);
            (call.map_or("", |(_, name)| name.as_str()), last.text.as_str())
        });
        Self { request, said, said_folded: said.to_lowercase(), turn, result }
    }

    pub(super) fn fit(&self, when: &Prompted) -> bool {
        let said_has = |part: &String| self.said_folded.contains(&part.to_lowercase());
        // A rule about what was said is about a user's turn, not about a tool's result that follows it.
        let asks_said = when.equals.is_some() || when.contains.is_some() || !when.contains_any.is_empty();
        (!asks_said || self.result.is_none() || when.result_of.is_some())
            && when.equals.as_ref().is_none_or(|text| self.said_folded.trim() == text.to_lowercase())
            && when.contains.as_ref().is_none_or(said_has)
            && (when.contains_any.is_empty() || when.contains_any.iter().any(said_has))
            && when.instructions_contain.as_ref().is_none_or(|text| self.has(text, Role::Instructions))
            && when.history_contains.as_ref().is_none_or(|text| self.history_has(text))
            && when.turn.is_none_or(|turn| turn == self.turn)
            && when.result_of.as_ref().is_none_or(|tool| self.result.is_some_and(|(name, _)| name == tool))
            && when.result_contains.as_ref().is_none_or(|text| {
                self.result.is_some_and(|(_, result)| result.to_lowercase().contains(&text.to_lowercase()))
            })
            && when.offered.as_ref().is_none_or(|tool| self.request.tools.contains(tool))
            && when.wants_json.is_none_or(|wanted| wanted == self.request.wants_json)
    }

    fn has(&self, text: &str, role: Role) -> bool {
        let text = text.to_lowercase();
        let of_role = self.request.messages.iter().filter(|message| message.role == role);
        of_role.into_iter().any(|message| message.text.to_lowercase().contains(&text))
    }

    fn history_has(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let before = self.request.messages.split_last().map_or(&[][..], |(_, before)| before);
        before.iter().any(|message| message.text.to_lowercase().contains(&text))
    }

    /// Puts what stands for something of the prompt into a text of a rule.
    pub(super) fn fill(&self, text: &str, when: &Prompted) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        text.replace("{said}", self.said)
            .replace("{after}", self.after(when))
            .replace("{turn}", &self.turn.to_string())
            .replace("{result}", self.result.map_or("", |(_, result)| result))
    }

    /// What the user said behind the words that the rule looked for, without the mark at its end.
    fn after(&self, when: &Prompted) -> &'a str {
        let parts = when.contains.iter().chain(&when.contains_any);
        let found = parts.filter_map(|part| find_end(self.said, part)).next();
        let rest = found.map_or("", |end| &self.said[end..]);
        rest.trim().trim_end_matches(['.', '!', '?'])
    }
}

/// Where, in a text, the first place ends that says the same as a part without regard to case.
fn find_end(text: &str, part: &str) -> Option<usize> {
    let part = part.to_lowercase();
    text.char_indices().map(|(index, _)| index).find_map(|start| {
        let ends = text[start..].char_indices().map(|(at, c)| start + at + c.len_utf8());
        ends.take(part.chars().count() + 4).find(|end| text[start..*end].to_lowercase() == part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_part_is_found_whatever_its_case() {
        assert_eq!(find_end("Hi, my name is Ann", "MY NAME IS"), Some("Hi, my name is".len()));
        assert_eq!(find_end("ÄÖÜ x", "öü"), Some("ÄÖÜ".len()));
        assert_eq!(find_end("Hello", "name"), None);
    }
}
