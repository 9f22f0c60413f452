//! What issuing needs besides the database: fonts and template, the keys, and the settings that are printed.

use std::sync::Arc;

use domain::settings::Settings;
use render::Assets;
use seal::DocumentSealer;
use seal::qr::CodeSource;

/// Everything that turns an order into a signed document. Built once at start; a worker without it issues nothing.
pub struct Issuer {
    /// Fonts, template and colour profile.
    pub assets: Arc<Assets>,
    /// The document key with its certificate chain.
    pub sealer: DocumentSealer,
    /// What gives the QR codes.
    pub code: Arc<dyn CodeSource>,
    /// Base of the QR address, for example `ZS.EXAMPLE.CN`.
    pub qr_base: String,
    /// Dates, contact line and codes.
    pub settings: Arc<Settings>,
    /// Whether the keys that this process holds are still those that are to be used: asked before anything is ordered and once more before
    /// it is announced.
    pub is_current: Box<dyn Fn() -> bool + Send + Sync>,
    /// National type codes by kind, where known or configured.
    pub type_codes: Vec<(domain::kind::Kind, String)>,
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issuer").field("document_key", &self.sealer.key_id()).field("qr_base", &self.qr_base).finish_non_exhaustive()
    }
}
