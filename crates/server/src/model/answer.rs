//! An answer as it comes, chunk by chunk, read with patience for what servers add, leave out or write otherwise.

use engine::llm::models::Usage;
use engine::llm::question::{Call, Failure, Finish};
use serde_json::Value;

/// What has come of an answer.
#[derive(Debug, Default)]
pub(super) struct Answer {
    calls: Vec<Call>,
    finish: Option<Finish>,
    declined: bool,
    usage: Option<Usage>,
    /// Pieces of text that came, for an estimate where no usage does.
    pieces: u64,
}

impl Answer {
    /// Takes a chunk in, and gives the text in it.
    ///
    /// # Errors
    /// What stands in it is no chunk, or an error in place of one. A chunk that cannot be read may have had a `not`
    /// in it, so the answer counts as broken.
    pub(super) fn take(&mut self, data: &str) -> Result<Option<String>, Failure> {
        let chunk: Value = serde_json::from_str(data).map_err(|_| Failure::Broken)?;
        if let Some(error) = chunk.get("error").filter(|error| !error.is_null()) {
            return Err(super::refusal::of_error(error));
        }
        self.take_usage(&chunk["usage"]);
        let choice = &chunk["choices"][0];
        // A whole answer has a message where a stream has deltas.
        let part = if choice["delta"].is_object() { &choice["delta"] } else { &choice["message"] };
        if part["refusal"].as_str().is_some_and(|refusal| !refusal.is_empty()) {
            self.declined = true;
        }
        for call in part["tool_calls"].as_array().into_iter().flatten() {
            self.take_call(call);
        }
        if let Some(reason) = choice["finish_reason"].as_str().filter(|reason| !reason.is_empty()) {
            self.finish = Some(finish_of(reason));
        }
        let text = part["content"].as_str().filter(|text| !text.is_empty());
        self.pieces += u64::from(text.is_some());
        Ok(text.map(str::to_owned))
    }

    fn take_usage(&mut self, usage: &Value) {
        let Some(prompt) = usage["prompt_tokens"].as_u64() else { return };
        self.usage = Some(Usage {
            prompt,
            cached: usage["prompt_tokens_details"]["cached_tokens"].as_u64().unwrap_or(0),
            answer: usage["completion_tokens"].as_u64().unwrap_or(0),
        });
    }

    /// A part of a call: of the one with its index, or, where it has none, of a new one if it has an id.
    fn take_call(&mut self, part: &Value) {
        let id = part["id"].as_str().filter(|id| !id.is_empty());
        let index = part["index"].as_u64().and_then(|index| usize::try_from(index).ok());
        let index = index.filter(|index| *index < 64).unwrap_or_else(|| match id {
            Some(id) => self.calls.iter().position(|call| call.id == id).unwrap_or(self.calls.len()),
            None => self.calls.len().saturating_sub(1),
        });
        while self.calls.len() <= index {
            self.calls.push(Call { id: String::new(), name: String::new(), arguments: String::new() });
        }
        let call = &mut self.calls[index];
        if let Some(id) = id {
            id.clone_into(&mut call.id);
        }
        if let Some(name) = part["function"]["name"].as_str().filter(|name| !name.is_empty()) {
            name.clone_into(&mut call.name);
        }
        match &part["function"]["arguments"] {
            Value::String(arguments) => call.arguments.push_str(arguments),
            Value::Null => {}
            // Some servers give the arguments as an object.
            object => call.arguments = object.to_string(),
        }
    }

    /// Whether the answer has come to its end.
    pub(super) fn is_finished(&self) -> bool {
        self.finish.is_some()
    }

    /// The calls, those without a name left out, and how it ended.
    pub(super) fn end(&mut self) -> (Vec<Call>, Finish) {
        let mut calls = std::mem::take(&mut self.calls);
        calls.retain(|call| !call.name.is_empty());
        for (index, call) in calls.iter_mut().enumerate().filter(|(_, call)| call.id.is_empty()) {
            call.id = format!("call_{index}");
        }
        let finish = match self.finish {
            Some(Finish::Stop | Finish::Calls) | None if self.declined => Finish::Declined,
            // Servers that end with `stop` call tools all the same.
            Some(Finish::Stop) | None if !calls.is_empty() => Finish::Calls,
            finish => finish.unwrap_or(Finish::Stop),
        };
        (calls, finish)
    }

    /// What it took: as the provider counted, or about that where the count never came.
    pub(super) fn usage(&self, prompt_estimate: u64) -> Usage {
        self.usage.unwrap_or(Usage { prompt: prompt_estimate, cached: 0, answer: self.pieces })
    }
}

fn finish_of(reason: &str) -> Finish {
    match reason {
        "length" | "max_tokens" => Finish::Length,
        "tool_calls" | "function_call" => Finish::Calls,
        "content_filter" => Finish::Filtered,
        // Whatever else it is called, it came to an end.
        _ => Finish::Stop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(chunks: &[&str]) -> (String, Answer) {
        let mut answer = Answer::default();
        let text = chunks.iter().filter_map(|chunk| answer.take(chunk).unwrap()).collect();
        (text, answer)
    }

    #[test]
    fn an_answer_is_put_together() {
        let (text, mut answer) = taken(&[
            r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}"#,
            r#"{"choices":[{"delta":{"content":"Hel"}}],"obfuscation":"xx"}"#,
            r#"{"choices":[{"delta":{"content":"lo"},"finish_reason":""}]}"#,
            r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
            r#"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}"#,
        ]);
        assert_eq!((text.as_str(), answer.end()), ("Hello", (Vec::new(), Finish::Stop)));
        assert_eq!(answer.usage(100), Usage { prompt: 9, cached: 4, answer: 2 });
    }

    #[test]
    fn calls_are_put_together_however_they_are_cut() {
        let call = |id: &str, arguments: &str| Call {
            id: id.to_owned(),
            name: "book".to_owned(),
            arguments: arguments.to_owned(),
        };
        let (_, mut answer) = taken(&[
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"book","arguments":""}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\""}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"book","arguments":"{}"}},{"index":0,"function":{"arguments":":1}"}}]},"finish_reason":"tool_calls"}]}"#,
        ]);
        assert_eq!(answer.end(), (vec![call("a", "{\"x\":1}"), call("b", "{}")], Finish::Calls));
        let (_, mut loose) = taken(&[
            r#"{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"book","arguments":{"x":1}}}]},"finish_reason":"stop"}]}"#,
        ]);
        assert_eq!(loose.end(), (vec![call("a", "{\"x\":1}")], Finish::Calls));
    }

    #[test]
    fn what_is_no_chunk_breaks_the_answer() {
        let mut answer = Answer::default();
        assert_eq!(answer.take("{\"id\":\"chatcmpl-"), Err(Failure::Broken));
        assert_eq!(
            answer.take(r#"{"error":{"message":"x","type":"server_error","code":null}}"#),
            Err(Failure::Overloaded)
        );
        let (text, mut whole) = taken(&[
            r#"{"choices":[{"message":{"content":null,"refusal":"I can't."},"finish_reason":"stop"}]}"#,
        ]);
        assert_eq!((text.as_str(), whole.end().1, whole.is_finished()), ("", Finish::Declined, true));
    }
}
