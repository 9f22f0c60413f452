//! The path from a signer's certificate through the certificates beside it to a trusted authority (RFC 5280, 6.1).

use thiserror::Error;
use time::OffsetDateTime;

use super::{Certificate, CertificateFault};

/// More authorities than this between signer and anchor are refused.
const MAX_AUTHORITIES: usize = 4;

/// Why no trusted path leads to a signer's certificate.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum PathFault {
    /// Nobody known issued the certificate of this common name.
    #[error("no trusted authority issued the certificate {0:?}")]
    NoIssuer(String),
    /// An authority on the path must not issue, or not then.
    #[error("the authority {name:?} cannot be relied on: {fault}")]
    Authority {
        /// Common name of the authority.
        name: String,
        /// What is wrong with it.
        fault: CertificateFault,
    },
}

/// Walks from `signer` to one of `anchors`, over `beside` where needed, and checks every authority at the moment `at`.
///
/// Returns which of `beside` the path used, an anchor among them included.
pub(crate) fn to_anchor(
    signer: &Certificate,
    beside: &[Certificate],
    anchors: &[Certificate],
    at: OffsetDateTime,
) -> Result<Vec<usize>, PathFault> {
    let mut used = Vec::new();
    let mut current = signer;
    for authorities_below in 0..=MAX_AUTHORITIES {
        let issued = |candidate: &&Certificate| current.is_issued_by(candidate);
        // An authority that was certified anew has several certificates for one key: any that holds will do.
        let mut refused = None;
        for anchor in anchors.iter().filter(issued) {
            match check(anchor, authorities_below, at) {
                Ok(()) => {
                    used.extend(
                        (0..beside.len())
                            .filter(|index| !used.contains(index) && beside[*index].is_of_authority(anchor))
                            .take(1)
                            .collect::<Vec<_>>(),
                    );
                    return Ok(used);
                }
                Err(fault) => refused = refused.or(Some(fault)),
            }
        }
        if let Some(fault) = refused {
            return Err(fault);
        }
        let candidates = || (0..beside.len()).filter(|index| !used.contains(index) && current.is_issued_by(&beside[*index]));
        let holds = candidates().find(|index| check(&beside[*index], authorities_below, at).is_ok());
        let Some(index) = holds.or_else(|| candidates().next()) else { break };
        check(&beside[index], authorities_below, at)?;
        used.push(index);
        current = &beside[index];
    }
    Err(PathFault::NoIssuer(name_of(current)))
}

fn check(authority: &Certificate, authorities_below: usize, at: OffsetDateTime) -> Result<(), PathFault> {
    authority
        .check_authority(authorities_below)
        .and_then(|()| authority.check_time(at))
        .map_err(|fault| PathFault::Authority { name: name_of(authority), fault })
}

fn name_of(certificate: &Certificate) -> String {
    certificate.common_name().unwrap_or_default()
}
