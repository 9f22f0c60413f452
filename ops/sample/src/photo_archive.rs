//! The archive of photos, named by ID number as photo studios deliver them, a few of them faulty on purpose.

mod file_name;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::num::NonZero;
use std::path::Path;

use anyhow::Context;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::dice::Dice;
use crate::person::{Person, Population, Sex};
use crate::portrait::{self, Sitter};
use crate::portraits::{self, Fault};

/// What an entry of the archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Sort {
    /// A portrait as it should be.
    Good,
    /// A portrait in a picture as wide as it is high.
    WrongAspect,
    /// A white picture.
    Blank,
    /// A text file with a photo's name.
    NotAPicture,
    /// A good portrait of somebody who has no certificate.
    OfNobody,
    /// A portrait with another fault, of those in [`RARE`].
    Faulty(Fault),
}

/// Faults that only great archives have: none of these serves a certificate, whatever the review asks.
const RARE: [Fault; 8] = [
    Fault::TwoPeople,
    Fault::TruncatedJpeg,
    Fault::Nobody,
    Fault::Heic,
    Fault::HeadTooSmall,
    Fault::MovingGif,
    Fault::Blurred,
    Fault::Dark,
];

/// One entry of so many has a rare fault.
const RARELY: usize = 800;

impl Sort {
    /// Those of every archive that is not very small.
    pub(crate) const USUAL: [Sort; 5] = [Sort::Good, Sort::WrongAspect, Sort::Blank, Sort::NotAPicture, Sort::OfNobody];

    pub(crate) fn all() -> impl Iterator<Item = Sort> {
        Sort::USUAL.into_iter().chain(RARE.map(Sort::Faulty))
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Sort::Good => "good",
            Sort::WrongAspect => "wrong-aspect",
            Sort::Blank => "blank",
            Sort::NotAPicture => "not-a-picture",
            Sort::OfNobody => "of-nobody",
            Sort::Faulty(fault) => fault.as_str(),
        }
    }
}

/// An entry to be: whose photo, and of which sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) person: usize,
    pub(crate) sort: Sort,
}

/// Chooses the entries: nine in ten of the people have a photo, about five in a thousand of them a faulty one. People from `first_stranger`
/// on are without any certificate.
pub(crate) fn choose(people: &[usize], first_stranger: usize, seed: u64, limit: Option<usize>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = people
        .iter()
        .filter(|&&person| Dice::new(seed, "has a photo", person).per_mille(900))
        .map(|&person| Entry { person, sort: Sort::Good })
        .collect();
    entries.truncate(limit.unwrap_or(usize::MAX));
    let each = if entries.len() < 20 { 0 } else { (entries.len() / 800).max(1) };
    let faulty = [Sort::WrongAspect, Sort::Blank, Sort::NotAPicture];
    let apart = (entries.len() / (each * faulty.len() + 1)).max(1);
    for (number, at) in (1..=each * faulty.len()).zip((0..).map(|step| (step + 1) * apart)) {
        if let Some(entry) = entries.get_mut(at) {
            entry.sort = faulty[number % faulty.len()];
        }
    }
    for (place, fault) in (1..=entries.len() / RARELY).zip(RARE.into_iter().cycle()) {
        // Half-way between the hundreds, where none of the usual faults lies but by chance.
        if let Some(entry) = entries.get_mut(place * RARELY - RARELY / 2 + 1).filter(|entry| entry.sort == Sort::Good) {
            entry.sort = Sort::Faulty(fault);
        }
    }
    // Strangers take the places of the last ones, so that a limit stays one.
    for (stranger, entry) in entries.iter_mut().rev().take(each).enumerate() {
        *entry = Entry { person: first_stranger + stranger, sort: Sort::OfNobody };
    }
    entries
}

/// How many entries are drawn before they are written: bounds the memory whatever the archive's size.
const BATCH: usize = 256;

/// Draws and writes the entries. All processors draw; the order and the bytes do not depend on how many there are.
pub(crate) fn write(path: &Path, entries: &[Entry], seed: u64, population: &mut Population) -> anyhow::Result<()> {
    let file = File::create(path).with_context(|| format!("create {}", path.display()))?;
    let mut archive = ZipWriter::new(BufWriter::with_capacity(1 << 18, file));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).last_modified_time(zip::DateTime::default());
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    for batch in entries.chunks(BATCH) {
        let named: Vec<(Entry, Person)> = batch.iter().map(|&entry| (entry, population.person(entry.person))).collect();
        let share = named.len().div_ceil(threads).max(1);
        let drawn: Vec<anyhow::Result<Vec<Vec<u8>>>> = std::thread::scope(|scope| {
            let workers: Vec<_> = named
                .chunks(share)
                .map(|part| scope.spawn(move || part.iter().map(|(entry, person)| content(*entry, person, seed)).collect()))
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("drawing a portrait panicked"))))
                .collect()
        });
        let mut contents = Vec::with_capacity(named.len());
        for part in drawn {
            contents.extend(part?);
        }
        for ((entry, person), bytes) in named.iter().zip(contents) {
            archive.start_file(file_name::of(*entry, person, seed), options).context("begin a photo")?;
            archive.write_all(&bytes).with_context(|| format!("write {}", path.display()))?;
        }
    }
    archive.finish().context("end the archive")?.flush().with_context(|| format!("write {}", path.display()))
}

fn content(entry: Entry, person: &Person, seed: u64) -> anyhow::Result<Vec<u8>> {
    let mut dice = Dice::new(seed, "portrait", entry.person);
    let sitter = Sitter::draw(person.sex == Sex::Female, &mut dice);
    match entry.sort {
        Sort::Good | Sort::OfNobody => portrait::jpeg(&portrait::paint(&sitter)?),
        Sort::WrongAspect => portrait::jpeg(&portrait::square(&portrait::paint(&sitter)?)),
        Sort::Blank => portrait::jpeg(&portrait::blank()),
        Sort::NotAPicture => portraits::faulty_of(Fault::TextFile, &sitter, &mut dice),
        Sort::Faulty(fault) => portraits::faulty_of(fault, &sitter, &mut dice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn nine_in_ten_have_a_photo_and_each_fault_occurs() {
        let people: Vec<usize> = (0..1300).collect();
        let entries = choose(&people, 5000, 1, None);
        assert!((1100..=1240).contains(&entries.len()), "{}", entries.len());
        for sort in Sort::USUAL {
            assert!(entries.iter().any(|entry| entry.sort == sort), "{sort:?}");
        }
        let good = entries.iter().filter(|entry| entry.sort == Sort::Good).count();
        assert!(good * 100 >= entries.len() * 99);
        assert!(entries.iter().all(|entry| (entry.person >= 5000) == (entry.sort == Sort::OfNobody)));
    }

    #[test]
    fn great_archives_have_every_rare_fault_and_small_ones_none() {
        let rare = |people: usize| {
            let entries = choose(&(0..people).collect::<Vec<_>>(), people, 1, None);
            assert!(entries.iter().filter(|entry| entry.sort == Sort::Good).count() * 1000 >= entries.len() * 993);
            entries.into_iter().filter(|entry| matches!(entry.sort, Sort::Faulty(_))).map(|entry| entry.sort).collect::<HashSet<_>>()
        };
        assert_eq!(rare(800), HashSet::new());
        assert_eq!(rare(20_000), RARE.map(Sort::Faulty).into());
    }

    #[test]
    fn a_limit_is_kept() {
        let people: Vec<usize> = (0..1300).collect();
        for limit in [0, 1, 19, 20, 100] {
            assert_eq!(choose(&people, 5000, 1, Some(limit)).len(), limit);
        }
    }
}
