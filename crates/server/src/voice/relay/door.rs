//! The handshake of a websocket: let in where the account's token signed its address.

use super::socket;
use crate::app::AppState;
use crate::inbound::admit_socket;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{FromRequestParts, Path, Request, State, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use engine::id::CallId;
use http::StatusCode;

/// The largest message that is taken, in bytes. A minute of speech has a thousandth of it.
const MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// Read at once, and held for as long as a websocket is open; messages are far shorter.
const READ_BYTES: usize = 4 * 1024;

/// Where the websocket of a call is: not encrypted where we ourselves are not, as on one's own machine.
pub(super) fn address(public_url: &str, credential: &str, call: &CallId) -> String {
    let base = match public_url.strip_prefix("http://") {
        Some(rest) => format!("ws://{rest}"),
        None => format!("wss://{}", public_url.trim_start_matches("https://")),
    };
    format!("{base}/twilio/{credential}/relay/{call}")
}

/// Somebody wants to open the websocket of a call.
pub(super) async fn open(
    State(app): State<AppState>,
    Path((credential, call)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (mut parts, _) = request.into_parts();
    let admitted = match admit_socket(&app, &credential, "relay", &parts).await {
        Ok(admitted) => admitted,
        Err(outcome) => return outcome.into_response(),
    };
    let Some(call) = CallId::parse(&call) else { return StatusCode::NOT_FOUND.into_response() };
    let upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection> =
        WebSocketUpgrade::from_request_parts(&mut parts, &app).await;
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let open = app.sockets.token();
    let upgrade = upgrade.max_message_size(MESSAGE_BYTES_MAX).max_frame_size(MESSAGE_BYTES_MAX);
    upgrade.read_buffer_size(READ_BYTES).on_upgrade(async move |websocket| {
        socket::serve(&app, admitted, &call, websocket).await;
        drop(open);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_encrypted_where_we_are() {
        let call = CallId::from_trusted("call_1");
        let of = |public: &str| address(public, "main", &call);
        assert_eq!(of("https://example.com"), "wss://example.com/twilio/main/relay/call_1");
        assert_eq!(of("https://example.com/voice"), "wss://example.com/voice/twilio/main/relay/call_1");
        assert_eq!(of("http://127.0.0.1:8080"), "ws://127.0.0.1:8080/twilio/main/relay/call_1");
    }
}
