//! One huge register of safety personnel for measurements: UTF-8, written as a stream, nothing remembered.

use std::io::{self, Write};

use domain::kind::Kind;
use time::Date;

use crate::crowd::{Crowd, Stranger};
use crate::dice::Dice;
use crate::employer::{Employer, Employers};
use crate::period::{self, Period, Standing};
use crate::person::Sex;
use crate::row::titles;
use crate::shuffle::Shuffle;
use crate::trade;

/// Bytes that are gathered before they are written.
const BUFFER: usize = 1 << 16;

/// Serials of certificate numbers have seven digits.
pub(crate) const SERIALS: u64 = 9_999_999;

/// The faults of about one row in a hundred, each about as frequent as the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    LowerCaseX,
    ApostropheBeforeIdentity,
    FifteenDigits,
    WrongCheckDigit,
    HalfWidthBrackets,
    PlaceholderInName,
    PhoneWithText,
    DateInWords,
    WrongEmployerCode,
    StateUnknown,
}

const FAULTS: [Fault; 10] = [
    Fault::LowerCaseX,
    Fault::ApostropheBeforeIdentity,
    Fault::FifteenDigits,
    Fault::WrongCheckDigit,
    Fault::HalfWidthBrackets,
    Fault::PlaceholderInName,
    Fault::PhoneWithText,
    Fault::DateInWords,
    Fault::WrongEmployerCode,
    Fault::StateUnknown,
];

/// Writes a register of safety personnel (安管人员) with its header and `rows` rows of 14 columns, as CSV in UTF-8.
///
/// No two rows share a number or a holder, nor two holders a name and birth date. One row in a hundred has a fault of the ordinary
/// sort, of which two in ten are held. The same arguments give the same bytes; nothing is first issued in the month of `as_of`.
///
/// # Errors
///
/// When `out` cannot be written, or more rows are asked for than there are numbers (9,999,999).
pub fn register_csv(rows: u64, seed: u64, as_of: Date, out: &mut impl Write) -> io::Result<()> {
    let wanted = usize::try_from(rows).ok().filter(|_| rows <= SERIALS);
    let Some(wanted) = wanted else {
        let told = format!("{rows} rows are more than certificate numbers have serials; ask for at most {SERIALS}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, told));
    };
    let crowd = Crowd::new(seed, as_of);
    let employers = Employers::new(seed, wanted).all();
    // A third more serials than rows, so that gaps show as in a real register.
    let serials = Shuffle::new((wanted + wanted / 3 + 300).min(usize::try_from(SERIALS).unwrap_or(wanted)), seed);
    let mut text = Vec::with_capacity(BUFFER + 4096);
    text.extend_from_slice(titles(Kind::SafetyPersonnel).join(",").as_bytes());
    text.extend_from_slice(b"\r\n");
    for index in 0..wanted {
        let mut dice = Dice::new(seed, "register", index);
        let stranger = crowd.person(index);
        let employer = &employers[dice.below(employers.len())];
        let serial = serials.at(index) + 1;
        write_row(&mut text, as_of, index, &stranger, employer, serial, &mut dice)?;
        if text.len() >= BUFFER {
            out.write_all(&text)?;
            text.clear();
        }
    }
    out.write_all(&text)?;
    out.flush()
}

fn write_row(
    text: &mut Vec<u8>,
    as_of: Date,
    index: usize,
    stranger: &Stranger,
    employer: &Employer,
    serial: usize,
    dice: &mut Dice,
) -> io::Result<()> {
    let fault = dice.per_mille(10).then(|| dice.pick(&FAULTS));
    let is = |wanted: Fault| fault == Some(wanted);
    let trade = trade::draw(Kind::SafetyPersonnel, dice);
    let standing = if dice.per_mille(660) { Standing::InForce } else { Standing::Expired };
    let period = period::draw(Kind::SafetyPersonnel, standing, as_of, dice);
    text.extend_from_slice(stranger.name.as_bytes());
    if is(Fault::PlaceholderInName) {
        text.extend_from_slice("□".as_bytes());
    }
    let sex = match stranger.sex {
        Sex::Male => "男",
        Sex::Female => "女",
    };
    write!(text, ",{sex},")?;
    write_date(text, stranger.birth)?;
    text.push(b',');
    write_identity(text, &stranger.identity, fault);
    write!(text, ",{},", employer.name)?;
    let (body, check) = employer.code.split_at(employer.code.len() - 1);
    text.extend_from_slice(body.as_bytes());
    match check.bytes().next() {
        // Two characters of the alphabet, of which one is always the wrong one.
        Some(check) if is(Fault::WrongEmployerCode) => text.push(if check == b'0' { b'1' } else { b'0' }),
        Some(_) | None => text.extend_from_slice(check.as_bytes()),
    }
    let (open, close) = if is(Fault::HalfWidthBrackets) { ("(", ")") } else { ("（", "）") };
    write!(text, ",{},陕建安{}{open}{}{close}{serial:07},", trade.text, trade.code(), period.first_issued.year())?;
    write_dates(text, period, is(Fault::DateInWords))?;
    text.push(b',');
    let state = if is(Fault::StateUnknown) { "封存" } else { crate::row::state_word(period, standing) };
    text.extend_from_slice(state.as_bytes());
    write!(text, ",{}", stranger.phone)?;
    if is(Fault::PhoneWithText) {
        text.extend_from_slice("(本人)".as_bytes());
    }
    // One remark in twenty rows.
    text.extend_from_slice(if index.is_multiple_of(20) { ",原件已核\r\n".as_bytes() } else { b",\r\n" });
    Ok(())
}

fn write_identity(text: &mut Vec<u8>, identity: &str, fault: Option<Fault>) {
    match fault {
        Some(Fault::LowerCaseX) => text.extend(identity.bytes().map(|byte| byte.to_ascii_lowercase())),
        Some(Fault::ApostropheBeforeIdentity) => {
            text.push(b'\'');
            text.extend_from_slice(identity.as_bytes());
        }
        Some(Fault::FifteenDigits) => {
            text.extend_from_slice(&identity.as_bytes()[..6]);
            text.extend_from_slice(&identity.as_bytes()[8..17]);
        }
        Some(Fault::WrongCheckDigit) => {
            text.extend_from_slice(&identity.as_bytes()[..17]);
            text.push(if identity.ends_with('1') { b'2' } else { b'1' });
        }
        Some(
            Fault::HalfWidthBrackets
            | Fault::PlaceholderInName
            | Fault::PhoneWithText
            | Fault::DateInWords
            | Fault::WrongEmployerCode
            | Fault::StateUnknown,
        )
        | None => text.extend_from_slice(identity.as_bytes()),
    }
}

fn write_dates(text: &mut Vec<u8>, period: Period, in_words: bool) -> io::Result<()> {
    if in_words {
        let first = period.first_issued;
        write!(text, "{}年{}月{}日", first.year(), u8::from(first.month()), first.day())?;
    } else {
        write_date(text, period.first_issued)?;
    }
    text.push(b',');
    write_date(text, period.issued)?;
    text.push(b',');
    period.until.map_or(Ok(()), |until| write_date(text, until))
}

fn write_date(text: &mut Vec<u8>, date: Date) -> io::Result<()> {
    write!(text, "{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use time::macros::date;

    fn written(rows: u64, seed: u64) -> String {
        let mut bytes = Vec::new();
        register_csv(rows, seed, date!(2026 - 10 - 31), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn every_row_has_fourteen_cells_and_a_number_and_holder_of_its_own() {
        let text = written(20_000, 1);
        let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 20_000);
        assert!(rows.iter().all(|row| row.len() == 14));
        let of = |column: usize| rows.iter().map(|row| &row[column]).collect::<HashSet<_>>().len();
        assert_eq!((of(3), of(7)), (20_000, 20_000));
        let people: HashSet<(&str, &str)> = rows.iter().map(|row| (&row[0], &row[2])).collect();
        assert_eq!(people.len(), 20_000);
        let odd = rows.iter().filter(|row| row[0].ends_with('□') || row[12].ends_with(')') || row[11] == *"封存").count();
        assert!((30..=90).contains(&odd), "three of ten faults in {odd} of 20,000 rows");
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_too_many_rows_are_refused_in_a_line() {
        assert_eq!(written(500, 3), written(500, 3));
        assert_ne!(written(500, 3), written(500, 4));
        let refusal = register_csv(SERIALS + 1, 1, date!(2026 - 10 - 31), &mut io::sink()).unwrap_err().to_string();
        assert!(refusal.contains("at most 9999999") && !refusal.contains('\n'), "{refusal}");
    }
}
