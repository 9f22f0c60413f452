//! Very many people, none remembered: no two share an ID number, nor a name and a birth date, by construction.

use domain::check_digit;
use time::Date;

use crate::calendar::{add_days, add_years, days_between};
use crate::dice::Dice;
use crate::names::{DOT, FEMALE, MALE, MINORITY_FEMALE, MINORITY_MALE, SURNAMES};
use crate::person::Sex;
use crate::shuffle::Shuffle;

/// Names of one surname and one birth date end in characters of different classes.
const CLASSES: usize = 8;

/// One in so many people of a birth date bears a name with a dot.
const DOTTED: usize = 57;

/// Address codes and serials of one birth date (see [`crate::person`]).
const SLOTS: usize = 100 * 9 * 49;

/// Somebody of the crowd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stranger {
    pub(crate) name: String,
    pub(crate) sex: Sex,
    pub(crate) birth: Date,
    pub(crate) identity: String,
    pub(crate) phone: String,
}

/// A surname with its place among the equal ones of the list.
struct Surname {
    text: &'static str,
    copy: usize,
    copies: usize,
}

/// People who follow from the seed and an index.
pub(crate) struct Crowd {
    seed: u64,
    youngest_birth: Date,
    days: Shuffle,
    day_count: usize,
    surnames: Vec<Surname>,
    second_surnames: Vec<&'static str>,
    male: Vec<Vec<&'static str>>,
    female: Vec<Vec<&'static str>>,
}

impl Crowd {
    /// People between 30 and 56 years old on the day.
    pub(crate) fn new(seed: u64, as_of: Date) -> Crowd {
        let youngest_birth = add_years(as_of, -30);
        let day_count = usize::try_from(days_between(add_years(as_of, -56), youngest_birth)).unwrap_or(1).max(1);
        let surnames: Vec<Surname> = SURNAMES
            .iter()
            .enumerate()
            .map(|(place, text)| Surname {
                text,
                copy: SURNAMES[..place].iter().filter(|other| *other == text).count(),
                copies: SURNAMES.iter().filter(|other| *other == text).count(),
            })
            .collect();
        let second_surnames = surnames
            .iter()
            .filter(|surname| surname.copy == 0 && surname.text.chars().count() == 1)
            .map(|surname| surname.text)
            .filter(|text| !MALE.contains(text) && !FEMALE.contains(text))
            .collect();
        Crowd {
            seed,
            youngest_birth,
            days: Shuffle::new(day_count, seed),
            day_count,
            surnames,
            second_surnames,
            male: by_class(MALE),
            female: by_class(FEMALE),
        }
    }

    /// The person with this index.
    pub(crate) fn person(&self, index: usize) -> Stranger {
        let mut dice = Dice::new(self.seed, "crowd", index);
        let (day, ordinal) = (self.days.at(index % self.day_count), index / self.day_count);
        let turn = Dice::new(self.seed, "day of the crowd", day).below(SLOTS);
        let sex = if dice.per_mille(240) { Sex::Female } else { Sex::Male };
        let birth = add_days(self.youngest_birth, -i64::try_from(day).unwrap_or(0));
        Stranger {
            name: self.name(sex, ordinal, turn, &mut dice),
            sex,
            birth,
            identity: identity(sex, birth, ordinal, turn),
            phone: format!("19900{:06}", dice.below(1_000_000)),
        }
    }

    /// Within a day, the ordinal leads to a surname and a number among its bearers; that number leads to the class of the last
    /// character and, past the classes, to a second surname, as children of two families bear it.
    fn name(&self, sex: Sex, ordinal: usize, turn: usize, dice: &mut Dice) -> String {
        if (ordinal + turn).is_multiple_of(DOTTED) && ordinal / DOTTED < MINORITY_FEMALE.len() {
            let place = (ordinal / DOTTED + turn) % MINORITY_FEMALE.len();
            let (given, father) = match sex {
                Sex::Male => MINORITY_MALE[place],
                Sex::Female => MINORITY_FEMALE[place],
            };
            return format!("{given}{DOT}{father}");
        }
        let count = self.surnames.len();
        let surname = &self.surnames[(ordinal + turn) % count];
        let bearer = ordinal / count * surname.copies + surname.copy;
        let (class, level) = (bearer % CLASSES, bearer / CLASSES);
        let (given, classes) = match sex {
            Sex::Male => (MALE, &self.male),
            Sex::Female => (FEMALE, &self.female),
        };
        let mut name = surname.text.to_owned();
        if let Some(second) = level.checked_sub(1) {
            name.push_str(self.second_surnames[second % self.second_surnames.len()]);
        }
        if name.chars().count() < 3 && dice.per_mille(850) {
            name.push_str(dice.pick(given));
        }
        name.push_str(dice.pick(&classes[class]));
        name
    }
}

/// Every slot of a day is met once: the step has no divisor in common with their number.
fn identity(sex: Sex, birth: Date, ordinal: usize, turn: usize) -> String {
    let slot = (ordinal * 7919 + turn) % SLOTS;
    let (address, serial) = (slot % 100, slot / 100);
    let within = 2 * (serial % 49)
        + match sex {
            Sex::Male => 1,
            Sex::Female => 2,
        };
    let day = format!("{:04}{:02}{:02}", birth.year(), u8::from(birth.month()), birth.day());
    let mut identity = format!("6199{address:02}{day}{}{within:02}", serial / 49);
    identity.extend(check_digit::gb11643(&identity));
    identity
}

/// The characters by their class, which depends on nothing but the character.
fn by_class(characters: &[&'static str]) -> Vec<Vec<&'static str>> {
    let mut classes = vec![Vec::new(); CLASSES];
    for text in characters {
        let sum: usize = text.bytes().map(usize::from).sum();
        classes[sum % CLASSES].push(*text);
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use time::macros::date;

    #[test]
    fn nobody_shares_an_id_number_or_name_and_birth_date_however_full_a_day_is() {
        // A day of the crowd has about 105 people in a million; these days have three thousand.
        let mut crowd = Crowd::new(1, date!(2026 - 10 - 31));
        crowd.day_count = 7;
        crowd.days = Shuffle::new(7, 1);
        let people: Vec<Stranger> = (0..21_000).map(|index| crowd.person(index)).collect();
        let ids: HashSet<_> = people.iter().map(|person| &person.identity).collect();
        let births: HashSet<_> = people.iter().map(|person| (&person.name, person.birth)).collect();
        assert_eq!((ids.len(), births.len()), (people.len(), people.len()));
    }

    #[test]
    fn a_crowd_looks_like_the_people_of_a_province() {
        let crowd = Crowd::new(2, date!(2026 - 10 - 31));
        let people: Vec<Stranger> = (0..20_000).map(|index| crowd.person(index)).collect();
        let share = |is: &dyn Fn(&Stranger) -> bool| people.iter().filter(|person| is(person)).count() * 1000 / people.len();
        assert!((200..=280).contains(&share(&|person| person.sex == Sex::Female)));
        assert!((10..=30).contains(&share(&|person| person.name.contains(DOT))));
        assert!((100..=200).contains(&share(&|person| person.name.chars().count() == 2)));
        assert!(people.iter().map(|person| &person.name).collect::<HashSet<_>>().len() > 10_000);
        for person in &people {
            let identity = &person.identity;
            assert!(check_digit::gb11643_holds(identity) && !identity.ends_with("000"), "{identity}");
            assert!(person.name.contains(DOT) || (2..=4).contains(&person.name.chars().count()), "{}", person.name);
        }
    }

    #[test]
    fn every_class_has_characters_for_both_sexes() {
        for characters in [MALE, FEMALE] {
            assert!(by_class(characters).iter().all(|class| !class.is_empty()));
        }
    }
}
