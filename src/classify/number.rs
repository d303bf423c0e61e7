//! Exponential and logarithm out of the four operations alone.
//!
//! Those of the system's library differ in the last bit from machine to machine; the
//! same mail must give the same bytes everywhere.

use std::f64::consts::LN_2;

/// e to the power of `x`, right to 1e-14; zero far below, the limit of its range far above.
pub(super) fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let halvings = (x / LN_2).round();
    let rest = x - halvings * LN_2;
    // |rest| ≤ 0.35: the fourteenth term is below 1e-17.
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..=14_u32 {
        term *= rest / f64::from(n);
        sum += term;
    }
    let mut power = halvings;
    while power >= 1.0 {
        sum *= 2.0;
        power -= 1.0;
    }
    while power <= -1.0 {
        sum *= 0.5;
        power += 1.0;
    }
    sum
}

/// The natural logarithm of `x` ≥ 1, right to 1e-12; zero below.
pub(super) fn ln(x: f64) -> f64 {
    let mut rest = x.max(1.0);
    let mut doublings = 0.0;
    while rest > 1.5 {
        rest *= 0.5;
        doublings += 1.0;
    }
    // ln m = 2 atanh((m − 1) / (m + 1)), |argument| ≤ 0.2.
    let ratio = (rest - 1.0) / (rest + 1.0);
    let square = ratio * ratio;
    let mut power = ratio;
    let mut sum = 0.0;
    for n in 0..12_u32 {
        sum += power / f64::from(2 * n + 1);
        power *= square;
    }
    2.0 * sum + doublings * LN_2
}

/// `x` to three decimals: what is shown, compared and written down.
pub(super) fn round(x: f64) -> f64 {
    (x * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_library() {
        for i in -400..400 {
            let x = f64::from(i) * 0.17;
            assert!((exp(x) - x.exp()).abs() <= x.exp() * 1e-13, "exp {x}");
            let y = 1.0 + f64::from(i + 400) * 1.3;
            assert!((ln(y) - y.ln()).abs() <= 1e-12, "ln {y}: {} {}", ln(y), y.ln());
        }
        assert!(exp(-1e9) < 1e-300 && exp(1e9).is_finite() && ln(0.0) == 0.0);
    }
}
