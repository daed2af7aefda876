//! Media of messages.

use jiff::Timestamp;
use twilio::sid::Sid;

/// The most media of one message.
pub(crate) const MEDIA_MAX: usize = 10;
/// The most bytes of the media of one message, where they are JPEG, PNG or GIF.
pub(crate) const IMAGE_BYTES_MAX: usize = 5_000_000;
/// The most bytes of a medium of any other type.
pub(crate) const OTHER_BYTES_MAX: usize = 500_000;

/// One medium of a message.
#[derive(Debug, Clone)]
pub(crate) struct Medium {
    pub(crate) sid: Sid,
    pub(crate) content_type: String,
    pub(crate) content: MediumContent,
    pub(crate) created: Timestamp,
}

#[derive(Debug, Clone)]
pub(crate) enum MediumContent {
    /// Kept here.
    Bytes(bytes::Bytes),
    /// Kept by whoever serves this URL.
    Url(String),
}

/// The content type that a URL's name promises.
pub(crate) fn guess_content_type(url: &str) -> &'static str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("mp4") => "video/mp4",
        Some("3gp") => "video/3gpp",
        Some("mp3") => "audio/mpeg",
        Some("ogg") => "audio/ogg",
        Some("amr") => "audio/amr",
        Some("wav") => "audio/wav",
        Some("pdf") => "application/pdf",
        Some("vcf") => "text/vcard",
        Some("txt") => "text/plain",
        _ => "application/octet-stream",
    }
}

/// Whether a medium of this type and size may be sent.
pub(crate) fn fits(content_type: &str, size: usize) -> bool {
    let image = matches!(content_type, "image/jpeg" | "image/png" | "image/gif");
    size <= if image { IMAGE_BYTES_MAX } else { OTHER_BYTES_MAX }
}
