//! One connection that posts signed webhooks, as the provider does.

use bench_webhook::Reader;
use std::io;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use twilio::signature::{SignedBody, sign};

pub const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub const TOKEN: &str = "00000000000000000000000000000001";

pub struct Line {
    authority: String,
    stream: TcpStream,
    reader: Reader,
}

impl Line {
    /// To `authority`, such as `127.0.0.1:8080`.
    pub async fn open(authority: &str) -> io::Result<Line> {
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        Ok(Line { authority: authority.to_owned(), stream, reader: Reader::default() })
    }

    /// Posts a form to `url`, which is absolute or a path; the body of the answer, which has to be 2xx.
    pub async fn post(&mut self, url: &str, form: &[(&str, &str)]) -> io::Result<String> {
        let origin = format!("http://{}", self.authority);
        let url = url.split('#').next().unwrap_or_default();
        let path = url.strip_prefix(origin.as_str()).unwrap_or(url).to_owned();
        let form: Vec<(String, String)> =
            form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let signature = sign(TOKEN, &format!("{origin}{path}"), SignedBody::Form(&form));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
        self.ask(&path, "application/x-www-form-urlencoded", &signature, &body).await
    }

    pub async fn post_json(&mut self, path: &str, body: &str) -> io::Result<String> {
        self.ask(path, "application/json", "", body).await
    }

    async fn ask(&mut self, path: &str, kind: &str, signature: &str, body: &str) -> io::Result<String> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: {kind}\r\nX-Twilio-Signature: {signature}\r\nContent-Length: {}\r\n\r\n{body}",
            self.authority,
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await?;
        let answer = self.reader.next(&mut self.stream).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let body = String::from_utf8(answer.body).map_err(io::Error::other)?;
        if !answer.first_line.starts_with("HTTP/1.1 2") {
            return Err(io::Error::other(format!("{path}: {} {body}", answer.first_line)));
        }
        Ok(body)
    }
}

/// Where the answer to a document goes; nothing where it asks for none.
pub fn action(document: &str) -> Option<String> {
    let (_, gather) = document.split_once("<Gather")?;
    let (_, action) = gather.split_once("action=\"")?;
    let (action, _) = action.split_once('"')?;
    Some(action.replace("&amp;", "&"))
}
