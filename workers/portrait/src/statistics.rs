//! Sums over samples.

/// Mean of the values; 0 of none.
pub(crate) fn mean(values: &[f32]) -> f32 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f32>() / count(values.len()) }
}

/// Standard deviation of the values; 0 of none.
pub(crate) fn deviation(values: &[f32]) -> f32 {
    let mean = mean(values);
    let squares: Vec<f32> = values.iter().map(|value| (value - mean).powi(2)).collect();
    self::mean(&squares).sqrt()
}

/// The value below which a share of the values lies; sorts them.
pub(crate) fn quantile(values: &mut [f32], share: f64) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_unstable_by(f32::total_cmp);
    let place = crate::rect::whole(share * (values.len() - 1) as f64) as usize;
    values[place.min(values.len() - 1)]
}

/// How many there are among all, in hundredths.
pub(crate) fn percent(part: usize, all: usize) -> f32 {
    if all == 0 { 0.0 } else { count(part) * 100.0 / count(all) }
}

/// A number of samples; pictures have fewer than the sixteen million that are exact.
#[expect(clippy::cast_precision_loss, reason = "numbers of samples of a small picture")]
pub(crate) fn count(number: usize) -> f32 {
    number as f32
}

/// Straight distance between two colours, 0 to 441.
pub(crate) fn distance(one: [f32; 3], other: [f32; 3]) -> f32 {
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}
