//! Where a version stands in the status lists: a keyed permutation of a sequence, so that neighbours in a list tell nothing of one
//! another, and every place is taken once.

use sha2::{Digest as _, Sha256};

/// Entries of one list. A list of two bits an entry is 256 KiB before it is compressed.
pub const LIST_ENTRIES: u32 = 1 << HALF_BITS << HALF_BITS;

const HALF_BITS: u32 = 10;
const HALF_MASK: u32 = (1 << HALF_BITS) - 1;
/// Four rounds of a Feistel network with a pseudo-random function are a strong pseudo-random permutation (Luby and Rackoff); some more
/// make up for the small halves.
const ROUNDS: u8 = 8;

/// The place of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatusPlace {
    /// Number of the list, from 1.
    pub list: u32,
    /// Index in the list, below [`LIST_ENTRIES`].
    pub index: u32,
}

/// Turns numbers of a sequence into places.
pub struct IndexPermutation {
    key: [u8; 32],
}

impl IndexPermutation {
    /// The permutation under this key.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The place of the `number`-th version, counted from 1. Different numbers have different places; lists fill one after the other.
    #[must_use]
    pub fn place(&self, number: u64) -> StatusPlace {
        let position = number.saturating_sub(1);
        // A list more than a register can ever have stays the last one.
        let list = u32::try_from(position >> (2 * HALF_BITS)).map_or(u32::MAX, |list| list.saturating_add(1));
        let within = u32::try_from(position & u64::from(LIST_ENTRIES - 1)).unwrap_or(0);
        let (mut left, mut right) = (within >> HALF_BITS, within & HALF_MASK);
        for round in 0..ROUNDS {
            (left, right) = (right, left ^ (self.round(list, round, right) & HALF_MASK));
        }
        StatusPlace { list, index: left << HALF_BITS | right }
    }

    fn round(&self, list: u32, round: u8, half: u32) -> u32 {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(list.to_be_bytes());
        hash.update([round]);
        hash.update(half.to_be_bytes());
        let digest = hash.finalize();
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
    }
}

impl std::fmt::Debug for IndexPermutation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("IndexPermutation").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_list_is_taken_once_and_neighbours_lie_apart() {
        let permutation = IndexPermutation::new([7; 32]);
        let mut taken = vec![false; LIST_ENTRIES as usize];
        let mut near = 0;
        let mut last = 0_u32;
        for number in 1..=u64::from(LIST_ENTRIES) {
            let place = permutation.place(number);
            assert_eq!(place.list, 1);
            assert!(!std::mem::replace(&mut taken[place.index as usize], true), "{number} shares the place {}", place.index);
            near += u32::from(place.index.abs_diff(last) < 1_000);
            last = place.index;
        }
        // By chance two in a thousand lie that near.
        assert!(near < LIST_ENTRIES / 400, "{near} neighbours lie side by side");
    }

    #[test]
    fn lists_follow_one_another_and_keys_differ() {
        let (one, other) = (IndexPermutation::new([1; 32]), IndexPermutation::new([2; 32]));
        assert_eq!(one.place(u64::from(LIST_ENTRIES)).list, 1);
        assert_eq!(one.place(u64::from(LIST_ENTRIES) + 1).list, 2);
        assert_ne!(one.place(5), other.place(5));
        assert_ne!(one.place(1).index, one.place(u64::from(LIST_ENTRIES) + 1).index);
        assert_eq!(one.place(5), IndexPermutation::new([1; 32]).place(5));
    }
}
