//! Measures the store's common path: birth and settle of runs with one text each, by many callers.

mod sample;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::{OpenOptions, Role, Store};

/// As the server has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(plan) = Plan::from_arguments(std::env::args().skip(1)) else {
        eprintln!("usage: bench-store URL [--callers N] [--seconds N] [--connections N]");
        std::process::exit(2);
    };
    let store = Store::open(OpenOptions {
        postgres_roots_file: None,
        url: plan.url.clone(),
        encryption_keys: Vec::new(),
        connections: plan.connections,
        role: Role::Node,
    })
    .await?;
    measure(&store, &plan, Duration::from_secs(1)).await?;
    let (mut times, took) = measure(&store, &plan, plan.lasts).await?;
    times.sort_unstable();
    let percentile = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{} callers: {:.0} runs/s, birth and settle together p50 {:.1} ms, p99 {:.1} ms",
        plan.callers,
        times.len() as f64 / took.as_secs_f64(),
        percentile(0.5),
        percentile(0.99),
    );
    store.close().await;
    Ok(())
}

struct Plan {
    url: String,
    callers: usize,
    lasts: Duration,
    connections: usize,
}

impl Plan {
    fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Option<Plan> {
        let url = arguments.next()?;
        let mut plan = Plan { url, callers: 64, lasts: Duration::from_secs(5), connections: 8 };
        while let Some(name) = arguments.next() {
            let number: u64 = arguments.next()?.parse().ok().filter(|number| *number > 0)?;
            match name.as_str() {
                "--callers" => plan.callers = usize::try_from(number).ok()?,
                "--seconds" => plan.lasts = Duration::from_secs(number),
                "--connections" => plan.connections = usize::try_from(number).ok()?,
                _ => return None,
            }
        }
        Some(plan)
    }
}

/// How long each run took, and all of them together.
async fn measure(
    store: &Store,
    plan: &Plan,
    lasts: Duration,
) -> Result<(Vec<Duration>, Duration), Box<dyn std::error::Error>> {
    let numbers = Arc::new(AtomicU64::new(jiff::Timestamp::now().as_microsecond().unsigned_abs() << 8));
    let begin = Instant::now();
    let callers = (0..plan.callers).map(|_| {
        let (store, numbers) = (store.clone(), Arc::clone(&numbers));
        tokio::spawn(async move {
            let mut times = Vec::new();
            while begin.elapsed() < lasts {
                let n = numbers.fetch_add(1, Ordering::Relaxed);
                let asked = Instant::now();
                store.commit(sample::birth(n)).await?;
                store.commit(sample::settle(n)).await?;
                times.push(asked.elapsed());
            }
            Ok::<_, store::CommitError>(times)
        })
    });
    let mut times = Vec::new();
    for caller in callers.collect::<Vec<_>>() {
        times.extend(caller.await??);
    }
    Ok((times, begin.elapsed()))
}
