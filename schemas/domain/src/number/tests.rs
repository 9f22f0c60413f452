//! Certificate numbers of every generation, and those that stay opaque.

use super::*;
use crate::finding::Outcome;
use proptest::prelude::*;

#[test]
fn numbers_of_every_generation_are_read() {
    use Category as C;
    use NumberGrammar as G;
    let table = [
        (Kind::Constructor, "陕261181900001", G::ConstructorShort, Some(2019), None),
        (Kind::Constructor, "陕251171901082", G::ConstructorShort, Some(2019), None),
        (Kind::Constructor, "陕2612018201900001", G::ConstructorLong, Some(2019), None),
        (Kind::SafetyPersonnel, "陕建安A（2018）0000001", G::SafetyPersonnel, Some(2018), Some(C::SafetyA)),
        (Kind::SafetyPersonnel, "陕建安B（2017）0021330", G::SafetyPersonnel, Some(2017), Some(C::SafetyB)),
        (Kind::SafetyPersonnel, "陕建安C1（2016）0033831", G::SafetyPersonnel, Some(2016), Some(C::SafetyC1)),
        (Kind::SafetyPersonnel, "陕建安C2（2016）0033831", G::SafetyPersonnel, Some(2016), Some(C::SafetyC2)),
        (Kind::SafetyPersonnel, "陕建安C3（1999）0033831", G::SafetyPersonnel, Some(1999), Some(C::SafetyC3)),
        (Kind::SpecialOperation, "陕A012018000001", G::SpecialOperation, Some(2018), Some(C::Electrician)),
        (Kind::SpecialOperation, "陕V112016000758", G::SpecialOperation, Some(2016), Some(C::BasketFitter)),
        (Kind::SpecialOperation, "陕H992016003095", G::SpecialOperation, Some(2016), Some(C::OtherTrade)),
        (Kind::SpecialOperation, "陕H422016003095", G::SpecialOperation, Some(2016), None),
        (Kind::StructuralEngineer, "S2182100484", G::StructuralEngineer, Some(2018), None),
        (Kind::Architect, "2006100762", G::Opaque, None, None),
        (Kind::PostTraining, "陕培20160012345", G::Opaque, None, None),
    ];
    for (kind, text, grammar, year, category) in table {
        let read = CertificateNumber::parse(kind, text).unwrap();
        assert_eq!(read.number.as_str(), text);
        assert_eq!((read.grammar, read.year, read.category), (grammar, year, category), "{text}");
        assert_eq!(read.findings, [], "{text}");
    }
}

#[test]
fn repairs_are_closed_and_noted() {
    use FindingCode::{NumberForm, NumberProvince, OldCategoryC};
    let canonical = "陕建安B（2017）0001234";
    let table: &[(&str, &str, &[FindingCode])] = &[
        ("陕建安B(2017)0001234", canonical, &[NumberForm]),
        ("陕建安B〔2017〕0001234", canonical, &[NumberForm]),
        ("陕建安B[2017]0001234", canonical, &[NumberForm]),
        ("陕建安B (2017) 0001234", canonical, &[NumberForm]),
        ("第陕建安B（2017）0001234号", canonical, &[NumberForm]),
        ("证书编号：陕建安B（2017）0001234", canonical, &[NumberForm]),
        ("'陕建安B（2017）0001234", canonical, &[NumberForm]),
        ("陕建安Ｂ（２０１７）0001234", canonical, &[NumberForm]),
        ("陕建安b（2017）0001234", canonical, &[NumberForm]),
        ("陜建安B（2017）0001234", canonical, &[NumberProvince]),
        ("陝建安B(2017)0001234", canonical, &[NumberForm, NumberProvince]),
        ("陕建安C（2015）0025086", "陕建安C（2015）0025086", &[OldCategoryC]),
    ];
    for (text, number, codes) in table {
        let read = CertificateNumber::parse(Kind::SafetyPersonnel, text).unwrap();
        assert_eq!(read.number.as_str(), *number, "{text}");
        assert_eq!(read.findings.iter().map(|f| f.code).collect::<Vec<_>>(), *codes, "{text}");
    }
    assert_eq!(canonical_text(" 陜建安B(2017)0001234"), canonical);
    let read = CertificateNumber::parse(Kind::Constructor, "陜261141604380").unwrap();
    assert_eq!(read.number.to_string(), "陕261141604380");
}

#[test]
fn a_number_that_no_grammar_admits_says_what_seems_to_have_happened() {
    use Kind::{Architect, Constructor, PostTraining, SafetyPersonnel, SpecialOperation, StructuralEngineer};
    use NumberFault as F;
    let table = [
        (SafetyPersonnel, "", F::Empty),
        (SafetyPersonnel, "　", F::Empty),
        (SafetyPersonnel, "陕建安A（2018）123", F::SerialZerosLost),
        (SafetyPersonnel, "陕建安A（2018）", F::SerialZerosLost),
        (SafetyPersonnel, "陕建安A（2018）00012345", F::Length),
        (SafetyPersonnel, "陕建安C(15)0000321", F::Year),
        (SafetyPersonnel, "陕建安B0018148", F::Year),
        (SafetyPersonnel, "陕建安C10018148", F::Year),
        (SafetyPersonnel, "陕建安A（1818）0000001", F::Year),
        (SafetyPersonnel, "陕建安A（2O18）0000001", F::Letters),
        (SafetyPersonnel, "陕建安A（2018）00O0001", F::Letters),
        (SafetyPersonnel, "峡建安A（2018）0000001", F::Letters),
        (SafetyPersonnel, "陕建安D（2018）0000001", F::Unrecognised),
        (SafetyPersonnel, "陕建安C4（2018）0000001", F::Unrecognised),
        (SafetyPersonnel, "#VALUE!", F::Unrecognised),
        (SafetyPersonnel, "水安A（2018）0000001", F::OutOfScope),
        (SafetyPersonnel, "交安B（18）00123", F::OutOfScope),
        (SafetyPersonnel, "川建安A（2018）0000001", F::OutOfScope),
        (Constructor, "陕2611717163887", F::Length),
        (Constructor, "陕26114", F::Length),
        (Constructor, "陕", F::Length),
        (Constructor, "陕26l101212159", F::Letters),
        (Constructor, "陕2611O1212159", F::Letters),
        (Constructor, "陕161171701082", F::OutOfScope),
        (Constructor, "川251171701082", F::OutOfScope),
        (Constructor, "陕2611717181900001", F::Year),
        (Constructor, "26117170108", F::Unrecognised),
        (SpecialOperation, "陕Bl02016000564", F::Letters),
        (SpecialOperation, "陕B0520l6003164", F::Letters),
        (SpecialOperation, "陜A0l2016000001", F::Letters),
        (SpecialOperation, "陕A01201600001", F::Length),
        (SpecialOperation, "陕A011816000001", F::Year),
        (SpecialOperation, "陕012016000001", F::Unrecognised),
        (SpecialOperation, "吉A012016000001", F::OutOfScope),
        (StructuralEngineer, "S218210048", F::Length),
        (StructuralEngineer, "S2182l00484", F::Letters),
        (StructuralEngineer, "S1182100484", F::OutOfScope),
        (Architect, "？？", F::Unrecognised),
        (Architect, "12", F::Length),
        (Constructor, "陕建安A（2018）0000001", F::OtherKind(SafetyPersonnel)),
        (SafetyPersonnel, "陕261181900001", F::OtherKind(Constructor)),
        (SafetyPersonnel, "陕A012018000001", F::OtherKind(SpecialOperation)),
        (Architect, "S2182100484", F::OtherKind(StructuralEngineer)),
        (PostTraining, "陕建安C（2015）0025086", F::OtherKind(SafetyPersonnel)),
    ];
    for (kind, text, fault) in table {
        assert_eq!(CertificateNumber::parse(kind, text), Err(fault), "{text}");
        let outcome = match fault {
            F::OutOfScope | F::Empty => Outcome::Rejected,
            F::SerialZerosLost | F::Year | F::Letters | F::Length | F::OtherKind(_) | F::Unrecognised => Outcome::Held,
        };
        assert_eq!(fault.finding(text).outcome(), outcome, "{text}");
    }
}

proptest! {
    #[test]
    fn a_canonical_number_reads_as_itself(
        class in prop::sample::select(vec!["A", "B", "C", "C1", "C2", "C3"]), year in 1990_u16..2099, serial in 0_u32..10_000_000,
    ) {
        let text = format!("陕建安{class}（{year}）{serial:07}");
        let read = CertificateNumber::parse(Kind::SafetyPersonnel, &text).unwrap();
        prop_assert_eq!(read.number.as_str(), text.as_str());
        prop_assert_eq!(read.year, Some(year));
        prop_assert_eq!(read.category.map(Category::code), Some(class));
        for (open, close) in [("(", ")"), ("〔", "〕"), ("[", "]"), (" ( ", " )")] {
            let other = text.replace('（', open).replace('）', close);
            let again = CertificateNumber::parse(Kind::SafetyPersonnel, &other).unwrap();
            prop_assert_eq!(again.number, read.number.clone());
        }
    }

    #[test]
    fn whatever_is_read_reads_again_as_the_same_number(
        kind in prop::sample::select(Kind::ALL), text in "[陕陜]?(建安[ABC][123]?)?[（(\\[]?[0-9OIl]{0,17}[)）]?[0-9]{0,8}|.{0,20}",
    ) {
        if let Ok(read) = CertificateNumber::parse(kind, &text) {
            let again = CertificateNumber::parse(kind, read.number.as_str()).unwrap();
            prop_assert_eq!(&again.number, &read.number);
            prop_assert_eq!((again.grammar, again.year, again.category), (read.grammar, read.year, read.category));
        }
    }
}
