//! People: name, sex, birth, an identity number that was given to nobody, an employer.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use domain::check_digit;
use time::Date;

use crate::calendar::{add_days, add_years, days_between, iso};
use crate::dice::Dice;
use crate::names;
use crate::shuffle::Shuffle;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sex {
    Male,
    Female,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) sex: Sex,
    pub(crate) birth: Date,
    /// 18 characters, with the right check character.
    pub(crate) identity: String,
    pub(crate) phone: String,
}

impl Person {
    /// The 15-digit form that cards before 1999 carried; people born in this century never had one.
    pub(crate) fn short_identity(&self) -> Option<String> {
        (self.birth.year() < 2000).then(|| format!("{}{}", &self.identity[..6], &self.identity[8..17]))
    }
}

/// Address codes 619900 to 619999 belong to a prefecture of Shaanxi that never existed.
const ADDRESS_CODES: usize = 100;

/// Serials of one address, day and sex: 001 to 899 without the round hundreds, since an ID number that ends in 000 looks as if a
/// spreadsheet had damaged it. Serials from 996 belonged to people over a hundred years old.
const SERIALS: usize = 9 * 49;

/// Everybody of the province. A person follows from the seed and an index; nobody has to be remembered.
pub(crate) struct Population {
    seed: u64,
    youngest_birth: Date,
    days: usize,
    slots: Shuffle,
    known: HashSet<u64>,
    renamed: HashMap<usize, usize>,
}

impl Population {
    /// People between 30 and 56 years old on the day.
    pub(crate) fn new(seed: u64, as_of: Date) -> Population {
        Population::of_ages(seed, as_of, 30, 56)
    }

    /// People between these ages on the day, the older one excluded.
    pub(crate) fn of_ages(seed: u64, as_of: Date, youngest: i32, oldest: i32) -> Population {
        let oldest_birth = add_years(as_of, -oldest);
        let youngest_birth = add_years(as_of, -youngest);
        let days = usize::try_from(days_between(oldest_birth, youngest_birth)).unwrap_or(1).max(1);
        Population {
            seed,
            youngest_birth,
            days,
            slots: Shuffle::new(ADDRESS_CODES * SERIALS * days, seed),
            known: HashSet::new(),
            renamed: HashMap::new(),
        }
    }

    /// The person with this index. Two people of one name and one birth date would look like one person with two ID numbers, so
    /// the second of them has another name.
    pub(crate) fn person(&mut self, index: usize) -> Person {
        if let Some(&attempt) = self.renamed.get(&index) {
            return self.draw(index, attempt);
        }
        for attempt in 0..16 {
            let person = self.draw(index, attempt);
            let mut hasher = DefaultHasher::new();
            (&person.name, person.birth).hash(&mut hasher);
            if self.known.insert(hasher.finish()) {
                self.renamed.insert(index, attempt);
                return person;
            }
        }
        self.draw(index, 0)
    }

    fn draw(&self, index: usize, attempt: usize) -> Person {
        let mut dice = Dice::new(self.seed, "person", index);
        let sex = if dice.per_mille(240) { Sex::Female } else { Sex::Male };
        let phone = format!("19900{:06}", dice.below(1_000_000));
        let slot = self.slots.at(index);
        let (day, rest) = (slot % self.days, slot / self.days);
        let (address, serial) = (rest % ADDRESS_CODES, rest / ADDRESS_CODES);
        let birth = add_days(self.youngest_birth, -i64::try_from(day).unwrap_or(0));
        let within = 2 * (serial % 49)
            + match sex {
                Sex::Male => 1,
                Sex::Female => 2,
            };
        let body = format!("6199{address:02}{}{}{within:02}", iso(birth).replace('-', ""), serial / 49 % 9);
        let check = check_digit::gb11643(&body).expect("seventeen digits");
        let name = names::draw(sex, &mut Dice::new(self.seed, "name", index * 16 + attempt));
        Person { index, name, sex, birth, identity: format!("{body}{check}"), phone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn nobody_shares_an_id_number_or_name_and_birth_date() {
        let mut population = Population::new(1, date!(2026 - 10 - 31));
        let people: Vec<Person> = (0..20_000).map(|index| population.person(index)).collect();
        let ids: HashSet<_> = people.iter().map(|person| &person.identity).collect();
        let births: HashSet<_> = people.iter().map(|person| (&person.name, person.birth)).collect();
        assert_eq!((ids.len(), births.len()), (people.len(), people.len()));
    }

    #[test]
    fn id_numbers_hold_their_check_digit_and_agree_with_birth_and_sex() {
        let mut population = Population::new(2, date!(2026 - 10 - 31));
        for index in 0..2000 {
            let person = population.person(index);
            let identity = &person.identity;
            assert!(check_digit::gb11643_holds(identity), "{identity}");
            assert!(identity.starts_with("6199") && !identity.ends_with("000"), "{identity}");
            assert_eq!(identity[6..14], iso(person.birth).replace('-', ""));
            let is_odd = identity.as_bytes()[16] % 2 == 1;
            assert_eq!(is_odd, person.sex == Sex::Male, "{identity}");
            assert!((date!(1970 - 10 - 31)..=date!(1996 - 10 - 31)).contains(&person.birth));
        }
    }

    #[test]
    fn meeting_a_person_again_shows_the_same_person() {
        let mut population = Population::new(3, date!(2026 - 10 - 31));
        let first: Vec<Person> = (0..500).map(|index| population.person(index)).collect();
        let again: Vec<Person> = (0..500).map(|index| population.person(index)).collect();
        assert_eq!(first, again);
        assert_eq!(first[0].short_identity().map(|short| short.len()), Some(15));
    }
}
