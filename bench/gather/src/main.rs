//! Plays the provider, the people it calls, and the model: `gather LISTEN MODEL-LISTEN`. It prints both addresses in one
//! line, and then takes commands, one a line, from standard input:
//!
//! * `talk AUTHORITY CALLERS TURNS AFTER`: CALLERS conversations at once, each of TURNS turns with a model whose first
//!   token comes after AFTER milliseconds. Prints one line of JSON: milliseconds from the end of the model's first
//!   sentence, or from the request for the part it is in where that came later, to the document that speaks it;
//! * `disk FILE`: how long it takes until a small write to the file is on the disk.

mod model;

use bench_voice::line::{ACCOUNT, Line, action};
use bench_voice::provider::{self, Placed};
use bench_voice::{disk, figures, prepare};
use model::Ends;
use std::io;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// The first sentence of the model.
const SENTENCE: &str = "It is half past nine.";
/// How long a phrase is spoken that holds the caller.
const PHRASE: Duration = Duration::from_secs(1);
/// Parts of one turn that are asked for before the benchmark gives up.
const PARTS_MAX: usize = 20;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let [at_provider, at_model] = bench_voice::listeners().await?;
    println!("{} {}", at_provider.local_addr()?, at_model.local_addr()?);
    let (sender, mut placed) = mpsc::unbounded_channel();
    let ends = Ends::default();
    tokio::spawn(provider::serve(at_provider, sender));
    tokio::spawn(model::serve(at_model, ends.clone()));
    let mut commands = bench_voice::commands();
    while let Some(command) = commands.recv().await {
        println!("{}", obey(&command, &mut placed, &ends).await?);
    }
    Ok(())
}

async fn obey(
    command: &str,
    placed: &mut mpsc::UnboundedReceiver<Placed>,
    ends: &Ends,
) -> io::Result<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    if let ["disk", file] = words.as_slice() {
        return disk(file);
    }
    let ["talk", authority, callers, turns, after] = words.as_slice() else {
        return Err(io::Error::other(format!("not a command: {command}")));
    };
    let number = |text: &str| text.parse::<usize>().map_err(io::Error::other);
    let (callers, turns, after) = (number(callers)?, number(turns)?, number(after)?);
    let calls = prepare(authority, "/hooks/talk", callers, placed).await?;
    let begun = Instant::now();
    let talks: Vec<_> = calls
        .into_iter()
        .map(|call| tokio::spawn(talk((*authority).to_owned(), call, turns, after, ends.clone())))
        .collect();
    let mut latencies = Vec::new();
    for talk in talks {
        latencies.extend(talk.await.map_err(io::Error::other)??);
    }
    Ok(figures("turns", &mut latencies, begun.elapsed()))
}

/// Latencies in microseconds.
async fn talk(
    authority: String,
    call: Placed,
    turns: usize,
    after: usize,
    ends: Ends,
) -> io::Result<Vec<u32>> {
    let mut caller = Caller { line: Line::open(&authority).await?, call, ends };
    let document = caller.ask(&caller.call.url.clone(), None).await?;
    let mut next = action(&document).ok_or_else(|| unexpected("the greeting", &document))?;
    let mut latencies = Vec::with_capacity(turns);
    for turn in 0..turns {
        // Nobody says the same twice, and callers do not speak in step.
        let word = format!("{}-{turn}", caller.call.sid);
        tokio::time::sleep(Duration::from_millis((turn as u64 * 61 + u64::from(begins(&word))) % 400)).await;
        let (took, listens) = caller.turn(&next, &word, after).await?;
        latencies.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
        next = listens;
    }
    Ok(latencies)
}

/// When a caller begins, so that they do not speak in step.
fn begins(word: &str) -> u32 {
    word.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 400
}

struct Caller {
    line: Line,
    call: Placed,
    ends: Ends,
}

impl Caller {
    /// Says something, and hears the answer to its end: how long the first sentence took, and where to say the next.
    async fn turn(&mut self, to: &str, word: &str, after: usize) -> io::Result<(Duration, String)> {
        let mut asked = Instant::now();
        let mut document = self.ask(to, Some(&format!("{word} {after}"))).await?;
        let mut took = None;
        for _ in 0..PARTS_MAX {
            if document.contains(SENTENCE) {
                let ends = self.ends.lock().expect("nobody panics with it").remove(word);
                let ended = ends.ok_or_else(|| unexpected("a sentence that nobody wrote", &document))?;
                took.get_or_insert_with(|| ended.max(asked).elapsed());
            }
            if let Some(listens) = action(&document) {
                let took = took.ok_or_else(|| unexpected("no sentence", &document))?;
                return Ok((took, listens));
            }
            if took.is_none() {
                tokio::time::sleep(PHRASE).await;
            }
            let more = redirect(&document).ok_or_else(|| unexpected("the end of a call", &document))?;
            asked = Instant::now();
            document = self.ask(&more, None).await?;
        }
        Err(unexpected("no end of parts", &document))
    }

    async fn ask(&mut self, url: &str, said: Option<&str>) -> io::Result<String> {
        let mut form = vec![
            ("AccountSid", ACCOUNT),
            ("ApiVersion", "2010-04-01"),
            ("CallSid", &self.call.sid),
            ("CallStatus", "in-progress"),
            ("Direction", "outbound-api"),
            ("From", "+15551234567"),
            ("To", &self.call.to),
        ];
        if let Some(said) = said {
            form.extend([("Confidence", "0.93"), ("Language", "en-US"), ("SpeechResult", said)]);
        }
        self.line.post(url, &form).await
    }
}

/// Where the next part is.
fn redirect(document: &str) -> Option<String> {
    let (_, redirect) = document.rsplit_once("<Redirect")?;
    let (_, url) = redirect.split_once('>')?;
    let (url, _) = url.split_once('<')?;
    Some(url.replace("&amp;", "&"))
}

fn unexpected(what: &str, document: &str) -> io::Error {
    io::Error::other(format!("{what}: {document}"))
}
