//! Documents of every template version that ever came out keep verifying, and no page gets other bytes without a new version of its
//! template or a new revision of the renderer.

use domain::kind::Kind;
use render::{Assets, FontPaths, RENDERER_REVISION, Unsigned, render, specimen};
use seal::verify::{SignatureState, verify_document};
use seal::{PublicKey, qr};
use sha2::{Digest as _, Sha256};
use tests::frozen;
use tests::judge::passed_over;
use time::macros::datetime;

#[test]
fn frozen_documents_verify_in_their_year_and_in_a_lifetime() {
    let all = frozen::all();
    assert!(Kind::ALL.len() <= all.len());
    for document in all {
        let name = format!("{} version {}", document.kind, document.version);
        for now in [datetime!(2018-11-06 0:00 UTC), datetime!(2026-11-26 0:00 UTC), datetime!(2090-01-01 0:00 UTC)] {
            let verdict = verify_document(&document.document, std::slice::from_ref(&document.authority), now);
            assert_eq!(verdict.signature, SignatureState::Valid, "{name}: {:?}", verdict.reasons);
            assert!(verdict.covers_whole_file && !verdict.changed_after_signing, "{name}");
            assert_eq!(verdict.signer.as_deref(), Some(seal::LAWFUL_SIGNER_NAME), "{name}");
        }
        let other = verify_document(&document.document, &[], datetime!(2018-11-06 0:00 UTC));
        assert_eq!(other.signature, SignatureState::Untrusted, "{name} is trusted by its own authority only");
        let key = PublicKey::from_spki_der(&document.qr_key).unwrap();
        let code = qr::parse(&document.qr_text).unwrap();
        assert_eq!(code.verify(&key).unwrap().kind, document.kind, "{name}");
    }
}

/// SHA-256 of the entry in `released.json` of every version that was released: one on whose orders documents were issued to holders.
/// Nothing is released yet. Entries are added here and never changed.
const RELEASED: [(&str, &str); 0] = [];

#[test]
fn no_frozen_file_changes() {
    for frozen in frozen::all() {
        let name = frozen::file_stem(&frozen.kind, frozen.version, frozen.renderer_revision);
        let files = [("authority.der", &frozen.authority), ("pdf", &frozen.document)]
            .map(|(ending, bytes)| (ending.to_owned(), hex::encode(Sha256::digest(bytes))));
        assert_eq!(frozen.files, files.into(), "a file of {name} is another one than when it was frozen: restore it");
    }
    for (stem, sha256) in RELEASED {
        assert_eq!(frozen::entry_sha256(stem).as_deref(), Some(sha256), "{stem} was released: restore its entry in released.json");
    }
}

#[test]
fn no_page_gets_other_bytes_without_a_new_version_or_revision() {
    let assets = match Assets::read(&FontPaths::debian()) {
        Ok(assets) => assets,
        Err(error) => {
            passed_over(&error.to_string());
            return;
        }
    };
    let all = frozen::all();
    for kind in Kind::ALL {
        let digests = assets.digests(*kind);
        let of_kind = all.iter().filter(|frozen| frozen.kind == kind.as_str());
        let newest = of_kind.max_by_key(|frozen| (frozen.version, frozen.renderer_revision)).unwrap();
        let advice = format!(
            "raise `version` in workers/render/templates/{kind}.toml where the page is to look otherwise, else RENDERER_REVISION in \
             workers/render/src/template.rs; then run: cargo run -p tests --example freeze_templates"
        );
        assert_eq!(
            (newest.version, newest.renderer_revision),
            (u64::from(digests.template_version), u64::from(RENDERER_REVISION)),
            "no document of {kind} is frozen for this version and revision: {advice}"
        );
        assert_eq!(newest.template_sha256, hex::encode(digests.template_sha256), "the template of {kind} changed: {advice}");
        if newest.fonts_sha256 != hex::encode(digests.fonts_sha256) {
            eprintln!("the bytes of {kind} are passed over: other fonts are installed than when it was frozen");
            continue;
        }
        let mut page = specimen::ordinary(*kind);
        page.qr_text.clone_from(&newest.qr_text);
        let Unsigned { bytes, contents, .. } = render(&page, &frozen::portrait(), &assets).unwrap();
        let same = bytes.len() == newest.document.len()
            && bytes[..contents.start] == newest.document[..contents.start]
            && bytes[contents.end..] == newest.document[contents.end..];
        assert!(same, "a page of {kind} has other bytes than its frozen document: {advice}");
        let pages = specimen::further(*kind).map(|(name, page)| {
            let unsigned = render(&page, &frozen::portrait(), &assets).unwrap();
            (name.to_owned(), hex::encode(Sha256::digest(unsigned.bytes)))
        });
        assert_eq!(newest.pages, pages.into(), "the further pages of {kind} have other bytes than when they were frozen: {advice}");
    }
}
