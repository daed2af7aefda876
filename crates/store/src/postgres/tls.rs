//! Encrypted connections: the server's certificate is verified, by name and by who issued it.

use crate::error::StoreError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use tokio_postgres_rustls_improved::MakeRustlsConnect;

/// What makes encrypted connections, trusting who issued the certificates of `roots_file` (PEM), or the
/// machine's own list where none is named.
///
/// # Errors
/// [`StoreError::Roots`] where the file cannot be read, or there is nobody to trust.
pub(super) fn connector(roots_file: Option<&Path>) -> Result<MakeRustlsConnect, StoreError> {
    let roots = match roots_file {
        Some(path) => of_file(path)?,
        None => of_machine()?,
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Roots(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn of_file(path: &Path) -> Result<RootCertStore, StoreError> {
    let unreadable =
        |error: &dyn std::fmt::Display| StoreError::Roots(format!("{}: {error}", path.display()));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unreadable(&error))? {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        roots.add(certificate).map_err(|error| unreadable(&error))?;
    }
    if roots.is_empty() {
        return Err(unreadable(&"it holds no certificate"));
    }
    Ok(roots)
}

fn of_machine() -> Result<RootCertStore, StoreError> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    // Old entries of such lists are often malformed, and no loss.
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        return Err(StoreError::Roots("this machine has no list of trusted certificates".into()));
    }
    Ok(roots)
}
