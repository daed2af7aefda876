//! Plays the provider, the people it calls, and the model: `relay LISTEN MODEL-LISTEN`. It prints both addresses in one
//! line, and then takes commands, one a line, from standard input:
//!
//! * `talk switchboard|python AUTHORITY PID CALLERS TURNS PAUSE`: CALLERS conversations at once, each of TURNS turns with
//!   pauses of about PAUSE milliseconds between them. Prints one line of JSON: from the words to the first text that is
//!   to be spoken, in milliseconds, and the processor time of the process PID for each turn;
//! * `disk FILE`: how long it takes until a small write to the file is on the disk;
//! * `pages`: how long it takes to read memory that lay for a while.

mod model;
mod session;

use bench_voice::line::{ACCOUNT, Line};
use bench_voice::provider::{self, Placed};
use bench_voice::{disk, figures, pages, prepare};
use session::Session;
use std::io;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Clock ticks of the kernel in a second, which Linux has fixed for programs.
const TICKS: f64 = 100.0;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let [at_provider, at_model] = bench_voice::listeners().await?;
    println!("{} {}", at_provider.local_addr()?, at_model.local_addr()?);
    let (sender, mut placed) = mpsc::unbounded_channel();
    tokio::spawn(provider::serve(at_provider, sender));
    tokio::spawn(model::serve(at_model));
    let mut commands = bench_voice::commands();
    while let Some(command) = commands.recv().await {
        println!("{}", obey(&command, &mut placed).await?);
    }
    Ok(())
}

async fn obey(command: &str, placed: &mut mpsc::UnboundedReceiver<Placed>) -> io::Result<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    match words.as_slice() {
        ["disk", file] => return disk(file),
        ["pages"] => return Ok(pages()),
        _ => {}
    }
    let ["talk", who, authority, pid, callers, turns, pause] = words.as_slice() else {
        return Err(io::Error::other(format!("not a command: {command}")));
    };
    let number = |text: &str| text.parse::<usize>().map_err(io::Error::other);
    let (callers, turns, pause) = (number(callers)?, number(turns)?, number(pause)?);
    let urls = match *who {
        "switchboard" => by_switchboard(authority, callers, placed).await?,
        _ => (0..callers).map(|n| (format!("ws://{authority}/relay"), format!("CB{n:032x}"))).collect(),
    };
    let mut sessions = Vec::new();
    for (url, sid) in urls {
        let mut session = Session::open(&url, &sid, "+15557654321").await?;
        session.greeting().await?;
        sessions.push(session);
    }
    let (busy, begun) = (processor_seconds(pid)?, Instant::now());
    let talks: Vec<_> = sessions
        .into_iter()
        .enumerate()
        .map(|(n, session)| tokio::spawn(talk(session, n, turns, pause)))
        .collect();
    let mut latencies = Vec::new();
    for talk in talks {
        latencies.extend(talk.await.map_err(io::Error::other)??);
    }
    let took = begun.elapsed();
    let each = (processor_seconds(pid)? - busy) * 1000.0 / latencies.len() as f64;
    let figures = figures("turns", &mut latencies, took);
    Ok(format!(r#"{},"processor_ms_a_turn":{each:.2}}}"#, figures.trim_end_matches('}')))
}

/// Latencies in microseconds.
async fn talk(mut session: Session, n: usize, turns: usize, pause: usize) -> io::Result<Vec<u32>> {
    let mut latencies = Vec::with_capacity(turns);
    for turn in 0..turns {
        // Callers do not speak in step: pauses run from half of the usual one to one and a half.
        let part = (n * 37 + turn * 61) % 101;
        let ms = pause / 2 + pause * part / 100;
        tokio::time::sleep(Duration::from_millis(ms as u64)).await;
        let first = session.turn("what time is it now").await?;
        latencies.push(u32::try_from(first.as_micros()).unwrap_or(u32::MAX));
    }
    Ok(latencies)
}

/// Has calls placed, answers them, and reads where their sessions are to be opened.
async fn by_switchboard(
    authority: &str,
    count: usize,
    placed: &mut mpsc::UnboundedReceiver<Placed>,
) -> io::Result<Vec<(String, String)>> {
    let mut line = Line::open(authority).await?;
    let mut sessions = Vec::new();
    for call in prepare(authority, "/hooks/talk", count, placed).await? {
        let form = [
            ("AccountSid", ACCOUNT),
            ("ApiVersion", "2010-04-01"),
            ("CallSid", &call.sid),
            ("CallStatus", "in-progress"),
            ("Direction", "outbound-api"),
            ("From", "+15551234567"),
            ("To", &call.to),
        ];
        let document = line.post(&call.url, &form).await?;
        let url = document
            .split_once("<ConversationRelay")
            .and_then(|(_, relay)| relay.split_once("url=\""))
            .and_then(|(_, url)| url.split_once('"'))
            .ok_or_else(|| io::Error::other(format!("no session is offered: {document}")))?;
        sessions.push((url.0.replace("&amp;", "&"), call.sid));
    }
    Ok(sessions)
}

/// User and system time of a process so far.
fn processor_seconds(pid: &str) -> io::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').ok_or(io::ErrorKind::InvalidData)?;
    let mut ticks = 0.0;
    for field in fields.split_whitespace().skip(11).take(2) {
        ticks += field.parse::<f64>().map_err(io::Error::other)?;
    }
    Ok(ticks / TICKS)
}
