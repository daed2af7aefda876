//! Encrypted connections to PostgreSQL: a server that ends TLS before the one of the tests.

use crate::database::{Database, KEY, on_postgres};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Arc;
use store::{OpenOptions, Role, Store, StoreError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// The message with which PostgreSQL's clients ask for TLS.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Issues certificates, and is trusted by whoever has its file.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("roots.pem"), issuer.pem()).unwrap();
        Authority { issuer, folder }
    }

    fn roots_file(&self) -> PathBuf {
        self.folder.path().join("roots.pem")
    }

    fn acceptor_for(&self, name: &str) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(
            tokio_rustls::rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        );
        TlsAcceptor::from(Arc::new(config.unwrap()))
    }
}

/// Takes encrypted connections and hands what they carry to `server`; its own port. A connection that does not
/// ask for TLS is closed.
async fn end_tls(acceptor: TlsAcceptor, server: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (acceptor, server) = (acceptor.clone(), server.clone());
            tokio::spawn(async move {
                let mut asked = [0; SSL_REQUEST.len()];
                if stream.read_exact(&mut asked).await.is_err() || asked != SSL_REQUEST {
                    return;
                }
                stream.write_all(b"S").await.unwrap();
                // Whoever does not trust us goes away here.
                let Ok(mut open) = acceptor.accept(stream).await else { return };
                let mut behind = TcpStream::connect(server).await.unwrap();
                drop(tokio::io::copy_bidirectional(&mut open, &mut behind).await);
            });
        }
    });
    port
}

/// Opens the case's database through `port`, by a URL that asks for TLS.
async fn open_through(database: &Database, port: u16, roots_file: PathBuf) -> Result<Store, StoreError> {
    let (before, after) = split_address(&database.url);
    Store::open(OpenOptions {
        url: format!("{before}127.0.0.1:{port}{after}&sslmode=require"),
        postgres_roots_file: Some(roots_file),
        encryption_keys: vec![SecretString::from(KEY)],
        connections: 2,
        role: Role::Node,
    })
    .await
}

/// The URL up to its host, and from behind its port.
fn split_address(url: &str) -> (&str, &str) {
    let host = url.rfind('@').expect("the URL names a user") + 1;
    let end = host + url[host..].find('/').expect("the URL names a database");
    (&url[..host], &url[end..])
}

fn server_of(url: &str) -> String {
    let (before, after) = split_address(url);
    url[before.len()..url.len() - after.len()].to_owned()
}

#[tokio::test]
async fn a_server_with_a_trusted_certificate_is_reached_under_tls() {
    on_postgres(async |database: Database| {
        let authority = Authority::new();
        let port = end_tls(authority.acceptor_for("127.0.0.1"), server_of(&database.url)).await;
        let store = open_through(&database, port, authority.roots_file()).await.expect("it opens");
        assert!(store.credentials().await.unwrap().is_empty());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn strangers_wrong_names_and_plain_servers_are_refused() {
    on_postgres(async |database: Database| {
        let (authority, other) = (Authority::new(), Authority::new());
        let server = server_of(&database.url);
        let stranger = end_tls(other.acceptor_for("127.0.0.1"), server.clone()).await;
        let misnamed = end_tls(authority.acceptor_for("db.example.com"), server.clone()).await;
        for port in [stranger, misnamed] {
            let refused = open_through(&database, port, authority.roots_file()).await.err().unwrap();
            assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
        }
        let missing = authority.folder.path().join("none.pem");
        let unreadable = open_through(&database, stranger, missing).await.err().unwrap();
        assert!(matches!(unreadable, StoreError::Roots(_)), "{unreadable:?}");
    })
    .await;
}
