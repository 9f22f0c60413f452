//! What a province decides for itself: dates of the switch to electronic certificates, ages, the contact line.

use crate::kind::Kind;
use time::Date;
use time::macros::date;

/// Settings of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindSettings {
    /// The day from which electronic certificates replace paper of the same name (notice, N3). Decisions on or
    /// after it always give electronic certificates; paper first issued on or after it should not exist.
    pub cut_over: Date,
    /// The first day on which electronic certificates of the kind may be issued. `None` switches the kind off:
    /// it is known, its paper is taken in, but nothing is issued from it.
    pub starts_on: Option<Date>,
    /// Youngest age of a holder in whole years at issue.
    pub lowest_age_years: Option<u8>,
    /// Oldest age of a holder in whole years; the birthday itself still counts.
    pub highest_age_years: Option<u8>,
}

impl KindSettings {
    /// Whether electronic certificates of the kind are issued on `today`.
    pub fn is_started(&self, today: Date) -> bool {
        self.starts_on.is_some_and(|start| start <= today)
    }

    /// Whether a paper certificate was *first* issued on or after the cut-over, so that it should not exist.
    ///
    /// Judged by the first-issue date; else by the year in the number, where that is not the cut-over's own year;
    /// else by the issue date of the present period.
    pub fn forbids_paper(&self, first_issued_on: Option<Date>, number_year: Option<u16>, issued_on: Option<Date>) -> bool {
        if let Some(first) = first_issued_on {
            return first >= self.cut_over;
        }
        match number_year.map(i32::from) {
            Some(year) if year != self.cut_over.year() => year > self.cut_over.year(),
            Some(_) | None => issued_on.is_some_and(|issued| issued >= self.cut_over),
        }
    }

    /// Whether paper that was first issued before the cut-over was renewed since, so that its electronic
    /// certificate is due without an application (N3, N5).
    pub fn renewal_calls_for_electronic(&self, first_issued_on: Option<Date>, number_year: Option<u16>, issued_on: Option<Date>) -> bool {
        issued_on.is_some_and(|issued| issued >= self.cut_over) && !self.forbids_paper(first_issued_on, number_year, issued_on)
    }
}

/// Settings of all kinds, and the lines that stand on every refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    by_kind: [KindSettings; 6],
    /// Where to ask (N14); stands on every public page and refusal.
    pub contact_zh: String,
    /// Unified code of the issuing authority for the certificate identifier. None is known for certain, so none is preset.
    pub issuer_code: Option<String>,
}

/// The day of the notice (N3).
const NOTICE_CUT_OVER: Date = date!(2018 - 11 - 01);

impl Default for Settings {
    fn default() -> Self {
        let of = |kind: Kind| KindSettings {
            cut_over: NOTICE_CUT_OVER,
            starts_on: match kind {
                Kind::PostTraining => None,
                Kind::Constructor | Kind::Architect | Kind::StructuralEngineer | Kind::SafetyPersonnel | Kind::SpecialOperation => {
                    Some(NOTICE_CUT_OVER)
                }
            },
            // 建质〔2008〕75号, article 8.
            lowest_age_years: (kind == Kind::SpecialOperation).then_some(18),
            // Order 153, article 16(6): a registration is void when its holder is over 65.
            highest_age_years: (kind == Kind::Constructor).then_some(65),
        };
        Self {
            by_kind: [
                of(Kind::Constructor),
                of(Kind::Architect),
                of(Kind::StructuralEngineer),
                of(Kind::SafetyPersonnel),
                of(Kind::SpecialOperation),
                of(Kind::PostTraining),
            ],
            contact_zh: "陕西省住房和城乡建设厅综合服务中心 029-87283010 转 0、029-87396261".to_owned(),
            issuer_code: None,
        }
    }
}

impl Settings {
    /// The settings of one kind.
    pub fn kind(&self, kind: Kind) -> &KindSettings {
        &self.by_kind[place(kind)]
    }

    /// The settings of one kind, to be changed.
    pub fn kind_mut(&mut self, kind: Kind) -> &mut KindSettings {
        &mut self.by_kind[place(kind)]
    }

    /// Replaces the cut-over date of a kind.
    #[must_use]
    pub fn with_cut_over(mut self, kind: Kind, cut_over: Date) -> Self {
        self.kind_mut(kind).cut_over = cut_over;
        self
    }

    /// Replaces the start of a kind; `None` switches it off.
    #[must_use]
    pub fn with_start(mut self, kind: Kind, starts_on: Option<Date>) -> Self {
        self.kind_mut(kind).starts_on = starts_on;
        self
    }

    /// Replaces the contact line.
    #[must_use]
    pub fn with_contact(mut self, contact_zh: impl Into<String>) -> Self {
        self.contact_zh = contact_zh.into();
        self
    }

    /// Sets the issuer's unified code for certificate identifiers.
    #[must_use]
    pub fn with_issuer_code(mut self, issuer_code: Option<String>) -> Self {
        self.issuer_code = issuer_code;
        self
    }
}

const fn place(kind: Kind) -> usize {
    match kind {
        Kind::Constructor => 0,
        Kind::Architect => 1,
        Kind::StructuralEngineer => 2,
        Kind::SafetyPersonnel => 3,
        Kind::SpecialOperation => 4,
        Kind::PostTraining => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_all_kinds_but_post_training_start_with_the_notice() {
        let settings = Settings::default();
        for kind in Kind::ALL {
            let started = settings.kind(*kind).is_started(date!(2018 - 11 - 01));
            assert_eq!(started, *kind != Kind::PostTraining, "{kind}");
            assert!(!settings.kind(*kind).is_started(date!(2018 - 10 - 31)), "{kind}");
        }
    }

    #[test]
    fn a_setting_changes_its_own_kind_only() {
        let settings = Settings::default()
            .with_cut_over(Kind::Architect, date!(2026 - 11 - 01))
            .with_start(Kind::PostTraining, Some(date!(2027 - 01 - 01)));
        assert_eq!(settings.kind(Kind::Architect).cut_over, date!(2026 - 11 - 01));
        assert_eq!(settings.kind(Kind::Constructor).cut_over, NOTICE_CUT_OVER);
        assert!(settings.kind(Kind::PostTraining).is_started(date!(2027 - 01 - 01)));
    }

    #[test]
    fn paper_of_after_the_cut_over_is_judged_by_first_issue_then_number_then_issue() {
        let kind = Settings::default().kind(Kind::SafetyPersonnel).clone();
        let (before, after) = (Some(date!(2018 - 10 - 31)), Some(date!(2018 - 11 - 01)));
        let table = [
            (after, None, None, true),
            (before, Some(2019), after, false),
            (None, Some(2019), before, true),
            (None, Some(2017), after, false),
            (None, Some(2018), after, true),
            (None, Some(2018), before, false),
            (None, None, after, true),
            (None, None, None, false),
        ];
        for (first, year, issued, expected) in table {
            assert_eq!(kind.forbids_paper(first, year, issued), expected, "{first:?} {year:?} {issued:?}");
        }
    }

    #[test]
    fn old_paper_renewed_since_the_cut_over_has_its_electronic_certificate_due() {
        let kind = Settings::default().kind(Kind::SafetyPersonnel).clone();
        let (before, after) = (Some(date!(2015 - 05 - 10)), Some(date!(2024 - 05 - 10)));
        assert!(kind.renewal_calls_for_electronic(before, Some(2015), after));
        assert!(!kind.renewal_calls_for_electronic(before, Some(2015), before));
        assert!(!kind.renewal_calls_for_electronic(after, Some(2015), after));
        assert!(!kind.renewal_calls_for_electronic(before, None, None));
    }
}
