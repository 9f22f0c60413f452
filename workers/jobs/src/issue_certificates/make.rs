//! Step 2: render, sign the QR statement, sign the document. A function of the order and its portrait; no transaction is open.

use anyhow::Context as _;
use bytes::Bytes;
use render::RenderError;
use seal::qr::{Statement, sign};
use store::orders::Order;

use crate::issuer::Issuer;
use crate::printed::{Snapshot, page};

const DAY: &[time::format_description::BorrowedFormatItem<'_>] = time::macros::format_description!("[year]-[month]-[day]");

/// What became of an order: the signed document, or why its page cannot be made whatever is tried.
pub(super) type Made = Result<Vec<u8>, RenderError>;

/// The signed documents of these orders, in their order; the portraits are in the same order.
pub(super) fn documents(issuer: &Issuer, orders: &[Order], portraits: &[Bytes]) -> anyhow::Result<Vec<Made>> {
    let pairs = orders.iter().zip(portraits);
    pairs.map(|(order, portrait)| document(issuer, order, portrait).with_context(|| format!("order {}", order.id))).collect()
}

fn document(issuer: &Issuer, order: &Order, portrait: &[u8]) -> anyhow::Result<Made> {
    let snapshot: Snapshot = serde_json::from_value(order.snapshot.clone()).context("read the order's snapshot")?;
    let statement = Statement {
        kind: snapshot.kind.clone(),
        number: snapshot.number.clone(),
        name: snapshot.holder_name.clone(),
        id_last_four: snapshot.id_last_four.clone(),
        valid_until: snapshot.valid_until.as_deref().map(|day| time::Date::parse(day, DAY)).transpose().context("the last day")?,
        version: u16::try_from(order.version)?,
        status_list: u32::try_from(order.status_list)?,
        status_index: u32::try_from(order.status_index)?,
        key_id: order.qr_key_id.clone(),
        issued_at: order.signing_time.unix_timestamp(),
    };
    let qr_text = sign(&statement, &order.qr_base, issuer.qr_signer.as_ref()).context("sign the QR statement")?;
    let page = page(order, &snapshot, issuer.sealer.signer_name(), qr_text)?;
    let unsigned = match render::render(&page, portrait, &issuer.assets) {
        Ok(unsigned) => unsigned,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let signature = issuer.sealer.seal(&unsigned.digest_sha384).context("sign the document")?;
    seal::embed(unsigned.bytes, unsigned.contents, &signature).context("embed the signature").map(Ok)
}
