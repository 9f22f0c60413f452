//! Signed documents whose QR codes hold the longest statements, for the programs of others to judge:
//! `cargo run -p tests --example longest_codes -- FOLDER [COUNT]`, then `ops/judge-documents FOLDER [COUNT]`.
//!
//! The folder gets the layout of a home: `keys/test-ca.pem` and `objects/documents`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use domain::kind::Kind;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use render::{Assets, FontPaths, render, specimen};
use seal::qr::{MAX_TEXT_CHARACTERS, QrError, Statement, sign};
use seal::test_authority::TestAuthority;
use seal::{DocumentSealer, P384Signer, embed};
use sha2::{Digest as _, Sha256};

/// The longest base that the configuration allows.
const BASE: &str = "CERTIFICATES.OF.THE.LONGEST.NAME.THAT.CONFIGURATIONS.ALLOW.EXAMP";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("usage: longest_codes FOLDER [COUNT]")?);
    let count: usize = arguments.next().map_or(Ok(200), |count| count.parse())?;
    let assets = Assets::read(&FontPaths::debian())?;
    let mut rng = StdRng::seed_from_u64(17);
    // Outside judges hold certificates against the present time.
    #[expect(clippy::disallowed_methods, reason = "an example is an edge")]
    let now = time::OffsetDateTime::now_utc().replace_nanosecond(0)?;
    let authority = TestAuthority::create(&mut rng, now)?;
    let signer = Arc::new(P384Signer::from_pkcs8_der("document", &authority.signer_key_pkcs8_der)?);
    let sealer = DocumentSealer::new(signer, &authority.signer_certificate_der, std::slice::from_ref(&authority.ca_certificate_der), now)?;
    let (keys, documents) = (folder.join("keys"), folder.join("objects/documents"));
    fs::create_dir_all(&keys)?;
    fs::create_dir_all(&documents)?;
    fs::write(keys.join("test-ca.pem"), der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, &authority.ca_certificate_der)?)?;

    let portrait = tests::frozen::portrait();
    let (mut shortest, mut longest) = (usize::MAX, 0);
    for number in 0..count {
        let mut page = specimen::extreme(Kind::ALL[number % Kind::ALL.len()]);
        page.signing_time = now;
        page.qr_text = longest_text(page.kind, &page.number, &mut rng)?;
        (shortest, longest) = (shortest.min(page.qr_text.len()), longest.max(page.qr_text.len()));
        let unsigned = render(&page, &portrait, &assets)?;
        let document = embed(unsigned.bytes, unsigned.contents, &sealer.seal(&unsigned.digest_sha384)?)?;
        fs::write(documents.join(format!("{}.pdf", hex::encode(Sha256::digest(&document)))), document)?;
    }
    println!("{count} documents in {}; their codes hold {shortest} to {longest} of {MAX_TEXT_CHARACTERS} characters", documents.display());
    Ok(())
}

/// A statement with a name that is just so long that the code is full; a key of its own makes each another one.
fn longest_text(kind: Kind, number: &str, rng: &mut StdRng) -> Result<String, Box<dyn Error>> {
    let key_id = format!("{:08x}", rng.next_u32());
    let signer = P384Signer::generate(key_id.clone(), rng);
    let text = |name: String| {
        let statement = Statement {
            kind: kind.as_str().to_owned(),
            number: number.to_owned(),
            name,
            id_last_four: "001X".to_owned(),
            valid_until: Some(time::macros::date!(2021 - 11 - 04)),
            version: u16::MAX,
            status_list: u32::MAX,
            status_index: u32::MAX,
            key_id: key_id.clone(),
            issued_at: 4_102_444_800,
        };
        sign(&statement, BASE, &signer)
    };
    let mut name = "阿".to_owned();
    let mut full = text(name.clone())?;
    loop {
        name.push('卜');
        match text(name.clone()) {
            Ok(longer) => full = longer,
            Err(QrError::TooLong { .. }) => return Ok(full),
            Err(other) => return Err(other.into()),
        }
    }
}
