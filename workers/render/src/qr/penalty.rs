//! The four penalties by which a mask is chosen (ISO/IEC 18004, 7.8.3), over whole rows and columns at once.

/// The sum for a symbol given by its rows and by its columns, each line with its first module in bit 0.
pub(super) fn penalty(rows: &[u128], columns: &[u128]) -> u32 {
    let width = rows.len();
    let lines: u32 = rows.iter().chain(columns).map(|l| line(*l, width)).sum();
    lines + blocks(rows, width) + balance(rows, width)
}

fn mask(modules: usize) -> u128 {
    1u128.checked_shl(u32::try_from(modules).unwrap_or(u32::MAX)).map_or(u128::MAX, |bit| bit - 1)
}

/// Runs of five or more alike (3 and one for each module above five), and the finder's proportions 1:1:3:1:1 with
/// four light modules on a side (40).
fn line(modules: u128, width: usize) -> u32 {
    let alike = !(modules ^ (modules >> 1)) & mask(width.saturating_sub(1));
    let five = alike & (alike >> 1) & (alike >> 2) & (alike >> 3);
    let runs = five.count_ones() + 2 * (five & !(five << 1)).count_ones();

    let m = |n: u32| modules >> n;
    let finder = m(0) & !m(1) & m(2) & m(3) & m(4) & !m(5) & m(6) & mask(width.saturating_sub(6));
    let light = !modules & mask(width);
    let four_light = light & (light >> 1) & (light >> 2) & (light >> 3);
    let finders = (finder & (four_light >> 7)).count_ones() + (finder & (four_light << 4)).count_ones();
    runs + 40 * finders
}

/// Blocks of two by two alike (3 each).
fn blocks(rows: &[u128], width: usize) -> u32 {
    let inner = mask(width.saturating_sub(1));
    rows.windows(2)
        .map(|pair| {
            let [upper, lower] = [pair[0], pair[1]];
            let vertical = !(upper ^ lower);
            let horizontal = !(upper ^ (upper >> 1));
            3 * (vertical & (vertical >> 1) & horizontal & inner).count_ones()
        })
        .sum()
}

/// Ten for every five per cent by which the dark modules differ from one half.
fn balance(rows: &[u128], width: usize) -> u32 {
    let dark: u32 = rows.iter().map(|row| row.count_ones()).sum();
    let all = u32::try_from(width * width).unwrap_or(u32::MAX).max(1);
    let twice = (2 * dark).abs_diff(all);
    10 * (10 * twice / all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same rules, module by module.
    fn slow_line(modules: &[bool]) -> u32 {
        let mut sum = 0;
        let mut run = 1;
        for i in 1..=modules.len() {
            if i < modules.len() && modules[i] == modules[i - 1] {
                run += 1;
            } else {
                if run >= 5 {
                    sum += run - 2;
                }
                run = 1;
            }
        }
        let pattern = [true, false, true, true, true, false, true];
        for start in 0..modules.len().saturating_sub(6) {
            if modules[start..start + 7] == pattern {
                let light = |range: std::ops::Range<usize>| modules.get(range).is_some_and(|m| m.iter().all(|dark| !dark));
                if light(start + 7..start + 11) {
                    sum += 40;
                }
                if start >= 4 && light(start - 4..start) {
                    sum += 40;
                }
            }
        }
        sum
    }

    fn slow(grid: &[Vec<bool>]) -> u32 {
        let n = grid.len();
        let mut sum = 0;
        for i in 0..n {
            sum += slow_line(&grid[i]);
            sum += slow_line(&grid.iter().map(|row| row[i]).collect::<Vec<_>>());
        }
        for y in 1..n {
            for x in 1..n {
                let here = grid[y][x];
                if here == grid[y - 1][x] && here == grid[y][x - 1] && here == grid[y - 1][x - 1] {
                    sum += 3;
                }
            }
        }
        let dark = grid.iter().flatten().filter(|dark| **dark).count();
        // The steps of five per cent between the share of dark modules and one half.
        let steps = (1..=10).filter(|k| 5 * k * n * n <= (100 * dark).abs_diff(50 * n * n)).count();
        sum + 10 * u32::try_from(steps).unwrap()
    }

    fn words(grid: &[Vec<bool>]) -> (Vec<u128>, Vec<u128>) {
        let n = grid.len();
        let bit = |dark: bool, at: usize| u128::from(dark) << at;
        let rows = (0..n).map(|y| (0..n).map(|x| bit(grid[y][x], x)).sum()).collect();
        let columns = (0..n).map(|x| (0..n).map(|y| bit(grid[y][x], y)).sum()).collect();
        (rows, columns)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn words_and_modules_give_the_same_sum(
            grid in (21usize..40).prop_flat_map(|n| {
                proptest::collection::vec(proptest::collection::vec(proptest::bool::weighted(0.6), n), n)
            })
        ) {
            let (rows, columns) = words(&grid);
            prop_assert_eq!(penalty(&rows, &columns), slow(&grid));
        }
    }

    #[test]
    fn a_finder_between_light_modules_counts_on_both_sides() {
        let line_of = |text: &str| {
            let modules: u128 = text.chars().enumerate().map(|(i, c)| u128::from(c == '#') << i).sum();
            line(modules, text.len())
        };
        assert_eq!(line_of("#....#.###.#....#"), 80);
        assert_eq!(line_of("#....#.###.#.#"), 40);
        assert_eq!(line_of("#.#.###.#.#"), 0);
        assert_eq!(line_of("#####"), 3);
        assert_eq!(line_of("#######"), 5);
    }
}
