//! Step 2: render, sign the QR statement, sign the document. A function of the order and its portrait; no transaction is open.

use anyhow::Context as _;
use render::RenderError;
use seal::qr::{Statement, sign};
use store::objects::Objects;
use store::orders::Order;

use crate::issuer::Issuer;
use crate::printed::{Snapshot, page};

const DAY: &[time::format_description::BorrowedFormatItem<'_>] = time::macros::format_description!("[year]-[month]-[day]");

/// What became of an order: the signed document, or why its page cannot be made whatever is tried.
pub(super) type Made = Result<Vec<u8>, RenderError>;

/// The signed documents of these orders, in their order.
pub(super) fn documents(issuer: &Issuer, objects: &Objects, orders: &[Order]) -> anyhow::Result<Vec<Made>> {
    orders.iter().map(|order| document(issuer, objects, order).with_context(|| format!("order {}", order.id))).collect()
}

fn document(issuer: &Issuer, objects: &Objects, order: &Order) -> anyhow::Result<Made> {
    let snapshot: Snapshot = serde_json::from_value(order.snapshot.clone()).context("read the order's snapshot")?;
    let portrait_sha256: [u8; 32] = order.portrait_sha256.as_slice().try_into().context("a digest of 32 bytes")?;
    let portrait = objects.read(&order.portrait_key, &portrait_sha256).context("read the portrait")?;
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
    let unsigned = match render::render(&page, &portrait, &issuer.assets) {
        Ok(unsigned) => unsigned,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let signature = issuer.sealer.seal(&unsigned.digest_sha384).context("sign the document")?;
    seal::embed(unsigned.bytes, unsigned.contents, &signature).context("embed the signature").map(Ok)
}
