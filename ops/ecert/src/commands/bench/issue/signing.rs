//! Everything that turns an order into a signed document, on one core, against the peer in turn.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use render::{Assets, render_observed};
use seal::qr::{Statement, sign};
use seal::test_authority::TestAuthority;
use seal::{DocumentSealer, P384Signer, embed};
use serde_json::{Value, json};

use super::rendering::page;
use super::split::Split;
use crate::app;
use crate::output::grouped;

/// Times the peer's certificates a second.
const TARGET_RATIO: f64 = 60.0;

/// Turns in which both sides are measured, one after the other.
const TURNS: usize = 3;

/// Certificates of the peer in one turn.
const PEER_COUNT: &str = "40";

/// What was measured.
pub(super) struct Signing {
    certificates: usize,
    split: Split,
    /// Certificates a second of the peer on one core, the mean of all turns.
    peer: Option<f64>,
}

/// Issues `count` certificates on this thread; `peer` is the folder that `peer_setup.sh` prepared.
pub(super) fn measure(assets: &Assets, portraits: &[Vec<u8>], count: usize, peer: Option<&Path>) -> anyhow::Result<Signing> {
    let mut rng = rand::rng();
    let now = app::now();
    let authority = TestAuthority::create(&mut rng, now)?;
    let key = P384Signer::from_pkcs8_der("bench-document", &authority.signer_key_pkcs8_der)?;
    let sealer = DocumentSealer::new(Arc::new(key), &authority.signer_certificate_der, &[authority.ca_certificate_der], now)?;
    let qr_signer = P384Signer::generate("bench-qr", &mut rng);
    let (mut split, mut peers) = (Split::new(), Vec::new());
    for turn in 0..TURNS {
        for number in (turn..count).step_by(TURNS) {
            let mut page = page(number);
            let statement = Statement {
                kind: page.kind.as_str().to_owned(),
                number: page.number.clone(),
                name: page.holder_name.clone(),
                id_last_four: "0014".into(),
                valid_until: Some(app::today()),
                version: page.version,
                status_list: 1,
                status_index: u32::try_from(number)?,
                key_id: "bench-qr".into(),
                issued_at: now.unix_timestamp(),
            };
            split.begin();
            page.qr_text = sign(&statement, "ECERT.EXAMPLE", &qr_signer)?;
            split.end(0);
            let unsigned = render_observed(&page, &portraits[number % portraits.len()], assets, &mut split)?;
            split.begin();
            let signature = sealer.seal(&unsigned.digest_sha384)?;
            split.end(6);
            std::hint::black_box(embed(unsigned.bytes, unsigned.contents, &signature)?);
            split.end(7);
        }
        if let Some(folder) = peer {
            peers.push(ask(folder)?);
        }
    }
    let peer = (!peers.is_empty()).then(|| peers.iter().sum::<f64>() / peers.len() as f64);
    Ok(Signing { certificates: count, split, peer })
}

/// Certificates a second of the peer.
fn ask(folder: &Path) -> anyhow::Result<f64> {
    let output = Command::new(folder.join("venv/bin/python"))
        .arg(folder.join("peer_issue.py"))
        .arg(PEER_COUNT)
        .output()
        .with_context(|| format!("the peer cannot be run; prepare {} with peer_setup.sh", folder.display()))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let rate = said.lines().find_map(|line| line.split_once(" certs/s")?.0.rsplit(' ').next()?.parse().ok());
    match rate {
        Some(rate) if output.status.success() => Ok(rate),
        _ => bail!("the peer in {} failed: {}", folder.display(), String::from_utf8_lossy(&output.stderr).trim()),
    }
}

impl Signing {
    fn per_second(&self) -> f64 {
        self.certificates as f64 / self.split.total().as_secs_f64()
    }

    fn ratio(&self) -> Option<f64> {
        self.peer.map(|peer| self.per_second() / peer)
    }

    /// Whether the target was met; nothing is known without the peer.
    pub(super) fn met(&self) -> Option<bool> {
        self.ratio().map(|ratio| TARGET_RATIO <= ratio)
    }

    pub(super) fn told(&self) -> Value {
        json!({
            "certificates": self.certificates, "per_second_and_core": self.per_second(), "us": self.split.told(self.certificates),
            "peer_per_second": self.peer, "ratio": self.ratio(), "target_ratio": TARGET_RATIO, "met": self.met(),
        })
    }

    pub(super) fn shown(&self) -> String {
        let against = match (self.peer, self.ratio(), self.met()) {
            (Some(peer), Some(ratio), Some(met)) => format!(
                "the peer, in turn: {peer:.1} a second; {ratio:.0} times as many\ntarget: at least {TARGET_RATIO:.0} times: {}\n",
                if met { "met" } else { "missed" }
            ),
            _ => "without --peer there is nothing to compare it with\n".to_owned(),
        };
        format!(
            "{}{} certificates from statement to signed file on one core: {:.0} a second\n{against}",
            self.split.shown("step of issuing", self.certificates),
            grouped(i64::try_from(self.certificates).unwrap_or(i64::MAX)),
            self.per_second(),
        )
    }
}
