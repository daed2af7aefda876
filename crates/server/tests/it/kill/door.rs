//! A door before a server that may be away for a while: whoever knocks waits until somebody is in.

use std::time::Duration;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// Between two looks whether somebody is in.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How often it is looked.
const LOOKS_MAX: u32 = 500;

/// Opens a door before this port; its address.
pub(super) async fn open(port: u16, stop: CancellationToken) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    tokio::spawn(stop.run_until_cancelled_owned(async move {
        while let Ok((outside, _)) = listener.accept().await {
            tokio::spawn(pass(outside, port));
        }
    }));
    address
}

async fn pass(mut outside: TcpStream, port: u16) {
    for _ in 0..LOOKS_MAX {
        if let Ok(mut inside) = TcpStream::connect(("127.0.0.1", port)).await {
            // Either side may break off: then both are done.
            let _ = copy_bidirectional(&mut outside, &mut inside).await;
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
