//! Every reason against doing something with a certificate on a day, all at once, in words for its holder.

use crate::facts::{Facts, Origin};
use crate::kind::Kind;
use crate::settings::KindSettings;
use crate::status::{LegalStatus, Lock, Stage};
use crate::validity::{is_over, is_under};
use time::Date;

/// One reason. Both texts end with the contact line (N14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Stable code.
    pub code: &'static str,
    /// The reason in Chinese.
    pub zh: String,
    /// The reason in English.
    pub en: String,
}

impl Reason {
    /// Whether the reason can pass without the certificate changing: a request is kept meanwhile and is served when it has passed.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self.code, "kind-not-started" | "locked" | "not-yet-valid" | "under-age" | "no-photo")
    }
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Issue the electronic certificate.
    Issue,
    /// Hand out its document.
    Download,
    /// Say on the verification page that it is valid.
    ShowAsValid,
}

/// Every reason against an action. An empty list means that nothing speaks against it.
///
/// Internal notes never enter a reason: of a lock it tells the class of its cause, whom to ask and the appeal date.
pub fn against(action: Action, facts: &Facts, settings: &KindSettings, contact: &str, today: Date) -> Vec<Reason> {
    let mut reasons = Reasons { contact, list: Vec::new() };
    let issuing = action == Action::Issue;

    if issuing && !settings.is_started(today) {
        reasons.add("kind-not-started", "本类证书尚未启用电子证书", "electronic certificates of this kind have not started");
    }
    by_law(&mut reasons, facts, today);
    for lock in facts.locks_in_force(today) {
        locked(&mut reasons, lock);
    }
    by_dates(&mut reasons, action, facts, today);
    by_age(&mut reasons, action, facts, settings, today);
    // What a person must check about the next version says nothing against the one that was issued.
    if facts.stage == Stage::Held && (issuing || facts.document_version.is_none()) {
        reasons.add("held", "证书信息待人工核实", "the record is held for a person to check");
    }
    let is_new_paper = facts.origin == Origin::Paper && settings.forbids_paper(facts.first_issued_on, facts.number_year, facts.issued_on);
    if issuing && is_new_paper {
        reasons.add(
            "paper-after-cut-over",
            "纸质证书首次核发日期在电子证书启用之后，须核实",
            "the paper certificate was first issued after electronic certificates had replaced paper",
        );
    }
    if issuing && !facts.photo_approved {
        reasons.add("no-photo", "缺少审核通过的照片，请实名认证后上传近期标准照片", "there is no approved photo; upload a recent one");
    }
    if action == Action::Download && facts.document_version.is_none() {
        reasons.add("no-document", "电子证书尚未签发", "the electronic certificate has not been issued");
    }
    reasons.list
}

fn by_law(reasons: &mut Reasons<'_>, facts: &Facts, today: Date) {
    match facts.status {
        LegalStatus::Valid if !facts.has_run_out(today) => {}
        LegalStatus::Valid | LegalStatus::Expired => expired(reasons, facts),
        LegalStatus::Suspended => {
            reasons.add("suspended", "证书已被暂扣", "the certificate is suspended");
            // A suspension does not stop the clock.
            if facts.has_run_out(today) {
                expired(reasons, facts);
            }
        }
        LegalStatus::Cancelled => {
            reasons.add("cancelled", "证书已注销", "the certificate is cancelled");
        }
        LegalStatus::Withdrawn => {
            reasons.add("withdrawn", "证书已被撤销", "the certificate is withdrawn");
        }
        LegalStatus::Revoked => {
            reasons.add("revoked", "证书已被吊销", "the certificate is revoked");
        }
        LegalStatus::Transferred => {
            reasons.add("transferred", "证书已办理转出", "the certificate is transferred to another province");
        }
    }
}

fn expired(reasons: &mut Reasons<'_>, facts: &Facts) {
    let since = facts.valid_until.map(|until| (format!("于{}", crate::civil_date::format_zh(until)), format!(" on {until}")));
    let (zh, en) = since.unwrap_or_default();
    reasons.add(
        "expired",
        &format!("证书有效期已{zh}届满，须先办理延续"),
        &format!("the certificate expired{en} and must be renewed first"),
    );
}

fn locked(reasons: &mut Reasons<'_>, lock: &Lock) {
    let subject = if lock.on_person { "持证人" } else { "证书" };
    let mut zh = format!("{subject}已被锁定（{}）", lock.cause.zh());
    let mut en = format!("the {} is locked ({})", if lock.on_person { "holder" } else { "certificate" }, lock.cause.en());
    if let Some(day) = lock.appeal_by {
        zh.push_str(&format!("，申诉截止日期{}", crate::civil_date::format_zh(day)));
        en.push_str(&format!(", appeal by {day}"));
    }
    if let Some(day) = lock.until {
        zh.push_str(&format!("，锁定至{}", crate::civil_date::format_zh(day)));
        en.push_str(&format!(", until {day}"));
    }
    reasons.add("locked", &zh, &en);
}

fn by_dates(reasons: &mut Reasons<'_>, action: Action, facts: &Facts, today: Date) {
    let starts_later = facts.valid_from.filter(|from| today < *from);
    if let Some(from) = starts_later.filter(|_| action != Action::Download) {
        reasons.add(
            "not-yet-valid",
            &format!("证书自{}起生效", crate::civil_date::format_zh(from)),
            &format!("the certificate is valid from {from} on"),
        );
    }
    // Certificates of post training have no end date by rule.
    let end_missing = facts.valid_until.is_none() && facts.kind != Kind::PostTraining;
    if end_missing && action != Action::Download {
        reasons.add("no-validity", "证书有效期不明，须核实", "the period of validity is not known");
    }
}

fn by_age(reasons: &mut Reasons<'_>, action: Action, facts: &Facts, settings: &KindSettings, today: Date) {
    let Some(born_on) = facts.born_on else { return };
    if let Some(years) = settings.highest_age_years.filter(|years| is_over(born_on, *years, today)) {
        reasons.add("over-age", &format!("持证人已超过{years}周岁"), &format!("the holder is over {years}"));
    }
    let under = settings.lowest_age_years.filter(|years| is_under(born_on, *years, today));
    if let Some(years) = under.filter(|_| action == Action::Issue) {
        reasons.add("under-age", &format!("持证人未满{years}周岁"), &format!("the holder is not {years} yet"));
    }
}

struct Reasons<'a> {
    contact: &'a str,
    list: Vec<Reason>,
}

impl Reasons<'_> {
    fn add(&mut self, code: &'static str, zh: &str, en: &str) {
        let contact = self.contact;
        let (zh, en) = if contact.is_empty() {
            (format!("{zh}。"), format!("{en}."))
        } else {
            (format!("{zh}。咨询：{contact}"), format!("{en}. Contact: {contact}"))
        };
        self.list.push(Reason { code, zh, en });
    }
}

#[cfg(test)]
mod tests;
