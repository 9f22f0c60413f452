//! Chance that can be repeated: every stream of numbers follows from the seed, a name and an index, whatever was drawn before.

/// A stream of numbers (SplitMix64). Its values are part of the promise that a seed gives the same province, so it is our own
/// and does not change with a library.
#[derive(Debug, Clone)]
pub(crate) struct Dice {
    state: u64,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Dice {
    /// The stream `name` of item `index`.
    pub(crate) fn new(seed: u64, name: &str, index: usize) -> Dice {
        let name = name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
        let index = u64::try_from(index).unwrap_or(u64::MAX);
        Dice { state: mix(seed ^ mix(name ^ mix(index.wrapping_add(GOLDEN)))) }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number from 0 to `bound` − 1; 0 where the bound is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let product = u128::from(self.next()) * u128::try_from(bound).unwrap_or(0);
        usize::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True in so many cases of a thousand.
    pub(crate) fn per_mille(&mut self, cases: usize) -> bool {
        self.below(1000) < cases
    }

    /// One of the choices, each as likely as the others.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A number from `low` up to `high`, evenly spread.
    #[expect(clippy::cast_precision_loss, reason = "24 bits are exact in f32")]
    pub(crate) fn within(&mut self, low: f32, high: f32) -> f32 {
        let share = (self.next() >> 40) as f32 / (1_u32 << 24) as f32;
        low + (high - low) * share
    }
}

fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_fixed_for_ever() {
        let mut dice = Dice::new(1, "person", 7);
        let drawn: Vec<usize> = (0..8).map(|_| dice.below(100)).collect();
        assert_eq!(drawn, [92, 6, 1, 96, 70, 89, 31, 5]);
    }

    #[test]
    fn draws_stay_in_their_bounds_and_reach_both_ends() {
        let mut dice = Dice::new(1, "bounds", 0);
        let drawn: Vec<i64> = (0..500).map(|_| dice.between(-2, 2)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&2)));
        assert!((0..500).all(|_| (1.0..=2.0).contains(&dice.within(1.0, 2.0))));
        assert_eq!(dice.below(0), 0);
    }

    #[test]
    fn streams_with_another_name_seed_or_index_differ() {
        let first = |seed, name, index| Dice::new(seed, name, index).next();
        let all = [first(1, "a", 0), first(2, "a", 0), first(1, "b", 0), first(1, "a", 1)];
        assert!(all.iter().enumerate().all(|(at, value)| !all[..at].contains(value)));
    }
}
