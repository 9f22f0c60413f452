//! Freezes a document of every template version and renderer revision that has none yet, signed by an authority made for it:
//! `cargo run -p tests --example freeze_templates`. Frozen documents are never made anew; they show that old ones keep verifying.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::Write as _;
use std::sync::Arc;

use domain::kind::Kind;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use render::{Assets, FontPaths, RENDERER_REVISION, render, specimen};
use seal::qr::{Statement, sign};
use seal::test_authority::TestAuthority;
use seal::{DocumentSealer, P384Signer, embed};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tests::frozen;

fn main() -> Result<(), Box<dyn Error>> {
    let assets = Assets::read(&FontPaths::debian())?;
    let list_path = frozen::folder().join("released.json");
    let mut list: Vec<Value> = if list_path.exists() { serde_json::from_slice(&fs::read(&list_path)?)? } else { Vec::new() };
    for kind in Kind::ALL {
        let version = assets.digests(*kind).template_version;
        let name = format!("{kind} version {version} revision {RENDERER_REVISION}");
        let is_this = |entry: &Value| {
            entry["kind"] == kind.as_str() && entry["version"] == version && entry["renderer_revision"] == RENDERER_REVISION
        };
        if list.iter().any(is_this) {
            println!("{name} is frozen already");
            continue;
        }
        list.push(freeze(*kind, &assets)?);
        println!("{name} is frozen now");
    }
    fs::write(&list_path, serde_json::to_string_pretty(&list)? + "\n")?;
    Ok(())
}

fn freeze(kind: Kind, assets: &Assets) -> Result<Value, Box<dyn Error>> {
    let mut rng = StdRng::from_rng(&mut rand::rng());
    let mut page = specimen::ordinary(kind);
    let authority = TestAuthority::create(&mut rng, page.signing_time)?;
    let qr_signer = P384Signer::generate("frozen-qr", &mut rng);
    let statement = Statement {
        kind: kind.as_str().to_owned(),
        number: page.number.clone(),
        name: page.holder_name.clone(),
        id_last_four: "0014".into(),
        valid_until: Some(time::macros::date!(2021 - 11 - 04)),
        version: page.version,
        status_list: 1,
        status_index: 7,
        key_id: "frozen-qr".into(),
        issued_at: page.signing_time.unix_timestamp(),
    };
    page.qr_text = sign(&statement, "ECERT.EXAMPLE", &qr_signer)?;
    let signer = Arc::new(P384Signer::from_pkcs8_der("frozen-document", &authority.signer_key_pkcs8_der)?);
    // With the authority's certificate inside, as in documents that are issued.
    let chain = std::slice::from_ref(&authority.ca_certificate_der);
    let sealer = DocumentSealer::new(signer, &authority.signer_certificate_der, chain, page.signing_time)?;
    let unsigned = render(&page, &frozen::portrait(), assets)?;
    let document = embed(unsigned.bytes, unsigned.contents, &sealer.seal(&unsigned.digest_sha384)?)?;

    let digests = assets.digests(kind);
    let name = frozen::file_stem(kind.as_str(), digests.template_version.into(), RENDERER_REVISION.into());
    let mut pages = BTreeMap::new();
    for (page_name, page) in specimen::further(kind) {
        let unsigned = render(&page, &frozen::portrait(), assets)?;
        pages.insert(page_name, hex::encode(Sha256::digest(unsigned.bytes)));
    }
    let mut files = BTreeMap::new();
    for (ending, bytes) in [("pdf", document), ("authority.der", authority.ca_certificate_der)] {
        files.insert(ending, hex::encode(Sha256::digest(&bytes)));
        // A file of an old version is never written over, whatever the list says.
        let mut file = File::create_new(frozen::folder().join(format!("{name}.{ending}")))?;
        file.write_all(&bytes)?;
    }
    Ok(json!({
        "kind": kind.as_str(), "version": digests.template_version, "renderer_revision": RENDERER_REVISION,
        "files": files, "pages": pages, "template_sha256": hex::encode(digests.template_sha256),
        "fonts_sha256": hex::encode(digests.fonts_sha256), "qr_text": page.qr_text, "qr_key": hex::encode(qr_signer.public_key().to_spki_der()?),
    }))
}
