//! Callers that each wait for their answer: `load ADDRESS PATH CALLERS SECONDS`. After a warm-up of a
//! fifth of the time it counts, and prints one line of JSON: answers a second, latencies in
//! milliseconds, and how many answers were not 2xx.

use bench_webhook::Reader;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, path, callers, seconds] = arguments.as_slice() else {
        eprintln!("usage: load ADDRESS PATH CALLERS SECONDS");
        std::process::exit(2);
    };
    let callers: usize = callers.parse().expect("CALLERS is a number");
    let seconds: f64 = seconds.parse().expect("SECONDS is a number");
    let begin = Instant::now();
    let warm = begin + Duration::from_secs_f64(seconds / 5.0);
    let end = warm + Duration::from_secs_f64(seconds);
    let tasks: Vec<_> = (0..callers)
        .map(|n| tokio::spawn(call(address.clone(), path.clone(), n, warm, end)))
        .collect();
    let (mut latencies, mut bad) = (Vec::new(), 0_u64);
    for task in tasks {
        let (took, failed) = task.await.expect("a caller does not panic").expect("the server answers");
        latencies.extend(took);
        bad += failed;
    }
    latencies.sort_unstable();
    let at = |share: f64| {
        let index = ((latencies.len() as f64 * share) as usize).min(latencies.len().saturating_sub(1));
        latencies.get(index).map_or(0.0, |took| f64::from(*took) / 1000.0)
    };
    println!(
        r#"{{"per_second":{:.0},"p50_ms":{:.2},"p99_ms":{:.2},"max_ms":{:.2},"bad":{bad}}}"#,
        latencies.len() as f64 / seconds,
        at(0.50),
        at(0.99),
        at(1.0)
    );
}

/// Latencies in microseconds, and how many answers were not 2xx.
async fn call(
    address: String,
    path: String,
    caller: usize,
    warm: Instant,
    end: Instant,
) -> std::io::Result<(Vec<u32>, u64)> {
    let mut stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let mut reader = Reader::default();
    let (mut latencies, mut bad, mut number) = (Vec::new(), 0, 0_u64);
    while Instant::now() < end {
        number += 1;
        let body = format!(
            r#"{{"phone":"+15559876543","name":"Ada {caller}","order":"{number}","day":"Monday","time":"9:30","place":"Main Street 1"}}"#
        );
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let begin = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        let answer = reader.next(&mut stream).await?.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        if begin < warm {
            continue;
        }
        latencies.push(u32::try_from(begin.elapsed().as_micros()).unwrap_or(u32::MAX));
        bad += u64::from(!answer.first_line.starts_with("HTTP/1.1 2"));
    }
    Ok((latencies, bad))
}
