use std::sync::Arc;
#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind(std::env::args().nth(1).unwrap_or("127.0.0.1:8081".into()))
        .await
        .unwrap();
    let o = emulator::Options {
        clock: Arc::new(emulator::WindableClock::running()),
        ..emulator::Options::new(listener)
    };
    let running = emulator::Emulator::start(o, tokio_util::sync::CancellationToken::new()).unwrap();
    println!("ready url={}", running.url());
    running.stopped().await;
}
