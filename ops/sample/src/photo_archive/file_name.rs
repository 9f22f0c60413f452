//! What studios and clerks call the photo of a person.

use super::{Entry, Sort};
use crate::dice::Dice;
use crate::person::Person;

/// Most photos carry the 18-digit number; some the old 15-digit one, some an extension as cameras write it or two of them, and some
/// a number typed in full-width characters.
pub(super) fn of(entry: Entry, person: &Person, seed: u64) -> String {
    let mut dice = Dice::new(seed, "photo name", entry.person);
    let number = person.short_identity().filter(|_| dice.per_mille(30)).unwrap_or_else(|| person.identity.clone());
    let is_of_camera = dice.per_mille(50);
    let number = if dice.per_mille(8) { full_width(&number) } else { number };
    let extension = match entry.sort {
        Sort::Faulty(fault) => fault.extension(),
        Sort::Good | Sort::WrongAspect | Sort::Blank | Sort::NotAPicture | Sort::OfNobody => "jpg",
    };
    match (is_of_camera, dice.per_mille(8)) {
        (true, true) => format!("{number}.{}.{extension}", extension.to_uppercase()),
        (true, false) => format!("{number}.{}", extension.to_uppercase()),
        (false, true) => format!("{number}.{extension}.{extension}"),
        (false, false) => format!("{number}.{extension}"),
    }
}

/// The characters as Chinese input methods write them: each takes the place of a Chinese character.
fn full_width(number: &str) -> String {
    let wide = |character: char| char::from_u32(u32::from(character) + 0xFEE0).filter(|_| character.is_ascii_graphic());
    number.chars().map(|character| wide(character).unwrap_or(character)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Population;

    #[test]
    fn names_are_numbers_in_either_width_with_one_extension_or_two() {
        let mut population = Population::new(1, time::macros::date!(2026 - 10 - 31));
        let names: Vec<String> = (0..3000).map(|person| of(Entry { person, sort: Sort::Good }, &population.person(person), 1)).collect();
        let count = |is: fn(&str) -> bool| names.iter().filter(|name| is(name)).count();
        assert!((10..50).contains(&count(|name| name.matches('.').count() == 2)));
        assert!((10..50).contains(&count(|name| !name.is_ascii())));
        assert!((60..150).contains(&count(|name| name.split('.').next().is_some_and(|number| number.chars().count() == 15))));
        assert!(names.iter().all(|name| name.to_lowercase().ends_with(".jpg")));
        assert_eq!(full_width("61010X"), "６１０１０Ｘ");
    }
}
