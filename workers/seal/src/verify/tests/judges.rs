//! What programs of others say of our signatures. Where such a program is missing, the test says so and passes over.

use std::path::Path;
use std::process::{Command, Output};

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use time::macros::datetime;
use x509_cert::ext::pkix::KeyUsages;

use super::*;
use crate::test_authority::{TestAuthority, issuing, signer_plan};
use crate::verify::specimen::Unsigned;

/// Runs a program; `None`, with a word about it, where it is not installed.
fn run(program: &str, arguments: &[&str], folder: &Path) -> Option<Output> {
    let outcome = Command::new(program).args(arguments).current_dir(folder).env("LC_ALL", "C.UTF-8").output();
    match outcome {
        Ok(output) => Some(output),
        Err(error) => {
            eprintln!("passed over: {program} cannot be run: {error}");
            None
        }
    }
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A folder with the sealed document, its two signed parts joined, its signature and the anchor.
fn folder(authority: &TestAuthority) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let Unsigned { bytes, contents } = Specimen::default().write();
    let signed_parts = [&bytes[..contents.start - 1], &bytes[contents.end + 1..]].concat();
    let digest = sha2::Sha384::digest(&signed_parts).into();
    let cms = sealer(authority).seal(&digest).unwrap();
    let sealed = crate::embed(bytes, contents, &cms).unwrap();
    for (name, content) in [
        ("sealed.pdf", &sealed),
        ("parts", &signed_parts),
        ("signature.der", &cms),
        ("anchor.der", &authority.ca_certificate_der),
        ("signer.der", &authority.signer_certificate_der),
    ] {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

/// An authority and a signer valid from 2020 to 2120: pdfsig judges by the clock of the machine.
fn long_lived_authority() -> TestAuthority {
    let mut rng = StdRng::seed_from_u64(20);
    let mut authority = authority(1);
    let root_key = authority.root_key().unwrap();
    let (from, until) = (datetime!(2020-01-01 00:00 UTC), datetime!(2120-01-01 00:00 UTC));
    let mut root = signer_plan("root", from, until).unwrap();
    root.subject = root.issuer.clone();
    root.constraints.ca = true;
    root.usages = KeyUsages::KeyCertSign.into();
    authority.ca_certificate_der = issuing::issue(root, root_key.public_key(), &root_key, &mut rng).unwrap();
    let signer = authority.issue_signer(&mut rng, crate::LAWFUL_SIGNER_NAME, from, until).unwrap();
    authority.signer_certificate_der = signer.certificate_der;
    authority.signer_key_pkcs8_der = signer.key_pkcs8_der;
    authority
}

fn to_pem(folder: &Path, name: &str) -> Option<()> {
    let from = format!("{name}.der");
    let to = format!("{name}.pem");
    let arguments = ["x509", "-inform", "DER", "-in", &from, "-out", &to];
    let output = run("openssl", &arguments, folder)?;
    assert!(output.status.success(), "{}", text(&output));
    Some(())
}

#[test]
fn openssl_verifies_chain_and_signature() {
    let folder = folder(&authority(1));
    let path = folder.path();
    if to_pem(path, "anchor").is_none() || to_pem(path, "signer").is_none() {
        return;
    }
    let at = NOW.unix_timestamp().to_string();
    let chain = ["verify", "-x509_strict", "-attime", &at, "-CAfile", "anchor.pem", "signer.pem"];
    if let Some(output) = run("openssl", &chain, path) {
        assert!(output.status.success(), "{}", text(&output));
    }
    let signature = [
        "cms",
        "-verify",
        "-binary",
        "-cades",
        "-attime",
        &at,
        "-inform",
        "DER",
        "-in",
        "signature.der",
        "-content",
        "parts",
        "-CAfile",
        "anchor.pem",
        "-purpose",
        "any",
        "-out",
        "/dev/null",
    ];
    if let Some(output) = run("openssl", &signature, path) {
        assert!(output.status.success(), "{}", text(&output));
    }
    let usage = ["x509", "-in", "signer.pem", "-noout", "-ext", "keyUsage"];
    if let Some(output) = run("openssl", &usage, path) {
        let text = text(&output);
        assert!(text.contains("critical") && text.contains("Digital Signature, Non Repudiation"), "{text}");
    }
}

#[test]
fn pdfsig_calls_the_signature_valid_and_the_certificate_trusted() {
    let folder = folder(&long_lived_authority());
    let path = folder.path();
    if to_pem(path, "anchor").is_none() {
        return;
    }
    let made = run("certutil", &["-N", "-d", "sql:.", "--empty-password"], path);
    let Some(made) = made else { return };
    assert!(made.status.success(), "{}", text(&made));
    let arguments = ["-A", "-d", "sql:.", "-n", "anchor", "-t", "CT,C,C", "-i", "anchor.pem"];
    let trusted = run("certutil", &arguments, path);
    assert!(trusted.is_some_and(|output| output.status.success()));
    let Some(output) = run("pdfsig", &["-nssdir", "sql:.", "sealed.pdf"], path) else {
        return;
    };
    let text = text(&output);
    for expected in [
        "Signature Validation: Signature is Valid.",
        "Certificate Validation: Certificate is Trusted.",
        "Total document signed",
        "ETSI.CAdES.detached",
        "SHA-384",
        crate::LAWFUL_SIGNER_NAME,
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn pyhanko_trusts_the_signature_and_finds_the_entire_file_covered() {
    #[expect(clippy::disallowed_methods, reason = "where the program lies is known to whoever runs the tests")]
    let Some(program) = std::env::var_os("ECERT_PYHANKO") else {
        eprintln!("passed over: ECERT_PYHANKO names no pyhanko program");
        return;
    };
    let folder = folder(&long_lived_authority());
    let path = folder.path();
    if to_pem(path, "anchor").is_none() {
        return;
    }
    let arguments =
        ["sign", "validate", "--no-revocation-check", "--trust-replace", "--trust", "anchor.pem", "--pretty-print", "sealed.pdf"];
    let Some(output) = run(&program.to_string_lossy(), &arguments, path) else {
        return;
    };
    let text = text(&output);
    for expected in [
        "The signature is cryptographically sound.",
        "The signer's certificate is trusted.",
        "The signature covers the entire file.",
        "The signature is judged VALID.",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}
