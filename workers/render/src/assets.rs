//! What all certificates share, prepared once: fonts, template, colour profile, and the digests that an issue order stores.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::kind::Kind;
use domain::printed_field::PrintedField;
use sha2::{Digest, Sha256};

use crate::certificate::PrintedCertificate;
use crate::colour_profile;
use crate::error::RenderError;
use crate::font::chain::FontChain;
use crate::font::{FontData, FontError};
use crate::font_files::{FontFilesError, FontPaths};
use crate::layout;
use crate::pdf::{StaticPart, deflate};
use crate::qr::QrMaker;
use crate::template::{Template, TemplateError, seal};
use crate::text::{CommonFont, Letter};

/// What decides over the looks of a page of one kind, for the issue order: equal digests and equal orders give equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssetDigests {
    /// Version of the kind's template.
    pub template_version: u16,
    /// SHA-256 of the renderer's revision ([`crate::RENDERER_REVISION`]), the template's graphics and its layout file.
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
    /// A font cannot be read.
    #[error(transparent)]
    File(#[from] FontFilesError),
    /// A font cannot be used.
    #[error("a font cannot be used")]
    Font(#[from] FontError),
    /// No font shows a character that every certificate of a kind has.
    #[error("no font of the chain shows {character:?} of the template: put a font of Chinese text first")]
    TemplateText {
        /// The character.
        character: char,
    },
    /// The template's graphics could not be carried over.
    #[error("the template cannot be made")]
    Template(#[from] TemplateError),
}

/// Everything that rendering needs besides the certificate. Built once and shared; every method takes `&self`.
pub struct Assets {
    pub(crate) chain: FontChain,
    pub(crate) qr: QrMaker,
    fonts_sha256: [u8; 32],
    profile_sha256: [u8; 32],
    templates: BTreeMap<Kind, Template>,
    /// Compressed.
    profile: Vec<u8>,
    static_parts: RwLock<BTreeMap<(Kind, String), Arc<StaticPart>>>,
}

/// Static parts that are kept: those of all kinds for a few signers; in practice there is one.
const KEPT_PARTS: usize = 48;

impl Assets {
    /// Reads the fonts and prepares the assets. One font file is held at a time.
    ///
    /// # Errors
    /// A font that is missing, unreadable, no font or may not be embedded, an empty chain, or a fault in the template.
    pub fn read(paths: &FontPaths) -> Result<Assets, AssetsError> {
        Assets::prepare(paths.fonts())
    }

    /// Prepares the assets; the fonts are in fallback order.
    ///
    /// # Errors
    /// A font that cannot be parsed or may not be embedded, an empty chain, or a fault in the template.
    pub fn new(fonts: Vec<FontData>) -> Result<Assets, AssetsError> {
        Assets::prepare(fonts.into_iter().map(Ok))
    }

    fn prepare(fonts: impl Iterator<Item = Result<FontData, FontFilesError>>) -> Result<Assets, AssetsError> {
        let (mut chain, mut fonts_digest) = (FontChain::default(), Sha256::new());
        for font in fonts {
            let font = font?;
            add_to_digest(&mut fonts_digest, &font);
            chain.push(font)?;
        }
        if chain.fonts.is_empty() {
            return Err(AssetsError::NoFonts);
        }
        let templates =
            Kind::ALL.iter().map(|kind| Ok((*kind, Template::of(*kind)?))).collect::<Result<BTreeMap<_, _>, TemplateError>>()?;
        for template in templates.values() {
            covered(&chain, template)?;
        }
        let profile = colour_profile::srgb();
        Ok(Assets {
            chain,
            qr: QrMaker::default(),
            fonts_sha256: fonts_digest.finalize().into(),
            profile_sha256: Sha256::digest(&profile).into(),
            templates,
            profile: deflate(&profile),
            static_parts: RwLock::default(),
        })
    }

    /// The digests that an issue order of this kind stores.
    pub fn digests(&self, kind: Kind) -> AssetDigests {
        let template = self.template(kind);
        AssetDigests {
            template_version: template.layout.version,
            template_sha256: template.sha256,
            fonts_sha256: self.fonts_sha256,
            profile_sha256: self.profile_sha256,
        }
    }

    /// The facts that the kind's template prints, in their order.
    pub fn printed_fields(&self, kind: Kind) -> Vec<PrintedField> {
        self.template(kind).layout.fields.rows.iter().map(|row| row.field).collect()
    }

    /// What every certificate of this kind prints: the template's words, its title and authority, dates, digits and Latin capitals.
    fn common_font(&self, kind: Kind) -> CommonFont {
        const EVERYWHERE: &str = "0123456789年月日至男女（）()-.·ABCDEFGHJKLMNPQRSTUVWXYZ 陕西省市区县建筑工程有限责任公司集团";
        let layout = &self.template(kind).layout;
        let words = layout.words().chain([kind.title_zh(), kind.authority_zh(), EVERYWHERE]);
        let mut common = Vec::new();
        for character in words.flat_map(str::chars) {
            if let Some((font, glyph)) = self.chain.find(character) {
                common.push(Letter { character, font, glyph });
            }
        }
        CommonFont::new(common, 0)
    }

    pub(crate) fn template(&self, kind: Kind) -> &Template {
        // Every kind was put in by `new`.
        &self.templates[&kind]
    }

    /// The characters of a text that no font shows, each once, in order; to be asked before an order is made.
    pub fn missing_characters(&self, text: &str) -> Vec<char> {
        let mut missing = Vec::new();
        for character in text.chars() {
            let shown = self.chain.find(character).is_some();
            if !shown && !missing.contains(&character) {
                missing.push(character);
            }
        }
        missing
    }

    /// Whether every text of a page has its place and its glyphs, and the code its text; to be asked before an order is made. It
    /// costs a layout, and nothing is written.
    ///
    /// # Errors
    /// As [`crate::render()`], but for what concerns the portrait, the signer's name and the signing time.
    pub fn fits(&self, page: &PrintedCertificate) -> Result<(), RenderError> {
        layout::page(&self.chain, &self.template(page.kind).layout, page)?;
        Ok(QrMaker::fits(&page.qr_text)?)
    }

    /// The beginning of every document of this kind and signer.
    pub(crate) fn static_part(&self, kind: Kind, signer: &str) -> Result<Arc<StaticPart>, RenderError> {
        let key = (kind, signer.to_owned());
        // The map is never left half-changed, so a poisoned lock is as good as any.
        let known = self.static_parts.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(part) = known {
            return Ok(part);
        }
        let seal = seal::content(&self.chain, signer)?;
        let template = self.template(kind);
        let graphics = deflate(&template.graphics);
        let common = self.common_font(kind);
        let seal = (seal.as_slice(), template.layout.pictures.seal, signer);
        let part = Arc::new(StaticPart::new((&graphics, &self.profile), seal, &self.chain, common)?);
        let mut parts = self.static_parts.write().unwrap_or_else(PoisonError::into_inner);
        if parts.len() < KEPT_PARTS {
            parts.insert(key, Arc::clone(&part));
        }
        Ok(part)
    }
}

/// Refuses a chain that cannot show the template's own words.
fn covered(chain: &FontChain, template: &Template) -> Result<(), AssetsError> {
    for character in template.layout.words().flat_map(str::chars) {
        if chain.find(character).is_none() {
            return Err(AssetsError::TemplateText { character });
        }
    }
    Ok(())
}

/// Adds a font to the digest of the chain: the SHA-256 of its file, and its face.
fn add_to_digest(digest: &mut Sha256, font: &FontData) {
    digest.update(Sha256::digest(&font.bytes));
    digest.update(font.face.to_be_bytes());
}

impl std::fmt::Debug for Assets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assets").field("fonts_sha256", &self.fonts_sha256).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_assets;

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
        let digest = |fonts: &[FontData]| {
            let mut digest = Sha256::new();
            fonts.iter().for_each(|font| add_to_digest(&mut digest, font));
            digest.finalize()
        };
        let base = digest(&[font(b"a", 0), font(b"b", 0)]);
        assert_ne!(base, digest(&[font(b"b", 0), font(b"a", 0)]));
        assert_ne!(base, digest(&[font(b"a", 1), font(b"b", 0)]));
        assert_ne!(base, digest(&[font(b"a", 0), font(b"c", 0)]));
        assert_ne!(base, digest(&[font(b"a", 0)]));
    }

    #[test]
    fn missing_characters_are_told_once_and_in_order() {
        let Some(assets) = test_assets::assets() else {
            return;
        };
        assert_eq!(assets.missing_characters("王\u{E001}明\u{E000}\u{E001}"), ['\u{E001}', '\u{E000}']);
    }
}
