//! Orders without repetition that need no memory: place `i` of `len` holds a number of `0..len`, each exactly once.

/// A scattered order of `0..len`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shuffle {
    len: u128,
    stride: u128,
    inverse: u128,
    offset: u128,
}

impl Shuffle {
    /// An order of `0..len`, another one for each salt. A length of 0 is taken as 1.
    pub(crate) fn new(len: usize, salt: u64) -> Shuffle {
        let len = u128::try_from(len.max(1)).unwrap_or(1);
        // Steps near the golden ratio of the length keep neighbours far apart.
        let mut stride = (len * 618_034 / 1_000_000).max(1) + u128::from(salt % 97) % len;
        let inverse = loop {
            match inverse(stride % len, len) {
                Some(inverse) => break inverse,
                None => stride += 1,
            }
        };
        Shuffle { len, stride: stride % len, inverse, offset: u128::from(salt) % len }
    }

    /// What stands at this place.
    pub(crate) fn at(self, place: usize) -> usize {
        let place = u128::try_from(place).unwrap_or(0) % self.len;
        narrow((place * self.stride + self.offset) % self.len)
    }

    /// The place at which this number stands.
    pub(crate) fn place_of(self, number: usize) -> usize {
        let number = u128::try_from(number).unwrap_or(0) % self.len;
        narrow((number + self.len - self.offset) % self.len * self.inverse % self.len)
    }
}

fn narrow(value: u128) -> usize {
    usize::try_from(value).expect("below a length that was a usize")
}

/// The number that undoes a multiplication by `value` modulo `len` (extended Euclid); none where they have a common divisor.
fn inverse(value: u128, len: u128) -> Option<u128> {
    let modulus = i128::try_from(len).ok()?;
    if modulus == 1 {
        return Some(0);
    }
    let (mut remainder, mut next) = (modulus, i128::try_from(value).ok()?);
    let (mut factor, mut next_factor) = (0_i128, 1_i128);
    while next != 0 {
        let quotient = remainder / next;
        (remainder, next) = (next, remainder - quotient * next);
        (factor, next_factor) = (next_factor, factor - quotient * next_factor);
    }
    (remainder == 1).then(|| u128::try_from(factor.rem_euclid(modulus)).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_number_stands_at_exactly_one_place(len in 1_usize..400, salt in any::<u64>()) {
            let order = Shuffle::new(len, salt);
            let mut seen = vec![false; len];
            for place in 0..len {
                let number = order.at(place);
                prop_assert!(!std::mem::replace(&mut seen[number], true));
                prop_assert_eq!(order.place_of(number), place);
            }
        }
    }

    #[test]
    fn lengths_of_a_country_work_too() {
        let order = Shuffle::new(1_300_000_007, 9);
        assert_eq!(order.place_of(order.at(1_299_999_999)), 1_299_999_999);
    }
}
