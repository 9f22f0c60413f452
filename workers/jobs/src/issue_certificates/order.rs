//! Step 1: under the holders' and certificates' locks, ask the reasons and store everything that the documents will show.

use anyhow::Context as _;
use domain::facts::Facts;
use domain::identifier::CertificateIdentifier;
use domain::ids::{CertificateId, OrderId};
use domain::kind::Kind;
use domain::lifecycle::{Event, State, advance};
use domain::reasons::{self, Action};
use domain::status::Stage;
use render::RenderError;
use seal::qr::Statement;
use seal::status_list::IndexPermutation;
use serde_json::json;
use store::certificates::{self, Known};
use store::events::{self, Move};
use store::orders::{self, Order, Printable};
use store::pool::PgConnection;

use super::make::statement;
use super::{ACTOR, IssueCertificates};
use crate::printed::{Snapshot, draft, snapshot, texts};

/// No place in a status list is written longer than this one: a list holds 2^20 versions.
const LONGEST_STATUS_INDEX: u32 = (1 << 20) - 1;
/// No list is written longer than this one, before 68 thousand million versions.
const LONGEST_STATUS_LIST: u32 = u16::MAX as u32;

impl IssueCertificates {
    /// The orders to carry out: new ones, and those that an attempt before this one left and that still hold.
    pub(super) async fn order(&self, conn: &mut PgConnection, ids: &[CertificateId]) -> anyhow::Result<Vec<Order>> {
        let known = certificates::facts(conn, ids, true).await.context("read the facts")?;
        let left = orders::open(conn, ids).await.context("read open orders")?;
        let printables = orders::printable(conn, ids).await.context("read what is printed")?;
        let (mut carry_on, mut new, mut moves) = (Vec::new(), Vec::new(), Vec::new());
        for certificate in &known {
            let Some(printable) = printables.iter().find(|printable| printable.id == certificate.id) else { continue };
            let mut facts = certificate.facts.clone();
            let mine: Vec<&Order> = left.iter().filter(|order| order.certificate == certificate.id).collect();
            if facts.stage == Stage::Issuing {
                if let [order] = mine.as_slice()
                    && self.still_holds(order, certificate, printable)
                    && self.refusals(&facts).is_empty()
                {
                    carry_on.push((*order).clone());
                    continue;
                }
                let reason = self.refusals(&facts).first().map_or("outdated", |reason| reason.code);
                for order in mine {
                    orders::close(conn, order.id, reason).await?;
                }
                let expected = (facts.status, facts.stage);
                let Ok(to) = advance(&facts, &Event::OrderAbandoned, self.clock.today()) else { continue };
                let step = Move::new(certificate.id, expected, to, "order-abandoned", json!({ "reason": reason }));
                events::apply(conn, ACTOR, std::slice::from_ref(&step)).await?;
                enter(&mut facts, to);
            }
            if facts.stage != Stage::Ready {
                continue;
            }
            let refusals = self.refusals(&facts);
            if !refusals.is_empty() {
                let codes: Vec<&str> = refusals.iter().map(|reason| reason.code).collect();
                tracing::debug!(certificate.id = certificate.id.0, reasons = ?codes, "not issued");
                continue;
            }
            let page = snapshot(printable, &self.issuer.assets.printed_fields(facts.kind), &self.issuer.settings.contact_zh)?;
            let expected = (facts.status, facts.stage);
            let missing = self.missing_characters(&page);
            if !missing.is_empty() {
                let Ok(to) = advance(&facts, &Event::Held, self.clock.today()) else { continue };
                let detail =
                    json!({ "reason": "missing-glyph", "characters": missing.iter().map(|one| code_point(one)).collect::<Vec<_>>() });
                let mut step = Move::new(certificate.id, expected, to, "held", detail);
                step.hold_reason = Some(format!("no font has {}", missing.join(", ")));
                moves.push(step);
                continue;
            }
            let order = self.new_order(certificate, printable, &page, facts.kind)?;
            if let Some(reason) = self.does_not_fit(&order, &page)? {
                let Ok(to) = advance(&facts, &Event::Held, self.clock.today()) else { continue };
                let mut step = Move::new(certificate.id, expected, to, "held", json!({ "reason": "does-not-fit" }));
                step.hold_reason = Some(reason);
                moves.push(step);
                continue;
            }
            let Ok(to) = advance(&facts, &Event::OrderPlaced, self.clock.today()) else { continue };
            moves.push(Move::new(certificate.id, expected, to, "order-placed", json!({ "version": order.version })));
            new.push(order);
        }
        self.number(conn, &mut new).await?;
        events::apply(conn, ACTOR, &moves).await.context("write the events")?;
        carry_on.extend(orders::place(conn, new).await.context("place the orders")?);
        Ok(carry_on)
    }

    /// Every reason against issuing today.
    pub(super) fn refusals(&self, facts: &Facts) -> Vec<reasons::Reason> {
        let settings = &self.issuer.settings;
        reasons::against(Action::Issue, facts, settings.kind(facts.kind), &settings.contact_zh, self.clock.today())
    }

    /// Whether an order that was left can be carried out exactly as stored.
    fn still_holds(&self, order: &Order, certificate: &Known, printable: &Printable) -> bool {
        let digests = self.issuer.assets.digests(certificate.facts.kind);
        order.revision == certificate.revision
            && Some(&order.portrait_sha256) == printable.portrait_sha256.as_ref()
            && order.template_sha256 == digests.template_sha256
            && order.fonts_sha256 == digests.fonts_sha256
            && order.profile_sha256 == digests.profile_sha256
            && order.document_key_id == self.issuer.sealer.key_id()
            && order.chain_sha256 == self.issuer.sealer.chain_sha256()
            && order.qr_key_id == self.issuer.code.key_id()
            && order.qr_base == self.issuer.qr_base
    }

    /// Every character that no font shows, with its code point and the field where it stands first.
    fn missing_characters(&self, page: &Snapshot) -> Vec<String> {
        let mut missing: Vec<(char, &str)> = Vec::new();
        for (field, text) in texts(page) {
            for character in self.issuer.assets.missing_characters(text) {
                if missing.iter().all(|(known, _)| *known != character) {
                    missing.push((character, field));
                }
            }
        }
        missing.into_iter().map(|(character, field)| format!("{character} (U+{:04X}) of {field}", u32::from(character))).collect()
    }

    /// Why the page of this order would have no room for its texts, or its code for the statement; asked before anything is stored.
    fn does_not_fit(&self, order: &Order, snapshot: &Snapshot) -> anyhow::Result<Option<String>> {
        let issuer = &self.issuer;
        let longest = Statement { status_list: LONGEST_STATUS_LIST, status_index: LONGEST_STATUS_INDEX, ..statement(order, snapshot)? };
        let characters = issuer.code.characters(&longest, &order.qr_base);
        let page = draft(snapshot, order.version, order.signing_time, issuer.sealer.signer_name(), "A".repeat(characters))?;
        Ok(match issuer.assets.fits(&page) {
            Ok(()) => None,
            Err(RenderError::Qr(too_long)) => Some(format!("number and name are too long for the QR code: {too_long}")),
            Err(error @ RenderError::DoesNotFit { .. }) => Some(error.to_string()),
            // Characters were asked for already; what is left is no matter of length, and making the page tells of it.
            Err(
                RenderError::MissingGlyph { .. }
                | RenderError::NoPlace { .. }
                | RenderError::Portrait(_)
                | RenderError::Font(_)
                | RenderError::SigningTime,
            ) => None,
        })
    }

    /// An order without its identifier and its place in the status lists.
    fn new_order(&self, certificate: &Known, printable: &Printable, page: &Snapshot, kind: Kind) -> anyhow::Result<Order> {
        let digests = self.issuer.assets.digests(kind);
        Ok(Order {
            id: OrderId(0),
            certificate: certificate.id,
            version: printable.next_version,
            revision: certificate.revision,
            snapshot: serde_json::to_value(page)?,
            identifier: None,
            portrait_sha256: printable.portrait_sha256.clone().context("an approved portrait")?,
            portrait_key: printable.portrait_key.clone().context("an approved portrait")?,
            template_version: i32::from(digests.template_version),
            template_sha256: digests.template_sha256.to_vec(),
            fonts_sha256: digests.fonts_sha256.to_vec(),
            profile_sha256: digests.profile_sha256.to_vec(),
            document_key_id: self.issuer.sealer.key_id().to_owned(),
            chain_sha256: self.issuer.sealer.chain_sha256().to_vec(),
            qr_key_id: self.issuer.code.key_id().to_owned(),
            qr_base: self.issuer.qr_base.clone(),
            status_list: 0,
            status_index: 0,
            signing_time: self.clock.now().replace_nanosecond(0)?,
        })
    }

    /// Gives each order its place in the status lists and, where the codes are configured, its identifier (证照标识, GB/T 36904): the
    /// serial stays with the certificate, the version counts up.
    async fn number(&self, conn: &mut PgConnection, orders: &mut [Order]) -> anyhow::Result<()> {
        if orders.is_empty() {
            return Ok(());
        }
        let count = i64::try_from(orders.len())?;
        let key: [u8; 32] = orders::status_permutation_key(conn).await?.as_slice().try_into().context("a key of 32 bytes")?;
        let permutation = IndexPermutation::new(key);
        for (order, number) in orders.iter_mut().zip(orders::next_status_numbers(conn, count).await?) {
            let place = permutation.place(u64::try_from(number)?);
            (order.status_list, order.status_index) = (i32::try_from(place.list)?, i64::from(place.index));
        }
        let Some(issuer_code) = self.issuer.settings.issuer_code.as_deref() else { return Ok(()) };
        let type_code = |order: &Order| {
            let kind = order.snapshot["kind"].as_str()?.parse::<Kind>().ok()?;
            self.issuer.type_codes.iter().find(|(of, _)| *of == kind).map(|(_, code)| code.as_str())
        };
        let coded: Vec<CertificateId> = orders.iter().filter(|order| type_code(order).is_some()).map(|order| order.certificate).collect();
        let mut known = orders::serials_of(conn, &coded).await?;
        let missing = i64::try_from(coded.len() - known.len())?;
        let mut fresh = orders::next_serials(conn, missing).await?.into_iter();
        for order in orders {
            let Some(type_code) = type_code(order) else { continue };
            let serial = match known.remove(&order.certificate) {
                Some(serial) => serial,
                None => format!("{:010}", fresh.next().context("a serial for each")?),
            };
            let identifier = CertificateIdentifier::build(type_code, issuer_code, &serial, u16::try_from(order.version)?)?;
            order.identifier = Some(identifier.to_string());
        }
        Ok(())
    }
}

/// `U+2B35B of holder-name` of `𫍛 (U+2B35B) of holder-name`: a chain of events keeps no part of a name.
fn code_point(missing: &str) -> String {
    missing.split_once(" (").map_or(missing, |(_, rest)| rest).replacen(')', "", 1)
}

fn enter(facts: &mut Facts, state: State) {
    facts.status = state.status;
    facts.stage = state.stage;
    facts.issue_requested = state.issue_requested;
}
