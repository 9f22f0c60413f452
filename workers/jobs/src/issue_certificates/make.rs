//! Step 2: sign the QR statement, render, sign the document. A function of the order and its portrait, but for signatures that cannot be
//! made again; no transaction is open.

use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use domain::ids::OrderId;
use render::{RenderError, Unsigned};
use seal::qr::{QrError, Statement};
use store::ledger::{Attempt, Told, Unavailable};
use store::order_signatures::Part;
use store::orders::Order;

use super::IssueCertificates;
use crate::issuer::Issuer;
use crate::printed::{Snapshot, page};

const DAY: &[time::format_description::BorrowedFormatItem<'_>] = time::macros::format_description!("[year]-[month]-[day]");

// A signer whose signatures do not fit is refused when it is brought in.
const _: () = assert!(render::HOLE_BYTES == seal::MAX_SIGNATURE_BYTES);

/// An order's page: rendered and not yet signed, or why it cannot be made whatever is tried.
type Page = Result<Unsigned, RenderError>;

/// The documents of a chunk, and the orders whose page cannot be made.
#[derive(Default)]
pub(super) struct Made {
    /// Orders with a document, and beside them the documents.
    pub(super) orders: Vec<Order>,
    pub(super) files: Vec<Vec<u8>>,
    /// Orders whose page cannot be made, each with the reason.
    pub(super) refused: Vec<(Order, String)>,
    /// Orders whose stored signature is that of another page: they cannot be carried out as stored.
    pub(super) outdated: Vec<Order>,
}

impl IssueCertificates {
    /// Makes the signed documents of these orders.
    pub(super) async fn make(&self, attempt: &Attempt, orders: Vec<Order>) -> anyhow::Result<Made> {
        let wanted = orders.iter().map(|order| (order.portrait_key.clone(), order.portrait_sha256.clone()));
        let portraits = self.objects.read_all(wanted).await.context("read the portraits")?;
        let (mut snapshots, mut statements) = (Vec::with_capacity(orders.len()), Vec::with_capacity(orders.len()));
        for order in &orders {
            let snapshot: Snapshot =
                serde_json::from_value(order.snapshot.clone()).with_context(|| format!("read the snapshot of order {}", order.id))?;
            let statement = statement(order, &snapshot).with_context(|| format!("order {}", order.id))?;
            statements.push((order.id, (statement, order.qr_base.clone())));
            snapshots.push(snapshot);
        }
        let code = |issuer: &Issuer, (statement, base): &(Statement, String)| {
            issuer.code.text(statement, base).map(String::into_bytes).map_err(code_missing)
        };
        let texts = self.signatures(attempt, Part::Statement, statements, code).await.context("sign the QR statements")?;
        let issuer = Arc::clone(&self.issuer);
        let (orders, pages) = tokio::task::spawn_blocking(move || rendered(&issuer, orders, &snapshots, texts, &portraits)).await??;

        // A page that cannot be made is a person's to look at; its neighbours go on.
        let (mut made, mut unsigned) = (Made::default(), Vec::new());
        for (order, page) in orders.into_iter().zip(pages) {
            match page {
                Ok(page) => {
                    made.orders.push(order);
                    unsigned.push(page);
                }
                Err(refusal) => made.refused.push((order, refusal.to_string())),
            }
        }
        let digests: Vec<(OrderId, [u8; 48])> =
            made.orders.iter().zip(&unsigned).map(|(order, page)| (order.id, page.digest_sha384)).collect();
        let seal = |issuer: &Issuer, digest: &[u8; 48]| {
            issuer.sealer.seal(digest).map_err(|error| anyhow::Error::new(Told::of(&error)).context(NO_SIGNATURE))
        };
        let signatures = self.signatures(attempt, Part::Document, digests, seal).await.context("sign the documents")?;
        let issuer = Arc::clone(&self.issuer);
        let files = tokio::task::spawn_blocking(move || embedded(&issuer, unsigned, &signatures)).await?.context("embed the signatures")?;
        for (order, file) in std::mem::take(&mut made.orders).into_iter().zip(files) {
            match file {
                Some(file) => {
                    made.orders.push(order);
                    made.files.push(file);
                }
                None => made.outdated.push(order),
            }
        }
        Ok(made)
    }
}

/// A key that does not sign signs nothing else either.
const NO_SIGNATURE: Unavailable = Unavailable { code: "signing", what: "the key does not sign" };

/// Why there is no text of a code: the key's fault, or the statement's.
fn code_missing(error: QrError) -> anyhow::Error {
    let is_the_keys = matches!(error, QrError::Sign(_) | QrError::NoSignature(_));
    let told = anyhow::Error::new(Told::of(&error));
    if is_the_keys { told.context(NO_SIGNATURE) } else { told }
}

/// What the order's QR code states.
pub(super) fn statement(order: &Order, snapshot: &Snapshot) -> anyhow::Result<Statement> {
    Ok(Statement {
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
    })
}

/// The pages of the orders, in their order; snapshots, texts and portraits are in the same order.
fn rendered(
    issuer: &Issuer,
    orders: Vec<Order>,
    snapshots: &[Snapshot],
    texts: Vec<Vec<u8>>,
    portraits: &[Bytes],
) -> anyhow::Result<(Vec<Order>, Vec<Page>)> {
    let mut pages = Vec::with_capacity(orders.len());
    for (((order, snapshot), text), portrait) in orders.iter().zip(snapshots).zip(texts).zip(portraits) {
        let text = String::from_utf8(text).context("the text of a QR code")?;
        let page = page(order, snapshot, issuer.sealer.signer_name(), text).with_context(|| format!("order {}", order.id))?;
        pages.push(render::render(&page, portrait, &issuer.assets));
    }
    Ok((orders, pages))
}

/// The pages with their signatures; none where a stored signature is of a page that another program made.
fn embedded(issuer: &Issuer, unsigned: Vec<Unsigned>, signatures: &[Vec<u8>]) -> anyhow::Result<Vec<Option<Vec<u8>>>> {
    let pairs = unsigned.into_iter().zip(signatures);
    pairs
        .map(|(page, signature)| {
            let holds = issuer.sealer.repeats() || issuer.sealer.has_sealed(&page.digest_sha384, signature);
            Ok(if holds { Some(seal::embed(page.bytes, page.contents, signature)?) } else { None })
        })
        .collect()
}
