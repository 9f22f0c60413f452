//! Deliveries under a wrong name: a header that is rather one of another shape. Many shapes need a name and an identity number only,
//! so that a list of business under way would pass for applications, each of them released.

use domain::kind::Kind;

use super::ColumnMap;
use crate::column::Column;
use crate::delimited::Record;
use crate::dictionary::Dictionary;
use crate::shapes::RecordShape;

/// Columns that only applications have; a register under their name has none of them.
const OF_APPLICATIONS: [Column; 3] = [Column::ApplicationNumber, Column::AppliedOn, Column::Channel];

/// Titles that are told: a line is not filled by those of a hundred columns.
const TOLD: usize = 5;

/// What a header is rather.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Likelier {
    /// The code of the shape.
    shape: &'static str,
    /// Titles that mean something there and nothing here.
    titles: Vec<String>,
}

impl std::fmt::Display for Likelier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "its header is rather one of {0} ({1}{2}): deliver it with --as {0}; where it is not, remove these columns and deliver it again",
            self.shape,
            self.titles.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join(", "),
            match self.titles.len().saturating_sub(TOLD) {
                0 => String::new(),
                more => format!(" and {more} more"),
            }
        )
    }
}

/// The other shape that has all its columns in a header, and reads in it whatever its own shape reads and more; `own` is the code of
/// that. A register tells the ends and the issue or the state of certificates, and may come from a system that adds the business by
/// which they were issued.
pub(crate) fn likelier(header: &ColumnMap, own: &str) -> Option<Likelier> {
    let has = |column| header.place(column).is_some();
    if own == "certificates" && has(Column::ValidUntil) && (has(Column::IssuedOn) || has(Column::State)) {
        return None;
    }
    let titles = Record::of(1, header.titles().iter().map(|title| &**title));
    let read = read_titles(header);
    let others = RecordShape::ALL.iter().filter(|shape| shape.as_str() != own).filter_map(|&shape| {
        let map = whole(&titles, Dictionary::of_shape(shape))?;
        let read_there = read_titles(&map);
        let gained: Vec<String> = read_there.iter().filter(|title| !read.contains(title)).map(|&title| title.to_owned()).collect();
        let reads_all = read.iter().all(|title| read_there.contains(title));
        (reads_all && !gained.is_empty()).then_some((shape.as_str(), gained))
    });
    let best = others.max_by_key(|(_, titles)| titles.len());
    let best = best.or_else(|| register_for_applications(&titles, header).filter(|_| own == RecordShape::Applications.as_str()));
    best.map(|(shape, titles)| Likelier { shape, titles })
}

/// The shape whose header a record is; nothing where it may be one of several.
pub(crate) fn shape_of(record: &Record) -> Option<&'static str> {
    let shapes = RecordShape::ALL.iter().filter_map(|&shape| {
        let map = whole(record, Dictionary::of_shape(shape))?;
        Some((shape.as_str(), read_titles(&map).len()))
    });
    let best = shapes.max_by_key(|(_, known)| *known);
    if is_register(record) {
        let known = whole(record, Dictionary::of(Kind::SafetyPersonnel)).map_or(0, |map| read_titles(&map).len());
        return Some(best.filter(|(_, of_shape)| *of_shape > known).map_or("certificates", |(shape, _)| shape));
    }
    best.map(|(shape, _)| shape)
}

/// A record as a header with every column that is needed.
fn whole(record: &Record, dictionary: &Dictionary) -> Option<ColumnMap> {
    ColumnMap::recognise(record, dictionary).filter(|map| map.missing(dictionary).is_empty())
}

fn is_register(record: &Record) -> bool {
    whole(record, Dictionary::of(Kind::SafetyPersonnel))
        .is_some_and(|map| [Column::ValidUntil, Column::IssuedOn].into_iter().any(|column| map.place(column).is_some()))
}

/// A register has no column that only applications have, and the ends of certificates, of which applications know nothing.
fn register_for_applications(titles: &Record, header: &ColumnMap) -> Option<(&'static str, Vec<String>)> {
    let has_own = OF_APPLICATIONS.into_iter().any(|column| header.place(column).is_some());
    let of_register = [Column::IssuedOn, Column::ValidUntil].into_iter().filter_map(|column| header.title(column));
    let of_register = of_register.map(str::to_owned).collect();
    (is_register(titles) && !has_own).then_some(("certificates", of_register))
}

/// The titles under which something is read.
fn read_titles(map: &ColumnMap) -> Vec<&str> {
    let unread: Vec<usize> = map.unread().map(|(place, _)| place).collect();
    let titles = map.titles().iter().enumerate().filter(|(place, title)| !title.is_empty() && !unread.contains(place));
    titles.map(|(_, title)| &**title).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubted(titles: &str, own: RecordShape) -> Option<&'static str> {
        let dictionary = Dictionary::of_shape(own);
        let header = whole(&Record::of(1, titles.split(',')), dictionary).expect("a header of its own shape");
        likelier(&header, own.as_str()).map(|likelier| likelier.shape)
    }

    #[test]
    fn a_header_of_another_shape_is_doubted() {
        use RecordShape::{Applications, Decisions, Pending, Violations};
        let business = "受理编号,业务类型,证书编号,姓名,身份证号,受理日期,办理状态";
        let applications = "申请编号,姓名,身份证号,证书编号,申请日期,申请渠道,手机号";
        let decisions = "决定文号,决定类型,决定日期,证书编号,姓名,身份证号,新有效期起,新有效期止,新企业";
        let violations = "姓名,身份证号,证书编号,违规原因,认定日期,锁定截止日期,申诉截止日期";
        let register = "姓名,性别,身份证号,企业名称,证书编号,发证日期,有效期至,证书状态";
        let table = [
            (business, Pending, None),
            (business, Applications, Some("pending")),
            (applications, Applications, None),
            (applications, Pending, Some("applications")),
            (decisions, Decisions, None),
            (decisions, Applications, Some("decisions")),
            (violations, Violations, None),
            (violations, Applications, Some("violations")),
            (register, Applications, Some("certificates")),
            ("姓名,身份证号", Applications, None),
            ("姓名,身份证号,证书编号,单位名称,手机号", Applications, None),
            ("申请编号,姓名,身份证号,证书编号,申请日期,有效期至", Applications, None),
            ("姓名,身份证号,证书编号,违规原因,认定日期,决定文号,决定类型,决定日期", Violations, None),
        ];
        for (titles, own, expected) in table {
            assert_eq!(doubted(titles, own), expected, "{titles} as {}", own.as_str());
        }
        let of_kind = whole(&Record::of(1, decisions.split(',')), Dictionary::of(Kind::SafetyPersonnel)).unwrap();
        let told = likelier(&of_kind, "certificates").unwrap().to_string();
        assert!(told.contains("--as decisions") && told.contains("决定文号"), "{told}");
        for register in [register, "受理编号,业务类型,受理日期,姓名,身份证号,证书编号,发证日期,有效期至"] {
            let of_kind = whole(&Record::of(1, register.split(',')), Dictionary::of(Kind::SafetyPersonnel)).unwrap();
            assert_eq!(likelier(&of_kind, "certificates"), None, "{register}");
        }
    }

    #[test]
    fn a_header_is_told_by_its_columns() {
        let table = [
            ("受理编号,业务类型,证书编号,姓名,身份证号,受理日期,办理状态", Some("pending")),
            ("姓名,性别,身份证号,企业名称,证书编号,发证日期,有效期至,证书状态", Some("certificates")),
            ("决定文号,决定类型,决定日期,证书编号,姓名,身份证号,新有效期止", Some("decisions")),
            ("材料,数量,单价", None),
        ];
        for (titles, expected) in table {
            assert_eq!(shape_of(&Record::of(1, titles.split(','))), expected, "{titles}");
        }
    }
}
