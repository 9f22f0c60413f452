//! What all certificates share, prepared once: fonts, template, colour profile, and the digests that an issue order stores.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest, Sha256};

use crate::colour_profile;
use crate::error::RenderError;
use crate::font::chain::FontChain;
use crate::font::{Font, FontData, FontError};
use crate::pdf::{StaticPart, deflate};
use crate::qr::QrMaker;
use crate::template::{self, TemplateError};

/// What decides over the looks of a page, for the issue order: equal digests and equal orders give equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssetDigests {
    /// Version of the template: its graphics and the rules of its layout.
    pub template_version: u16,
    /// SHA-256 of the template's graphics and of the places on the page.
    pub template_sha256: [u8; 32],
    /// SHA-256 over the SHA-256 and the face of every font of the chain, in order.
    pub fonts_sha256: [u8; 32],
    /// SHA-256 of the colour profile.
    pub profile_sha256: [u8; 32],
}

/// Why the assets could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// The chain is empty.
    #[error("no font is configured")]
    NoFonts,
    /// A font cannot be used.
    #[error("a font cannot be used")]
    Font(#[from] FontError),
    /// The template's graphics could not be carried over.
    #[error("the template cannot be made")]
    Template(#[from] TemplateError),
}

/// Everything that rendering needs besides the certificate. Built once and shared; every method takes `&self`.
pub struct Assets {
    pub(crate) chain: FontChain,
    pub(crate) qr: QrMaker,
    digests: AssetDigests,
    /// Compressed.
    template: Vec<u8>,
    profile: Vec<u8>,
    static_parts: RwLock<BTreeMap<String, Arc<StaticPart>>>,
}

/// Signers whose static part is kept; in practice there is one.
const KEPT_SIGNERS: usize = 8;

impl Assets {
    /// Prepares the assets; the fonts are in fallback order.
    ///
    /// # Errors
    /// A font that cannot be parsed or may not be embedded, an empty chain, or a fault in the template.
    pub fn new(fonts: Vec<FontData>) -> Result<Assets, AssetsError> {
        if fonts.is_empty() {
            return Err(AssetsError::NoFonts);
        }
        let fonts_sha256 = fonts_digest(&fonts);
        let fonts = fonts.into_iter().map(Font::new).collect::<Result<Vec<_>, _>>()?;
        let template = template::content()?;
        let profile = colour_profile::srgb();
        let digests = AssetDigests {
            template_version: template::VERSION,
            template_sha256: template::digest(&template),
            fonts_sha256,
            profile_sha256: Sha256::digest(&profile).into(),
        };
        Ok(Assets {
            chain: FontChain { fonts },
            qr: QrMaker::default(),
            digests,
            template: deflate(&template),
            profile: deflate(&profile),
            static_parts: RwLock::default(),
        })
    }

    /// The digests that an issue order stores.
    pub fn digests(&self) -> &AssetDigests {
        &self.digests
    }

    /// The characters of a text that no font shows, each once, in order; to be asked before an order is made.
    pub fn missing_characters(&self, text: &str) -> Vec<char> {
        let mut missing = Vec::new();
        for character in text.chars() {
            let shown = matches!(self.chain.find(character), Ok(Some(_)));
            if !shown && !missing.contains(&character) {
                missing.push(character);
            }
        }
        missing
    }

    /// The beginning of every document of this signer.
    pub(crate) fn static_part(&self, signer: &str) -> Result<Arc<StaticPart>, RenderError> {
        // The map is never left half-changed, so a poisoned lock is as good as any.
        let known = self.static_parts.read().unwrap_or_else(PoisonError::into_inner).get(signer).cloned();
        if let Some(part) = known {
            return Ok(part);
        }
        let seal = template::seal::content(&self.chain, signer)?;
        let part = Arc::new(StaticPart::new(&self.template, &self.profile, &seal));
        let mut parts = self.static_parts.write().unwrap_or_else(PoisonError::into_inner);
        if parts.len() < KEPT_SIGNERS {
            parts.insert(signer.to_owned(), Arc::clone(&part));
        }
        Ok(part)
    }
}

fn fonts_digest(fonts: &[FontData]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for font in fonts {
        hash.update(Sha256::digest(&font.bytes));
        hash.update(font.face.to_be_bytes());
    }
    hash.finalize().into()
}

impl std::fmt::Debug for Assets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assets").field("digests", &self.digests).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::specimen;

    #[test]
    fn assets_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Assets>();
    }

    #[test]
    fn a_chain_that_cannot_be_used_is_refused() {
        assert!(matches!(Assets::new(Vec::new()), Err(AssetsError::NoFonts)));
        let no_font = FontData { name: "broken.ttf".into(), bytes: b"not a font".to_vec(), face: 0 };
        let error = Assets::new(vec![no_font]).unwrap_err();
        assert!(matches!(
            error,
            AssetsError::Font(FontError::Unparsable { font, .. }) if font == "broken.ttf"
        ));
    }

    #[test]
    fn the_fonts_digest_knows_bytes_face_and_order() {
        let font = |bytes: &[u8], face| FontData { name: "a".into(), bytes: bytes.to_vec(), face };
        let digest = |fonts: &[FontData]| fonts_digest(fonts);
        let base = digest(&[font(b"a", 0), font(b"b", 0)]);
        assert_ne!(base, digest(&[font(b"b", 0), font(b"a", 0)]));
        assert_ne!(base, digest(&[font(b"a", 1), font(b"b", 0)]));
        assert_ne!(base, digest(&[font(b"a", 0), font(b"c", 0)]));
        assert_ne!(base, digest(&[font(b"a", 0)]));
    }

    #[test]
    fn missing_characters_are_told_once_and_in_order() {
        let Some(assets) = specimen::assets() else {
            return;
        };
        assert_eq!(assets.missing_characters("王\u{E001}明\u{E000}\u{E001}"), ['\u{E001}', '\u{E000}']);
    }
}
