//! Whole documents, as they are issued, in the hands of forgers: every change is refused, and told for what it is.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use seal::test_authority::TestAuthority;
use seal::verify::{DocumentVerdict, SignatureState, verify_document};
use seal::{DocumentSealer, P384Signer, embed};
use sha2::{Digest as _, Sha384};
use tests::frozen;
use tests::home::{Home, argument};
use tests::program::ecert;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-26 0:00 UTC);

/// An issued document and the authority to judge it by.
fn issued(number: usize) -> (Vec<u8>, Vec<Vec<u8>>) {
    let all = frozen::all();
    let frozen = &all[number % all.len()];
    (frozen.document.clone(), vec![frozen.authority.clone()])
}

/// The digits of the signature.
fn hole(document: &[u8]) -> Range<usize> {
    let start = find(document, b"/Contents<") + b"/Contents<".len();
    start..start + find(&document[start..], b">")
}

fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).position(|window| window == wanted).unwrap()
}

fn replaced(document: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let place = find(document, old);
    [&document[..place], new, &document[place + old.len()..]].concat()
}

fn refused(bytes: &[u8], anchors: &[Vec<u8>]) -> bool {
    let verdict = verify_document(bytes, anchors, NOW);
    verdict.signature != SignatureState::Valid && !verdict.reasons.is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_changed_byte_of_any_document_is_refused(number in 0..6_usize, place in any::<prop::sample::Index>(), change in 1..=u8::MAX) {
        let (mut document, anchors) = issued(number);
        let place = place.index(document.len());
        document[place] ^= change;
        let verdict = verify_document(&document, &anchors, NOW);
        prop_assert!(verdict.signature != SignatureState::Valid && !verdict.reasons.is_empty(), "byte {place} ^ {change:#x}: {verdict:?}");
        // Outside the signature and what points to it, it is a change and nothing else.
        let hole = hole(&document);
        if place + 400 < hole.start || hole.end < place {
            prop_assert!(verdict.changed_after_signing, "byte {place} ^ {change:#x}: {verdict:?}");
        }
    }

    #[test]
    fn bytes_that_come_or_go_anywhere_are_refused(
        number in 0..6_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..40)), 1..4),
    ) {
        let (original, anchors) = issued(number);
        let mut document = original.clone();
        for (from, to, bytes) in edits {
            let (from, to) = (from.index(document.len()), to.index(document.len()));
            let to = from.max(to).min(from + 60);
            document.splice(from..to, bytes);
        }
        prop_assume!(document != original);
        prop_assert!(refused(&document, &anchors));
    }
}

/// All of one document: `ECERT_FLIP_EVERY_BYTE=1 cargo nextest run -p tests --test forged_documents`; else the parts that steer a reader.
#[test]
fn every_byte_that_steers_a_reader_is_protected() {
    let (document, anchors) = issued(0);
    assert!(!refused(&document, &anchors));
    let hole = hole(&document);
    #[expect(clippy::disallowed_methods, reason = "a size for trials by hand")]
    let every = std::env::var_os("ECERT_FLIP_EVERY_BYTE").is_some();
    // The head; the signature's dictionary with the signature's first and last bytes; the cross-reference and the trailer.
    let steering = |place: usize| place < 64 || (hole.start - 300..hole.start + 200).contains(&place) || document.len() < place + 400;
    let mut bytes = document.clone();
    for place in (0..document.len()).filter(|place| every || steering(*place)) {
        bytes[place] ^= 0x20;
        assert!(refused(&bytes, &anchors), "byte {place}");
        bytes[place] ^= 0x20;
    }
}

/// A forger's files beside their documents, judged by the program itself.
struct Forger {
    home: Home,
    trust: String,
    anchors: Vec<Vec<u8>>,
}

impl Forger {
    /// The verdict of `ecert verify`, which agrees with that of the library.
    fn verdict(&self, name: &str, bytes: &[u8]) -> (String, Vec<String>) {
        let file = self.home.file(name, bytes);
        let verdict = self.home.run(&["verify", &file, "--offline", "--trust", &self.trust, "--json"]).ended_with(1).json();
        let codes = verdict["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect();
        let DocumentVerdict { signature, .. } = verify_document(bytes, &self.anchors, NOW);
        assert_eq!(verdict["signature"], signature.as_str(), "{name}");
        assert_eq!(verdict["certificate"]["number"], serde_json::Value::Null, "{name} is told of as a certificate: {verdict}");
        (signature.as_str().to_owned(), codes)
    }

    fn is_refused(&self, name: &str, bytes: &[u8], expected: (&str, &[&str])) {
        let (signature, codes) = self.verdict(name, bytes);
        assert_eq!((signature.as_str(), codes.iter().map(String::as_str).collect::<Vec<_>>().as_slice()), expected, "{name}");
    }
}

fn forger(anchor: &[u8]) -> Forger {
    let home = Home::new();
    let (der, trust) = (home.file("anchor.der", anchor), argument(&home.beside("anchor.pem")));
    let made = Command::new("openssl").args(["x509", "-inform", "der", "-in", &der, "-out", &trust]).status().unwrap();
    assert!(made.success());
    Forger { home, trust, anchors: vec![anchor.to_vec()] }
}

/// A revision behind the document that shows another page in place of the first.
fn updated(document: &[u8]) -> Vec<u8> {
    let mut bytes = document.to_vec();
    let page = bytes.len();
    let tail = String::from_utf8_lossy(&document[document.len() - 60..]).into_owned();
    let previous = tail.rsplit("startxref\n").next().unwrap().split('\n').next().unwrap();
    bytes.extend(b"2 0 obj\n<</Type/Pages/Count 0/Kids[]>>\nendobj\n");
    let table = bytes.len();
    bytes.extend(
        format!("xref\n2 1\n{page:010} 00000 n \ntrailer\n<</Size 99/Root 1 0 R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    bytes
}

/// The document signed again, by another key in the same place.
fn signed_by(document: &[u8], sealer: &DocumentSealer) -> Vec<u8> {
    let hole = hole(document);
    let mut bytes = document.to_vec();
    let digest = Sha384::new().chain_update(&bytes[..hole.start - 1]).chain_update(&bytes[hole.end + 1..]).finalize();
    bytes[hole.clone()].fill(b'0');
    embed(bytes, hole, &sealer.seal(&digest.into()).unwrap()).unwrap()
}

#[test]
fn what_forgers_do_is_refused_with_its_reason() {
    let (document, anchors) = issued(0);
    let forger = forger(&anchors[0]);
    let hole = hole(&document);
    let untouched = forger.verdict("untouched.pdf", &document);
    assert_eq!((untouched.0.as_str(), untouched.1), ("valid", vec!["signer-expired-since".to_owned(), "key-unknown".to_owned()]));

    let changed: (&str, &[&str]) = ("invalid", &["not-covering-file", "changed-after-signing"]);
    forger.is_refused("appended-update.pdf", &updated(&document), changed);
    forger.is_refused("appended-space.pdf", &[&document[..], b"\n"].concat(), changed);
    let wrapped = updated(&[&updated(&document)[..], b"\n"].concat());
    forger.is_refused("two-updates.pdf", &wrapped, changed);

    // The byte range moved: behind a gap with foreign objects, before the head, to cover less, and a second one beside it.
    let range_at = find(&document, b"/ByteRange[");
    let range_end = range_at + find(&document[range_at..], b"]");
    let range: Vec<usize> =
        String::from_utf8_lossy(&document[range_at + 11..range_end]).split_whitespace().map(|number| number.parse().unwrap()).collect();
    let with_range = |numbers: [usize; 4]| {
        let text = format!("/ByteRange[{} {} {} {}", numbers[0], numbers[1], numbers[2], numbers[3]);
        let padded = format!("{text:<width$}", width = range_end - range_at);
        assert_eq!(padded.len(), range_end - range_at, "as long as it was");
        [&document[..range_at], padded.as_bytes(), &document[range_end..]].concat()
    };
    let [_, before, behind, rest] = range[..] else { panic!("{range:?}") };
    forger.is_refused("covers-less.pdf", &with_range([0, before, behind, rest - 9]), changed);
    forger.is_refused("begins-later.pdf", &with_range([9, before - 9, behind, rest]), ("invalid", &["not-covering-file"]));
    let gap = b"7 0 obj<</Type/Page>>endobj ";
    let mut gapped = with_range([0, before, behind + gap.len(), rest]);
    gapped.splice(behind..behind, gap.iter().copied());
    forger.is_refused("gap-behind-signature.pdf", &gapped, ("invalid", &["not-covering-file"]));
    let second = replaced(&document, b"/SubFilter", b"/ByteRange[0 1 2 3]/SubFilter");
    forger.is_refused("second-range.pdf", &second, ("invalid", &["several-signatures"]));

    // Wrapped: the whole document inside another file, whose own pages readers show.
    let shell = [
        &b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n9 0 obj<</Length 1>>stream\n"
            [..],
        &document,
        b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 10>>\n%%EOF\n",
    ]
    .concat();
    let (signature, codes) = forger.verdict("wrapped.pdf", &shell);
    assert!(signature == "invalid" && codes.contains(&"not-covering-file".to_owned()), "{signature} {codes:?}");

    // Stripped: without the digits, with digits of nothing, without the dictionary.
    let zeros = [&document[..hole.start], &vec![b'0'; hole.len()], &document[hole.end..]].concat();
    forger.is_refused("zeros.pdf", &zeros, ("invalid", &["not-ours"]));
    let mut stripped = document.clone();
    stripped.drain(range_at..hole.end + 1);
    forger.is_refused("stripped.pdf", &stripped, ("invalid", &["not-ours"]));
    let unsigned = replaced(&stripped, b"ETSI.CAdES.detached", b"nothing.of.the.kind");
    forger.is_refused("unsigned.pdf", &unsigned, ("missing", &["no-signature"]));

    // Another valid signer: an authority of the same names signs the same page.
    let mut rng = StdRng::seed_from_u64(7);
    let other = TestAuthority::create(&mut rng, datetime!(2018-11-05 0:00 UTC)).unwrap();
    let key = P384Signer::from_pkcs8_der("other", &other.signer_key_pkcs8_der).unwrap();
    let sealer = DocumentSealer::new(
        std::sync::Arc::new(key),
        &other.signer_certificate_der,
        std::slice::from_ref(&other.ca_certificate_der),
        datetime!(2018-11-06 0:00 UTC),
    )
    .unwrap();
    let signed = signed_by(&document, &sealer);
    assert_eq!(verify_document(&signed, &[other.ca_certificate_der], NOW).signature, SignatureState::Valid, "the forger's work is proper");
    forger.is_refused("another-signer.pdf", &signed, ("untrusted", &["signer-untrusted"]));

    // A signature of another document.
    let (foreign, _) = issued(1);
    let theirs = self::hole(&foreign);
    let grafted = [&document[..hole.start], &foreign[theirs], &document[hole.end..]].concat();
    forger.is_refused("grafted.pdf", &grafted, ("invalid", &["changed-after-signing"]));

    for (length, expected) in [
        (document.len() - 1, changed),
        (hole.end, changed),
        (hole.start + 100, changed),
        (document.len() / 2, ("missing", &["no-signature", "unreadable"])),
        (8, ("missing", &["no-signature", "unreadable"])),
        (0, ("missing", &["unreadable"])),
    ] {
        forger.is_refused("truncated.pdf", &document[..length], expected);
    }
}

#[test]
fn encrypted_and_huge_files_and_bombs_are_refused_at_once() {
    let (document, anchors) = issued(2);
    let forger = forger(&anchors[0]);
    let (plain, encrypted) = (forger.home.file("plain.pdf", &document), forger.home.beside("encrypted.pdf"));
    let done = Command::new("qpdf").args(["--encrypt", "", "owner", "256", "--", &plain]).arg(&encrypted).output().unwrap();
    assert!(encrypted.exists(), "{done:?}");
    let (signature, codes) = forger.verdict("encrypted.pdf", &fs::read(&encrypted).unwrap());
    assert!(signature != "valid" && codes.contains(&"encrypted".to_owned()), "{signature} {codes:?}");

    // A document with a gigabyte behind it, which is never read.
    let huge = forger.home.beside("huge.pdf");
    fs::write(&huge, &document).unwrap();
    let mut file = File::options().write(true).open(&huge).unwrap();
    file.seek(SeekFrom::Start(1 << 30)).unwrap();
    file.write_all(b"%%EOF\n").unwrap();
    assert_eq!(judged_within(&forger, &huge), ["too-large"]);

    // A stream that unpacks to a thousand times its size, and again: nothing of a file is unpacked.
    let inner = deflated(&vec![0; 64 << 20]);
    let bomb = deflated(&inner);
    let streams = |document: &[u8]| {
        let mut head = b"%PDF-1.7\n".to_vec();
        head.extend(format!("3 0 obj<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]/Length {}>>stream\n", bomb.len()).bytes());
        [&head[..], &bomb, b"\nendstream endobj\n", document].concat()
    };
    fs::write(forger.home.beside("bomb.pdf"), streams(b"%%EOF\n")).unwrap();
    assert_eq!(judged_within(&forger, &forger.home.beside("bomb.pdf")), ["no-signature"]);
    fs::write(forger.home.beside("bomb-before.pdf"), streams(&document)).unwrap();
    assert!(judged_within(&forger, &forger.home.beside("bomb-before.pdf")).contains(&"not-covering-file".to_owned()));
    // Brackets that open and never close: nothing is followed down without a limit.
    let nested = [&document[..find(&document, b"/Contents<")], &b"<<".repeat(1 << 20)[..], &b"[".repeat(1 << 20)].concat();
    fs::write(forger.home.beside("nested.pdf"), &nested).unwrap();
    assert!(!judged_within(&forger, &forger.home.beside("nested.pdf")).is_empty());
}

/// The codes of a refusal within a GiB of address space, of which the program and its threads alone take a good part.
fn judged_within(forger: &Forger, file: &Path) -> Vec<String> {
    let line = format!(
        "ulimit -v 1048576; exec {} verify {} --offline --trust {} --json --home {}",
        ecert().get_program().display(),
        file.display(),
        forger.trust,
        forger.home.path().display()
    );
    let output = Command::new("bash").args(["-c", &line]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}: {output:?}", file.display());
    let verdict: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    verdict["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
