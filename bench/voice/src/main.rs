//! Plays the provider and the people it calls: `voice LISTEN`. It prints its address, and then takes commands,
//! one a line, from standard input:
//!
//! * `turns switchboard|express AUTHORITY CALLERS CALLS`: CALLS calls of ten questions by CALLERS at once, and prints
//!   one line of JSON: turns a second, and latencies in milliseconds;
//! * `hold switchboard|express AUTHORITY CALLERS CALLS`: answers CALLS calls and leaves them at their first question.
//!
//! A call to Switchboard is asked for by its webhook and placed with this provider before anything is measured. One to
//! the hand-written server begins with its first webhook.

mod answers;

use answers::ANSWERS;
use bench_voice::line::{ACCOUNT, Line, action};
use bench_voice::provider::{self, Placed};
use bench_voice::{figures, number, prepare};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::sync::mpsc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let [listener] = bench_voice::listeners().await?;
    println!("{}", listener.local_addr()?);
    let (sender, mut placed) = mpsc::unbounded_channel();
    tokio::spawn(provider::serve(listener, sender));
    let mut commands = bench_voice::commands();
    while let Some(command) = commands.recv().await {
        println!("{}", obey(&command, &mut placed).await?);
    }
    Ok(())
}

async fn obey(command: &str, placed: &mut mpsc::UnboundedReceiver<Placed>) -> io::Result<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let [what, who, authority, callers, count] = words.as_slice() else {
        return Err(io::Error::other(format!("not a command: {command}")));
    };
    let number = |text: &str| text.parse::<usize>().map_err(io::Error::other);
    let (callers, count) = (number(callers)?, number(count)?);
    let calls = match *who {
        "switchboard" => prepare(authority, "/hooks/interview", count, placed).await?,
        _ => (0..count).map(|_| by_hand(authority)).collect(),
    };
    let turns = if *what == "hold" { 1 } else { ANSWERS.len() + 1 };
    let begun = Instant::now();
    let calls = Arc::new(Mutex::new(calls));
    let callers: Vec<_> = (0..callers)
        .map(|_| tokio::spawn(take_calls(calls.clone(), (*authority).to_owned(), turns)))
        .collect();
    let (mut latencies, mut ended) = (Vec::new(), Vec::new());
    for caller in callers {
        let (took, done) = caller.await.map_err(io::Error::other)??;
        latencies.extend(took);
        ended.extend(done);
    }
    let figures = figures("turns", &mut latencies, begun.elapsed());
    if turns > 1 {
        hang_up(authority, &ended).await?;
    }
    Ok(figures)
}

fn by_hand(authority: &str) -> Placed {
    let to = number();
    let sid = format!("CB{:0>32}", to.trim_start_matches('+'));
    Placed { sid, to, url: format!("http://{authority}/voice"), status_callback: String::new() }
}

/// Takes calls until none is left. Latencies in microseconds, and the calls.
async fn take_calls(
    calls: Arc<Mutex<Vec<Placed>>>,
    authority: String,
    turns: usize,
) -> io::Result<(Vec<u32>, Vec<Placed>)> {
    let mut line = Line::open(&authority).await?;
    let (mut latencies, mut done) = (Vec::new(), Vec::new());
    loop {
        let next = calls.lock().expect("no caller panics").pop();
        let Some(call) = next else { return Ok((latencies, done)) };
        let mut url = call.url.clone();
        for turn in 0..turns {
            let mut form = vec![
                ("AccountSid", ACCOUNT),
                ("ApiVersion", "2010-04-01"),
                ("CallSid", &call.sid),
                ("CallStatus", "in-progress"),
                ("Direction", "outbound-api"),
                ("From", "+15551234567"),
                ("To", &call.to),
            ];
            if turn > 0 {
                form.extend([
                    ("Confidence", "0.93"),
                    ("Language", "en-US"),
                    ("SpeechResult", ANSWERS[turn - 1]),
                ]);
            }
            let begun = Instant::now();
            let document = line.post(&url, &form).await?;
            latencies.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
            let is_last = turn == ANSWERS.len();
            match action(&document) {
                Some(next) if !is_last => url = next,
                None if is_last && document.contains("<Hangup") => {}
                _ => return Err(io::Error::other(format!("turn {turn}: {document}"))),
            }
        }
        done.push(call);
    }
}

/// Tells that the calls are over, which is not measured.
async fn hang_up(authority: &str, calls: &[Placed]) -> io::Result<()> {
    let mut line = Line::open(authority).await?;
    for call in calls.iter().filter(|call| !call.status_callback.is_empty()) {
        let form = [
            ("AccountSid", ACCOUNT),
            ("CallSid", &call.sid),
            ("CallStatus", "completed"),
            ("CallDuration", "60"),
            ("Direction", "outbound-api"),
            ("From", "+15551234567"),
            ("SequenceNumber", "3"),
            ("To", &call.to),
        ];
        line.post(&call.status_callback, &form).await?;
    }
    Ok(())
}
