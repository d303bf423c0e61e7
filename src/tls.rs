//! TLS for the servers that the config names: which certificates are trusted.
//!
//! Called by the edges that open a connection (mailbox, outbox). The provider is
//! named explicitly: with two of them compiled in, rustls would panic on its own choice.

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why there is nothing to trust.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file cannot be read, or is not PEM.
    #[error("the certificate file {} cannot be read", path.display())]
    Unreadable {
        /// The file of the config's `ca_file`.
        path: PathBuf,
        /// What the system or the PEM reader says.
        why: String,
    },
    /// The file holds no usable certificate.
    #[error("the certificate file {} holds no certificate", path.display())]
    Empty {
        /// The file of the config's `ca_file`.
        path: PathBuf,
    },
    /// The system has no certificates to trust.
    #[error("the system has no certificates to trust")]
    NoSystemStore,
}

/// A client's settings: TLS 1.2 and 1.3, trusting the certificates of `ca_file`, or else
/// those of the system.
///
/// Reads files: call it once for a connection, not for a letter.
///
/// # Errors
/// As [`Problem`]: with nothing to trust every handshake would fail later, and less clearly.
pub fn client_config(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, Problem> {
    let mut roots = RootCertStore::empty();
    match ca_file {
        Some(path) => {
            let unreadable = |error: rustls::pki_types::pem::Error| Problem::Unreadable {
                path: path.to_owned(),
                why: error.to_string(),
            };
            let certificates = CertificateDer::pem_file_iter(path)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(unreadable)?;
            roots.add_parsable_certificates(certificates);
            if roots.is_empty() {
                return Err(Problem::Empty { path: path.to_owned() });
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                return Err(Problem::NoSystemStore);
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        // Cannot fail: ring speaks both versions. A store without certificates says no less.
        .map_err(|_| Problem::NoSystemStore)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// What is wrong with a server's certificate, cut by whom it concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateFault {
    /// Past its last day, or not begun.
    Expired,
    /// Signed by nobody that we trust.
    Untrusted,
    /// Made out to another host.
    OtherHost,
    /// Anything else: revoked, broken, of a kind that we do not take.
    Unusable,
}

/// The certificate's fault behind a failed handshake, if that is what it was.
#[must_use]
pub fn certificate_fault(error: &std::io::Error) -> Option<CertificateFault> {
    let rustls::Error::InvalidCertificate(fault) = error.get_ref()?.downcast_ref::<rustls::Error>()? else {
        return None;
    };
    Some(match fault {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => CertificateFault::Expired,
        // A bad signature is what another authority of the same name looks like.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => CertificateFault::Untrusted,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateFault::OtherHost
        }
        _ => CertificateFault::Unusable,
    })
}

/// Until when the first certificate of a PEM file holds (RFC 5280, 4.1.2.5); `None` if none can be read.
#[must_use]
pub fn certificate_end(file: &Path) -> Option<Timestamp> {
    let certificate = CertificateDer::from_pem_file(file).ok()?;
    let (_, parsed) = x509_parser::parse_x509_certificate(&certificate).ok()?;
    Timestamp::from_second(parsed.validity().not_after.timestamp()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_trusts_nobody_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        assert!(matches!(client_config(Some(&path)), Err(Problem::Unreadable { .. })));
        std::fs::write(&path, "").unwrap();
        assert!(matches!(client_config(Some(&path)), Err(Problem::Empty { .. })));
        std::fs::write(&path, "not a certificate").unwrap();
        assert!(matches!(client_config(Some(&path)), Err(Problem::Empty { .. })));
    }

    #[test]
    fn only_the_named_authority_is_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let authority = rcgen::generate_simple_self_signed(vec!["ca.example".to_owned()]).unwrap();
        std::fs::write(&path, authority.cert.pem()).unwrap();
        assert!(client_config(Some(&path)).is_ok());
        // What rcgen writes where nothing else is asked for.
        let end = certificate_end(&path).unwrap();
        assert_eq!(end, "4096-01-01T00:00:00Z".parse().unwrap());
        std::fs::write(&path, "not a certificate").unwrap();
        assert_eq!(certificate_end(&path), None);
    }
}
