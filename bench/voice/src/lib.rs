//! What benchmarks of calls share: a provider that takes every call, people, and signed webhooks.

pub mod line;
pub mod provider;

use line::Line;
use provider::Placed;
use std::io::{self, BufRead, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Calls that are under way to the provider at once, while they are prepared.
const PREPARED_AT_ONCE: usize = 32;

/// Small writes that are timed to know the disk.
const WRITES: usize = 300;
/// Pages of memory that are read once more after they lay for a while.
const PAGES: usize = 1_000;
/// In bytes.
const PAGE: usize = 4_096;
/// About what callers pause.
const LAY: Duration = Duration::from_secs(2);

/// A benchmark that was left alone ends by itself.
const LIFE_MAX: Duration = Duration::from_secs(600);

static PEOPLE: AtomicU64 = AtomicU64::new(1);

/// One line of JSON: how many `things` a second, and latencies in milliseconds, of those in microseconds.
pub fn figures(things: &str, latencies: &mut [u32], took: Duration) -> String {
    latencies.sort_unstable();
    let at = |percent: usize| {
        let index = (latencies.len() * percent / 100).min(latencies.len().saturating_sub(1));
        latencies.get(index).map_or(0.0, |took| f64::from(*took) / 1000.0)
    };
    format!(
        r#"{{"{things}_per_second":{:.0},"p50_ms":{:.2},"p99_ms":{:.2},"max_ms":{:.2},"{things}":{}}}"#,
        latencies.len() as f64 / took.as_secs_f64(),
        at(50),
        at(99),
        at(100),
        latencies.len()
    )
}

/// How long it takes until a small write to the file is on the disk, as `figures`.
pub fn disk(path: &str) -> io::Result<String> {
    let mut file = std::fs::File::create(path)?;
    let mut latencies = Vec::with_capacity(WRITES);
    let begun = Instant::now();
    for _ in 0..WRITES {
        let begun = Instant::now();
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        latencies.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    Ok(figures("writes", &mut latencies, begun.elapsed()))
}

/// How long it takes to read a page of memory that nobody touched for a while, and then once more, in microseconds. Both
/// are far below one, except where the host of a virtual machine looks for memory that it could take back: there a program
/// that paused pays anew for each page of its code and data. Where the system gives every program large pages, it does not
/// show here.
pub fn pages() -> String {
    let memory = vec![1_u8; PAGES * PAGE];
    let read = || {
        let begun = Instant::now();
        for page in memory.chunks_exact(PAGE) {
            std::hint::black_box(page.first().copied());
        }
        begun.elapsed().as_secs_f64() * 1e6 / PAGES as f64
    };
    read();
    std::thread::sleep(LAY);
    let (first, again) = (read(), read());
    format!(r#"{{"pages":{PAGES},"lay_ms":{},"first_us":{first:.2},"again_us":{again:.2}}}"#, LAY.as_millis())
}

/// Listens at the addresses that the arguments name, and anywhere on loopback where there are not so many.
pub async fn listeners<const N: usize>() -> io::Result<[TcpListener; N]> {
    let mut named = std::env::args().skip(1);
    let mut listeners = Vec::with_capacity(N);
    for _ in 0..N {
        let address = named.next().unwrap_or_else(|| "127.0.0.1:0".into());
        listeners.push(TcpListener::bind(address).await?);
    }
    Ok(listeners.try_into().expect("there are as many as were asked for"))
}

/// A person that nobody called before.
pub fn number() -> String {
    format!("+1555{:07}", PEOPLE.fetch_add(1, Ordering::Relaxed) % 10_000_000)
}

/// Starts runs, and waits until the provider has been asked for all their calls.
pub async fn prepare(
    authority: &str,
    hook: &str,
    count: usize,
    placed: &mut mpsc::UnboundedReceiver<Placed>,
) -> io::Result<Vec<Placed>> {
    let starters: Vec<_> = (0..PREPARED_AT_ONCE)
        .map(|n| {
            let (authority, hook) = (authority.to_owned(), hook.to_owned());
            let share = (count + n) / PREPARED_AT_ONCE;
            tokio::spawn(async move {
                let mut line = Line::open(&authority).await?;
                for _ in 0..share {
                    line.post_json(&hook, &format!(r#"{{"phone":"{}"}}"#, number())).await?;
                }
                io::Result::Ok(share)
            })
        })
        .collect();
    let mut started = 0;
    for starter in starters {
        started += starter.await.map_err(io::Error::other)??;
    }
    let mut calls = Vec::with_capacity(started);
    while calls.len() < started {
        let next = tokio::time::timeout(Duration::from_secs(30), placed.recv()).await;
        calls.push(next.map_err(io::Error::other)?.ok_or(io::ErrorKind::UnexpectedEof)?);
    }
    Ok(calls)
}

/// Lines of standard input, as they come. The process ends once it was left alone for long.
pub fn commands() -> mpsc::UnboundedReceiver<String> {
    std::thread::spawn(|| {
        std::thread::sleep(LIFE_MAX);
        std::process::exit(1);
    });
    let (sender, commands) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    commands
}
